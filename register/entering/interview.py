"""What became of the offer of a return interview, entered as a new version of one's own report."""

from dataclasses import dataclass
from datetime import timedelta

from register.access.policy import Permission, needs
from register.entering.beginning import filled_in_from_others
from register.entering.own import own_statement
from register.entering.report import PAGE
from register.errors import Invalid
from register.pipeline import submit, take_turn
from register.reports.boxes import Typed, read
from register.reports.fields import BY_NAME
from register.reports.protected import whole_of
from register.reports.schema import read_report
from register.reports.service import open_submission
from register.reports.statement import Value
from register.terms import InterviewOutcome
from register.work import Work

HELD, OFFERED = "return_interview_at", "return_interview_offered_at"
OUTCOME, REASON = "return_interview_outcome", "return_interview_reason"
DONE = "done"
OFFER = "offered"
SAYS = (OFFER, *(each.value for each in InterviewOutcome), DONE)
"""What a person may say of an offer: that it was made, what was answered, that it was held."""
NEEDS_REASON = frozenset({InterviewOutcome.DECLINED.value, InterviewOutcome.NOT_REQUIRED.value})
_SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says; `when` are the boxes of the day and time, blank for now."""

    outcome: str
    reason: str
    when: Typed


@needs(Permission.REPORT_RECEIVE)
def record_interview(work: Work, episode: int, report: int | None, told: Told) -> bool:
    """Keep it as a version of one's own report, made from what others report where there is none.

    Gives whether anything changed. Raises Invalid for what it lacks, NotFound.
    """
    take_turn(work)
    changes = _changes(work, told)
    if report is None:
        base: dict[str, Value] = dict(filled_in_from_others(work, episode).base)
        updated_at = work.now
        base["reference"] = f"PAGE-{work.now:%Y%m%d}-E{episode}"
    else:
        statement = own_statement(work, report)
        base = whole_of(work, statement) | {"reference": statement.reference}
        updated_at = max(work.now, statement.updated_at + _SOON)
    # The first offer is the one that counts for the 72 hours.
    if base.get(OFFERED):
        changes.pop(OFFERED, None)
    if all(base.get(name, "") == value for name, value in changes.items()):
        return False
    own = {"organisation": work.actor.organisation, "updated_at": updated_at.isoformat()}
    reading = read_report({**base, **changes, **own}, now=work.now)
    submission = open_submission(work, PAGE, "interview", f"{episode} {updated_at.isoformat()}")
    submit(work, submission.id, [reading])
    return True


def _changes(work: Work, told: Told) -> dict[str, Value]:
    if told.outcome not in SAYS:
        raise Invalid({"outcome": "Choose what became of the return interview"})
    reason = told.reason.strip()
    if told.outcome in NEEDS_REASON and not reason:
        raise Invalid({"reason": "Say why: the reason stands on the report"})
    field = BY_NAME[HELD]
    when = read(field, told.when)
    if when.problem:
        raise Invalid({when.box: f"The day {when.problem}"})
    at = when.value or work.now.replace(microsecond=0).isoformat()
    if told.outcome == OFFER:
        return {OFFERED: at}
    if told.outcome == DONE:
        return {OFFERED: at, OUTCOME: InterviewOutcome.ACCEPTED.value, HELD: at}
    changes: dict[str, Value] = {OFFERED: at, OUTCOME: told.outcome}
    if told.outcome in NEEDS_REASON:
        changes[REASON] = reason
    if told.outcome in {InterviewOutcome.MISSING_AGAIN, InterviewOutcome.NOT_REQUIRED}:
        changes.pop(OFFERED)
    return changes
