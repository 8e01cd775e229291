"""Sessions: kept at the server, so that one is over the moment somebody ends it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from register.access.models import HalfSignIn, LoginSession, User
from register.audit.service import record
from register.errors import NotFound
from register.settings import Settings
from register.terms import Role
from register.work import Actor, Work

TOUCH_EVERY = timedelta(seconds=60)
"""A session's last use is written at most so often, so that reading pages writes little."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody signed in: as the verbs know them, by name, and whether the visit is to be noted."""

    actor: Actor
    name: str
    is_touch_due: bool
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """One of a person's sessions, as they see it."""

    digest: str
    created_at: datetime
    last_seen_at: datetime
    address: str
    is_this: bool


def open_session(work: Work, user: User, address: str) -> str:
    """Begin a session, and act as its person from here on; give the token for the browser."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        LoginSession(
            digest=digest_of(token),
            user_id=user.id,
            created_at=work.now,
            last_seen_at=work.now,
            address=address[:64],
            challenge=secrets.token_bytes(32),
            confirmed_at=work.now,
        )
    )
    work.actor = actor_of(user)
    return token


def find_session(work: Work, token: str, settings: Settings) -> Visit | None:
    """Give who is signed in by this token; None once ended, idle too long, too old or barred."""
    session = work.session.get(LoginSession, digest_of(token))
    if session is None or session.ended_at is not None or not session.user.active:
        return None
    idle = work.now - session.last_seen_at
    too_idle = idle >= timedelta(minutes=settings.idle_minutes)
    if too_idle or work.now - session.created_at >= timedelta(hours=settings.session_hours):
        return None
    user, is_due = session.user, idle >= TOUCH_EVERY
    return Visit(actor_of(user), user.name, is_due, user.password_is_given)


def left_open(work: Work, token: str, settings: Settings) -> int | None:
    """Give whose session this is, by user number: one that nobody ended, of an active person.

    It may have idled too long to open anything. None where it is older than any session may be.
    """
    session = work.session.get(LoginSession, digest_of(token))
    if session is None or session.ended_at is not None or not session.user.active:
        return None
    is_old = work.now - session.created_at >= timedelta(hours=settings.session_hours)
    return None if is_old else session.user_id


def touch_session(work: Work, token: str) -> None:
    """Note that a session is in use."""
    running = (LoginSession.digest == digest_of(token)) & LoginSession.ended_at.is_(None)
    work.session.execute(update(LoginSession).where(running).values(last_seen_at=work.now))


def end_session(work: Work, token: str) -> None:
    """Sign out: the token opens nothing any more, wherever a copy of it lies."""
    session = work.session.get(LoginSession, digest_of(token))
    if session is not None and session.ended_at is None:
        session.ended_at = work.now
        record(work, "user:signed_out", subject_of(session.user))


def own_sessions(work: Work, token: str, settings: Settings) -> list[Running]:
    """Give the running sessions of whose session this is, newest first."""
    mine = own_session(work, token)
    idle = work.now - timedelta(minutes=settings.idle_minutes)
    old = work.now - timedelta(hours=settings.session_hours)
    rows = work.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == mine.user_id, LoginSession.ended_at.is_(None))
        .where(LoginSession.last_seen_at > idle, LoginSession.created_at > old)
        .order_by(LoginSession.created_at.desc())
    )
    return [
        Running(row.digest, row.created_at, row.last_seen_at, row.address, row is mine)
        for row in rows
    ]


def end_own_session(work: Work, token: str, digest: str) -> None:
    """End one of one's own sessions; raise NotFound for any other."""
    found = work.session.get(LoginSession, digest)
    if found is None or found.user_id != own_session(work, token).user_id or found.ended_at:
        raise NotFound("You have no such session: it may have ended meanwhile.")
    found.ended_at = work.now
    record(work, "user:signed_out", subject_of(found.user))


def end_all(work: Work, user: User, besides: str = "") -> int:
    """End a person's running sessions, but that of one digest; give how many there were.

    Half a sign-in ends too: what it proved may be what was just changed.
    """
    work.session.execute(delete(HalfSignIn).where(HalfSignIn.user_id == user.id))
    running = (LoginSession.user_id == user.id) & LoginSession.ended_at.is_(None)
    found = work.session.scalars(
        update(LoginSession)
        .where(running, LoginSession.digest != besides)
        .values(ended_at=work.now)
        .returning(LoginSession.digest)
    )
    count = len(found.all())
    record(work, "user:signed_out", subject_of(user), sessions=count)
    return count


def own_session(work: Work, token: str) -> LoginSession:
    """Give the running session of a token; raise NotFound."""
    found = work.session.get(LoginSession, digest_of(token))
    if found is None or found.ended_at is not None:
        raise NotFound("You are signed out.")
    return found


def actor_of(user: User) -> Actor:
    """Give a person as the verbs know them."""
    return Actor(user.username, Role(user.role), user.organisation, user.id)


def subject_of(user: User) -> str:
    """Give a person as the log names them."""
    return f"user {user.username}"


def digest_of(token: str) -> str:
    """Give what is kept of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()
