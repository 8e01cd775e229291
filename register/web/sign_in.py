"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from register.access.sessions import Visit, end_session, find_session
from register.access.signing_in import Outcome, begin_try, finish_try, try_password
from register.web.desk import NOBODY, open_work, parts, visitor
from register.web.gate import safe_next
from register.web.ways_in import HALF, caller, enter, wait_sentence
from register.work import begin_work

pages = Blueprint("sign_in", __name__)
UNFIT = "Username and password do not fit together. Check both and try again."


@pages.get("/sign-in")
def form() -> str | Response:
    """Ask for username and password."""
    following = safe_next(request.args.get("next", ""))
    if visitor().is_authenticated:
        return redirect(following)
    return render_template("sign_in.html", username="", problem="", next=following)


@pages.post("/sign-in")
def begin() -> tuple[str, int] | Response:
    """Check username and password; begin a session, or go on to the second step."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    following = safe_next(request.form.get("next", ""))
    outcome, visit = _try(username, password)
    if visit is not None:
        enter(outcome, visit)
        return redirect(following)
    if outcome.stage == "half":
        session.clear()
        session[HALF] = outcome.token
        return redirect(url_for("second_step.form", next=following))
    problem = wait_sentence(outcome.wait) if outcome.wait else UNFIT
    with_key = bool(outcome.wait) and parts().settings.second_factor
    shown = {"username": username[:80], "problem": problem, "next": following}
    return render_template("sign_in.html", with_key=with_key, **shown), 401


@pages.post("/sign-out")
def end() -> Response:
    """End the session at the server, and forget it in the browser."""
    token = visitor().get_id() or ""
    with open_work(writes=True) as work:
        end_session(work, token)
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.form"))


def _try(username: str, password: str) -> tuple[Outcome, Visit | None]:
    # Whose session this was is asked first: that is a piece of work of its own.
    here, before = parts(), visitor().get_id() or ""
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        end_session(work, before)
        tried = begin_try(work, username, caller())
    if tried.wait:
        return Outcome(wait=tried.wait), None
    fits, rehashed = try_password(tried, password)
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        outcome = finish_try(
            work, tried, rehashed, fits=fits, second_factor=here.settings.second_factor
        )
        visit = find_session(work, outcome.token, here.settings) if outcome.token else None
    return outcome, visit
