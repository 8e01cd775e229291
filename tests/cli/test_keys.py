"""The keys of protected values in the hands of who runs the register, and what it prints."""

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import FORCE, Program, Write

PLACES = {
    "home_postcode": "ZE7 9XQ",
    "placement_postcode": "ZE7 8XV",
    "placement_type": "Canary Nest Type",
    "missing_from": "Canary Nest House",
    "last_seen_place": "Canary Bus Shelter",
}
OTHER = {"organisation": "E08000035", "status": "open", "returned_at": ""}
LEFT_OUT = ("field.keys", "secret.key")


@pytest.fixture
def filled(register: Program, write: Write) -> Program:
    """Give a register that holds places."""
    rows = [{"status": "open", "returned_at": "", **PLACES}, {**OTHER, **PLACES}]
    register.do("import", write(*rows))
    return register


def test_a_ring_is_made_with_the_first_report_and_for_nobody_else(filled: Program) -> None:
    path = filled.folder / "field.keys"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "key 1 wraps 3 data keys" in filled.do("keys", "list")


def test_keys_rotate_and_everything_stands(filled: Program, write: Write) -> None:
    assert "Key 2 wraps all 3 data keys" in filled.do("keys", "rotate")
    assert filled.do("keys", "list") == "key 2 wraps 3 data keys\n"
    path = filled.folder / "field.keys"
    newest = [line for line in path.read_text("ascii").splitlines() if line.startswith("2 ")]
    path.write_text(newest[0] + "\n", "ascii")
    assert "What stands is what follows" in filled.do("rebuild", "--check")
    rows = [{"status": "open", "returned_at": "", **PLACES}, {**OTHER, **PLACES}]
    assert "2 unchanged" in filled.do("import", write(*rows))
    filled.do("audit", "verify")


def test_a_key_that_was_added_by_hand_is_taken(filled: Program) -> None:
    path = filled.folder / "field.keys"
    with path.open("a", encoding="ascii") as ring:
        ring.write("7 " + "A" * 43 + "=\n")
    assert "Key 7 wraps all 3 data keys" in filled.do("keys", "rotate")
    assert filled.do("keys", "list") == "key 7 wraps 3 data keys\n"


def test_before_the_first_report_there_is_nothing_to_open(register: Program) -> None:
    assert register.do("keys", "list") == "Nothing is sealed yet.\n"
    assert not (register.folder / "field.keys").exists()
    assert "wraps all 0 data keys" in register.do("keys", "rotate")


@pytest.mark.parametrize("what", ["gone", "another"])
@pytest.mark.parametrize(
    "command",
    [("export", "children"), ("rebuild", "--check"), ("keys", "list"), ("keys", "rotate")],
)
def test_without_its_keys_the_register_says_so_and_shows_nothing(
    filled: Program, what: str, command: tuple[str, ...]
) -> None:
    path = filled.folder / "field.keys"
    kept = path.read_bytes()
    path.unlink()
    if what == "another":
        path.write_text("1 " + "A" * 43 + "=\n", "ascii")
    sentence = filled.refuse(*command)
    assert "setting field_keys" in sentence
    assert path.exists() == (what == "another")
    path.write_bytes(kept)
    filled.do(*command)


def test_a_ring_apart_from_the_database(register: Program, write: Write, tmp_path: Path) -> None:
    apart = {"REGISTER_FIELD_KEYS": str(tmp_path / "apart" / "ring")}
    register.do("import", write(PLACES), **apart)
    assert not (register.folder / "field.keys").exists()
    assert (tmp_path / "apart" / "ring").exists()
    register.refuse("rebuild", "--check")
    register.do("rebuild", "--check", **apart)


def test_no_place_is_printed_exported_or_left_lying_about(filled: Program, write: Write) -> None:
    children = filled.rows("children")
    printed = [
        filled.do("explain", children[0]["child"]),
        *(filled.do("export", kind) for kind in ("children", "episodes", "mismatches")),
        *(filled.do("export", kind, "--all") for kind in ("links", "reviews")),
        filled.do("import", write({**PLACES, "home_postcode": "Canary Nowhere Lane"})),
        filled.refuse("import", write({**PLACES, "no_such_field": "x"}, name="odd.csv")),
    ]
    lying = [
        path.read_bytes()
        for path in filled.folder.rglob("*")
        if path.is_file() and path.name not in LEFT_OUT
    ]
    for place in [*PLACES.values(), "Canary"]:
        assert not any(place in each for each in printed), place
        assert not any(place.encode() in each for each in lying), place
    assert any(FORCE in each for each in printed), "control"
