"""The log is written with what it tells of: nothing is done without it."""

import threading
from contextlib import ExitStack
from datetime import datetime

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from register.audit.kinds import OPERATIONS, Operation
from register.audit.merkle import Frontier
from register.audit.models import AuditEvent
from register.audit.service import Entry, child_reference, record, record_many
from register.errors import RegisterError
from register.settings import ROOT
from register.work import Work, begin_work
from tests.domain.logs import (
    CHECKED,
    OFFICER,
    act,
    add,
    add_checkpoint,
    change,
    checkpoints,
    count,
    fill,
    prove,
)


@pytest.fixture
def log(engine: Engine) -> Engine:
    return fill(engine)


def test_an_entry_tells_who_did_what_when_and_to_what(engine: Engine, now: datetime) -> None:
    with begin_work(engine, OFFICER, clock=lambda: now) as work:
        record(work, "child:viewed", "child 4K7Q", fields=["name", "address"], purpose="ÆØ 🔎")
    with Session(engine) as session:
        entry = session.scalars(select(AuditEvent)).one()
    assert (entry.seq, entry.at, entry.kind, entry.subject) == (
        0,
        now,
        "child:viewed",
        "child 4K7Q",
    )
    assert (entry.actor, entry.role, entry.organisation) == ("a.officer", "force_user", "police-01")
    assert entry.detail == '{"fields":["name","address"],"purpose":"ÆØ 🔎"}'
    assert entry.facts == {"fields": ["name", "address"], "purpose": "ÆØ 🔎"}
    assert entry.operation is Operation.CONSULTATION


def test_every_operation_of_section_62_has_kinds_and_every_kind_is_a_noun_and_a_verb() -> None:
    assert set(OPERATIONS.values()) == set(Operation)
    section_62 = {"collection", "alteration", "consultation", "disclosure", "combination"}
    besides = {"security", "upkeep"}
    assert {each.value for each in Operation} == section_62 | {"erasure"} | besides
    assert OPERATIONS["child:combined"] is Operation.COMBINATION
    assert all(kind.replace(":", "").replace("_", "").isalpha() for kind in OPERATIONS)
    assert all(kind.count(":") == 1 for kind in OPERATIONS)


def test_an_unknown_kind_is_refused(work: Work) -> None:
    with pytest.raises(ValueError, match="child:mended"):
        record(work, "child:mended")


def test_entries_of_one_work_and_of_the_next_are_numbered_without_a_gap(engine: Engine) -> None:
    add(engine, "report 1", "report 2")
    with begin_work(engine) as work:
        record(work, "report:received", "report 3")
        record_many(work, [Entry("report:received", "report 4")])
    with Session(engine) as session:
        entries = session.execute(select(AuditEvent.seq, AuditEvent.subject)).all()
    assert sorted(map(tuple, entries)) == [(n, f"report {n + 1}") for n in range(4)]


def test_work_that_fails_leaves_neither_its_rows_nor_its_entries(engine: Engine) -> None:
    def fail(work: Work) -> None:
        assert work.session.scalar(select(func.count()).select_from(AuditEvent)) == 1
        raise LookupError

    with pytest.raises(LookupError):
        act(engine, "report:received", last=fail)
    assert (count(engine), checkpoints(engine), prove(engine).size) == (0, [], 0)
    act(engine, "report:received")  # control
    assert (count(engine), checkpoints(engine)) == (1, [999])


def test_a_writer_who_does_not_wait_his_turn_is_refused(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(engine, "report 1")
    # The end as it was before the first came: what would be read without the lock.
    monkeypatch.setattr("register.audit.service.end_of_log", lambda _session: Frontier())
    with pytest.raises(IntegrityError):
        add(engine, "report 2")
    assert prove(engine).size == count(engine) == 1


@pytest.mark.parametrize("statement", ["UPDATE audit_head SET size = 3", "DELETE FROM audit_head"])
def test_where_the_log_cannot_be_written_nothing_is_done(log: Engine, statement: str) -> None:
    change(log, statement)
    with pytest.raises((RegisterError, IntegrityError)):
        act(log, "report:received")
    assert checkpoints(log) == [CHECKED]
    # Control: what takes no entry is done.
    act(log)
    assert checkpoints(log) == [CHECKED, 999]


def test_reading_takes_the_writers_place_for_its_entry_only(engine: Engine) -> None:
    with begin_work(engine, OFFICER, writes=False) as reading:
        assert reading.session.scalar(select(func.count()).select_from(AuditEvent)) == 0
        record(reading, "child:viewed", "child 1")
        add(engine, "report 1")  # another writes meanwhile, and need not wait
    assert count(engine) == 2
    assert prove(engine).size == 2


def test_reading_keeps_nothing_but_its_entry(engine: Engine) -> None:
    with begin_work(engine, writes=False) as work:
        add_checkpoint(work)
        with ExitStack() as refused:
            if engine.dialect.name == "postgresql":
                refused.enter_context(pytest.raises(DBAPIError, match="read-only transaction"))
            work.session.flush()
        if engine.dialect.name == "postgresql":
            work.session.rollback()
        record(work, "child:viewed", "child 1")
    assert checkpoints(engine) == []
    assert count(engine) == 1


def test_a_thousand_entries_are_one_statement(engine: Engine) -> None:
    statements: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda *given: statements.append(given[2].split()[0])
    )
    add(engine, *(f"child {number}" for number in range(1000)))
    stood = statements.count("SELECT") if engine.dialect.name == "postgresql" else 0
    assert len(statements) - stood <= 7  # the entries, and the nodes over 256 of them each
    assert count(engine) == 1000


def test_an_entry_bears_who_acted_when_it_was_noted(engine: Engine) -> None:
    with begin_work(engine) as work:
        record(work, "user:refused")
        work.actor = OFFICER
        record(work, "user:signed_in")
    with Session(engine) as session:
        actors = session.scalars(select(AuditEvent.actor).order_by(AuditEvent.seq)).all()
    assert actors == ["operator", "a.officer"]


def test_writers_at_once_leave_no_gap(engine: Engine) -> None:
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def write_some() -> None:
        try:
            start.wait()
            for number in range(10):
                add(engine, f"report {number}", f"report {number}")
        except BaseException as failure:  # noqa: BLE001  # told below, in the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=write_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert prove(engine).size == count(engine) == 80


def test_each_child_that_is_shown_has_an_entry_of_its_own(engine: Engine) -> None:
    with begin_work(engine, OFFICER) as work:
        record(work, "list:viewed", "missing now", children={9, 5, 7}, page=1)
        record(work, "export:disclosed", "links", children=[5])
        record(work, "list:viewed", "reviews")
    with Session(engine) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    told = [(row.kind, row.subject, row.operation, row.facts) for row in rows]
    by = {"by": "list:viewed missing now"}
    consulted, disclosed = Operation.CONSULTATION, Operation.DISCLOSURE
    assert told == [
        ("list:viewed", "missing now", consulted, {"page": 1, "children": 3}),
        *(("child:shown", child_reference(n), consulted, by) for n in (5, 7, 9)),
        ("export:disclosed", "links", disclosed, {"children": 1}),
        ("child:disclosed", child_reference(5), disclosed, {"by": "export:disclosed links"}),
        ("list:viewed", "reviews", consulted, {}),
    ]


def test_no_kind_of_entry_goes_unused() -> None:
    besides = ROOT / "register" / "audit" / "kinds.py"
    files = [path for path in (ROOT / "register").rglob("*.py") if path != besides]
    text = "".join(path.read_text("utf-8") for path in files)
    assert [kind for kind in OPERATIONS if f'"{kind}"' not in text] == []
