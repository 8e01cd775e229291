"""The application: joins settings, database and surfaces, and nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader
from sqlalchemy import Engine
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from register.api.house import PREFIX, make_api
from register.audit.private import keep_keys_in
from register.db import make_engine
from register.inspection.england import England
from register.keyring import ring_of
from register.settings import Settings, load_settings
from register.web import (
    account,
    again,
    check,
    children,
    entering,
    first,
    handing_on,
    handover,
    helping,
    inspecting,
    inspections,
    interviewing,
    judging,
    key_first,
    lists,
    mismatches,
    more,
    places,
    privacy,
    questions,
    reviews,
    sampling,
    sealing,
    second_step,
    sign_in,
    submissions,
    to_answer,
    users,
)
from register.web.again import lead_to_again
from register.web.desk import Parts
from register.web.earlier import show_earlier_times
from register.web.faults import catch_faults
from register.web.frame import furnish
from register.web.gate import put_up_gate
from register.web.headers import add_headers
from register.web.lighter import make_lighter
from register.web.live import keep_live
from register.web.secret import secret_key
from register.web.words import teach_words
from register.work import utc_now

ROOMS = (
    *(sign_in, second_step, key_first, again, account, users),
    *(first, to_answer, children, check, entering, interviewing, handing_on),
    *(handover, helping),
    *(inspections, inspecting, sampling, lists, questions, privacy),
    *(judging, mismatches, more, places, reviews, sealing, submissions),
)
PARTS: tuple[Callable[[Flask], None], ...] = (
    *(put_up_gate, show_earlier_times, make_lighter, add_headers, catch_faults),
    *(lead_to_again, teach_words, furnish, keep_live),
)
"""What is laid around the rooms, in this order."""
MEGABYTE = 1024 * 1024


def create_app(
    settings: Settings | None = None,
    engine: Engine | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
) -> Flask:
    """Join the parts; without arguments, those that the settings name."""
    settings = settings or load_settings()
    engine = engine or make_engine(settings.database, ring_of(settings))
    app = Flask(__name__)
    keep_keys_in(engine, Path(settings.instance_dir))
    england = England(engine, clock, timedelta(milliseconds=settings.figures_wait))
    app.extensions["register"] = Parts(settings, engine, clock, england)
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=settings.upload_megabytes * MEGABYTE,
        SESSION_COOKIE_NAME="__Host-register" if settings.secure_cookies else "register",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        # The referrer is never sent (headers.py); the gate asks Sec-Fetch-Site instead.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.undefined = ChainableUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    own, components = PackageLoader("register"), PackageLoader("govuk_frontend_jinja")
    app.jinja_loader = ChoiceLoader([own, PrefixLoader({"govuk_frontend_jinja": components})])
    _set_beside(app)
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, trusted, trusted)  # type: ignore[method-assign]  # as Flask advises
    for part in PARTS:
        part(app)
    for room in ROOMS:
        app.register_blueprint(room.pages)
    return app


def _set_beside(app: Flask) -> None:
    """Set the interface for systems beside the pages: it has its own gate, errors and document."""
    api = make_api(app.extensions["register"])
    api.jinja_loader = app.jinja_loader
    api.jinja_env.undefined = ChainableUndefined
    add_headers(api)
    app.extensions["register-interface"] = api
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PREFIX: api.wsgi_app})  # type: ignore[method-assign]  # as Flask advises
