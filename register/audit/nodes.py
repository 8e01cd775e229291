"""Proofs on a log of any length: roots of its subtrees, from nodes that are kept for them."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.audit.merkle import (
    KEPT,
    Frontier,
    Range,
    consistency_ranges,
    inclusion_ranges,
    tree_root,
)
from register.audit.models import AuditEvent, AuditNode
from register.errors import RegisterError


class LogBroken(RegisterError):
    """The log does not hold; the sentence names the first entry that doesn't."""


def prove_inclusion(session: Session, seq: int, size: int) -> list[bytes]:
    """Prove that entry `seq` is among the first `size`."""
    return [_root(session, each) for each in inclusion_ranges(seq, size)]


def prove_consistency(session: Session, old_size: int, size: int) -> list[bytes]:
    """Prove that the first `old_size` entries are the beginning of the first `size`."""
    return [_root(session, each) for each in consistency_ranges(old_size, size)]


def root_at(session: Session, size: int) -> bytes:
    """Give the root that the log had at a size."""
    return _root(session, (0, size))


def _root(session: Session, wanted: Range) -> bytes:
    """Give the root over a range that is a subtree: of its complete parts, the largest first."""
    start, end = wanted
    peaks = [_complete(session, *part) for part in _parts(start, end)]
    return Frontier(end - start, peaks).root()


def _parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part a subtree's range into complete subtrees, each given by its level and its start."""
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            yield level, start
            start += 1 << level


def _complete(session: Session, level: int, start: int) -> bytes:
    below = level - level % KEPT
    first, count = start >> below, 1 << level - below
    if below:
        kept = select(AuditNode.hash).where(AuditNode.level == below).order_by(AuditNode.place)
        kept = kept.where(AuditNode.place >= first, AuditNode.place < first + count)
    else:
        kept = select(AuditEvent.leaf_hash).order_by(AuditEvent.seq)
        kept = kept.where(AuditEvent.seq >= first, AuditEvent.seq < first + count)
    hashes = session.scalars(kept).all()
    if len(hashes) != count:
        raise LogBroken(
            f"What lies between the entries {start} and {start + (1 << level)} of the log is not "
            "whole: `register audit verify` tells what is wrong."
        )
    return tree_root(hashes)
