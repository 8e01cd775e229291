"""The rulings on the rules (domain 7.1), and its examples from end to end."""

from dataclasses import replace
from typing import Any

import pytest

from register.mismatches.case import Case, Span
from register.mismatches.clocks import deadline
from register.mismatches.judging import judge
from register.mismatches.ruleset import ruleset
from register.reports.statement import Statement
from register.reports.values import read_moment
from register.terms import Severity
from tests.cases import ALL_YEAR, CARE, NO_DUTIES, bare, case, codes, findings, gaps, only
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, moment, report, roster

LONDON_POLICE, KENT_POLICE, KENT = "E23000001", "E23000032", "E10000016"


# The examples of 7.1


def unaware() -> list[Statement]:
    return [
        report(FORCE, "01-10 20:00", "01-11 06:00", **CARE),
        report(AUTHORITY, "01-10", "01-11", return_interview_at="2026-01-12", **CARE),
        report(FORCE, "03-02 22:40", reported_at="2026-03-02T23:10:00+00:00", **CARE),
    ]


def test_unaware() -> None:
    seen = bare(*unaware(), now="03-02 23:15")
    assert len(seen.episodes) == 2
    assert codes(seen) == ["A1"]
    found = only(seen, "A1")
    assert (found.owner, found.severity) == (AUTHORITY, Severity.CRITICAL)
    assert found.clock is not None
    clock = deadline(found.clock, seen.now, found.asked_from, ruleset().holidays)
    assert clock.due_at == read_moment(moment("03-03 03:10")).earliest


def test_unaware_with_care_status_blank_is_neither_a1_nor_a6() -> None:
    assert codes(bare(report(FORCE, "03-02 22:40"), now="03-02 23:15")) == ["ASK"]


def test_nightly_runaway() -> None:
    nights = bare(
        report(FORCE, "03-02 22:00", "03-03 01:30", **CARE),
        report(FORCE, "03-03 21:00", "03-04 00:40", **CARE),
        report(FORCE, "03-04 22:30", "03-05 02:00", number=900, **CARE),
        report(AUTHORITY, "03-02", "03-03", **CARE),
        report(AUTHORITY, "03-03", "03-04", **CARE),
        now="03-05 12:00",
    )
    assert len(nights.episodes) == 3
    assert [(each.rule, each.episode) for each in findings(nights)] == [("A4", 900)]


def located(now: str) -> Case:
    found: dict[str, Any] = {"found_at": "2026-03-04T02:00:00+00:00", "found_how": "custody"}
    return case(
        report(FORCE, "03-03 21:00", status="closed", **found, **CARE),
        report(AUTHORITY, "03-03", status="closed", found_at="2026-03-04", **CARE),
        report(AUTHORITY, "03-04", category="away", **CARE),
        now=now,
        spans={FORCE: (NO_DUTIES,)},
    )


def test_located_not_returned() -> None:
    assert len(located("03-04 12:00").episodes) == 1
    assert codes(located("03-04 12:00")) == []
    assert codes(located("03-08 12:00")) == ["A3"]


# 1: silence is not absence


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param((), id="never connected"),
        pytest.param(
            (replace(ALL_YEAR, end=read_moment("2026-03-01").latest),), id="a return to 1 March"
        ),
        pytest.param((replace(ALL_YEAR, start=read_moment("2026-03-03").latest),), id="later only"),
    ],
)
def test_silence_of_a_source_that_would_not_know_is_no_alarm(spans: tuple[Span, ...]) -> None:
    missing = report(FORCE, "03-02 22:40", **CARE)
    seen = case(missing, now="03-02 23:15", spans={AUTHORITY: spans})
    assert codes(seen) == []
    assert gaps(seen) == [("A1", AUTHORITY)]
    assert codes(case(missing, now="03-02 23:15")) == ["A1"]


def test_the_silent_force_is_the_one_of_the_place() -> None:
    placed = report(AUTHORITY, "03-02", host_authority=KENT, **CARE)
    assert only(case(placed, spans={KENT_POLICE: (ALL_YEAR,)}), "A2").owner == KENT_POLICE
    assert gaps(case(placed)) == [("A2", KENT_POLICE)]
    assert only(case(report(AUTHORITY, "03-02", **CARE)), "A2").owner == FORCE


def test_an_open_row_of_an_old_return_is_no_word_on_a_later_finding() -> None:
    both = [
        report(FORCE, "02-27 21:00", "03-04 02:00", **CARE),
        report(AUTHORITY, "02-27", updated="02-28 00:00", **CARE),
    ]
    to_february = replace(ALL_YEAR, end=read_moment("2026-02-28").latest)
    old = case(*both, spans={AUTHORITY: (to_february,)})
    assert "B1" not in codes(old)
    assert ("B1", AUTHORITY) in gaps(old)
    assert "B1" in codes(case(*both))
    assert "B1" in codes(case(*both, silent=[AUTHORITY]))


# 2: whose child it is


def test_who_is_asked_whose_child_it_is() -> None:
    somebody = report(FORCE, "03-02 22:40", host_authority=HOST)
    assert only(bare(somebody, now="03-02 23:15"), "ASK").owner == HOST
    only_one = report(KENT_POLICE, "03-02 22:40")
    assert only(bare(only_one, now="03-02 23:15"), "ASK").owner in {KENT, KENT_POLICE}
    nobody = report(LONDON_POLICE, "03-02 22:40")
    assert only(bare(nobody, now="03-02 23:15"), "ASK").owner == LONDON_POLICE


def test_asking_is_graver_and_faster_while_the_child_is_missing() -> None:
    now = only(bare(report(FORCE, "03-02 22:40"), now="03-02 23:15"), "ASK")
    over = only(bare(report(FORCE, "03-01 22:40", "03-02 06:00"), now="03-02 23:15"), "ASK")
    assert (now.severity, str(now.clock)) == (Severity.HIGH, "4 hours")
    assert (over.severity, str(over.clock)) == (Severity.LOW, "2 working days")


def test_an_authoritys_list_makes_the_child_looked_after() -> None:
    missing = report(FORCE, "03-02 22:40")
    assert codes(bare(missing, roster(AUTHORITY, "01-01"), now="03-02 23:15")) == ["A1"]
    assert codes(bare(missing, now="03-02 23:15")) == ["ASK"]


def test_looked_after_by_nobody_knows_whom_is_asked() -> None:
    missing = report(FORCE, "03-02 22:40", care_status="looked_after")
    assert codes(bare(missing, now="03-02 23:15")) == ["ASK"]


# 3 and 4: found is not returned, missing now, risk


@pytest.mark.parametrize(
    ("risk", "severity"),
    [
        ("high", Severity.CRITICAL),
        ("medium", Severity.HIGH),
        ("", Severity.HIGH),
        ("low", Severity.MEDIUM),
        ("no_apparent_risk", Severity.MEDIUM),
    ],
)
def test_still_open_to_police_ranks_by_risk(risk: str, severity: Severity) -> None:
    both = [
        report(FORCE, "03-02 22:00", risk_level=risk, **CARE),
        report(AUTHORITY, "03-02", "03-03", **CARE),
    ]
    assert only(bare(*both, now="03-03 12:00"), "B2").severity is severity


def test_high_risk_leaves_the_authority_an_hour() -> None:
    missing = report(FORCE, "03-02 22:40", risk_level="high", **CARE)
    assert str(only(bare(missing, now="03-02 23:15"), "A1").clock) == "1 hour"


def test_returned_according_to_police_and_away_to_the_authority_differ() -> None:
    away = report(AUTHORITY, "03-03", category="away", **CARE)
    found: dict[str, Any] = {"found_at": "2026-03-04T02:00:00+00:00", "status": "closed"}
    assert "B1" not in codes(bare(report(FORCE, "03-03 21:00", **found), away, now="03-04 12:00"))
    back = report(FORCE, "03-03 21:00", "03-04 02:00", **CARE)
    assert "B1" in codes(bare(back, away, now="03-04 12:00"))


def test_away_again_or_with_risk_is_asked_about_at_once_and_graver() -> None:
    def away(start: str, end: str = "", **said: Any) -> Statement:  # noqa: ANN401  # any value
        return report(AUTHORITY, start, end, category="away", **said, **CARE)

    once = bare(away("03-04 10:00"), now="03-04 12:00")
    assert codes(once) == []
    flagged = bare(away("03-04 10:00", risk_flags=["trafficking"]), now="03-04 12:00")
    assert only(flagged, "A3").severity is Severity.HIGH
    before = [away("02-02 10:00", "02-02 15:00"), away("02-20 10:00", "02-20 15:00")]
    assert codes(bare(*before, away("03-04 10:00"), now="03-04 12:00")) == ["A3"]
    assert codes(bare(*before[1:], away("03-04 10:00"), now="03-04 12:00")) == []


# 6 and 13: duplicates and what only looks like one


def test_two_rows_of_one_day_that_follow_each_other_are_no_duplicate() -> None:
    twice = [report(AUTHORITY, "03-02", "03-02", **CARE), report(AUTHORITY, "03-02", "03-03")]
    assert not {"D5", "C3"} & {*codes(bare(*twice, now="03-03 12:00"))}
    same = [report(AUTHORITY, "03-02", "03-04", **CARE), report(AUTHORITY, "03-02", "03-04")]
    assert "D5" in codes(bare(*same, now="03-04 12:00"))


def test_two_police_nights_within_one_period_are_split_not_duplicated() -> None:
    split = bare(
        report(FORCE, "03-02 22:00", "03-03 01:00", **CARE),
        report(FORCE, "03-03 20:00", "03-03 23:00", **CARE),
        report(AUTHORITY, "03-02", "03-04", **CARE),
        now="03-04 12:00",
    )
    assert codes(split) == ["C5"]


def test_a_host_authoritys_row_is_no_duplicate_and_two_forces_are_e4() -> None:
    rows = bare(
        report(FORCE, "03-02 22:00", **CARE),
        report(OTHER_FORCE, "03-03 02:00", **CARE),
        report(AUTHORITY, "03-02", host_authority=HOST, **CARE),
        report(HOST, "03-02", responsible_authority=AUTHORITY),
        now="03-03 12:00",
    )
    assert codes(rows) == ["E4"]
    assert only(rows, "E4").owner == OTHER_FORCE


# 8: missing or away


def test_police_search_while_the_authority_knows_the_whereabouts() -> None:
    searching = bare(
        report(FORCE, "03-02 22:00", **CARE),
        report(AUTHORITY, "03-02", category="away", **CARE),
        now="03-03 12:00",
    )
    assert only(searching, "B3").severity is Severity.HIGH
    over = bare(
        report(FORCE, "03-02 22:00", "03-03 06:00", **CARE),
        report(AUTHORITY, "03-02", "03-03", category="away", **CARE),
        now="03-03 12:00",
    )
    assert only(over, "B3").severity is Severity.MEDIUM


def test_where_the_authority_codes_everything_missing_it_is_information() -> None:
    rules = ruleset()
    practice = replace(rules.thresholds, codes_everything_missing=frozenset({AUTHORITY}))
    alone = bare(report(AUTHORITY, "03-02", "03-03", **CARE), now="03-03 12:00")
    for thresholds, severity in (
        (rules.thresholds, Severity.HIGH),
        (practice, Severity.INFO),
    ):
        (found,) = judge(alone, replace(rules, thresholds=thresholds)).findings
        assert (found.rule, found.severity) == ("A5", severity)
        assert (found.clock is None) is (severity is Severity.INFO)


def test_an_identifier_that_fails_its_check_is_asked_of_its_sender() -> None:
    night = report(FORCE, "03-02 22:00", "03-03 06:00", **CARE)
    sent = replace(night, doubtful={"nhs_number": "9434765910"}, marks={"nhs_number": "fails"})
    found = only(case(sent, report(AUTHORITY, "03-02", "03-03", **CARE)), "D3")
    assert (found.owner, found.police_report) == (FORCE, night.report_id)


def test_two_ids_of_one_authority_for_one_child_are_a_duplicate() -> None:
    rows = [
        report(AUTHORITY, "03-02", "03-03", child_reference=reference, number=number, **CARE)
        for reference, number in (("la-1", 701), ("la-1", 702), ("la-2", 703))
    ]
    found = [each for each in findings(case(*rows)) if each.field == "child_reference"]
    assert [(each.authority_report, each.other_report) for each in found] == [(701, 703)]
