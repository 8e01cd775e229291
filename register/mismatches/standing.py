"""How mismatches stand, now or as at an earlier time: conditions for queries, and the state."""

from sqlalchemy import ColumnElement, or_

from register.mismatches.models import Mismatch
from register.mismatches.service import SUPERSEDED
from register.terms import WAITING
from register.work import Work, stands


def waiting(work: Work) -> ColumnElement[bool]:
    """Give the condition that a mismatch is open: it stands, and nobody has settled it."""
    return stands(work, Mismatch) & Mismatch.state.in_(sorted(WAITING))


def ended(work: Work) -> ColumnElement[bool]:
    """Give the condition that a row is the last of a mismatch that holds no longer."""
    over = Mismatch.ended.not_in(["", SUPERSEDED])
    return over & (Mismatch.known_to <= work.moment)


def last_said(work: Work) -> ColumnElement[bool]:
    """Give the condition that a row is the last known of its mismatch, however it stands."""
    return or_(stands(work, Mismatch), ended(work))


def stood_then(work: Work, row: Mismatch) -> bool:
    """Tell whether a row stands, as the work sees it."""
    return row.known_to is None or (work.as_at is not None and row.known_to > work.as_at)


def state_at(work: Work, row: Mismatch) -> str:
    """Give a mismatch's state, as the work sees it."""
    return row.state if stood_then(work, row) else row.ended
