"""What became of a mismatch, in order: how it changed, what people answered and took back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from register.mismatches.answers import STATES, Answered
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.service import SUPERSEDED
from register.numbers import child_number
from register.terms import Answer, MismatchState, label

SAID = {
    Answer.ACKNOWLEDGED: "Seen, and being looked into",
    Answer.DISPUTED: "Disputed",
    Answer.ESCALATED: "Escalated",
    Answer.BOTH_CORRECT: "Both are correct",
    Answer.ACCEPTED_DIFFERENCE: "Difference accepted",
    Answer.FALSE_POSITIVE: "Not a mismatch",
    Answer.COMMENT: "Comment",
    Answer.CORRECTION_REQUESTED: "Asked the other side to correct",
    Answer.WITHDRAWN: "Took an answer back",
}
"""Each answer as the history tells it."""
_ENDED = {
    MismatchState.CORRECTED_BY_POLICE: "Corrected by police: the sources no longer disagree",
    MismatchState.CORRECTED_BY_AUTHORITY: (
        "Corrected by the authority: the sources no longer disagree"
    ),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Of an answer: who gave it, for whom, and whether it still holds."""

    at: datetime
    what: str
    actor: str = ""
    organisation: str = ""
    reason: str = ""
    words: str = ""
    answer: Answer | None = None
    settlement: int = 0
    is_taken_back: bool = False
    is_of_before: bool = False
    """Said of other values than the sources give now: it holds again if they do again."""
    may_be_taken_back: bool = False
    rank: int = 0
    """Of what happened at once: what time did, then what people said, then what follows."""


def history_between(
    rows: Sequence[Mismatch],
    answers: Sequence[Answered],
    at: datetime | None,
    may_take_back: Callable[[Settlement], bool],
) -> tuple[Event, ...]:
    """Give all that happened up to a time, None for now, the earliest first."""
    now = rows[-1].fingerprint
    said = [_answer(each, now, may_take_back) for each in answers]
    caused = {(each.at, STATES[each.answer].value) for each in said if each.answer in STATES}
    return tuple(
        sorted([*_changes(rows, at, caused), *said], key=lambda each: (each.at, each.rank))
    )


def _answer(
    answered: Answered, fingerprint: str, may_take_back: Callable[[Settlement], bool]
) -> Event:
    said = answered.settlement
    answer = Answer(said.answer)
    own = answered.standing and answer is not Answer.WITHDRAWN and may_take_back(said)
    return Event(
        at=said.at,
        what=SAID[answer],
        actor=said.actor,
        organisation=said.organisation,
        reason=said.reason,
        words=said.words,
        answer=answer,
        settlement=said.id,
        is_taken_back=not answered.standing,
        is_of_before=answer in STATES and said.fingerprint != fingerprint,
        may_be_taken_back=own,
        rank=1,
    )


def _changes(
    rows: Sequence[Mismatch], at: datetime | None, caused: set[tuple[datetime, str]]
) -> Iterator[Event]:
    first, last = rows[0], rows[-1]
    escalated = first.state == MismatchState.ESCALATED
    yield Event(first.known_from, f"Noticed{'; its time was out already' if escalated else ''}")
    for before, after in pairwise(rows):
        for what in _differences(before, after):
            yield Event(after.known_from, what)
        if before.state != after.state and (after.known_from, after.state) not in caused:
            yield _state(after)
    if last.known_to and last.ended != SUPERSEDED and (at is None or last.known_to <= at):
        yield Event(last.known_to, how_it_ended(last.ended))


def how_it_ended(state: str) -> str:
    """Say how a mismatch ended that holds no longer."""
    known = {each.value: words for each, words in _ENDED.items()}
    return known.get(state, "Closed: it holds no longer")


def _differences(before: Mismatch, after: Mismatch) -> Iterator[str]:
    if before.fingerprint != after.fingerprint:
        yield "A source says something else; the two still disagree"
    if before.child != after.child:
        yield f"Now of {child_number(after.child)}: children were joined or parted"
    if before.severity != after.severity:
        yield f"Now {label(after.severity)}, before {label(before.severity)}"


def _state(row: Mismatch) -> Event:
    """Tell of a state that no answer says: time ran out, or an answer holds no longer."""
    if row.state == MismatchState.ESCALATED:
        return Event(row.known_from, "Escalated: its time ran out")
    open_again = row.state == MismatchState.DETECTED
    what = "Open again" if open_again else f"Its state is now: {label(row.state)}"
    return Event(row.known_from, what, rank=2)
