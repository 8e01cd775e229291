"""A figure of one day counts nobody whom a seal hides from its reader: the count would tell."""

from datetime import date

import pytest
from sqlalchemy import Engine

from register.access.needing import add_inspection
from register.inspection.behind import list_behind
from register.inspection.figures import read_figures
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
