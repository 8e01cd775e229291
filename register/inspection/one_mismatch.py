"""One mismatch as people work on it: both values, both clocks, who has it now, its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from register.access.openings import spend
from register.access.policy import Permission, is_allowed, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.errors import NotFound
from register.inspection.mismatch_history import Event, history_between, how_it_ended
from register.inspection.mismatches import MismatchRow, rows_of
from register.mismatches.answers import answers_on
from register.mismatches.models import Mismatch
from register.mismatches.settling import answers_open_to, may_take_back
from register.records.sight import may_open
from register.terms import Answer
from register.work import Work, was_known


@dataclass(frozen=True, slots=True)
class MismatchPage:
    """One mismatch; `answers` are those that this reader may give."""

    row: MismatchRow
    answers: tuple[Answer, ...]
    history: tuple[Event, ...]
    ended: str
    """How it ended, blank while it holds."""

    def event(self, settlement: int) -> Event:
        """Give the answer of that number; raise NotFound."""
        found = [each for each in self.history if each.settlement == settlement]
        if not found or found[0].answer is Answer.WITHDRAWN:
            raise NotFound("There is no such answer.")
        return found[0]


@needs(Permission.MISMATCH_READ)
def mismatch_page(work: Work, number: int) -> MismatchPage:
    """Give one mismatch by its number, as it stands or stood last; raise NotFound."""
    rows = _rows_of(work, number)
    last = rows[-1]
    spend(work, [last.child], "page")
    (shown,) = rows_of(work, [last], with_persons=True)
    answers = answers_on(work, {row.matter for row in rows})
    record(work, "mismatch:viewed", f"mismatch {number}", children=[last.child])
    return MismatchPage(
        row=shown,
        answers=_open_answers(work, shown),
        history=history_between(
            rows,
            sorted(
                (each for said in answers.values() for each in said),
                key=lambda each: each.settlement.id,
            ),
            work.as_at,
            lambda said: _may_change(work) and may_take_back(work.actor, said),
        ),
        ended=how_it_ended(shown.state) if shown.closed_at else "",
    )


def _rows_of(work: Work, number: int) -> Sequence[Mismatch]:
    known: list[Mismatch] = []
    if number <= HIGHEST_ID:
        then = was_known(work, Mismatch.known_from)
        query = select(Mismatch).where(Mismatch.number == number, then)
        known = list(work.session.scalars(query.order_by(Mismatch.id)))
    last = known[-1].id if known else 0
    seen = select(Mismatch.id).where(Mismatch.id == last, may_open(work, Mismatch.child))
    if work.session.scalar(seen) is None:
        raise NotFound("There is no such mismatch, or none that you may see.")
    return known


def _open_answers(work: Work, row: MismatchRow) -> tuple[Answer, ...]:
    if row.closed_at is not None or not _may_change(work):
        return ()
    return answers_open_to(work.actor, row.owner, row.counterpart)


def _may_change(work: Work) -> bool:
    return work.as_at is None and is_allowed(work.actor, Permission.MISMATCH_SETTLE)
