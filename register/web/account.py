"""One's own account: where one is signed in, what one signs in with, the password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access import passwords
from register.access.factors import held_by, invitation, remove, set_up
from register.access.service import change_own_password
from register.access.sessions import end_all, end_own_session, own_session, own_sessions
from register.access.stepping_up import Purpose, bear_proof
from register.errors import Invalid
from register.web.again import require_fresh
from register.web.desk import open_work, parts, visitor
from register.web.ways_in import factor_desk, factor_name, proof, worded

pages = Blueprint("account", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/account")
def overview() -> str:
    """Show the visitor's sessions and second steps."""
    with open_work() as work:
        mine = own_session(work, _token())
        return render_template(
            "account.html",
            user=mine.user,
            sessions=own_sessions(work, _token(), parts().settings),
            factors=held_by(work, mine.user_id),
            second_factor=parts().settings.second_factor,
        )


@pages.post("/account/sessions/end")
def end_one() -> Response:
    """End one of the visitor's sessions."""
    with open_work(writes=True) as work:
        end_own_session(work, _token(), request.form.get("session", ""))
    flash("That session is ended.")
    return redirect(url_for(".overview"))


@pages.post("/account/sessions/end-others")
def end_others() -> Response:
    """End all of the visitor's sessions but this."""
    with open_work(writes=True) as work:
        mine = own_session(work, _token())
        count = end_all(work, mine.user, besides=mine.digest)
    flash(f"You were signed out elsewhere: {count} session{'s' if count != 1 else ''}.")
    return redirect(url_for(".overview"))


@pages.get("/account/second-step")
def factor_form() -> str:
    """Ask for another second step."""
    return _ask_factor({})


@pages.post("/account/second-step")
def add_factor() -> Answer:
    """Set up another second step."""
    require_fresh(Purpose.ACCOUNT)
    try:
        with open_work(writes=True) as work:
            set_up(work, own_session(work, _token()), factor_name(), proof(), factor_desk())
    except Invalid as refusal:
        return _ask_factor(worded(refusal.problems)), 422
    flash("You can sign in with it from now on.")
    return redirect(url_for(".overview"))


@pages.post("/account/second-step/<int:factor>/remove")
def remove_factor(factor: int) -> Response:
    """Take away one of several second steps."""
    require_fresh(Purpose.ACCOUNT)
    with open_work(writes=True) as work:
        remove(work, own_session(work, _token()).user, factor)
    flash("It opens nothing any more.")
    return redirect(url_for(".overview"))


@pages.get("/account/password")
def password_form() -> str:
    """Ask for another password."""
    return render_template("password.html", problems={})


@pages.post("/account/password")
def change_password() -> Answer:
    """Change the visitor's password, and end their other sessions."""
    with open_work() as work:
        kept = own_session(work, _token()).user.password_hash
    fits = passwords.fits(kept, request.form.get("present", ""))
    with open_work(writes=True) as work:
        held = bear_proof(work, _token(), Purpose.ACCOUNT, holds=fits)
    problems = {} if held else {"present": "This is not your present password"}
    try:
        if held:
            with open_work(writes=True) as work:
                change_own_password(work, _token(), request.form.get("password", ""))
    except Invalid as refusal:
        problems = worded(refusal.problems)
    if problems:
        return render_template("password.html", problems=problems), 422
    flash("Your password is changed, and you are signed out everywhere else.")
    return redirect(url_for(".overview"))


def _token() -> str:
    return visitor().get_id() or ""


def _ask_factor(problems: dict[str, str]) -> str:
    require_fresh(Purpose.ACCOUNT)
    with open_work() as work:
        mine = own_session(work, _token())
        asked, app = invitation(work, mine, mine.user, factor_desk())
    return render_template(
        "add_factor.html", asked=asked, app=app, problems=problems, said=request.form
    )
