"""Rules of family F: what is owed to the child after the return."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from register.mismatches.case import Finding
from register.mismatches.hearing import Hearing, Matter
from register.records.interviews import came_back, owed_by
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.reports.statement import Statement
from register.terms import InterviewOutcome

FIELD = "return_interview_at"
NOT_COMPLETE = "not complete to 72 hours after the return, or its reports hold no interviews"
NO_AUTHORITY = "the authority that owes the interview is not known"


def interview_not_held(hearing: Hearing) -> Iterator[Finding]:
    """F3: 72 hours after the return no return interview was offered, or one accepted is not held.

    The authority owes it that is responsible for a looked-after child, else the home authority
    (7.1, 9). Declined for a reason, missing again and not required end it; so does an interview,
    late or not, for this going missing or for another soon after it.
    """
    hours = timedelta(hours=hearing.ruleset.thresholds.interview_hours)
    days = timedelta(days=hearing.ruleset.thresholds.interview_covers_days)
    for matter in hearing.matters:
        back = came_back(matter.episode)
        if back is None:
            continue
        owner = owed_by(matter.care)
        start = back.clock_start
        due_at = start + hours
        if not owner or not hearing.hears(owner, due_at, FIELD):
            why = NOT_COMPLETE if owner else NO_AUTHORITY
            hearing.cannot("F3", matter, owner, why, from_=due_at)
            continue
        own = [s for s in hearing.case.statements if current_code(s.organisation) == owner]
        if _is_settled(matter, own) or is_covered(matter.episode, own, start, days):
            continue
        spell = next((s for s in reversed(matter.authority) if s.organisation == owner), None)
        yield hearing.find(
            "F3",
            owner,
            matter,
            field=FIELD,
            police_report=matter.police[-1].last.report_id if matter.police else None,
            authority_report=spell.last.report_id if spell else None,
            fires_at=due_at,
            asked_from=due_at,
            duty_from=start,
            duty_due_at=due_at,
        )


def is_answered(statement: Statement) -> bool:
    """Tell whether an authority's report records what answers for the interview."""
    outcome = statement.text("return_interview_outcome")
    if statement.text(FIELD):
        return True
    if outcome in {InterviewOutcome.MISSING_AGAIN, InterviewOutcome.NOT_REQUIRED}:
        return True
    if outcome == InterviewOutcome.DECLINED and statement.text("return_interview_reason"):
        return True
    return not outcome and bool(statement.text("return_interview_offered_at"))


def _is_settled(matter: Matter, own: list[Statement]) -> bool:
    """Tell whether the authority recorded, for this going missing, what answers for it."""
    ids = {statement.report_id for statement in matter.episode.statements()}
    return any(is_answered(statement) for statement in own if statement.report_id in ids)


def is_covered(
    episode: Episode, own: Iterable[Statement], returned: datetime, days: timedelta
) -> bool:
    """Tell whether an interview recorded for another going missing soon after covers this one."""
    for statement in own:
        held, start = statement.moment(FIELD), statement.moment("missing_at")
        if held is None or start is None:
            continue
        close = episode.start.earliest <= start.earliest <= returned + days
        if close and held.latest >= returned:
            return True
    return False
