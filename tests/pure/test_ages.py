"""From when somebody is no child: by every date of birth given, and never while it is disputed."""

import pytest

from register.records.ages import adult_at, adult_from, births_of, was_adult
from register.records.reconcile import reconcile
from register.reports.statement import Statement
from register.reports.values import midnight, read_moment
from tests.cases import CARE, case, codes
from tests.statements import AUTHORITY, FORCE, report

GROWN, YOUNG = "2001-01-01", "2012-03-09"
START = read_moment("2026-03-02T22:00:00+00:00").earliest


def born(*dates: str, known: str = "exact") -> list[Statement]:
    return [
        report(organisation, "03-02 22:00", date_of_birth=date, date_of_birth_precision=known)
        for organisation, date in zip((FORCE, AUTHORITY), dates, strict=False)
    ]


@pytest.mark.parametrize(
    ("statements", "was"),
    [
        (born(GROWN), True),
        (born(YOUNG), False),
        (born(GROWN, "2001-06-01"), True),
        (born(GROWN, YOUNG), False),
        (born(GROWN, known="disputed"), False),
        (born(GROWN, known="estimated"), True),
        ([report(FORCE, "03-02 22:00")], False),
    ],
)
def test_who_was_an_adult_is_one_by_every_word(statements: list[Statement], *, was: bool) -> None:
    assert was_adult(reconcile(statements), START) is was


def test_of_two_birthdays_the_later_ends_the_childhood() -> None:
    record = reconcile(born("2008-03-02", "2008-03-05"))
    assert len(births_of(record)) == 2
    assert adult_at(record) == midnight(read_moment("2026-03-05").day)


def test_on_29_february_born_is_grown_on_1_march() -> None:
    leap = read_moment("2008-02-29").day
    assert adult_from(leap) == midnight(read_moment("2026-03-01").day)


def test_a_disputed_age_silences_no_alarm() -> None:
    missing = report(FORCE, "03-02 22:00", date_of_birth=GROWN, **CARE)
    disputed = report(
        FORCE, "03-02 22:00", date_of_birth=GROWN, date_of_birth_precision="disputed", **CARE
    )
    assert codes(case(missing)) == []
    assert "A1" in codes(case(disputed))
