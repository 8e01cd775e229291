"""How many children one person is shown on a day, and how many rows an export may have."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.models import Opening
from register.access.openings import NOBODY, Limits, counted, day_of, limits_of, set_limits, spend
from register.errors import Exceeded
from register.terms import Role
from register.work import OPERATOR, Actor, Work, begin_work

AMINA = Actor("amina", Role.AUTHORITY_USER, "E08000035", 1)
BEN = Actor("ben", Role.FORCE_USER, "E23000001", 2)
SYSTEM = Actor("client 1", Role.MACHINE, "E08000035")
FEW = Limits(children_a_day=3, children_a_day_of_systems=5, export_rows=4)


def look(
    engine: Engine, actor: Actor, children: Iterable[int], now: datetime, how: str = "page"
) -> None:
    with begin_work(engine, actor, clock=lambda: now) as work:
        set_limits(work, FEW)
        spend(work, set(children), how)


def kept(engine: Engine) -> list[tuple[str, int, str]]:
    with begin_work(engine, writes=False) as work:
        rows = work.session.scalars(select(Opening).order_by(Opening.id))
        return [(row.who, row.child, row.how) for row in rows]


def test_a_person_is_shown_so_many_different_children_a_day(engine: Engine, now: datetime) -> None:
    look(engine, AMINA, [1, 2], now)
    look(engine, AMINA, [2, 3], now, "check")
    with pytest.raises(Exceeded, match="looked at 3 children today"):
        look(engine, AMINA, [4], now)
    with pytest.raises(Exceeded):
        look(engine, AMINA, [1, 4], now)
    look(engine, AMINA, [1], now)
    look(engine, AMINA, [], now, "check")
    look(engine, BEN, [4], now)
    expected = [("amina", 1, "page"), ("amina", 2, "page"), ("amina", 2, "check")]
    expected += [("amina", 3, "check"), ("amina", 1, "page"), ("amina", NOBODY, "check")]
    assert kept(engine) == [*expected, ("ben", 4, "page")]


def test_searches_that_found_nobody_use_nothing_up(engine: Engine, now: datetime) -> None:
    for _ in range(5):
        look(engine, AMINA, [], now, "check")
    look(engine, AMINA, [1, 2, 3], now)
    with pytest.raises(Exceeded):
        look(engine, AMINA, [4], now)


def test_the_day_is_englands_and_a_new_one_begins_anew(engine: Engine) -> None:
    late = datetime.fromisoformat("2026-07-01T22:59:00+00:00")
    look(engine, AMINA, [1, 2, 3], late)
    with pytest.raises(Exceeded):
        look(engine, AMINA, [4], late)
    look(engine, AMINA, [4], late + timedelta(minutes=1))
    with begin_work(engine, clock=lambda: late + timedelta(minutes=1)) as work:
        assert day_of(work).isoformat() == "2026-07-02"


def test_a_system_is_given_more_and_the_operator_all(engine: Engine, now: datetime) -> None:
    look(engine, SYSTEM, range(1, 6), now)
    with pytest.raises(Exceeded, match="looked at 5 children"):
        look(engine, SYSTEM, [6], now)
    before = kept(engine)
    look(engine, OPERATOR, range(1, 100), now)
    assert kept(engine) == before, "nor is it noted"


def test_two_at_once_are_given_no_more_than_one_after_the_other(
    engine: Engine, now: datetime
) -> None:
    def look_while_others_are_shown(*others: int) -> None:
        with begin_work(engine, AMINA, clock=lambda: now) as work:
            set_limits(work, FEW)
            spend(work, {1, 2}, "page")
            row = {"role": "r", "organisation": "", "how": "page", "day": day_of(work), "at": now}
            work.session.add_all(Opening(who="amina", child=each, **row) for each in others)

    with pytest.raises(Exceeded):
        look_while_others_are_shown(3, 4)
    assert kept(engine) == []
    look_while_others_are_shown(3)
    assert {child for _, child, _ in kept(engine)} == {1, 2, 3}, "control"


def test_an_export_ends_with_a_sentence_past_its_most(work: Work) -> None:
    set_limits(work, FEW)
    assert list(counted(work, range(4))) == [0, 1, 2, 3]
    assert list(counted(work, range(9))) == list(range(9)), "the operator's has no end"
    work.actor = AMINA
    assert list(counted(work, range(4))) == [0, 1, 2, 3]
    given: list[int] = []
    with pytest.raises(Exceeded, match="holds 4 rows at most"):
        given.extend(counted(work, range(5)))


def test_where_nobody_says_what_holds_it_is_the_usual(work: Work) -> None:
    assert limits_of(work) == Limits(200, 5000, 10_000)
    set_limits(work, FEW)
    assert limits_of(work) == FEW
