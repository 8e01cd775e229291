"""Signing in and out."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from register.access.service import Visit, end_session, find_session, sign_in
from register.web.desk import NOBODY, Visitor, open_work, parts, visitor
from register.web.gate import safe_next
from register.work import begin_work

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
def form() -> str | Response:
    """Ask for username and password."""
    following = safe_next(request.args.get("next", ""))
    if visitor().is_authenticated:
        return redirect(following)
    return render_template("sign_in.html", username="", problem="", next=following)


@pages.post("/sign-in")
def begin() -> tuple[str, int] | Response:
    """Check username and password, and begin a session."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    following = safe_next(request.form.get("next", ""))
    # Whose session this was is asked first: that is a piece of work of its own.
    here, before = parts(), visitor().get_id() or ""
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        end_session(work, before)
        outcome = sign_in(work, username, password, request.remote_addr or "")
        visit = find_session(work, outcome.token, here.settings) if outcome.token else None
    if visit is None:
        shown = {"username": username[:80], "problem": _problem(outcome.wait), "next": following}
        return render_template("sign_in.html", **shown), 401
    _enter(outcome.token, visit)
    return redirect(following)


@pages.post("/sign-out")
def end() -> Response:
    """End the session at the server, and forget it in the browser."""
    token = visitor().get_id() or ""
    with open_work(writes=True) as work:
        end_session(work, token)
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.form"))


def _enter(token: str, visit: Visit) -> None:
    session.clear()  # nothing that stood in the cookie before counts afterwards
    login_user(Visitor(token, visit.actor, visit.name))


def _problem(wait: timedelta) -> str:
    if not wait:
        return "Username and password do not fit together. Check both and try again."
    minutes = -(-wait // timedelta(minutes=1))
    return (
        f"There were too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, "
        "then try again."
    )
