"""What a comparison changes in the mismatches that stand: worked out here, written elsewhere."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from register.mismatches.finding_rows import STATED, Row

HOLDS_NO_LONGER = "holds_no_longer"
CHILD_MERGED = "child_merged"
Standing = Mapping[tuple[int, str], Row]
"""The rows that stand open, by child and subject."""


@dataclass(slots=True)
class Changes:
    """`changed` are rows as they were and as they are now; `closed` those that hold no longer."""

    opened: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    closed: list[tuple[Row, str]] = field(default_factory=list)
    kept: int = 0

    def keep(self, before: Row, after: Row) -> None:
        """Note that a mismatch still stands, and what is different about it."""
        self.kept += 1
        same_child = before["child"] == after["child"] and before["episode"] == after["episode"]
        if same_child and all(before[name] == after[name] for name in STATED):
            return
        after |= {"opened_at": before["opened_at"]}
        # A change never gives more time; one for the worse may give less.
        if before["due_at"] and not (after["due_at"] and after["due_at"] < before["due_at"]):
            after |= {"due_at": before["due_at"], "response_from": before["response_from"]}
        self.changed.append((before, after))


def changes_between(
    standing: Standing, found: Iterable[Row], gone: Collection[int] = ()
) -> Changes:
    """Hold what stands against what is found now.

    What is new for its child, and stood with another that has it no longer, goes over: the
    child's number changed because its reports were grouped anew.
    """
    changes = Changes()
    wanted = {(row["child"], row["subject"]): row for row in found}
    left = {_anywhere(row): row for key, row in standing.items() if key not in wanted}
    for key, row in sorted(wanted.items()):
        before = standing.get(key) or left.pop(_anywhere(row), None)
        if before is None:
            changes.opened.append(row)
        else:
            changes.keep(before, row)
    over = {before["id"] for before, _ in changes.changed}
    changes.closed = [
        (row, CHILD_MERGED if row["child"] in gone else HOLDS_NO_LONGER)
        for key, row in standing.items()
        if key not in wanted and row["id"] not in over
    ]
    return changes


def _anywhere(row: Row) -> str:
    """Name a disagreement without its child: by its going missing, else by its very reports."""
    return (
        row["subject"] if row["episode"] is not None else f"{row['subject']}|{row['fingerprint']}"
    )
