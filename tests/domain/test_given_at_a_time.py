"""Who was given a child reads of it as it was, too: the need is today's, the record the past's."""

from datetime import timedelta

from sqlalchemy import Engine

from register.access.models import User
from register.access.needing import Why, give
from register.records.sight import openable
from register.terms import Role
from register.work import Actor, begin_work
from tests.registers import AUTHORITY, FORCE, NOW, say, send

AMINA = Actor("amina", Role.AUTHORITY_USER, AUTHORITY)
BEN = Actor("ben", Role.AUTHORITY_USER, AUTHORITY)
TODAY = NOW + timedelta(days=1)


def opened(engine: Engine, actor: Actor) -> set[int]:
    """Give which of two children this person may open as they were when the reports had come."""
    with begin_work(engine, actor, clock=lambda: TODAY, as_at=NOW + timedelta(hours=1)) as work:
        return openable(work, {1, 2})


def test_a_child_that_was_given_today_is_open_as_it_was_before(engine: Engine) -> None:
    names = (("P1", "Quillaer", "2010-05-04"), ("P2", "Barrowby", "2008-11-30"))
    told = [say(FORCE, ref, surname=name, date_of_birth=born) for ref, name, born in names]
    send(engine, told)
    assert opened(engine, AMINA) == set(), "control: no report of her authority's"
    with begin_work(engine, clock=lambda: TODAY) as work:
        amina = User(username=AMINA.name, organisation=AUTHORITY)
        give(work, 1, Why.ASSIGNED, "Please look.", to=amina)
    assert opened(engine, AMINA) == {1}
    assert opened(engine, BEN) == set()
