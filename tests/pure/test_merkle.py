"""The tree over the log is held to RFC 9162: to its definition, and to the tree of its authors."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_ranges,
    hash_leaf,
    inclusion_ranges,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")] + [
    bytes.fromhex("5051525354555657"),
    bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
]
ROOTS = """
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
"""Certificate Transparency's own test tree: the root after each entry."""

Change = Callable[[list[bytes]], list[bytes]]
CHANGES: dict[str, Change] = {
    "cut": lambda proof: proof[:-1],
    "longer": lambda proof: [*proof, bytes(32)],
    "turned": lambda proof: proof[::-1],
    "changed": lambda proof: [bytes(32), *proof[1:]],
}


def leaves_of(size: int) -> list[bytes]:
    return [hash_leaf(b"%d" % number) for number in range(size)]


def prove_inclusion(leaves: list[bytes], index: int) -> list[bytes]:
    ranges = inclusion_ranges(index, len(leaves))
    return [tree_root(leaves[start:end]) for start, end in ranges]


def prove_consistency(leaves: list[bytes], old: int) -> list[bytes]:
    ranges = consistency_ranges(old, len(leaves))
    return [tree_root(leaves[start:end]) for start, end in ranges]


def root_by_definition(entries: list[bytes]) -> bytes:
    """Follow RFC 9162, 2.1.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = root_by_definition(entries[:split]), root_by_definition(entries[split:])
    return sha256(b"\x01" + left + right).digest()


def test_a_tree_without_entries_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


def test_the_tree_of_certificate_transparency_is_ours() -> None:
    frontier = Frontier()
    for entry, root in zip(ENTRIES, ROOTS, strict=True):
        frontier.append(hash_leaf(entry))
        assert frontier.root().hex() == root


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_growing_tree_is_the_defined_one(entries: list[bytes]) -> None:
    assert tree_root(map(hash_leaf, entries)) == root_by_definition(entries)


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_tree_that_was_put_away_grows_on(before: int, after: int) -> None:
    leaves = leaves_of(before + after)
    frontier = Frontier()
    for leaf in leaves[:before]:
        frontier.append(leaf)
    frontier = Frontier.unpack(frontier.size, frontier.pack())
    for leaf in leaves[before:]:
        frontier.append(leaf)
    assert frontier.root() == tree_root(leaves)


@pytest.mark.parametrize(("size", "peaks"), [(1, 0), (2, 2), (3, 1), (0, 1), (-1, 1)])
def test_peaks_that_do_not_fit_the_size_are_refused(size: int, peaks: int) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier.unpack(size, bytes(32 * peaks))


def test_every_entry_of_every_small_tree_is_proved_and_no_other() -> None:
    for size in range(1, 20):
        leaves, root = leaves_of(size), tree_root(leaves_of(size))
        for index in range(size):
            proof = prove_inclusion(leaves, index)
            assert verify_inclusion(leaves[index], index, size, proof, root)
            assert not verify_inclusion(hash_leaf(b"other"), index, size, proof, root)
            assert not verify_inclusion(leaves[index], index, size, proof, bytes(32))
            for other in set(range(-1, size + 1)) - {index}:
                assert not verify_inclusion(leaves[index], other, size, proof, root)


def test_every_growth_of_every_small_tree_is_proved_and_no_other() -> None:
    for size in range(20):
        leaves = leaves_of(size)
        root = tree_root(leaves)
        for old in range(size + 1):
            proof, old_root = prove_consistency(leaves, old), tree_root(leaves[:old])
            assert verify_consistency(old, size, proof, old_root, root)
            assert not verify_consistency(old, size, proof, bytes(32), root)
            assert not old or not verify_consistency(old, size, proof, old_root, bytes(32))
            assert not verify_consistency(size + 1, size, proof, old_root, root)


@pytest.mark.parametrize("change", CHANGES)
def test_a_proof_with_another_hash_proves_nothing(change: str) -> None:
    leaves = leaves_of(13)
    root = tree_root(leaves)
    inclusion = CHANGES[change](prove_inclusion(leaves, 5))
    assert not verify_inclusion(leaves[5], 5, 13, inclusion, root)
    consistency = CHANGES[change](prove_consistency(leaves, 6))
    assert not verify_consistency(6, 13, consistency, tree_root(leaves[:6]), root)


def test_a_history_written_anew_is_no_growth() -> None:
    leaves = leaves_of(12)
    other = [*leaves[:3], hash_leaf(b"other"), *leaves[4:]]
    proof = prove_consistency(other, 7)
    assert not verify_consistency(7, 12, proof, tree_root(leaves[:7]), tree_root(other))
    assert verify_consistency(7, 12, proof, tree_root(other[:7]), tree_root(other))


def test_what_is_not_in_the_tree_cannot_be_proved() -> None:
    with pytest.raises(ValueError, match="no entry 3"):
        prove_inclusion(leaves_of(3), 3)
    with pytest.raises(ValueError, match="no beginning of 4"):
        prove_consistency(leaves_of(3), 4)
