"""Getting in again after losing a password or every second step: two administrators, never mail.

One asks, another confirms within a day. Neither may be the person, and one alone gets nobody in:
not by an account either that they have let in lately, or that such an account has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from register.access.factors import remove_all
from register.access.models import Recovery, User
from register.access.passwords import hash_of, make_password
from register.access.policy import Permission, needs
from register.access.service import forget_devices, get_another, get_user, user_named
from register.access.sessions import end_all, subject_of
from register.audit.service import record
from register.errors import Conflict, Invalid, NotFound, Refused
from register.terms import REASON_LENGTH
from register.work import Work

STANDS_FOR = timedelta(hours=24)
ENROL_WITHIN = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)
"""Whom one administrator has let in is another one to them after so long."""


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody asked for a person's way in to be made anew."""

    username: str
    asked_by: str
    asked_at: datetime
    reason: str
    may_confirm: bool


@needs(Permission.USER_MANAGE)
def ask_recovery(work: Work, username: str, reason: str) -> None:
    """Ask that a person may begin anew; raise Invalid without a reason, Conflict if asked."""
    user = get_another(work, username)
    if not 1 <= len(reason.strip()) <= REASON_LENGTH:
        said = f"how you know that it is they who ask, in {REASON_LENGTH} characters or fewer"
        raise Invalid({"reason": f"must say {said}"})
    if _standing(work, user) is not None:
        raise Conflict("This was asked already: another administrator must confirm it.")
    asked = Recovery(
        user_id=user.id, asked_by=work.actor.name, asked_at=work.now, reason=reason.strip()
    )
    work.session.add(asked)
    record(work, "user:recovery_asked", subject_of(user))


@needs(Permission.USER_MANAGE)
def find_recoveries(work: Work) -> dict[str, Asked]:
    """Give what was asked and waits for a second administrator, by username."""
    rows = work.session.execute(
        select(Recovery, User.username)
        .join(User, User.id == Recovery.user_id)
        .where(Recovery.ended_at.is_(None), Recovery.asked_at > work.now - STANDS_FOR)
        .order_by(Recovery.id)
    )
    return {
        username: Asked(
            username,
            row.asked_by,
            row.asked_at,
            row.reason,
            may_confirm=row.asked_by != work.actor.name and row.user_id != work.actor.user_id,
        )
        for row, username in rows
    }


@needs(Permission.USER_MANAGE)
def confirm_recovery(work: Work, username: str) -> str:
    """Make a person's way in anew, as the second of two; give a password that is told once.

    Every second step, session and known browser of theirs is gone; a new second step can be set
    up for a day. Raises NotFound where nothing was asked, Refused for who asked.
    """
    user = get_another(work, username)
    asked = _standing(work, user)
    if asked is None:
        raise NotFound("Nothing waits to be confirmed for this person.")
    if asked.asked_by == work.actor.name:
        raise Refused("You asked for this yourself: another administrator must confirm it.")
    both = (asked.asked_by, work.actor.name)
    if any(_was_let_in_by(work, one, other) for one, other in (both, both[::-1])):
        raise Refused(
            f"One of you has let the other in within the last {KNOWN_FOR.days} days: another "
            "administrator must confirm it."
        )
    password = make_password()
    user.password_hash, user.password_is_given = hash_of(password), True
    user.enrol_until = work.now + ENROL_WITHIN
    user.let_in_by, user.let_in_at = work.actor.name, work.now
    asked.ended_at, asked.confirmed_by = work.now, work.actor.name
    factors = remove_all(work, user)
    end_all(work, user)
    forget_devices(work, user)
    record(work, "user:recovered", subject_of(user), factors=factors, asked_by=asked.asked_by)
    return password


@needs(Permission.USER_MANAGE)
def withdraw_recovery(work: Work, username: str) -> None:
    """Take back what was asked, or refuse it; raise NotFound."""
    user = get_user(work, username)
    asked = _standing(work, user)
    if asked is None:
        raise NotFound("Nothing waits to be confirmed for this person.")
    asked.ended_at = work.now
    record(work, "user:recovery_refused", subject_of(user))


def _was_let_in_by(work: Work, one: str, other: str) -> bool:
    """Tell whether somebody was let in lately by another, or by whom that one has let in lately."""
    found, person = set[str](), user_named(work, one)
    while person and person.username not in found and person.let_in_at > work.now - KNOWN_FOR:
        if person.let_in_by == other:
            return True
        found.add(person.username)
        person = user_named(work, person.let_in_by)
    return False


def _standing(work: Work, user: User) -> Recovery | None:
    return work.session.scalar(
        select(Recovery).where(
            Recovery.user_id == user.id,
            Recovery.ended_at.is_(None),
            Recovery.asked_at > work.now - STANDS_FOR,
        )
    )
