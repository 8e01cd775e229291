"""Signing in again before what is grave: for how long it counts, and for what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from register.access.models import LoginSession
from register.access.sessions import own_session, subject_of
from register.audit.service import record
from register.errors import Invalid, Refused
from register.work import Work

WITHIN = timedelta(minutes=5)
MOST_FAILURES = 5
"""Proofs in one session that may not hold, before it ends."""
REASON_LENGTH = range(1, 401)


class Purpose(StrEnum):
    """What somebody signs in again for."""

    ACCOUNT = "account"
    USERS = "users"
    ADDRESS = "address"
    PLACE = "place"
    """As `ADDRESS`, where the page that shows it asks for the reason itself; so the next two."""
    GLASS = "glass"
    FILE = "file"
    BREAK_GLASS = "break_glass"
    EXPORT = "export"


BOUND = frozenset({Purpose.ADDRESS, Purpose.BREAK_GLASS, Purpose.EXPORT})
"""Purposes that need a reason, and a proof for this one thing: no other will do."""


class ConfirmFirst(Refused):
    """The visitor must sign in again before this; `purpose` and `about` say for what."""

    def __init__(self, purpose: Purpose, about: str = "") -> None:
        super().__init__("Sign in again first: this needs proof that it is you.")
        self.purpose = purpose
        self.about = about


@dataclass(frozen=True, slots=True)
class Confirmation:
    """When somebody signed in again for this, and the reason given."""

    at: datetime
    reason: str


def fresh_sign_in(
    work: Work, token: str, purpose: Purpose, about: str = "", reason: str = "", *, holds: bool
) -> bool:
    """Keep that the visitor proved anew who they are; tell whether the proof held.

    `holds` is what became of the proof. A session that gives too many that do not hold ends.
    Raises Invalid for a purpose that needs a reason and has none. Whatever comes of it must be
    committed.
    """
    if purpose in BOUND and len(reason.strip()) not in REASON_LENGTH:
        raise Invalid({"reason": f"must be given, in {REASON_LENGTH.stop - 1} characters or fewer"})
    mine = own_session(work, token)
    if not holds:
        _count_failure(work, mine, purpose)
        return False
    mine.failures = 0
    mine.confirmed_at, mine.confirmed_why = work.now, reason.strip()
    mine.confirmed_for = _for(purpose, about)
    record(work, "user:confirmed", subject_of(mine.user), purpose=purpose.value, about=about)
    return True


def require_confirmed(
    work: Work, token: str, purpose: Purpose, about: str = "", within: timedelta = WITHIN
) -> Confirmation:
    """Give when and why the visitor signed in again for this; raise ConfirmFirst if not lately.

    For what is bound to its purpose nothing else counts, not even a sign-in a moment ago.
    """
    mine = own_session(work, token)
    for_this = mine.confirmed_for == _for(purpose, about)
    if work.now - mine.confirmed_at >= within or (purpose in BOUND and not for_this):
        raise ConfirmFirst(purpose, about)
    return Confirmation(mine.confirmed_at, mine.confirmed_why if for_this else "")


def _count_failure(work: Work, mine: LoginSession, purpose: Purpose) -> None:
    mine.failures += 1
    record(work, "user:refused", subject_of(mine.user), why="not confirmed", purpose=purpose.value)
    if mine.failures >= MOST_FAILURES:
        mine.ended_at = work.now
        record(work, "user:signed_out", subject_of(mine.user), why="not confirmed")


def _for(purpose: Purpose, about: str) -> str:
    return f"{purpose} {about}"[:120]
