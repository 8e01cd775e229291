"""What the log says in words can be erased, and every proof still holds."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from register.audit.exporting import lines
from register.audit.models import AuditEvent
from register.audit.models import AuditSubjectKey as Key
from register.audit.private import keep_keys_in, words_of
from register.audit.service import child_reference, erase_words, record, undone_erasures
from register.errors import NotFound, RegisterError
from register.work import begin_work
from tests.domain.logs import OFFICER, change, count, prove, sign

CHILD, OTHER = child_reference(5), child_reference(6)
REASON = "Her aunt, Mrs Okafor-Test of 3 Low Road, asked"


@pytest.fixture
def log(engine: Engine) -> Engine:
    with begin_work(engine, OFFICER) as work:
        record(work, "child:viewed", CHILD, private={"reason": REASON, "blank": ""}, size=3)
        record(work, "child:viewed", OTHER, private={"reason": "Seen at the station"})
        record(work, "export:disclosed", "links", private={"recipient": "Ofsted"})
        record(work, "list:viewed", "reviews", private={"sought": "\u00c6r\u00f8"}, whose=CHILD)
        record(work, "child:viewed", CHILD)
    return engine


def said(engine: Engine) -> list[Mapping[str, str] | None]:
    with begin_work(engine, writes=False) as work:
        entries = work.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
        return [words_of(work.session, each.seq, each.kind, each.detail) for each in entries]


def test_words_are_read_by_who_holds_the_key(log: Engine) -> None:
    assert said(log) == [
        {"reason": REASON},
        {"reason": "Seen at the station"},
        {"recipient": "Ofsted"},
        {"sought": "\u00c6r\u00f8"},
        None,
    ]


def test_each_subject_has_one_key_and_nothing_lies_in_clear(log: Engine) -> None:
    with begin_work(log, writes=False) as work:
        keys = set(work.session.scalars(select(Key.subject)))
        details = "".join(work.session.scalars(select(AuditEvent.detail)))
        first = work.session.get(AuditEvent, 0)
        assert first is not None
        assert first.facts["size"] == 3
    assert keys == {CHILD, OTHER, "entry 2"}
    for word in ("Okafor", "Ofsted", "station", "reason"):
        assert word not in details


def test_the_same_words_look_different_each_time(engine: Engine) -> None:
    with begin_work(engine, OFFICER) as work:
        for _ in range(2):
            record(work, "child:viewed", CHILD, private={"reason": "no"})
    with begin_work(engine, writes=False) as work:
        one, other = work.session.scalars(select(AuditEvent.detail))
    assert one != other


def test_erasing_one_subject_leaves_the_proof_and_the_others(log: Engine) -> None:
    note = sign(log)
    with begin_work(log) as work:
        erase_words(work, CHILD)
    assert prove(log, note).size == count(log) == 6
    assert said(log)[:4] == [None, {"reason": "Seen at the station"}, {"recipient": "Ofsted"}, None]
    with begin_work(log, writes=False) as work:
        last = work.session.get(AuditEvent, 5)
        assert last is not None
        assert (last.kind, last.subject, last.operation) == ("log:erased", CHILD, "erasure")
    with pytest.raises(NotFound, match="erased already"), begin_work(log) as work:
        erase_words(work, CHILD)
    assert count(log) == 6


def test_what_is_said_after_an_erasure_has_a_key_of_its_own(log: Engine) -> None:
    with begin_work(log) as work:
        erase_words(work, CHILD)
    with begin_work(log, OFFICER) as work:
        record(work, "child:viewed", CHILD, private={"reason": "Once more"})
    assert (said(log)[0], said(log)[-1]) == (None, {"reason": "Once more"})


def test_an_erasure_that_an_old_backup_undid_is_told(log: Engine) -> None:
    with begin_work(log, writes=False) as work:
        keys = {key.subject: (key.id, key.wrapped) for key in work.session.scalars(select(Key))}
    with begin_work(log) as work:
        erase_words(work, CHILD)
    with begin_work(log, OFFICER) as work:
        record(work, "child:viewed", OTHER, private={"reason": "Once more"})
        assert undone_erasures(work.session) == []
        number, wrapped = keys[CHILD]
        work.session.add(Key(id=number, subject=CHILD, wrapped=wrapped))
    with begin_work(log, writes=False) as work:
        assert undone_erasures(work.session) == [CHILD]


def test_words_moved_to_another_entry_do_not_open(log: Engine) -> None:
    change(
        log,
        "UPDATE audit_event SET detail = (SELECT e.detail FROM audit_event e WHERE "
        "e.seq = 0) WHERE seq = 4",
    )
    with pytest.raises(RegisterError, match="cannot be opened"):
        said(log)


def test_the_table_alone_opens_nothing(log: Engine, tmp_path: Path) -> None:
    keep_keys_in(log, tmp_path / "stolen")
    with pytest.raises(RegisterError, match=r"words\.key in the instance folder is not the key"):
        said(log)
    keep_keys_in(log, tmp_path)
    assert said(log)[1] == {"reason": "Seen at the station"}


def test_an_export_tells_the_words_only_where_they_are_asked_for(log: Engine) -> None:
    with begin_work(log, writes=False) as work:
        assert "Ofsted" not in "".join(lines(work.session, 5))
        told = list(lines(work.session, 5, words=True))
    assert '"words":{"recipient":"Ofsted"}' in told[2]
    assert '"words":' not in told[4]
