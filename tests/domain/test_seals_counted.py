"""A figure counts nobody whom a seal hides from its reader, nor tells of one day: it would tell."""

from datetime import date

import pytest
from sqlalchemy import Engine

from register.access.needing import add_inspection
from register.inspection.behind import list_behind
from register.inspection.figures import Figures, read_figures
from register.inspection.scope import Scope
from register.terms import Role
from register.work import OPERATOR, Actor, begin_work
from tests.domain.test_seals import MANAGER, MINA, place
from tests.registers import AUTHORITY, FORCE, NOW, say, send

INSPECTOR = Actor("cora", Role.INSPECTOR)
DAYS = (date(2026, 3, 1), date(2026, 3, 31))


def counted(engine: Engine, actor: Actor, organisation: str) -> tuple[int | None, int]:
    """Give how many goings missing a figure counts, and how many stand behind it."""
    scope = Scope(organisation, *DAYS)
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        behind = list_behind(work, scope, "all").goings
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        figure = read_figures(work, scope).get("repeats").lines[0]
    assert behind is not None
    return figure.counts[0], behind.total


@pytest.mark.parametrize(
    ("actor", "organisation", "after"),
    [
        (Actor("gus", Role.FORCE_COORDINATOR, FORCE), FORCE, 0),
        (INSPECTOR, AUTHORITY, 0),
        (MANAGER, AUTHORITY, 1),
        (OPERATOR, AUTHORITY, 1),
    ],
    ids=["a force", "an inspector", "control: who reads the seal", "control: the operator"],
)
def test_whom_a_seal_hides_is_not_counted(
    engine: Engine, actor: Actor, organisation: str, after: int
) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA), say(FORCE, "P1", **MINA)])
    with begin_work(engine) as work:
        add_inspection(work, [AUTHORITY], DAYS, ["cora"])
    assert counted(engine, actor, organisation) == (1, 1), "control: before it is sealed"
    place(engine, "A1")
    assert counted(engine, actor, organisation) == (after, after)


COORDINATOR = Actor("gus", Role.FORCE_COORDINATOR, FORCE)
KEEPER = Actor("dee", Role.DEPARTMENT)


def figures(engine: Engine, actor: Actor, first: date, last: date) -> Figures:
    """Give the figures of the authority's children in these days."""
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        return read_figures(work, Scope(AUTHORITY, first, last))


def numbers(found: Figures) -> list[tuple[str, tuple[int | None, ...]]]:
    """Give what all lines of figures tell."""
    lines = [line for each in found.figures for line in each.lines if any_told(line.counts)]
    return [(line.label, line.counts) for line in lines]


def any_told(counts: tuple[int | None, ...]) -> bool:
    return any(count != 0 for count in counts)


@pytest.mark.parametrize("actor", [COORDINATOR, KEEPER], ids=["a force", "the Department"])
def test_nor_is_it_told_in_round_numbers_that_there_is_somebody(
    engine: Engine, actor: Actor
) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA), say(FORCE, "P1", **MINA)])
    assert numbers(figures(engine, actor, *DAYS)), "control: before it is sealed"
    place(engine, "A1")
    assert numbers(figures(engine, actor, *DAYS)) == []
    assert numbers(figures(engine, MANAGER, *DAYS)), "control: who reads the seal"


@pytest.mark.parametrize("actor", [COORDINATOR, KEEPER], ids=["a force", "the Department"])
def test_round_numbers_are_not_told_of_days_of_ones_choice(engine: Engine, actor: Actor) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA), say(FORCE, "P1", **MINA)])
    days = [date(2026, 3, 1), date(2026, 3, 2)]
    one, other = (figures(engine, actor, day, day) for day in days)
    assert one == other
    assert (one.scope.first, one.scope.last) == DAYS
    one, other = (figures(engine, MANAGER, day, day) for day in days)
    assert numbers(one) == []
    assert numbers(other), "control: exact numbers are of the days that were asked for"
