"""What too many children share to be compared by it, and who is found by nothing else."""

from collections.abc import Collection
from dataclasses import dataclass

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.paging import PAGE, Page, clamp
from register.linkage.crowds import Crowd, count_crowds, standing_crowds
from register.numbers import child_number
from register.records.sight import unhidden
from register.work import Work

_PLACES = "the postcode"
"""What a key that is made of a place begins with, in words: the place itself is not shown."""


@dataclass(frozen=True, slots=True)
class CrowdRow:
    """One key: what its bearers share, how many they are, and whom nothing else would find."""

    what: str
    bearers: int
    unseen: tuple[str, ...]


@needs(Permission.CROWD_READ)
def crowd_list(work: Work, page: int = 1) -> Page[CrowdRow]:
    """Give the keys that stand crowded."""
    total = count_crowds(work)
    number = clamp(page, total)
    found = standing_crowds(work, (number - 1) * PAGE, PAGE)
    children = unhidden(work, {child for each in found for child in each.unseen})
    record(work, "list:viewed", "crowded keys", children=children)
    return Page([_row(each, children) for each in found], number, total)


def _row(crowd: Crowd, seen: Collection[int]) -> CrowdRow:
    kind, _, _ = crowd.what.partition(":")
    what = f"{kind} (not shown: a protected place)" if kind.startswith(_PLACES) else crowd.what
    return CrowdRow(
        what, crowd.bearers, tuple(child_number(child) for child in crowd.unseen if child in seen)
    )
