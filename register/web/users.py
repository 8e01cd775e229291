"""The people who may sign in: who they are, what they may be, who vouches for them."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access.factors import held_by
from register.access.passwords import make_password
from register.access.policy import PEOPLE, Permission, require
from register.access.recovery import (
    ask_recovery,
    confirm_recovery,
    find_recoveries,
    withdraw_recovery,
)
from register.access.service import (
    activate_user,
    attest_user,
    change_role,
    create_user,
    deactivate_user,
    end_sessions_of,
    find_users,
    get_user,
)
from register.access.stepping_up import Purpose
from register.errors import Invalid
from register.reports.organisations import all_organisations, find_organisation
from register.terms import Role
from register.web.again import require_fresh
from register.web.attempts import attempt, typed
from register.web.desk import open_work, visitor
from register.web.ways_in import worded
from register.work import Work

pages = Blueprint("users", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/users")
def everybody() -> str:
    """List everybody who has an account, first those for whom somebody must vouch again."""
    with open_work() as work:
        accounts, asked = find_users(work), find_recoveries(work)
    due = [account for account in accounts if account.is_due]
    return render_template("users.html", accounts=accounts, due=due, asked=asked)


@pages.get("/users/add")
def add_form() -> str:
    """Ask who is to be added."""
    return _ask_who({}, {})


@pages.post("/users/add")
def add() -> Answer:
    """Add a person, and tell once the password that they must change."""
    require_fresh(Purpose.USERS)
    said, password = typed("username", "name", "role", "organisation", "sponsor"), make_password()
    problems: dict[str, str] = {}
    _, status = attempt(lambda work: _create(work, said, password), problems)
    if problems:
        return _ask_who(said, worded(problems)), status
    return render_template("told_password.html", username=said["username"], password=password)


@pages.get("/users/<username>")
def one(username: str) -> str:
    """Show one person and what an administrator may do."""
    return _show(username, {})


@pages.post("/users/<username>/sessions/end")
def end_sessions(username: str) -> Response:
    """Sign somebody out everywhere."""
    with open_work(writes=True) as work:
        count = end_sessions_of(work, username)
    flash(f"{username} was signed out everywhere: {count} session{'s' if count != 1 else ''}.")
    return redirect(url_for(".everybody"))


@pages.post("/users/<username>/role")
def role(username: str) -> Answer:
    """Give somebody another role or organisation."""
    said = typed("role", "organisation")

    def act(work: Work) -> None:
        change_role(work, username, _role(said["role"]), _place(said["organisation"]))

    return _do(username, act, f"{username} has the new role from now on.")


@pages.post("/users/<username>/bar")
def bar(username: str) -> Answer:
    """Bar somebody from signing in."""
    return _do(username, lambda work: deactivate_user(work, username), f"{username} is barred.")


@pages.post("/users/<username>/vouch")
def vouch(username: str) -> Answer:
    """Keep who says that somebody still needs the account, and let them in again if barred."""
    sponsor = request.form.get("sponsor", "")

    def act(work: Work) -> None:
        verb = attest_user if get_user(work, username).active else activate_user
        verb(work, username, sponsor)

    return _do(username, act, f"It is kept who vouches for {username}.")


@pages.post("/users/<username>/recovery")
def ask_anew(username: str) -> Answer:
    """Ask that somebody may begin anew."""
    reason = request.form.get("reason", "")
    told = f"Another administrator must confirm it before {username} can begin anew."
    return _do(username, lambda work: ask_recovery(work, username, reason), told)


@pages.post("/users/<username>/recovery/confirm")
def confirm_anew(username: str) -> str:
    """Let somebody begin anew, as the second of two, and tell the password once."""
    require_fresh(Purpose.USERS)
    with open_work(writes=True) as work:
        password = confirm_recovery(work, username)
    return render_template("told_password.html", username=username, password=password)


@pages.post("/users/<username>/recovery/refuse")
def refuse_anew(username: str) -> Answer:
    """Take back, or refuse, what was asked."""
    return _do(username, lambda work: withdraw_recovery(work, username), "Nothing was made anew.")


def _do(username: str, act: Callable[[Work], None], told: str) -> Answer:
    """Do what only somebody may who proved lately who they are; show what is wrong with it."""
    require_fresh(Purpose.USERS)
    problems: dict[str, str] = {}
    _, status = attempt(act, problems)
    if problems:
        return _show(username, worded(problems)), status
    flash(told)
    return redirect(url_for(".one", username=username))


def _create(work: Work, said: Mapping[str, str], password: str) -> None:
    if not said["sponsor"]:
        raise Invalid({"sponsor": "must be named: who says that this person needs an account"})
    create_user(
        work,
        username=said["username"],
        name=said["name"],
        role=_role(said["role"]),
        organisation=_place(said["organisation"]),
        password=password,
        sponsor=said["sponsor"],
        is_given=True,
    )


def _role(said: str) -> Role:
    if said not in set(PEOPLE):
        raise Invalid({"role": "must be one of the list"})
    return Role(said)


def _place(said: str) -> str:
    if said and find_organisation(said) is None:
        raise Invalid({"organisation": "must be one of the list"})
    return said


def _ask_who(said: dict[str, str], problems: dict[str, str]) -> str:
    require_fresh(Purpose.USERS)
    require(visitor().actor, Permission.USER_MANAGE)
    return render_template("add_user.html", said=said, problems=problems, **_choices())


def _show(username: str, problems: dict[str, str]) -> str:
    with open_work() as work:
        user = get_user(work, username)
        return render_template(
            "user.html",
            user=user,
            is_self=user.id == work.actor.user_id,
            factors=held_by(work, user.id),
            asked=find_recoveries(work).get(user.username),
            problems=problems,
            said=request.form,
            **_choices(),
        )


def _choices() -> dict[str, object]:
    return {"roles": PEOPLE, "organisations": [o for o in all_organisations() if o.is_current]}
