"""Which mismatches somebody of their owner has answered, be it only that they have seen them.

The state does not tell: what nobody settled in time is escalated, seen or not.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from register.mismatches.models import Mismatch, Settlement
from register.rows import among
from register.terms import Answer
from register.work import Work, stands, was_known

_LATER = aliased(Settlement)
_TAKEN_BACK = (_LATER.matter == Settlement.matter) & (_LATER.withdraws == Settlement.id)
_NO_WORD = (Answer.WITHDRAWN.value, Answer.COMMENT.value)


def is_heard(work: Work) -> ColumnElement[bool]:
    """Give the condition that its owner has answered a mismatch as it stands."""
    return is_answered(
        work, Settlement.organisation == Mismatch.owner, Settlement.answer.not_in(_NO_WORD)
    )


def is_answered(work: Work, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give the condition that such an answer stands on a mismatch as it stands itself."""
    return exists().where(_is_on(work), *which)


def _is_on(work: Work) -> ColumnElement[bool]:
    """Give the condition that an answer stands, and is on a mismatch as that stands."""
    taken_back = exists().where(_TAKEN_BACK, was_known(work, _LATER.at))
    of_it = Settlement.matter == Mismatch.matter
    as_it_is = Settlement.fingerprint == Mismatch.fingerprint
    return of_it & as_it_is & ~taken_back & was_known(work, Settlement.at)


def answerers(
    work: Work, numbers: Collection[int], *which: ColumnElement[bool]
) -> dict[int, set[str]]:
    """Give whose answers of a kind stand on each of the mismatches, by their numbers."""
    if not numbers:
        return {}
    query = select(Mismatch.number, Settlement.organisation).join(Settlement, _is_on(work))
    of_these = among(Mismatch.number, sorted(numbers)) & stands(work, Mismatch)
    found: dict[int, set[str]] = {}
    for number, organisation in work.session.execute(query.where(of_these, *which)):
        found.setdefault(number, set()).add(organisation)
    return found


def heard_among(work: Work, numbers: Collection[int]) -> set[int]:
    """Give those of the mismatches that their owner has answered, by their numbers."""
    if not numbers:
        return set()
    query = select(Mismatch.number).where(
        among(Mismatch.number, sorted(numbers)), stands(work, Mismatch), is_heard(work)
    )
    return set(work.session.scalars(query))
