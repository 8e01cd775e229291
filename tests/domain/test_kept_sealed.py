"""No protected value lies readable in the database: canaries in every field that is protected."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from register.db import Base, make_engine
from register.keyring import KeyRing, KeysUnusable
from register.linkage import subjects as stored_subjects
from register.linkage import written
from register.linkage.identity import Subject, stored_keys
from register.linkage.models import BlockingKey
from register.linkage.subjects import find_subjects
from register.rebuilding import rebuild
from register.records.models import Child
from register.records.service import read_children
from register.reports import sealing
from register.reports.digest import digest
from register.reports.fields import PROTECTED_FIELDS
from register.reports.models import ReportVersion, Submission
from register.reports.protected import protected_values
from register.reports.statements import find_statements
from register.secrecy.keys import Opened, count_wrapped, key_of, rotate
from register.secrecy.models import DataKey
from register.work import OPERATOR, begin_work
from tests.registers import AUTHORITY, FORCE, judge, listed, names_of, say, send, state_of

CANARIES = {
    "home_postcode": "ZE7 9XQ",
    "placement_type": "Canary Nest Type",
    "placement_urn": "SC9876543210",
    "placement_postcode": "ZE7 8XV",
    "placement_started_on": "1997-11-17",
    "missing_from": "Canary Nest House",
    "last_seen_place": "Canary Bus Shelter",
    "last_seen_postcode": "ZE7 6XN",
}
UNUSABLE = {"home_postcode": "Canary Nowhere Lane", "placement_started_on": "canary morning"}
CHILD = {"forename": "Ada", "surname": "Quillfeather", "date_of_birth": "2011-05-19"}
SENT = [
    say(FORCE, "P1", **CHILD, status="open", **CANARIES),
    say(AUTHORITY, "L1", **CHILD, status="open", **CANARIES),
    say(FORCE, "P2", **CHILD | {"sex": "female"}, status="open", **CANARIES | UNUSABLE),
    say(AUTHORITY, "L2", forename="Bo", surname="Quillfeather", **CANARIES),
    listed(AUTHORITY, "c9", **CHILD),
]


def fill(engine: Engine) -> None:
    """Send reports with a canary wherever something is protected, correct one, judge two."""
    assert set(CANARIES) == PROTECTED_FIELDS, "no protected field goes without a canary"
    send(engine, SENT)
    later = "2026-03-04T10:00:00+00:00"
    send(engine, [say(FORCE, "P1", **CHILD, status="open", updated_at=later, **CANARIES)])
    judge(engine, "L2", "P1", "different")


def canaries_in(engine: Engine) -> set[str]:
    """Give the canaries that stand readable in what a thief of the database has."""
    held = b"".join(_everything(engine)).lower()
    told = {*CANARIES.values(), *UNUSABLE.values()}
    told |= {each.replace(" ", "") for each in told}
    return {
        each
        for each in told
        if each.lower().encode() in held or each.encode().hex().encode() in held
    }


def _everything(engine: Engine) -> Iterator[bytes]:
    """Give the bytes of an SQLite file and its write-ahead log, or a dump of all other tables."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        yield from (each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for table in Base.metadata.tables:
            with driver.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:
                yield from (bytes(row) for row in rows)


def test_no_canary_lies_in_the_database(engine: Engine) -> None:
    fill(engine)
    assert canaries_in(engine) == set()
    assert rebuild(engine) == ""
    assert canaries_in(engine) == set()


def test_control_unsealed_they_are_all_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "seal", lambda _key, _place, value: value)
    monkeypatch.setattr(sealing, "unseal", lambda _key, _place, value: value)
    fill(engine)
    assert {*CANARIES.values(), *UNUSABLE.values()} <= canaries_in(engine)


def test_control_an_unsealed_line_of_linking_is_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def readable(subject: Subject, _key: Opened) -> bytes:
        return written.write_subject(subject).encode()

    def read(number: int, line: bytes, key: Opened) -> Subject:
        return written.read_subject(number, bytes(line).decode(), key.salt)

    monkeypatch.setattr(stored_subjects, "seal_subject", readable)
    monkeypatch.setattr(stored_subjects, "unseal_subject", read)
    fill(engine)
    assert canaries_in(engine) >= {CANARIES["home_postcode"]}


def test_who_knows_all_else_cannot_try_postcodes_on_what_is_hashed(engine: Engine) -> None:
    fill(engine)
    with begin_work(engine, writes=False) as work:
        key = key_of(work)
        kept = set(work.session.scalars(select(BlockingKey.key)))
        for stored in find_subjects(work, names_of(engine)).values():
            bare = stored.subject.__class__(
                **{name: getattr(stored.subject, name) for name in stored.subject.__slots__[:-1]}
            )
            assert stored_keys(stored.subject) <= kept, "control: with the key they are there"
            assert not stored_keys(bare) & kept
        digests = set(work.session.scalars(select(ReportVersion.digest)))
        assert {sealing.kept_digest(digest(each), key) for each in SENT} <= digests, "control"
        assert not {digest(each) for each in SENT} & digests
        assert not {digest(each)[32:] for each in SENT} & {each[32:] for each in digests}
        assert repr([digest(each) for each in SENT]) not in work.session.scalars(
            select(Submission.digest)
        )
        assert all(len(each) == 64 for each in work.session.scalars(select(Child.fingerprint)))


def test_what_was_sealed_is_read_and_compared_as_it_was_sent(engine: Engine) -> None:
    fill(engine)
    with begin_work(engine, writes=False) as work:
        numbers = {name[2]: number for number, name in names_of(engine).items()}
        told = find_statements(work, numbers.values())
        assert told[numbers["P2"]].doubtful == UNUSABLE
        assert told[numbers["P1"]].text("home_postcode") == CANARIES["home_postcode"]
        assert told[numbers["P1"]].text("last_seen_place") == CANARIES["last_seen_place"]
        assert told[numbers["L1"]].text("placement_postcode") == f"held {AUTHORITY} missing L1"
        whole = protected_values(work, numbers.values())
        assert whole[numbers["L1"]] == CANARIES
        assert whole[numbers["P2"]] == CANARIES | UNUSABLE
    groups = [{name[2] for name in group} for group in state_of(engine).groups]
    assert any({"P1", "L1"} <= group for group in groups), "what is sealed was compared"


def test_the_same_again_is_unchanged_also_after_the_keys_were_rotated(engine: Engine) -> None:
    fill(engine)
    assert send(engine, SENT).received.unchanged == len(SENT)
    before = state_of(engine)
    with begin_work(engine, OPERATOR) as work:
        newest, count = rotate(work)
        assert count == 3, "two organisations', and the register's"
    with begin_work(engine, writes=False) as work:
        assert count_wrapped(work) == {newest: 3}
    assert send(engine, SENT).received.unchanged == len(SENT)
    assert rebuild(engine, keep=False) == ""
    assert state_of(engine) == before


@contextmanager
def opened_with(engine: Engine, ring: KeyRing | None) -> Iterator[Engine]:
    """Open the same database with other keys."""
    other = make_engine(engine.url.render_as_string(hide_password=False), ring)
    yield other
    other.dispose()


@pytest.fixture
def own_keys(engine: Engine, tmp_path: Path) -> Path:
    """Fill a register under keys of the test's own, drawn at random; give their file."""
    path = tmp_path / "own.keys"
    with opened_with(engine, KeyRing(path)) as filled:
        fill(filled)
    return path


def test_keys_drawn_at_random_serve_too(engine: Engine, own_keys: Path) -> None:
    with opened_with(engine, KeyRing(own_keys)) as again:
        assert canaries_in(again) == set()
        assert send(again, SENT).received.unchanged == len(SENT)
        assert rebuild(again, keep=False) == ""
        with begin_work(again) as work:
            rotate(work)
        assert rebuild(again, keep=False) == ""


def test_without_the_right_ring_nothing_is_shown_and_nothing_taken_in(
    engine: Engine, own_keys: Path, tmp_path: Path
) -> None:
    other = KeyRing(tmp_path / "other.keys")
    other.make_once()
    for ring in (other, KeyRing(tmp_path / "gone.keys"), None):
        with opened_with(engine, ring) as shut:
            with begin_work(shut, writes=False) as work, pytest.raises(KeysUnusable):
                find_statements(work, [1])
            with pytest.raises(KeysUnusable):
                send(shut, [say(FORCE, "P9", **CHILD)])
    assert not (tmp_path / "gone.keys").exists(), "a lost ring is not made anew over what is sealed"
    with (
        opened_with(engine, KeyRing(own_keys)) as whole,
        begin_work(whole, writes=False) as work,
    ):
        assert find_statements(work, [1]), "control"


def test_a_value_that_is_moved_to_another_report_does_not_open(engine: Engine) -> None:
    fill(engine)
    with begin_work(engine) as work:
        versions = select(ReportVersion).order_by(ReportVersion.id)
        first, second, *_ = work.session.scalars(versions).all()
        into = update(ReportVersion).where(ReportVersion.id == second.id)
        moved = into.values(protected=first.protected)
    with engine.begin() as above:  # who holds the database: nobody of the register may
        above.execute(moved)
    with begin_work(engine, writes=False) as work, pytest.raises(KeysUnusable):
        read_children(work, [1])


def test_each_organisation_has_a_key_of_its_own(engine: Engine, own_keys: Path) -> None:
    with (
        opened_with(engine, KeyRing(own_keys)) as filled,
        begin_work(filled, writes=False) as work,
    ):
        secrets = {owner: key_of(work, owner).secret for owner in (FORCE, AUTHORITY, "register")}
        assert len(set(secrets.values())) == 3
        rows = work.session.scalars(select(DataKey)).all()
        assert len(rows) == 3
        assert not any(secret in row.wrapped for row in rows for secret in secrets.values())
