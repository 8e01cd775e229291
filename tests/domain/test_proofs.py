"""Proofs on a long log are made of few nodes, and hold; the exported log is what was hashed."""

import json

import pytest
from sqlalchemy import Engine, event

from docs import verify_log
from register.audit.exporting import lines, proof_of_entry, proof_of_growth
from register.audit.merkle import Frontier, verify_consistency, verify_inclusion
from register.audit.models import AuditEvent, AuditNode
from register.audit.nodes import LogBroken, prove_consistency, prove_inclusion, root_at
from register.audit.note import Note, find_notes
from register.audit.service import record
from register.errors import NotFound, Refused
from register.work import begin_work
from tests.domain.logs import OFFICER, SIGNER, change, fill, sign

LONG = 66_000
"""Entries enough for a node over 256 of those over 256."""


def grow(engine: Engine, size: int, at_once: int = 5000) -> None:
    """Make a log of so many entries that are nothing but their hashes."""
    leaf = AuditEvent.__table__.insert()  # type: ignore[attr-defined]  # it is a table
    node = AuditNode.__table__.insert()  # type: ignore[attr-defined]  # it is a table
    words = dict.fromkeys(("kind", "actor", "role", "organisation", "subject", "detail"), "")
    frontier = Frontier()
    with begin_work(engine) as work:
        connection = work.session.connection()
        for start in range(0, size, at_once):
            rows = range(start, min(size, start + at_once))
            hashes = [seq.to_bytes(32) for seq in rows]
            connection.execute(
                leaf,
                [
                    {"seq": seq, "at": work.now, "leaf_hash": each, **words}
                    for seq, each in zip(rows, hashes, strict=True)
                ],
            )
            for each in hashes:
                frontier.append(each)
        connection.execute(node, [each._asdict() for each in frontier.completed])


def test_every_proof_holds_whatever_the_size(engine: Engine) -> None:
    grow(engine, 1300)
    with begin_work(engine, writes=False) as work:
        for size in (1, 2, 255, 256, 257, 511, 512, 513, 768, 1023, 1024, 1299, 1300):
            root = root_at(work.session, size)
            frontier = Frontier()
            for seq in range(size):
                frontier.append(seq.to_bytes(32))
            assert frontier.root() == root
            for seq in {0, 1, size // 3, size - 2, size - 1} & set(range(size)):
                proof = prove_inclusion(work.session, seq, size)
                assert verify_inclusion(seq.to_bytes(32), seq, size, proof, root)
            for old in {0, 1, size // 3, size // 2, size - 1, size}:
                old_root = root_at(work.session, old)
                grown = prove_consistency(work.session, old, size)
                assert verify_consistency(old, size, grown, old_root, root)


def test_a_proof_on_a_long_log_reads_little_of_it(engine: Engine) -> None:
    grow(engine, LONG)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with begin_work(engine, writes=False) as work:
        root = root_at(work.session, LONG)
        statements.clear()
        for seq in (0, 40_000, LONG - 1):
            proof = prove_inclusion(work.session, seq, LONG)
            assert verify_inclusion(seq.to_bytes(32), seq, LONG, proof, root)
        assert len(statements) < 3 * 40
        places = work.session.query(AuditNode.level, AuditNode.place).all()
    assert sorted(places) == [*((8, place) for place in range(LONG // 256)), (16, 0)]


def test_what_is_not_whole_is_told_instead_of_proved(engine: Engine) -> None:
    grow(engine, 600)
    change(engine, "DELETE FROM audit_node WHERE place = 1")
    with begin_work(engine, writes=False) as work:
        with pytest.raises(LogBroken, match="between the entries 0 and 512"):
            prove_inclusion(work.session, 599, 600)
        assert prove_inclusion(work.session, 255, 256)


def test_one_entry_is_proved_to_who_has_nothing_else(engine: Engine) -> None:
    log = fill(engine)
    sign(log)
    with begin_work(log, writes=False) as work:
        proof = proof_of_entry(work.session, 17)
        with pytest.raises(Refused, match="Entry 23 is in no checkpoint yet: the last one counts"):
            proof_of_entry(work.session, 23)
    key = verify_log.read_key(SIGNER.key.text())
    number, content, note = verify_log.prove_entry(proof, key)
    assert (number, note.size) == (17, 23)
    assert json.loads(content)["subject"] == "export 17"
    with pytest.raises(verify_log.Wrong, match="not entry 16 of the log"):
        verify_log.prove_entry(proof.replace("index 17", "index 16"), key)
    with pytest.raises(verify_log.Wrong, match="no proof of an entry"):
        verify_log.prove_entry(proof.replace("index", "place"), key)
    lines_of = proof.split("\n")
    lines_of[3] = lines_of[4]
    with pytest.raises(verify_log.Wrong, match="not entry 17"):
        verify_log.prove_entry("\n".join(lines_of), key)


def test_the_growth_of_a_log_is_proved_to_who_has_an_older_note(engine: Engine) -> None:
    log = fill(engine)
    sign(log)
    with begin_work(log, writes=False) as work:
        proof = proof_of_growth(work.session, 13, 23)
        earlier = proof_of_growth(work.session, 0, 13)
        with pytest.raises(NotFound, match="no checkpoint at 22"):
            proof_of_growth(work.session, 13, 22)
        with pytest.raises(Refused, match="23 entries are more than 13"):
            proof_of_growth(work.session, 23, 13)
    key = verify_log.read_key(SIGNER.key.text())
    (old,) = verify_log.find_notes(earlier, "a file")
    assert verify_log.prove_growth(old, proof, key).size == 23
    false = SIGNER.sign(Note(SIGNER.name, 13, bytes(32)))
    (other,) = verify_log.find_notes(false.text(), "a file")
    with pytest.raises(verify_log.Wrong, match="cut off or written anew between"):
        verify_log.prove_growth(other, proof, key)
    with pytest.raises(verify_log.Wrong, match="no proof from 13 entries on"):
        verify_log.prove_growth(old, earlier, key)


def test_the_exported_log_is_proved_without_the_register(engine: Engine) -> None:
    log = fill(engine)
    with begin_work(log, OFFICER) as work:
        record(work, "user:refused", 'user \u00e6 \U0001f50e "\\\n', why="\u2028 \x7f")
    note = sign(log)
    with begin_work(log, writes=False) as work:
        told = list(lines(work.session, 24))
    notes = list(verify_log.find_notes(note.text(), "a note"))
    assert verify_log.prove_log(iter(told), notes) == (24, note.root)
    assert [json.loads(line)["seq"] for line in told] == list(range(24))
    with pytest.raises(verify_log.Wrong, match="Entry 3 was changed"):
        verify_log.prove_log(iter([*told[:3], told[3].replace("police-01", "police-02")]), notes)


def test_a_checkpoint_that_was_changed_is_told(engine: Engine) -> None:
    log = fill(engine)
    change(log, "UPDATE audit_checkpoint SET note = 'no note'")
    with begin_work(log, writes=False) as work, pytest.raises(Refused, match="no checkpoint"):
        proof_of_entry(work.session, 3)
    assert list(find_notes("no note")) == []
