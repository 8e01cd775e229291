"""Interviews that are owed, birthdays, and that no rule waits for an hour nobody is told of."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from register.mismatches.judging import judge
from register.mismatches.ruleset import ruleset
from register.reports.values import read_moment
from register.terms import Severity
from tests.cases import CARE, NO_DUTIES, bare, case, codes, gaps, only
from tests.statements import AUTHORITY, FORCE, HOST, moment, report


def interview(*, now: str = "03-06 07:00", **said: Any) -> list[str]:  # noqa: ANN401  # any value, or any of report's own
    """Judge a night that ended on 3 March at 06:00, with what the authority says of interviews."""
    seen = case(
        report(FORCE, "03-02 22:00", "03-03 06:00", **CARE),
        report(AUTHORITY, "03-02 22:00", "03-03 06:00", **CARE, **said),
        now=now,
        spans={FORCE: (NO_DUTIES,)},
    )
    return codes(seen)


def test_interviews_are_owed_after_72_hours_and_not_before() -> None:
    assert interview(now="03-06 05:59") == []
    assert interview(now="03-06 06:00") == ["F3"]


@pytest.mark.parametrize(
    ("said", "owed"),
    [
        ({"return_interview_offered_at": "2026-03-03"}, False),
        ({"return_interview_outcome": "accepted"}, True),
        ({"return_interview_outcome": "accepted", "return_interview_at": "2026-03-05"}, False),
        ({"return_interview_outcome": "declined"}, True),
        ({"return_interview_outcome": "declined", "return_interview_reason": "No"}, False),
        ({"return_interview_outcome": "missing_again"}, False),
        ({"return_interview_outcome": "not_required"}, False),
    ],
)
def test_what_answers_for_an_interview(said: dict[str, Any], *, owed: bool) -> None:
    assert ("F3" in interview(**said)) is owed


@pytest.mark.parametrize("reason", ["deceased", "turned_18", "left_care", "abroad"])
def test_no_interview_is_owed_to_who_did_not_return(reason: str) -> None:
    assert "F3" not in interview(closed_reason=reason)


def test_one_interview_may_cover_several_close_nights() -> None:
    nights = [
        report(FORCE, "03-02 22:00", "03-03 01:30", **CARE),
        report(FORCE, "03-03 21:00", "03-04 00:40", **CARE),
        report(AUTHORITY, "03-02 22:00", "03-03 01:30", **CARE),
    ]
    second = "03-03 21:00", "03-04 00:40"
    held = report(AUTHORITY, *second, return_interview_at="2026-03-05T10:00:00+00:00", **CARE)
    assert "F3" not in codes(case(*nights, held, now="03-08 12:00"))
    assert codes(case(*nights, report(AUTHORITY, *second, **CARE), now="03-08 12:00")).count(
        "F3"
    ) == len(["each", "night"])


def test_a_return_on_a_bare_day_starts_its_clock_at_the_end_of_the_day() -> None:
    night = [
        report(FORCE, "03-02 22:00", status="closed", found_at="2026-03-03", **CARE),
        report(AUTHORITY, "03-02", "03-03", **CARE),
    ]
    assert "F3" not in codes(case(*night, now="03-06 23:59"))
    found = only(case(*night, now="03-07 00:00"), "F3")
    assert found.duty_from == read_moment("2026-03-03").latest
    assert found.duty_due_at == found.fires_at == found.duty_from + timedelta(hours=72)


def test_the_interview_is_owed_by_the_home_authority_where_no_care_is() -> None:
    night = report(FORCE, "03-02 22:00", "03-03 06:00", care_status="none", host_authority=HOST)
    assert only(case(night, now="03-06 07:00"), "F3").owner == HOST
    cared = report(FORCE, "03-02 22:00", "03-03 06:00", host_authority=HOST, **CARE)
    assert only(case(cared, now="03-06 07:00"), "F3").owner == AUTHORITY


def test_no_interview_is_missed_in_files_that_hold_none() -> None:
    night = report(FORCE, "03-02 22:00", "03-03 06:00", care_status="none", host_authority=HOST)
    seen = bare(night, now="03-06 07:00")
    assert "F3" not in codes(seen)
    assert gaps(seen) == [("F3", HOST)]


def test_what_cannot_be_compared_is_told_when_its_hour_comes() -> None:
    night = report(FORCE, "03-02 22:00", "03-03 06:00", care_status="none", host_authority=HOST)
    seen = bare(night, now="03-06 05:59")
    assert gaps(seen) == []
    due_at = judge(seen, ruleset()).next_change_at
    assert due_at == read_moment(moment("03-06 06:00")).earliest
    later = replace(seen, now=due_at)
    assert gaps(later) == [("F3", HOST)]
    assert judge(later, ruleset()).next_change_at is None


def test_an_adult_at_the_start_is_no_childs_alarm() -> None:
    missing = report(FORCE, "03-02 22:40", date_of_birth="2008-03-02", **CARE)
    assert codes(case(missing, now="03-02 23:15")) == []
    almost = report(FORCE, "03-02 22:40", date_of_birth="2008-03-03", **CARE)
    assert codes(case(almost, now="03-02 23:15")) == ["A1"]
    assert "A1" in codes(case(almost, now="03-03 23:15"))


def test_a_leap_days_child_is_eighteen_on_1_march() -> None:
    born = report(AUTHORITY, "02-20", date_of_birth="2008-02-29", **CARE)
    assert "B4" not in codes(case(born, now="02-28 23:59"))
    assert "B4" in codes(case(born, now="03-01 00:00"))


def test_who_is_eighteen_by_one_birth_date_only_is_graver() -> None:
    def differ(one: str, two: str) -> Severity:
        night = [
            report(FORCE, "03-02 22:00", "03-03 06:00", date_of_birth=one, **CARE),
            report(AUTHORITY, "03-02", "03-03", date_of_birth=two, **CARE),
        ]
        return only(case(*night), "D1").severity

    assert differ("2007-05-01", "2008-05-01") is Severity.HIGH
    assert differ("2010-05-01", "2011-05-01") is Severity.MEDIUM


# Time-driven rules cannot drift from when the worker is told to look


@pytest.mark.parametrize("now", ["03-02 23:00", "03-03 12:00"])
def test_nothing_happens_before_the_next_change_and_something_at_it(now: str) -> None:
    statements = [
        report(FORCE, "03-02 22:00", date_of_birth="2008-03-06", **CARE),
        report(AUTHORITY, "03-02", date_of_birth="2008-03-06", **CARE),
        report(FORCE, "02-26 22:00", "02-28 06:00", **CARE),
        report(AUTHORITY, "02-26", "02-28", **CARE),
    ]
    at = read_moment(moment(now)).earliest
    steps = 0
    while True:
        judged = judge(replace(case(*statements), now=at), ruleset())
        if judged.next_change_at is None:
            break
        steps += 1
        just_before = judged.next_change_at - timedelta(microseconds=1)
        before = judge(replace(case(*statements), now=just_before), ruleset())
        then = judge(replace(case(*statements), now=judged.next_change_at), ruleset())
        assert before.findings == judged.findings
        assert {*then.findings} > {*judged.findings}
        at = judged.next_change_at
    assert steps >= 3
