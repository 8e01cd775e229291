"""The people who may sign in, their sessions, and which organisations a child is in reach of."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update

from register.access.models import LoginSession, User
from register.access.policy import PEOPLE, SENDERS, Permission, needs
from register.access.throttle import count_failure, forget_failures, wait_before
from register.audit.service import record
from register.errors import Conflict, Invalid, NotFound
from register.settings import Settings
from register.terms import Role
from register.work import Actor, Work

PASSWORD_LENGTH = range(12, 201)
TOUCH_EVERY = timedelta(seconds=60)
"""A session's last use is written at most so often, so that reading pages writes little."""
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
_WITHOUT_ORGANISATION = frozenset(PEOPLE) - {*SENDERS}
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try to sign in: a token, or how long to wait before the next try."""

    token: str = ""
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody signed in: as the verbs know them, by name, and whether the visit is to be noted."""

    actor: Actor
    name: str
    is_touch_due: bool


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


@needs(Permission.USER_MANAGE)
def create_user(  # one argument a column
    work: Work, *, username: str, name: str, role: Role, password: str, organisation: str = ""
) -> User:
    """Add a person; raise Invalid for what cannot be, Conflict where the username is taken."""
    username = username.strip().lower()
    problems = _problems(username, name, role, password, organisation)
    if problems:
        raise Invalid(problems)
    if _user_named(work, username) is not None:
        raise Conflict(f"The username {username} is taken: choose another.")
    user = User(
        username=username,
        name=name.strip(),
        organisation=organisation,
        role=role.value,
        password_hash=_hasher.hash(password),
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    record(work, "user:added", _subject(user), role=user.role, organisation=organisation)
    return user


@needs(Permission.USER_MANAGE)
def find_users(work: Work) -> list[Account]:
    """Give everybody who has an account, by username."""
    running = (LoginSession.user_id == User.id) & LoginSession.ended_at.is_(None)
    seen = select(func.max(LoginSession.last_seen_at)).where(LoginSession.user_id == User.id)
    open_ones = select(func.count()).select_from(LoginSession).where(running)
    columns = (User.username, User.name, User.organisation, User.role, User.active)
    rows = work.session.execute(
        select(*columns, seen.scalar_subquery(), open_ones.scalar_subquery()).order_by(
            User.username
        )
    )
    return [Account(*row) for row in rows]


@needs(Permission.USER_MANAGE)
def deactivate_user(work: Work, username: str) -> None:
    """Bar a person from signing in, and end their sessions at once; raise NotFound."""
    user = get_user(work, username)
    user.active = False
    record(work, "user:disabled", _subject(user))
    end_sessions_of(work, username)


@needs(Permission.USER_MANAGE)
def end_sessions_of(work: Work, username: str) -> int:
    """End every running session of one person; give how many there were, raise NotFound."""
    user = get_user(work, username)
    running = (LoginSession.user_id == user.id) & LoginSession.ended_at.is_(None)
    found = work.session.scalars(
        update(LoginSession).where(running).values(ended_at=work.now).returning(LoginSession.digest)
    )
    count = len(found.all())
    record(work, "user:signed_out", _subject(user), sessions=count)
    return count


@needs(Permission.USER_MANAGE)
def get_user(work: Work, username: str) -> User:
    """Give one person by username; raise NotFound."""
    user = _user_named(work, username.strip().lower())
    if user is None:
        raise NotFound(f"There is no user called {username[:80]!r}.")
    return user


def sign_in(work: Work, username: str, password: str, address: str) -> Outcome:
    """Begin a session, or say that username and password do not fit, or that tries must wait.

    An unknown username costs the same time and the same counting as a wrong password. Whatever
    comes of it must be committed: failures are counted in the same transaction.
    """
    username = username.strip().lower()
    keys = {"user": username, "address": address}
    wait = wait_before(work, keys)
    if wait:
        record(work, "user:refused", why="too many tries")
        return Outcome(wait=wait)
    user = _user_named(work, username)
    fits = _password_fits(user, password)
    if user is None or not fits or not user.active:
        count_failure(work, keys)
        # What was typed for an unknown username is not logged: it may be a password.
        record(work, "user:refused", _subject(user) if user else "", why="does not fit")
        return Outcome()
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    forget_failures(work, "user", username)
    token = secrets.token_urlsafe(32)
    work.session.add(
        LoginSession(
            digest=_digest(token),
            user_id=user.id,
            created_at=work.now,
            last_seen_at=work.now,
        )
    )
    work.actor = _actor(user)
    record(work, "user:signed_in", _subject(user))
    return Outcome(token=token)


def find_session(work: Work, token: str, settings: Settings) -> Visit | None:
    """Give who is signed in by this token; None once ended, idle too long, too old or barred."""
    session = work.session.get(LoginSession, _digest(token))
    if session is None or session.ended_at is not None or not session.user.active:
        return None
    idle = work.now - session.last_seen_at
    too_idle = idle >= timedelta(minutes=settings.idle_minutes)
    if too_idle or work.now - session.created_at >= timedelta(hours=settings.session_hours):
        return None
    return Visit(_actor(session.user), session.user.name, is_touch_due=idle >= TOUCH_EVERY)


def touch_session(work: Work, token: str) -> None:
    """Note that a session is in use."""
    running = (LoginSession.digest == _digest(token)) & LoginSession.ended_at.is_(None)
    work.session.execute(update(LoginSession).where(running).values(last_seen_at=work.now))


def end_session(work: Work, token: str) -> None:
    """Sign out: the token opens nothing any more, wherever a copy of it lies."""
    session = work.session.get(LoginSession, _digest(token))
    if session is not None and session.ended_at is None:
        session.ended_at = work.now
        record(work, "user:signed_out", _subject(session.user))


def _actor(user: User) -> Actor:
    return Actor(user.username, Role(user.role), user.organisation, user.id)


def _subject(user: User) -> str:
    return f"user {user.username}"


def _user_named(work: Work, username: str) -> User | None:
    if not _USERNAME.fullmatch(username):
        return None
    return work.session.scalar(select(User).where(User.username == username))


def _password_fits(user: User | None, password: str) -> bool:
    # Both branches hash once, and the stand-in is made before either, so that time tells nothing.
    stand_in = _stand_in()
    is_possible = len(password) in PASSWORD_LENGTH
    try:
        # A password of no possible length is not hashed whole: it could be megabytes long.
        _hasher.verify(user.password_hash if user else stand_in, password[: PASSWORD_LENGTH.stop])
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return user is not None and is_possible


@cache
def _stand_in() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _problems(
    username: str, name: str, role: Role, password: str, organisation: str
) -> dict[str, str]:
    problems = {}
    if not _USERNAME.fullmatch(username):
        problems["username"] = (
            "must be 2 to 80 small letters, digits or . _ @ - and begin with a letter or digit"
        )
    if not name.strip():
        problems["name"] = "must be given"
    if len(password) not in PASSWORD_LENGTH:
        least, most = PASSWORD_LENGTH.start, PASSWORD_LENGTH.stop - 1
        problems["password"] = f"must be {least} to {most} characters long"
    if role not in PEOPLE:
        problems["role"] = f"{role} is no person's role; choose one of {', '.join(PEOPLE)}"
    if not organisation and role not in _WITHOUT_ORGANISATION:
        problems["organisation"] = "must be given for people of a force or an authority"
    return problems
