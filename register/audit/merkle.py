"""The tree over the log, after RFC 9162 section 2.1: its root, and proofs of a few hashes each.

All hashes are 32 bytes of SHA-256. A proof is a list of hashes, lowest in the tree first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple, TypeAlias

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
KEPT = 8
"""Of the nodes, those are kept whose level this divides: each is over 256 of the level below."""
Range: TypeAlias = tuple[int, int]
"""Entries from the first number on, up to but without the second."""


class Node(NamedTuple):
    """The root of a complete subtree: over the entries from `place << level` on."""

    level: int
    place: int
    hash: bytes


def hash_leaf(content: bytes) -> bytes:
    """Hash an entry; the prefix keeps an entry from passing for a node."""
    return sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into the node above them."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """All that must be known of a tree for it to grow: its size and its complete subtrees' roots.

    `peaks` holds one root for each bit that is set in `size`, the largest subtree first.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    completed: list[Node] = field(default_factory=list)
    """The nodes to be kept that were completed while it grew."""

    @classmethod
    def unpack(cls, size: int, peaks: bytes) -> "Frontier":
        """Read what `pack` wrote; ValueError when peaks and size don't belong together."""
        if size < 0 or len(peaks) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"a tree of {size} entries has not {len(peaks)} bytes of peaks")
        return cls(size, [peaks[i : i + HASH_BYTES] for i in range(0, len(peaks), HASH_BYTES)])

    def pack(self) -> bytes:
        """Give the peaks as bytes, one after the other."""
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> None:
        """Add the hash of one entry; each complete pair of subtrees becomes one."""
        size, level = self.size, 0
        while size & 1:
            leaf = hash_node(self.peaks.pop(), leaf)
            size >>= 1
            level += 1
            if level % KEPT == 0:
                self.completed.append(Node(level, size, leaf))
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Hash the peaks, smallest first, into the root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        *larger, root = self.peaks
        for peak in reversed(larger):
            root = hash_node(peak, root)
        return root


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """Give the root over the hashes of all entries."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Give the subtrees whose roots prove that the entry `index` is in a tree of `size`."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} entries has no entry {index}")
    start, ranges = 0, []
    while size > 1:
        split = _split(size)
        if index < start + split:
            ranges.append((start + split, start + size))
            size = split
        else:
            ranges.append((start, start + split))
            start, size = start + split, size - split
    return ranges[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the proof shows `leaf` to be entry `index` of `size` in the tree of `root`."""
    if not 0 <= index < size:
        return False
    sides: list[bool] = []
    while size > 1:
        split = _split(size)
        on_the_right = index >= split
        sides.append(on_the_right)
        index, size = (index - split, size - split) if on_the_right else (index, split)
    if len(proof) != len(sides):
        return False
    for sibling, on_the_right in zip(proof, reversed(sides), strict=True):
        leaf = hash_node(sibling, leaf) if on_the_right else hash_node(leaf, sibling)
    return leaf == root


def consistency_ranges(old_size: int, size: int) -> list[Range]:
    """Give the subtrees whose roots prove the tree of `old_size` to be the beginning of `size`."""
    if not 0 <= old_size <= size:
        raise ValueError(f"a tree of {size} entries has no beginning of {old_size}")
    start, ranges, old = 0, [], old_size
    while 0 < old < size:
        split = _split(size)
        if old <= split:
            ranges.append((start + split, start + size))
            size = split
        else:
            ranges.append((start, start + split))
            start, old, size = start + split, old - split, size - split
    # A verifier has the root of the old tree, but not that of a part of it.
    return [*([(start, start + size)] if start else []), *ranges[::-1]]


def verify_consistency(
    old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes
) -> bool:
    """Tell whether the proof shows that the larger tree only added to the smaller one."""
    if not 0 <= old_size <= size:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    return _fold_consistency(old_size, size, list(proof), old_root) == (old_root, root)


def _split(size: int) -> int:
    """Give the size of the left subtree: the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _fold_consistency(
    old_size: int, size: int, proof: list[bytes], known: bytes | None
) -> tuple[bytes, bytes] | None:
    """Give the roots of the old and the new tree that follow from the proof, if any do."""
    if old_size == size:
        if known is not None:
            return None if proof else (known, known)
        return (proof[0], proof[0]) if len(proof) == 1 else None
    if not proof:
        return None
    split = _split(size)
    sibling = proof.pop()
    if old_size <= split:
        left = _fold_consistency(old_size, split, proof, known)
        return left and (left[0], hash_node(left[1], sibling))
    right = _fold_consistency(old_size - split, size - split, proof, None)
    return right and (hash_node(sibling, right[0]), hash_node(sibling, right[1]))
