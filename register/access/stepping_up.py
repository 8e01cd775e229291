"""Signing in again before what is grave: for how long it counts, and for what."""

from datetime import timedelta
from enum import StrEnum

from register.access.models import LoginSession
from register.access.sessions import own_session, subject_of
from register.audit.service import record
from register.errors import Refused
from register.work import Work

WITHIN = timedelta(minutes=5)
MOST_FAILURES = 5
"""Proofs in one session that may not hold, before it ends."""


class Purpose(StrEnum):
    """What somebody signs in again for."""

    ACCOUNT = "account"
    USERS = "users"
    PLACE = "place"
    GLASS = "glass"
    FILE = "file"


class ConfirmFirst(Refused):
    """The visitor must sign in again before this; `purpose` says for what."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__("Sign in again first: this needs proof that it is you.")
        self.purpose = purpose


def fresh_sign_in(work: Work, token: str, purpose: Purpose, *, holds: bool) -> bool:
    """Keep that the visitor proved anew who they are; tell whether the proof held.

    `holds` is what became of the proof. A session that gives too many that do not hold ends.
    Whatever comes of it must be committed.
    """
    if not bear_proof(work, token, purpose, holds=holds):
        return False
    mine = own_session(work, token)
    mine.failures = 0
    mine.confirmed_at = work.now
    record(work, "user:confirmed", subject_of(mine.user), purpose=purpose.value)
    return True


def bear_proof(work: Work, token: str, purpose: Purpose, *, holds: bool) -> bool:
    """Count a proof that does not hold, as `fresh_sign_in` does; one that holds opens nothing.

    So is the present password looked at where another is chosen: by itself, without the second
    step, it is no signing in.
    """
    if not holds:
        _count_failure(work, own_session(work, token), purpose)
    return holds


def require_confirmed(work: Work, token: str, purpose: Purpose) -> None:
    """Raise ConfirmFirst unless the visitor signed in, or again, just now."""
    if work.now - own_session(work, token).confirmed_at >= WITHIN:
        raise ConfirmFirst(purpose)


def _count_failure(work: Work, mine: LoginSession, purpose: Purpose) -> None:
    mine.failures += 1
    record(work, "user:refused", subject_of(mine.user), why="not confirmed", purpose=purpose.value)
    if mine.failures >= MOST_FAILURES:
        mine.ended_at = work.now
        record(work, "user:signed_out", subject_of(mine.user), why="not confirmed")
