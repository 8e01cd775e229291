"""Sealing, opening, and the ring of keys: what is moved, changed or of another key stays shut."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.keyring import KeyRing, KeysUnusable, ring_of
from register.linkage.written import seal_subject, unseal_subject
from register.secrecy.keys import Opened
from register.secrecy.values import masked, seal, seal_file, unseal, unseal_file
from register.settings import Settings
from tests.subjects import subject, told

ONE, OTHER = Opened("E23000010", bytes(32)), Opened("E08000035", bytes([1]) * 32)
PLACE = ("E23000010", "missing", "R1", "content", "home_postcode")
FULL = {"forename": "Ada", "surname": "Byron", "home_postcode": "LS1 4AP"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """Give a ring with one key."""
    ring = KeyRing(tmp_path / "apart" / "field.keys")
    ring.make_once()
    return ring


@given(TEXT)
def test_what_is_sealed_opens_where_it_was_sealed(text: str) -> None:
    sealed = seal(ONE, PLACE, text)
    assert unseal(ONE, PLACE, sealed) == text
    assert seal(ONE, PLACE, text) != sealed, "each time otherwise: equal values do not look equal"


@given(TEXT, st.integers(0, 4), st.integers(0))
def test_it_opens_nowhere_else_and_not_when_it_was_changed(text: str, at: int, flip: int) -> None:
    sealed = seal(ONE, PLACE, text)
    elsewhere = tuple(part + "x" if n == at else part for n, part in enumerate(PLACE))
    place = flip % len(sealed)
    changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
    tries = [(ONE, elsewhere, sealed), (OTHER, PLACE, sealed), (ONE, PLACE, changed)]
    tries += [(ONE, PLACE, what) for what in ("", "no base64", "é")]
    for key, where, what in tries:
        if what == changed and _same(changed, sealed):
            continue  # the last digit of base64 may hold bits that count for nothing
        with pytest.raises(KeysUnusable, match=r"cannot be opened.*Nothing was shown") as refusal:
            unseal(key, where, what)
        assert len(text) < 4 or text not in str(refusal.value)


def _same(one: str, other: str) -> bool:
    return one.rstrip("=")[:-1] == other.rstrip("=")[:-1]


def test_a_place_cannot_be_made_by_moving_what_parts_it() -> None:
    sealed = seal(ONE, ("a", "b c", "d"), "x")
    with pytest.raises(KeysUnusable):
        unseal(ONE, ("a b", "c", "d"), sealed)


def test_a_subjects_line_is_the_same_for_the_same_and_opens_for_no_other() -> None:
    known = subject(told(**FULL))
    line = seal_subject(known, ONE)
    assert seal_subject(known, ONE) == line
    assert unseal_subject(known.subject_id, line, ONE) == known
    assert FULL["home_postcode"].encode() not in line
    for number, key, sealed in (
        (known.subject_id + 1, ONE, line),
        (known.subject_id, OTHER, line),
        (known.subject_id, ONE, line[:-1]),
        (known.subject_id, ONE, b""),
    ):
        with pytest.raises(KeysUnusable, match="register rebuild"):
            unseal_subject(number, sealed, key)


def test_a_fingerprint_follows_the_key() -> None:
    assert masked(ONE, "LS1 4AP") == masked(ONE, "LS1 4AP") != masked(OTHER, "LS1 4AP")


def test_a_file_is_sealed_under_its_name(tmp_path: Path) -> None:
    plain, kept, moved = (tmp_path / name for name in ("plain.csv", "in/kept.csv", "in/moved.csv"))
    plain.write_bytes(b"LS1 4AP\n")
    seal_file(ONE, plain, kept)
    assert b"LS1" not in kept.read_bytes()
    assert unseal_file(ONE, kept) == plain.read_bytes()
    kept.rename(moved)
    with pytest.raises(KeysUnusable):
        unseal_file(ONE, moved)


def test_a_ring_is_made_once_and_for_its_owner_alone(ring: KeyRing) -> None:
    made = ring.path.read_bytes()
    ring.make_once()
    assert ring.path.read_bytes() == made
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    ring.add()
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert [path.name for path in ring.path.parent.iterdir()] == ["field.keys"]


def test_what_an_older_key_wraps_still_opens_after_another_came(ring: KeyRing) -> None:
    number, wrapped = ring.wrap("E23000010", bytes(32))
    assert (number, ring.add(), ring.newest) == (1, 2, 2)
    for each in (ring, KeyRing(ring.path)):
        assert each.unwrap("E23000010", number, wrapped) == bytes(32)
    assert ring.wrap("E23000010", bytes(32))[0] == 2


def test_a_process_that_runs_learns_of_a_key_that_another_added(ring: KeyRing) -> None:
    running = KeyRing(ring.path)
    assert running.newest == 1
    ring.add()
    number, wrapped = ring.wrap("E23000010", bytes(32))
    assert running.unwrap("E23000010", number, wrapped) == bytes(32)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "no keys"),
        (b"# nothing\n", "no keys"),
        (b"1 c2hvcnQ=\n", "32 bytes"),
        (b"one AAAA\n", "a number"),
        (b"1\n", "a number"),
        (b"\xff\xfe\n", "cannot be read"),
        (b"2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "Key 1 is not in"),
        (b"1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "not the one"),
    ],
)
def test_a_wrong_or_missing_key_is_told_and_nothing_opened(
    ring: KeyRing, content: bytes | None, said: str
) -> None:
    number, wrapped = ring.wrap("E23000010", bytes(32))
    assert KeyRing(ring.path).unwrap("E23000010", number, wrapped) == bytes(32), "control"
    ring.path.unlink()
    if content is not None:
        ring.path.write_bytes(content)
    with pytest.raises(KeysUnusable, match=said) as refusal:
        KeyRing(ring.path).unwrap("E23000010", number, wrapped)
    assert str(refusal.value).endswith("Nothing was shown or changed.")
    assert str(ring.path) not in str(refusal.value)


def test_a_wrapped_key_opens_for_no_other_owner(ring: KeyRing) -> None:
    number, wrapped = ring.wrap("E23000010", bytes(32))
    with pytest.raises(KeysUnusable):
        ring.unwrap("E08000035", number, wrapped)


def test_the_settings_name_the_ring(tmp_path: Path) -> None:
    at = str(tmp_path)
    assert ring_of(Settings(instance_dir=at)).path == tmp_path / "field.keys"
    assert ring_of(Settings(instance_dir=at, field_keys="/apart/k")).path == Path("/apart/k")


def test_a_ring_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "ascii")
    with pytest.raises(KeysUnusable, match="cannot be written"):
        KeyRing(tmp_path / "file" / "field.keys").make_once()


def test_of_many_who_make_a_ring_at_once_all_hold_the_same_key(tmp_path: Path) -> None:
    rings = [KeyRing(tmp_path / "field.keys") for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(KeyRing.make_once, rings))
    number, wrapped = rings[0].wrap("E23000010", bytes(32))
    assert all(ring.unwrap("E23000010", number, wrapped) == bytes(32) for ring in rings)
    assert [path.name for path in tmp_path.iterdir()] == ["field.keys"]
