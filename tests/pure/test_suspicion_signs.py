"""Each sign of an odd access, at the count from which it speaks and at one less."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from register.access.suspicion import SIGNS, Access, suspicions

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
LOOK = Access(1, "amina", "L", 7, MONDAY, "page")


def looks(*changes: Mapping[str, object]) -> list[Access]:
    """Give one look for each change, numbered from 1."""
    return [replace(LOOK, number=n, **each) for n, each in enumerate(changes, 1)]  # type: ignore[arg-type]  # parts of a look


def signs_of(accesses: Iterable[Access]) -> list[tuple[str, ...]]:
    """Give the signs of each access in turn, none for one that is not asked about."""
    every = list(accesses)
    found = {each.access.number: each.signs for each in suspicions(every, share=1)}
    return [found.get(each.number, ()) for each in every]


def by(count: int) -> list[dict[str, object]]:
    return [{"who": f"p{n}"} for n in range(count)]


def of(count: int, at: datetime = MONDAY, first: int = 100) -> list[dict[str, object]]:
    return [{"child": n, "at": at} for n in range(first, first + count)]


def on(count: int) -> list[dict[str, object]]:
    return [{"at": MONDAY + n * DAY} for n in range(count)]


SEARCH: dict[str, object] = {"child": 0, "how": "check"}
SUNDAY = MONDAY - DAY


@pytest.mark.parametrize(
    ("sign", "enough", "too_few"),
    [
        ("fishing", [SEARCH] * 8, [SEARCH] * 7),
        ("fishing", [SEARCH] * 8, [*[SEARCH] * 7, {**SEARCH, "who": "ben"}]),
        ("fishing", [SEARCH] * 8, [*[SEARCH] * 7, {**SEARCH, "at": SUNDAY}]),
        ("fishing", [SEARCH] * 8, [*[SEARCH] * 7, {**SEARCH, "explained": "given"}]),
        ("crowd", by(4), by(3)),
        ("crowd", by(4), [*by(3), {"who": "p2"}]),
        ("crowd", by(4), [*by(3), {"who": "p3", "at": SUNDAY}]),
        ("crowd", by(4), [*by(3), {"who": "p3", "explained": "given"}]),
        ("again", on(4), on(3)),
        ("again", on(4), [*on(3), {"at": MONDAY + timedelta(hours=1)}]),
        ("sweep", of(12), of(11)),
        ("sweep", of(12), [*of(11), {"child": 100}]),
        ("slow_sweep", of(9) + of(9, MONDAY + DAY, 200), of(9) + of(8, MONDAY + DAY, 200)),
        ("slow_sweep", of(9) + of(9, MONDAY + DAY, 200), of(9) + of(9, SUNDAY, 200)),
        ("quiet", [{"quiet": 365}], [{"quiet": 364}]),
        ("glass", [{"how": "glass"}], [{"how": "check"}]),
        ("namesake", [{"namesake": True}], [{}]),
    ],
)
def test_a_sign_speaks_from_its_count_on(
    sign: str, enough: list[dict[str, object]], too_few: list[dict[str, object]]
) -> None:
    assert signs_of(looks(*enough)) == [(sign,)] * len(enough)
    assert signs_of(looks(*too_few)) == [()] * len(too_few)


def test_many_in_a_week_is_said_of_the_days_that_were_not_many_alone() -> None:
    found = signs_of(looks(*of(12), *of(6, MONDAY + DAY, 200)))
    assert found == [("sweep",)] * 12 + [("slow_sweep",)] * 6


def test_whoever_is_back_after_sixty_days_is_asked_on_that_day() -> None:
    back = [{}, {"at": MONDAY + 60 * DAY}, {"at": MONDAY + 61 * DAY}]
    assert signs_of(looks(*back)) == [(), ("returned",), ()]
    assert signs_of(looks({}, {"at": MONDAY + 59 * DAY})) == [(), ()]
    assert signs_of(looks({}, {"at": MONDAY + 60 * DAY, "who": "ben"})) == [(), ()]


@pytest.mark.parametrize(
    ("hour", "minute", "is_night"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (5, 59, True), (6, 0, False)],
)
def test_night_is_from_ten_to_six_in_england(hour: int, minute: int, *, is_night: bool) -> None:
    day = [{"child": n} for n in range(50, 60)]
    for month, east in ((3, 0), (7, 1)):  # in July a clock in England is an hour ahead
        at = datetime(2026, month, 3, hour, minute, tzinfo=UTC) - timedelta(hours=east)
        near = [{**each, "at": at.replace(hour=12) + DAY} for each in day]
        assert signs_of(looks({"at": at}, *near))[0] == (("night",) if is_night else ())


def test_nobody_who_works_at_night_is_asked_why() -> None:
    night, day = {"at": MONDAY.replace(hour=3)}, [{"child": n} for n in range(50, 60)]
    assert signs_of(looks(night, *day))[0] == ("night",), "control: one of eleven"
    assert signs_of(looks(night, *day[1:]))[0] == (), "one of ten"


def test_what_is_afar_is_not_asked_about_for_that_alone() -> None:
    assert signs_of(looks({"reaches": False})) == [()]
    assert signs_of(looks({"reaches": False, "how": "glass"})) == [("glass", "afar")]


def test_the_signs_add_up_and_of_equal_ones_the_first_comes_first() -> None:
    later = {"at": MONDAY + timedelta(hours=1)}
    accesses = looks(
        {"how": "glass", **later},
        {"how": "glass", "child": 8},
        {"how": "glass", "child": 9},
        {"how": "glass", "child": 10, "quiet": 400},
        {"child": 11},
    )
    found = suspicions(accesses, share=1)
    assert [(each.access.number, each.score) for each in found] == [(4, 6), (2, 3), (3, 3), (1, 3)]
    assert {name: score for name, (_, score) in SIGNS.items()} == {
        "namesake": 6,
        "night": 3,
        "crowd": 4,
        "again": 4,
        "sweep": 5,
        "slow_sweep": 4,
        "fishing": 5,
        "quiet": 3,
        "afar": 2,
        "glass": 3,
        "returned": 4,
    }


@pytest.mark.parametrize(("total", "asked"), [(1, 1), (49, 1), (50, 1), (149, 2), (150, 3)])
def test_of_all_accesses_two_in_a_hundred_are_asked_about_and_always_one(
    total: int, asked: int
) -> None:
    accesses = looks(*({"how": "glass", "child": n, "who": f"p{n}"} for n in range(1, total + 1)))
    assert len(suspicions(accesses)) == asked
