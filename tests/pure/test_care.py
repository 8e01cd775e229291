"""Whose child it is: from lists, authorities' reports, police; the safer answer in doubt."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from register.records.care import Care, CareState, care_of
from register.reports.statement import Statement, Value
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, report, roster, saying

A, H, P, Q = AUTHORITY, HOST, FORCE, OTHER_FORCE
YES, NO, UNKNOWN = CareState.LOOKED_AFTER, CareState.NOT_LOOKED_AFTER, CareState.UNKNOWN
NIGHT = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)
BARNSLEY_ONCE, BARNSLEY = "E08000016", "E08000038"
SUFFOLK, SUFFOLK_POLICE = "E10000029", "E23000025"


def cared(*statements: Statement, at: datetime = NIGHT) -> Care:
    """Ask in every order and give the one answer."""
    answers = [care_of(order, at) for order in permutations(statements)]
    assert all(answer == answers[0] for answer in answers)
    return answers[0]


def police(organisation: str = P, start: str = "03-02 22:00", **said: Value) -> Statement:
    """Make a report of a force that says this of the child's care."""
    return saying(report(organisation, start), said)


def council(organisation: str = A, start: str = "03-02", **said: Value) -> Statement:
    """Make a report of an authority that says this of the child's care."""
    return saying(report(organisation, start), said)


# Looked after, not, or unknown


def test_nobody_says() -> None:
    assert cared(police(), council()).state is UNKNOWN
    assert cared(police(care_status="unknown")).state is UNKNOWN
    assert care_of([], NIGHT) == Care(UNKNOWN)


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        ("01-01", "", YES),
        ("", "", YES),
        ("", "03-02", YES),
        ("03-02", "", YES),
        ("03-03", "", UNKNOWN),
        ("01-01", "03-01", NO),
    ],
)
def test_a_row_of_the_list_that_covers_the_day(first: str, last: str, state: CareState) -> None:
    assert cared(roster(A, first, last), police()).state is state


def test_a_list_written_before_the_day_does_not_know_that_care_had_not_begun_again() -> None:
    assert cared(roster(A, "01-01", "02-01", updated="02-15 10:00")).state is UNKNOWN


def test_the_day_is_the_day_in_london() -> None:
    row = roster(A, "03-29", "03-29")
    assert cared(row, at=datetime(2026, 3, 29, 22, 30, tzinfo=UTC)).state is YES
    assert cared(row, at=datetime(2026, 3, 29, 23, 30, tzinfo=UTC)).state is not YES


@pytest.mark.parametrize("code", ["V3", "V4"])
def test_short_breaks_are_no_care(code: str) -> None:
    assert cared(roster(A, "01-01", legal_status=code)).state is UNKNOWN
    assert cared(council(legal_status=code)).state is UNKNOWN
    assert cared(roster(A, "01-01", legal_status=code), council(legal_status="C2")).state is YES


def test_an_authoritys_legal_status_without_a_care_status_is_looked_after() -> None:
    assert cared(council(legal_status="C2")).state is YES
    assert cared(council(legal_status="C2", care_status="unknown")).state is YES
    assert cared(council(legal_status="C2", care_status="care_leaver")).state is NO
    assert cared(police(legal_status="C2")).state is UNKNOWN


@pytest.mark.parametrize(
    "status", ["none", "child_in_need", "child_protection_plan", "care_leaver"]
)
def test_every_other_status_is_not_looked_after(status: str) -> None:
    assert cared(police(care_status=status)).state is NO
    assert cared(council(care_status=status)).state is NO


def test_an_authority_goes_before_police() -> None:
    assert cared(police(care_status="looked_after"), council(care_status="none")).state is NO
    assert cared(police(care_status="none"), council(care_status="looked_after")).state is YES
    assert cared(police(care_status="none"), roster(A, "01-01")).state is YES
    assert cared(police(care_status="looked_after"), council()).state is YES


def test_where_one_side_contradicts_itself_looked_after_is_safer() -> None:
    both = (council(care_status="none"), council(H, care_status="looked_after"))
    assert cared(*both).state is YES
    assert cared(roster(A, "01-01"), council(care_status="care_leaver")).state is YES
    assert cared(police(care_status="none"), police(Q, care_status="looked_after")).state is YES


def test_the_report_nearest_before_the_day_speaks_for_its_organisation() -> None:
    once = council(start="01-05", care_status="looked_after")
    left = council(start="02-20", care_status="care_leaver")
    later = council(start="03-20", care_status="looked_after")
    assert cared(once, left, later).state is NO
    assert cared(once, later).state is YES
    assert cared(later).state is YES


def test_withdrawn_reports_say_nothing() -> None:
    assert cared(council(care_status="looked_after", status="withdrawn")).state is UNKNOWN


# Which authority


def test_the_authority_on_whose_list_the_child_is() -> None:
    care = cared(roster(A, "01-01"), council(H, responsible_authority=H), police())
    assert care.responsible == A


def test_a_child_handed_over_is_the_new_authoritys() -> None:
    care = cared(roster(H, "01-01"), roster(A, "03-01"))
    assert (care.state, care.responsible) == (YES, A)


def test_one_that_says_so_of_itself_goes_before_one_that_another_names() -> None:
    own = council(A, responsible_authority=A, host_authority=H)
    assert cared(council(H, responsible_authority=H), council(A, "01-01")).responsible == H
    assert cared(council(H, responsible_authority=A)).responsible == A
    assert cared(own, police(responsible_authority=H)).responsible == A
    assert cared(own).host == cared(own).home == H


def test_an_authority_that_reports_a_child_as_looked_after_and_names_no_other() -> None:
    assert cared(council(legal_status="C2")).responsible == A
    assert cared(council(H, care_status="looked_after", host_authority=H)).responsible == ""


def test_what_police_name_counts_where_no_authority_says() -> None:
    care = cared(police(responsible_authority=A, host_authority=H))
    assert (care.responsible, care.host, care.home) == (A, H, H)
    assert cared(police(responsible_authority=A)).home == A


def test_home_is_where_the_child_lives_or_the_only_authority_of_the_force() -> None:
    assert cared(council(care_status="child_in_need")).home == A
    assert cared(police(SUFFOLK_POLICE)).home == SUFFOLK
    assert cared(police()).home == ""
    assert cared(police(SUFFOLK_POLICE)).responsible == ""


def test_a_former_code_is_todays_authority() -> None:
    care = cared(police(responsible_authority=BARNSLEY_ONCE))
    assert (care.responsible, care.home) == (BARNSLEY, BARNSLEY)


# When care ended


def test_care_that_ended_after_the_day_or_before_it() -> None:
    assert cared(roster(A, "01-01", "03-05")).left_on == date(2026, 3, 5)
    assert cared(roster(A, "01-01", "02-05")).left_on == date(2026, 2, 5)
    assert cared(roster(A, "01-01")).left_on is None
    assert cared(police()).left_on is None


def test_rows_that_adjoin_are_one_care() -> None:
    rows = [roster(A, "01-01", "03-05"), roster(A, "03-05", "03-20"), roster(H, "03-21", "03-30")]
    assert cared(*rows).left_on == date(2026, 3, 30)
    assert cared(*rows, roster(H, "03-30")).left_on is None
    assert cared(rows[0], roster(A, "05-01")).left_on == date(2026, 3, 5)
    assert cared(roster(A, "01-01", "02-01"), roster(A, "02-20")).left_on is None
