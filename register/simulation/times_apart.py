"""Disagreements on when: families C and F3 of the taxonomy, and the return's own rules."""

from datetime import date, datetime, timedelta
from random import Random

from register.simulation.days import local_day
from register.simulation.plants import (
    Plant,
    care_of,
    copy_of,
    ended,
    in_own_layout,
    in_statutory_return,
    lasted,
    shift,
    some_days_ago,
    still_open,
    with_times,
)
from register.simulation.statements import Case, Statement

AUTHORITY_ENDS = (
    "found_at",
    "returned_at",
    "closed_at",
    "return_interview_offered_at",
    "return_interview_at",
)
INTERVIEW = (
    "return_interview_offered_at",
    "return_interview_outcome",
    "return_interview_reason",
    "return_interview_at",
)
A_DAY_AND_A_QUARTER = timedelta(hours=30)


def _start_days_apart(rng: Random, case: Case) -> None:
    shift(case.authority[0], ("missing_at",), -timedelta(days=rng.choice((2, 3))))


def _start_hours_apart(rng: Random, case: Case) -> None:
    shift(case.authority[0], ("missing_at",), -timedelta(hours=rng.randrange(4, 15)))


def _end_days_apart(rng: Random, case: Case) -> None:
    shift(case.authority[0], AUTHORITY_ENDS, timedelta(days=rng.choice((2, 3, 4))))


def _two_open_at_once(_: Random, case: Case) -> None:
    second = copy_of(case.authority[0])
    shift(second, ("missing_at", "updated_at"), timedelta(days=1))
    case.authority.append(second)


def _split(statements: list[Statement], case: Case) -> None:
    """Tell one going missing as two spells with a gap between."""
    found = case.going.found_at
    if found is None:
        return
    first, second = statements[0], copy_of(statements[0])
    span = found - case.going.missing_at
    seen, gone = case.going.missing_at + span * 0.4, case.going.missing_at + span * 0.55
    end, start = (moment.replace(second=0, microsecond=0) for moment in (seen, gone))
    times = isinstance(first.values["missing_at"], datetime)
    ends = ("found_at", "returned_at", "closed_at")
    first.values |= dict.fromkeys(ends, end if times else local_day(end))
    first.values |= dict.fromkeys(("prevention_interview_at", *INTERVIEW), "")
    second.values["missing_at"] = start if times else local_day(start)
    if second.values.get("reported_at"):
        second.values["reported_at"] = start + timedelta(minutes=40)
    statements.append(second)


def _police_tell_two(_: Random, case: Case) -> None:
    _split(case.police, case)


def _authority_tells_two(_: Random, case: Case) -> None:
    _split(case.authority, case)


def _found_before_missing(_: Random, case: Case) -> None:
    case.police[0].values["found_at"] = case.going.missing_at - timedelta(hours=3)


def _found_in_the_future(_: Random, case: Case) -> None:
    shift(case.police[0], ("found_at", "returned_at", "closed_at"), timedelta(days=3652))


def _ends_before_start(_: Random, case: Case) -> None:
    said = case.authority[0].values
    start = said["missing_at"]
    if isinstance(start, date):
        said |= dict.fromkeys(("found_at", "returned_at"), start - timedelta(days=3))


def _before_birth(_: Random, case: Case) -> None:
    born = case.resident.child.date_of_birth
    case.authority[0].values["missing_at"] = born - timedelta(days=30)


def _before_care(_: Random, case: Case) -> None:
    since = case.going.missing_at.date() + timedelta(days=3)
    care_of(case).looked_after_from = care_of(case).placement_started_on = since


def _no_interview(_: Random, case: Case) -> None:
    case.authority[0].values |= dict.fromkeys(INTERVIEW, "")


def _late_interview(_: Random, case: Case) -> None:
    """Offered at once, held five days later: after the 72 hours."""
    said = case.authority[0]
    offered = said.values["return_interview_offered_at"]
    if isinstance(offered, date):
        said.values |= {
            "return_interview_outcome": "accepted",
            "return_interview_reason": "",
            "return_interview_at": offered + timedelta(days=5),
        }


def _days_from_the_end(case: Case) -> bool:
    return some_days_ago(5)(case)


def _hours_known(case: Case) -> bool:
    return ended(case) and with_times(case)


def _interview_due(case: Case) -> bool:
    return some_days_ago(7)(case) and in_own_layout(case) and case.going.category == "missing"


def _returned_by_rule(case: Case) -> bool:
    return ended(case) and in_statutory_return(case)


PLANTS = (
    Plant("C5", 6, lasted(A_DAY_AND_A_QUARTER), _police_tell_two),
    Plant("C5", 3, lasted(A_DAY_AND_A_QUARTER * 1.5), _authority_tells_two),
    Plant("C3", 2, still_open, _two_open_at_once),
    Plant("C1", 14, ended, _start_days_apart),
    Plant("C1", 8, _hours_known, _start_hours_apart),
    Plant("C2", 16, _days_from_the_end, _end_days_apart),
    Plant("C6", 4, ended, _found_before_missing),
    Plant("C6", 2, ended, _found_in_the_future),
    Plant("rule_567", 2, _returned_by_rule, _ends_before_start),
    Plant("rule_586", 1, _returned_by_rule, _before_birth),
    Plant("rule_581", 2, _returned_by_rule, _before_care),
    Plant("F3", 24, _interview_due, _no_interview),
    Plant("late_interview", 16, _interview_due, _late_interview),
)
