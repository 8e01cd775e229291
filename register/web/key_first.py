"""A security key before the password, for a new browser while somebody else guesses."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from register.access.key_first import ask_key, asked_of_key, know_by_key
from register.web.desk import NOBODY, parts
from register.web.gate import safe_next
from register.web.ways_in import caller, factor_desk, keep_device
from register.work import begin_work

pages = Blueprint("key_first", __name__)
_ASKED = "key_first"
"""Under this name the browser's cookie keeps the token of the question."""


@pages.post("/sign-in/key/ask")
def ask() -> Response:
    """Begin to ask for a key."""
    here = parts()
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        session[_ASKED] = ask_key(work, caller())
    return redirect(url_for(".form", next=safe_next(request.form.get("next", ""))))


@pages.get("/sign-in/key")
def form() -> str:
    """Ask for a key."""
    here, asked = parts(), ""
    with begin_work(here.engine, NOBODY, clock=here.clock, writes=False) as work:
        asked = asked_of_key(work, session.get(_ASKED, ""), factor_desk())
    following = safe_next(request.args.get("next", ""))
    return render_template("key_first.html", asked=asked, next=following)


@pages.post("/sign-in/key")
def answer() -> Response:
    """Know the browser by what the key answered, and go on to the password."""
    here, sent = parts(), request.form.get("answer", "")
    token, following = session.pop(_ASKED, ""), safe_next(request.form.get("next", ""))
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        device = know_by_key(work, token, sent, factor_desk(), caller())
    if not device:
        return redirect(url_for(".form", next=following))
    keep_device(device)
    return redirect(url_for("sign_in.form", next=following))
