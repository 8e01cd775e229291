"""Return interviews that one's own authority owes: counted down from the return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, union_all

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import NotFound
from register.inspection.persons import Person, person_of
from register.mismatches.follow_up import is_answered, is_covered
from register.mismatches.models import Mismatch
from register.mismatches.ruleset import ruleset
from register.mismatches.standing import waiting
from register.numbers import child_number
from register.records.care import care_of
from register.records.interviews import came_back, owed_by
from register.records.models import EpisodeRow
from register.records.service import Folded, read_children
from register.records.sight import is_in_sight
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.reports.statement import Statement
from register.reports.values import Moment
from register.rows import asked_once
from register.terms import InterviewOutcome
from register.work import Work, stands

LOOKED_BACK = timedelta(days=14)
"""Returns of so many days are listed; what was owed before and is still open is a mismatch."""
MOST = 100
"""Returns that are read at most: those whose 72 hours end first."""
_NEVER_HELD = (InterviewOutcome.MISSING_AGAIN.value, InterviewOutcome.NOT_REQUIRED.value)


@dataclass(frozen=True, slots=True)
class Owed:
    """One return, and what became of the offer. `own` is one's own report, if there is one.

    `due_at` is the end of the 72 hours; `is_done` where nothing more is owed.
    """

    episode: int
    number: str
    person: Person
    returned: Moment
    due_at: datetime
    is_past: bool
    outcome: str
    offered_at: Moment | None
    held_at: Moment | None
    reason: str
    own: Statement | None
    is_done: bool
    hours_left: int
    """Whole hours until it is due, as the list was made; negative when it is past."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """Returns whose interview is owed, and whether there may be `more` than were read."""

    rows: Sequence[Owed]
    more: bool


@needs(Permission.CHILD_READ)
def interviews(work: Work) -> Worklist:
    """Give the returns whose interview is still owed, those whose 72 hours end first on top.

    So are those whose offer waits for an answer, or whose interview was accepted and is not held.
    """
    own = current_code(work.actor.organisation)
    is_late = waiting(work) & (Mismatch.owner == own) & (Mismatch.rule == "F3")
    late: Select[int | None] = asked_once(select(Mismatch.episode).where(is_late))
    recent = EpisodeRow.ended_at >= work.moment - LOOKED_BACK
    unheld = EpisodeRow.interview_held_at.is_(None) & ~EpisodeRow.was_adult
    mine = select(EpisodeRow.id).where(_owed(work), unheld)
    mine = mine.where(EpisodeRow.interview_outcome.not_in(_NEVER_HELD))
    # Two questions, each with an index: asked in one, all that ever ended would be gone through.
    wanted: Select[int] = asked_once(
        union_all(mine.where(recent), mine.where(EpisodeRow.number.in_(late)))
    )
    soonest = (EpisodeRow.returned_at, EpisodeRow.number)
    query = select(EpisodeRow).where(EpisodeRow.id.in_(wanted)).order_by(*soonest)
    rows = work.session.scalars(query.limit(MOST + 1)).all()
    rows, more = rows[:MOST], len(rows) > MOST
    found = _read(work, rows)
    record(work, "list:viewed", "return interviews", children=sorted({r.child for r in rows}))
    owed = sorted((each for each in found if not each.is_done), key=lambda each: each.due_at)
    return Worklist(owed, more=more)


@needs(Permission.CHILD_READ)
def interview(work: Work, episode: int) -> Owed:
    """Give one return whose interview one's own authority owes; raise NotFound."""
    row = work.session.scalar(select(EpisodeRow).where(_owed(work), EpisodeRow.number == episode))
    found = _read(work, [row] if row else [])
    if not found:
        raise NotFound("There is no such return, or its interview is not yours to offer.")
    record(work, "child:viewed", f"child {found[0].number}")
    return found[0]


def _owed(work: Work) -> ColumnElement[bool]:
    """Give the condition that one's own authority owes an episode's interview, done or not."""
    own = EpisodeRow.interview_owed_by == current_code(work.actor.organisation)
    return stands(work, EpisodeRow) & own & is_in_sight(work, EpisodeRow.child)


def _read(work: Work, rows: Sequence[EpisodeRow]) -> list[Owed]:
    folded = read_children(work, {row.child for row in rows})
    made = (_interview(work, row.number, folded[row.child]) for row in rows)
    return [each for each in made if each is not None]


def _interview(work: Work, number: int, folded: Folded) -> Owed | None:
    """Give what is owed for one going missing; None where nothing is, or another one owes it."""
    episode = next(each for each in folded.episodes if each.number == number)
    back = came_back(episode)
    own = current_code(work.actor.organisation)
    owner = owed_by(care_of(folded.statements, episode.start.latest))
    if back is None or owner != own:
        return None
    ours = [each for each in folded.statements if current_code(each.organisation) == own]
    of_this = [each for each in ours if each.report_id in _reports_of(episode)]
    said = of_this[-1] if of_this else None
    limits = ruleset().thresholds
    due_at = back.clock_start + timedelta(hours=limits.interview_hours)
    days = timedelta(days=limits.interview_covers_days)
    left = due_at - work.moment
    return Owed(
        episode=number,
        number=child_number(folded.child),
        person=person_of(folded.record, work.moment),
        returned=back,
        due_at=due_at,
        is_past=due_at <= work.moment,
        outcome=said.text("return_interview_outcome") if said else "",
        offered_at=said.moment("return_interview_offered_at") if said else None,
        held_at=said.moment("return_interview_at") if said else None,
        reason=said.text("return_interview_reason") if said else "",
        own=said,
        is_done=any(map(_is_over, of_this)) or is_covered(episode, ours, back.clock_start, days),
        hours_left=int(left.total_seconds() // 3600),
    )


def _is_over(said: Statement) -> bool:
    """Tell whether nothing more is to be entered: an offer alone still waits for its answer."""
    if not is_answered(said):
        return False
    held = bool(said.text("return_interview_at"))
    ends = {
        InterviewOutcome.DECLINED,
        InterviewOutcome.MISSING_AGAIN,
        InterviewOutcome.NOT_REQUIRED,
    }
    return held or said.text("return_interview_outcome") in ends


def _reports_of(episode: Episode) -> set[int]:
    return {each.report_id for each in episode.statements()}
