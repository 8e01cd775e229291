"""People's answers to mismatches: added, superseded, taken back, never erased.

An answer is on the reports that disagree and on what they say: it goes with them when children are
joined or parted, holds as long as the sources say the same, and holds again if they do again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from register.mismatches.finding_rows import Row
from register.mismatches.models import Settlement
from register.rows import among, parts
from register.terms import Answer, MismatchState
from register.work import Whether, Work, was_known

STATES = {
    answer: MismatchState(answer.value)
    for answer in Answer
    if answer.value in frozenset(MismatchState)
}
"""The state that each answer puts a mismatch into; the others change none."""
ANSWERS = Whether(Settlement.id)
"""Whether anybody ever answered, so that what looks for it may be left out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; `standing` unless a later one took it back."""

    settlement: Settlement
    standing: bool


def answers_on(work: Work, matters: Collection[int]) -> dict[int, list[Answered]]:
    """Give all that was answered, by matter, the earliest first."""
    found: dict[int, list[Settlement]] = {}
    for part in parts(sorted(set(matters))):
        query = select(Settlement).where(
            among(Settlement.matter, part), was_known(work, Settlement.at)
        )
        for each in work.session.scalars(query.order_by(Settlement.id)):
            found.setdefault(each.matter, []).append(each)
    return {matter: _with_standing(answers) for matter, answers in found.items()}


def state_of(answers: Iterable[Answered], fingerprint: str) -> MismatchState:
    """Give the state that the last standing answer on these very values puts a mismatch into."""
    said = [
        STATES[Answer(each.settlement.answer)]
        for each in answers
        if each.standing
        and each.settlement.fingerprint == fingerprint
        and each.settlement.answer in STATES
    ]
    return said[-1] if said else MismatchState.DETECTED


def states_of(work: Work, rows: Sequence[Row]) -> list[MismatchState]:
    """Give each mismatch's state by what people answered, in the order of the rows."""
    if not rows or not ANSWERS.is_any(work):
        return [MismatchState.DETECTED] * len(rows)
    answers = answers_on(work, [row["matter"] for row in rows])
    return [state_of(answers.get(row["matter"], ()), row["fingerprint"]) for row in rows]


def _with_standing(answers: Sequence[Settlement]) -> list[Answered]:
    gone = {each.withdraws for each in answers}
    return [Answered(each, each.id not in gone) for each in answers]
