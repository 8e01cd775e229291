"""The people who may sign in: who they are, what they may be, who still vouches for them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from register.access.models import NAME_LENGTH, Factor, KnownDevice, LoginSession, User
from register.access.needing import end_needs_of
from register.access.passwords import hash_of, problem_with
from register.access.policy import PEOPLE, SENDERS, Permission, needs
from register.access.sessions import end_all, own_session, subject_of
from register.audit.service import record
from register.errors import Conflict, Invalid, NotFound, Refused
from register.terms import Role
from register.work import Work

FIRST_DAYS = timedelta(days=14)
"""For how long a new account may set up its first factor with the password alone."""
ATTESTED_FOR = timedelta(days=90)
"""After so long somebody must say again that a person still needs the account."""
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
_WITHOUT_ORGANISATION = frozenset(PEOPLE) - {*SENDERS}


@dataclass(frozen=True, slots=True)
class Account:
    """A person as an administrator sees them; `sessions` were begun and not ended."""

    username: str
    name: str
    organisation: str
    role: str
    active: bool
    last_seen_at: datetime | None
    sessions: int
    factors: int
    sponsor: str
    attested_at: datetime
    is_due: bool
    """Whether somebody must say again that the person still needs the account."""


@needs(Permission.USER_MANAGE)
def create_user(  # noqa: PLR0913  # one argument a column
    work: Work,
    *,
    username: str,
    name: str,
    role: Role,
    password: str,
    organisation: str = "",
    sponsor: str = "",
    is_given: bool = False,
) -> User:
    """Add a person; raise Invalid for what cannot be, Conflict where the username is taken.

    With `is_given` somebody else knows the password, and the person must choose another first.
    """
    username = username.strip().lower()
    problems = _problems(username, name, role, password, organisation)
    if problems:
        raise Invalid(problems)
    if user_named(work, username) is not None:
        raise Conflict(f"The username {username} is taken: choose another.")
    user = User(
        username=username,
        name=name.strip(),
        organisation=organisation,
        role=role.value,
        password_hash=hash_of(password),
        password_is_given=is_given,
        created_at=work.now,
        enrol_until=work.now + FIRST_DAYS,
        let_in_by=work.actor.name,
        let_in_at=work.now,
        sponsor=sponsor.strip(),
        attested_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    record(work, "user:added", subject_of(user), role=user.role, organisation=organisation)
    return user


@needs(Permission.USER_MANAGE)
def find_users(work: Work) -> list[Account]:
    """Give everybody who has an account, by username."""
    running = (LoginSession.user_id == User.id) & LoginSession.ended_at.is_(None)
    seen = select(func.max(LoginSession.last_seen_at)).where(LoginSession.user_id == User.id)
    open_ones = select(func.count()).select_from(LoginSession).where(running)
    factors = select(func.count()).select_from(Factor).where(Factor.user_id == User.id)
    counted = [each.scalar_subquery() for each in (seen, open_ones, factors)]
    due = work.now - ATTESTED_FOR
    return [
        Account(
            username=user.username,
            name=user.name,
            organisation=user.organisation,
            role=user.role,
            active=user.active,
            last_seen_at=last_seen_at,
            sessions=sessions,
            factors=held,
            sponsor=user.sponsor,
            attested_at=user.attested_at,
            is_due=user.active and user.attested_at <= due,
        )
        for user, last_seen_at, sessions, held in work.session.execute(
            select(User, *counted).order_by(User.username)
        )
    ]


@needs(Permission.USER_MANAGE)
def deactivate_user(work: Work, username: str) -> None:
    """Bar a person from signing in, and end their sessions at once; raise NotFound."""
    user = get_another(work, username)
    user.active = False
    record(work, "user:disabled", subject_of(user))
    end_all(work, user)
    forget_devices(work, user)


@needs(Permission.USER_MANAGE)
def activate_user(work: Work, username: str, sponsor: str) -> None:
    """Let a person who was barred sign in again, for whom somebody vouches anew."""
    user = get_another(work, username)
    user.active = True
    user.let_in_by, user.let_in_at = work.actor.name, work.now
    record(work, "user:enabled", subject_of(user))
    attest_user(work, username, sponsor)


@needs(Permission.USER_MANAGE)
def change_role(work: Work, username: str, role: Role, organisation: str) -> None:
    """Give a person another role or organisation, from their next request on; raise Invalid.

    What they were given to work on in the old one ends with it.
    """
    user = get_another(work, username)
    problems = _role_problems(role, organisation)
    if problems:
        raise Invalid(problems)
    if (user.role, user.organisation) != (role.value, organisation):
        end_needs_of(work, user.username)
        user.let_in_by, user.let_in_at = work.actor.name, work.now
    user.role, user.organisation = role.value, organisation
    record(work, "user:changed", subject_of(user), role=user.role, organisation=organisation)


@needs(Permission.USER_MANAGE)
def attest_user(work: Work, username: str, sponsor: str) -> None:
    """Keep who says that a person still needs the account; raise Invalid without a name."""
    user = get_user(work, username)
    if not 1 <= len(sponsor.strip()) <= NAME_LENGTH:
        said = f"must be the name of who says so, in {NAME_LENGTH} characters or fewer"
        raise Invalid({"sponsor": said})
    user.sponsor, user.attested_at = sponsor.strip(), work.now
    record(work, "user:attested", subject_of(user))


@needs(Permission.USER_MANAGE)
def end_sessions_of(work: Work, username: str) -> int:
    """End every running session of one person, and know none of their browsers any more.

    Gives how many sessions there were; raises NotFound.
    """
    user = get_user(work, username)
    forget_devices(work, user)
    return end_all(work, user)


def change_own_password(work: Work, token: str, password: str) -> None:
    """Give oneself another password, and end one's other sessions; raise Invalid by field.

    That the present password was given, or a second step, is for the caller to see to.
    """
    mine = own_session(work, token)
    user = mine.user
    problem = problem_with(password, user.username, user.name)
    if problem:
        raise Invalid({"password": problem})
    user.password_hash, user.password_is_given = hash_of(password), False
    record(work, "password:changed", subject_of(user))
    end_all(work, user, besides=mine.digest)
    forget_devices(work, user)


def forget_devices(work: Work, user: User) -> None:
    """Know none of a person's browsers any more."""
    work.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id))


@needs(Permission.USER_MANAGE)
def get_user(work: Work, username: str) -> User:
    """Give one person by username; raise NotFound."""
    user = user_named(work, username.strip().lower())
    if user is None:
        raise NotFound(f"There is no user called {username[:80]!r}.")
    return user


@needs(Permission.USER_MANAGE)
def get_another(work: Work, username: str) -> User:
    """Give one person who is not the actor; raise NotFound, and Refused for oneself."""
    user = get_user(work, username)
    if user.id == work.actor.user_id:
        raise Refused("Nobody may do this to their own account: ask another administrator.")
    return user


def user_named(work: Work, username: str) -> User | None:
    """Give one person by username, None where nobody is called so."""
    if not _USERNAME.fullmatch(username):
        return None
    return work.session.scalar(select(User).where(User.username == username))


def _problems(
    username: str, name: str, role: Role, password: str, organisation: str
) -> dict[str, str]:
    problems = {}
    if not _USERNAME.fullmatch(username):
        problems["username"] = (
            "must be 2 to 80 small letters, digits or . _ @ - and begin with a letter or digit"
        )
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        problems["name"] = f"must be given, in {NAME_LENGTH} characters or fewer"
    if problem := problem_with(password, username, name):
        problems["password"] = problem
    return problems | _role_problems(role, organisation)


def _role_problems(role: Role, organisation: str) -> dict[str, str]:
    if role not in PEOPLE:
        return {"role": f"{role} is no person's role; choose one of {', '.join(PEOPLE)}"}
    if not organisation and role not in _WITHOUT_ORGANISATION:
        return {"organisation": "must be given for people of a force or an authority"}
    return {}
