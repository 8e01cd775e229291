"""Signing in again before what is grave: the page that asks, and the way to it and back."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access import passwords
from register.access.factors import has_app, prove, question
from register.access.sessions import own_session
from register.access.stepping_up import ConfirmFirst, Purpose, fresh_sign_in, require_confirmed
from register.errors import NotFound
from register.web.desk import open_work, parts, visitor
from register.web.gate import READS, safe_next
from register.web.ways_in import factor_desk, proof

pages = Blueprint("again", __name__)
SENTENCES = {
    Purpose.ACCOUNT: "you change how you sign in",
    Purpose.USERS: "you change who may sign in",
    Purpose.PLACE: "a protected place is shown to you",
    Purpose.GLASS: "a record that is not yours is opened to you",
    Purpose.FILE: "records leave the register",
}
OWN = frozenset({"csrf_token", "next", "for", "password", "code", "answer", "with", "sends"})
"""Fields of the page itself: all others are of the form that it came before."""
SENDS = "sends"
"""Says that there was such a form."""
UNPROVED = {
    "password": "That is not your password",
    "code": "That did not fit. Use a code that the app shows now and that you have not used yet",
}


def lead_to_again(app: Flask) -> None:
    """Send whoever must sign in again first to the page that asks, and back afterwards."""
    app.register_error_handler(ConfirmFirst, _send)


def require_fresh(purpose: Purpose) -> None:
    """Raise ConfirmFirst unless the visitor signed in, or again, just now."""
    with open_work() as work:
        require_confirmed(work, visitor().get_id() or "", purpose)


@pages.get("/sign-in/again")
def form() -> str:
    """Ask for the second step."""
    return _ask({}, _purpose(), request.args.get("next", ""))


@pages.post("/sign-in/again")
def confirm() -> tuple[str, int] | Response:
    """Keep that the visitor proved anew who they are, and go on."""
    token = visitor().get_id() or ""
    fits = _password_fits(token)
    with open_work(writes=True) as work:
        holds = fits or prove(work, own_session(work, token), proof(), factor_desk())
        held = fresh_sign_in(work, token, _purpose(), holds=holds)
    there = safe_next(request.form.get("next", ""))
    if held:
        # The browser then sends what was typed to where it was meant for, once more.
        return redirect(there, HTTPStatus.TEMPORARY_REDIRECT if _sent() else HTTPStatus.FOUND)
    name = "code" if parts().settings.second_factor else "password"
    try:
        return _ask({name: UNPROVED[name]}, _purpose(), there, _sent()), 401
    except NotFound:  # one time too many: the session is over
        return redirect(url_for("sign_in.form"))


def _send(error: ConfirmFirst) -> tuple[str, int] | Response:
    if request.method not in READS and error.purpose is not Purpose.ACCOUNT and not request.files:
        return _ask({}, error.purpose, request.path, [*request.form.items(multi=True)]), 401
    # A password or a file is not handed back: whoever sent one comes back to the page before it.
    here = request.full_path.rstrip("?") if request.method in READS else _page_over(request.path)
    where: dict[str, Any] = {"for": error.purpose.value, "next": here}
    return redirect(url_for("again.form", **where))


def _sent() -> list[tuple[str, str]]:
    """Give what was typed into the form that this page came before; nothing where it was none."""
    return [*request.form.items(multi=True)] if SENDS in request.form else []


def _page_over(path: str) -> str:
    """Give the nearest address above one that only takes what is posted, with a page to see."""
    ours = current_app.url_map.bind("")
    while path and not ours.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def _purpose() -> Purpose:
    said = request.values.get("for", "")
    return Purpose(said) if said in set(Purpose) else Purpose.ACCOUNT


def _password_fits(token: str) -> bool:
    # Only where there is no second step; the hash is looked at outside any piece of work.
    if parts().settings.second_factor:
        return False
    with open_work() as work:
        kept = own_session(work, token).user.password_hash
    return passwords.fits(kept, request.form.get("password", ""))


def _ask(
    problems: dict[str, str], purpose: Purpose, there: str, sent: Sequence[tuple[str, str]] = ()
) -> str:
    with_password = not parts().settings.second_factor
    with open_work() as work:
        mine = own_session(work, visitor().get_id() or "")
        asked = "" if with_password else question(work, mine, factor_desk())
        codes = not with_password and has_app(work, mine.user_id)
    return render_template(
        "again.html",
        asked=asked,
        codes=codes,
        with_password=with_password,
        purpose=purpose.value,
        sentence=SENTENCES[purpose],
        next=safe_next(there),
        sent=[(name, text) for name, text in sent if name not in OWN],
        sends=SENDS if sent else "",
        problems=problems,
    )
