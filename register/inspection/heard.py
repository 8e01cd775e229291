"""Which mismatches somebody of their owner has answered, be it only that they have seen them.

The state does not tell: what nobody settled in time is escalated, seen or not.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select

from register.mismatches.models import Mismatch, Settlement
from register.rows import among
from register.terms import Answer
from register.work import Work, stands, was_known

_NO_WORD = (Answer.WITHDRAWN.value, Answer.COMMENT.value)


def is_heard(work: Work) -> ColumnElement[bool]:
    """Give the condition that its owner has answered a mismatch as it stands."""
    taken_back = select(Settlement.withdraws).where(Settlement.withdraws.is_not(None))
    return exists().where(
        Settlement.matter == Mismatch.matter,
        Settlement.fingerprint == Mismatch.fingerprint,
        Settlement.organisation == Mismatch.owner,
        Settlement.answer.not_in(_NO_WORD),
        Settlement.id.not_in(taken_back),
        was_known(work, Settlement.at),
    )


def heard_among(work: Work, numbers: Collection[int]) -> set[int]:
    """Give those of the mismatches that their owner has answered, by their numbers."""
    query = select(Mismatch.number).where(
        among(Mismatch.number, sorted(numbers)), stands(work, Mismatch), is_heard(work)
    )
    return set(work.session.scalars(query))
