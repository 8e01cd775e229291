"""What a work that only reads was told, it is told again; one that writes asks anew."""

import gc
from dataclasses import replace
from datetime import timedelta
from weakref import ref

import pytest
from sqlalchemy import ColumnElement, Engine, event, select

from register.linkage.models import Membership
from register.linkage.seen import seen_of
from register.records.sight import is_unsealed, may_be_found
from register.reports import statements
from register.reports.statements import find_statements
from register.sealing import seal
from register.terms import Role
from register.underneath.roles import see_all
from register.work import Actor, Work, begin_work
from tests.domain.test_seals import DANGER, MANAGER, MINA, child_of, seal_mina
from tests.registers import AUTHORITY, FORCE, NOW, OTHER_FORCE, say, send

OFFICER = Actor("otto", Role.FORCE_USER, OTHER_FORCE)


@pytest.fixture
def counted(engine: Engine) -> list[str]:
    """Give the statements that the database is asked, as they are asked."""
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


def times(asked: list[str], work: Work) -> int:
    """Count how often what a report says is asked for, when it is wanted twice."""
    asked.clear()
    assert find_statements(work, [1])[1].report_id == 1
    assert set(find_statements(work, [1, 2])) == {1, 2}
    return sum("report_version" in each for each in asked)


def test_a_work_that_reads_is_told_once(engine: Engine, counted: list[str]) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", surname="Quiller")])
    with begin_work(engine, writes=False) as work:
        assert times(counted, work) == 2, "the first and the second report"
        assert times(counted, work) == 0
        work.known.clear()  # as when more is seen than was
        assert times(counted, work) == 2
    with begin_work(engine) as work:
        assert (times(counted, work), times(counted, work)) == (2, 2)


def test_no_more_is_kept_than_a_page_tells(
    engine: Engine, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST_KEPT", 1)
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", surname="Quiller")])
    with begin_work(engine, writes=False) as work:
        assert times(counted, work) == 2
        assert times(counted, work) == 1, "the first report was kept, and not the second"


def children(work: Work, condition: ColumnElement[bool]) -> set[int]:
    return set(work.session.scalars(select(Membership.child_id).where(condition)))


def test_whom_a_seal_hides_is_found_again_when_more_is_seen(engine: Engine) -> None:
    seal_mina(engine)
    send(engine, [say(FORCE, "P2", surname="Quiller")])
    with begin_work(engine, OFFICER, writes=False) as work:
        condition = may_be_found(work, Membership.child_id)
        children(work, condition)  # on PostgreSQL nobody is within reach, and nobody hidden
        see_all(work.session)
        assert children(work, condition) == {child_of(work, "P2")}
        assert len(children(work, Membership.id > 0)) == 2, "control: Mina is there"


def test_who_writes_sees_a_seal_of_their_own_at_once(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA)])
    with begin_work(engine, MANAGER) as work:
        condition, child = is_unsealed(work, Membership.child_id), child_of(work, "A1")
        assert children(work, condition) == {child}
        seal(work, child, DANGER, seen_of(work, [child]))
        assert children(work, condition) == set()


def test_a_work_that_is_over_is_held_by_nothing(engine: Engine) -> None:
    seal_mina(engine)
    with begin_work(engine, OFFICER, writes=False) as work:
        children(work, may_be_found(work, Membership.child_id))
        find_statements(work, [1, 2])
        held = ref(work.session)
    del work
    gc.collect()
    assert held() is None


def test_a_copy_that_looks_at_another_time_is_told_of_that(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA)])
    later = {"updated_at": "2026-03-05T10:00:00+00:00", "forename": "Nina"}
    send(engine, [say(AUTHORITY, "A1", **{**MINA, **later})], now=NOW + timedelta(days=2))
    with begin_work(engine, clock=lambda: NOW + timedelta(days=3), writes=False) as work:
        then = replace(work, as_at=NOW + timedelta(days=1))
        for _ in range(2):
            assert find_statements(work, [1])[1].text("forename") == "Nina"
            assert find_statements(then, [1])[1].text("forename") == "Mina"
