"""Who is missing now: how many according to whom, and every page of the list."""

from collections import Counter

import pytest
from sqlalchemy import Engine

from register.inspection.missing import MissingNow, missing_now
from register.inspection.paging import PAGE
from register.terms import Role
from register.work import Actor, begin_work
from tests.registers import AUTHORITY, FORCE, HOST, NOW, say, send

STEWARD = Actor("stef", Role.STEWARD)
POLICE_ALONE = PAGE + 3
ADULTS, AUTHORITY_ALONE, BOTH, LOCATED = 2, 3, 4, 5


@pytest.fixture
def out(engine: Engine) -> Engine:
    """Give a register of so many children of each kind, all of them out."""
    open_now = {"status": "open", "missing_at": "2026-03-02T22:00:00+00:00"}

    def child(kind: str, place: int) -> dict[str, object]:
        name = f"{kind}{chr(97 + place // 26)}{chr(97 + place % 26)}"
        born = "2004" if kind == "Grown" else "2011"
        return {**open_now, "forename": name, "surname": f"{name}-Test", "child_reference": name,
                "date_of_birth": f"{born}-{place % 12 + 1:02}-11"}  # fmt: skip

    both = [child("Both", place) for place in range(BOTH)]
    known = [{**child("Known", place), "category": "away"} for place in range(LOCATED)]
    reports = [say(FORCE, f"P{n}", **child("Police", n)) for n in range(POLICE_ALONE)]
    reports += [say(FORCE, f"G{n}", **child("Grown", n)) for n in range(ADULTS)]
    reports += [say(HOST, f"A{n}", **child("Care", n)) for n in range(AUTHORITY_ALONE)]
    reports += [say(HOST, f"K{n}", **said) for n, said in enumerate(known)]
    send(engine, [*reports, *(say(who, f"B{n}", **said, nhs_number=NUMBERS[n])
                  for n, said in enumerate(both) for who in (FORCE, AUTHORITY))])  # fmt: skip
    return engine


NUMBERS = ("9434765919", "9434765870", "9434765889", "9434765897")


def read(engine: Engine, page: int = 1, *, located: bool = False) -> MissingNow:
    with begin_work(engine, STEWARD, clock=lambda: NOW, writes=False) as work:
        return missing_now(work, page, located=located)


def test_each_is_counted_once_and_adults_apart(out: Engine) -> None:
    found = read(out)
    sides = (found.both, found.police_only, found.authority_only)
    assert sides == (BOTH, POLICE_ALONE, AUTHORITY_ALONE)
    assert (found.located, found.adults) == (LOCATED, ADULTS)
    assert found.missing == sum(sides)
    assert found.page.total == sum(sides) + ADULTS
    assert read(out, located=True).page.total == LOCATED


def test_every_page_shows_others_and_adults_come_last(out: Engine) -> None:
    pages = [read(out, number).page for number in (1, 2)]
    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [PAGE, pages[0].total - PAGE]
    assert max(Counter(row.number for row in rows).values()) == 1
    assert [row.was_adult for row in rows] == [False] * (len(rows) - ADULTS) + [True] * ADULTS
    located = read(out, located=True).page.rows
    assert len(located) == LOCATED
    assert not {row.number for row in located} & {row.number for row in rows}


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (3, 2), (10**30, 2)])
def test_a_page_beyond_the_last_is_the_last(out: Engine, asked: int, given: int) -> None:
    found = read(out, asked)
    assert (found.page.number, found.both) == (given, BOTH)
    assert [row.number for row in found.page.rows] == [
        row.number for row in read(out, given).page.rows
    ]
    assert read(out, asked, located=True).page.number == 1


def test_nobody_is_missing(engine: Engine) -> None:
    found = read(engine, 7)
    assert (found.missing, found.adults, found.page.number, found.page.rows) == (0, 0, 1, [])
