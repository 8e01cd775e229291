"""The people who may sign in: who they are, and an end to their sessions."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from register.access.service import end_sessions_of, find_users
from register.web.desk import open_work

pages = Blueprint("users", __name__)


@pages.get("/users")
def everybody() -> str:
    """List everybody who has an account."""
    with open_work() as work:
        accounts = find_users(work)
    return render_template("users.html", accounts=accounts)


@pages.post("/users/<username>/sessions/end")
def end_sessions(username: str) -> Response:
    """Sign somebody out everywhere."""
    with open_work(writes=True) as work:
        count = end_sessions_of(work, username)
    flash(f"{username} was signed out everywhere: {count} session{'s' if count != 1 else ''}.")
    return redirect(url_for(".everybody"))
