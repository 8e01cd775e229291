"""What a comparison changes in the mismatches that stand: worked out here, written elsewhere."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from register.mismatches.finding_rows import STATED, Row
from register.terms import SETTLED, WAITING, MismatchState

HOLDS_NO_LONGER = "holds_no_longer"
CHILD_MERGED = "child_merged"
Standing = Mapping[tuple[int, str], Row]
"""The rows that stand open, by child and subject."""


@dataclass(slots=True)
class Changes:
    """`changed` are rows as they were and as they are now; `closed` those that hold no longer."""

    now: datetime
    opened: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    closed: list[tuple[Row, str]] = field(default_factory=list)
    kept: list[Row] = field(default_factory=list)

    def keep(self, before: Row, after: Row) -> None:
        """Note that a mismatch still stands, and what is different about it."""
        after |= {"number": before["number"], "opened_at": before["opened_at"]}
        reopened = before["state"] in SETTLED and before["fingerprint"] != after["fingerprint"]
        # A change never gives more time; one for the worse may give less. What was settled and is
        # no longer, because a source says something else, is a new question.
        sooner = after["due_at"] and before["due_at"] and after["due_at"] < before["due_at"]
        if before["due_at"] and not (sooner or reopened):
            after |= {"due_at": before["due_at"], "response_from": before["response_from"]}
        self.escalate(after)
        self.kept.append(after)
        same_child = before["child"] == after["child"] and before["episode"] == after["episode"]
        if not (same_child and all(before[name] == after[name] for name in STATED)):
            self.changed.append((before, after))

    def open(self, row: Row) -> None:
        """Note a new mismatch."""
        self.escalate(row)
        self.opened.append(row)

    def escalate(self, row: Row) -> None:
        """Hand on what still waits when its time is out (domain 7: the ladder)."""
        if row["state"] in WAITING and row["due_at"] and row["due_at"] <= self.now:
            row["state"] = MismatchState.ESCALATED.value


def changes_between(
    standing: Standing, found: Iterable[Row], now: datetime, gone: Collection[int] = ()
) -> Changes:
    """Hold what stands against what is found now.

    What is new for its child, and stood with another that has it no longer, goes over: the
    child's number changed because its reports were grouped anew.
    """
    changes = Changes(now)
    wanted = {(row["child"], row["subject"]): row for row in found}
    left = {_anywhere(row): row for key, row in standing.items() if key not in wanted}
    for key, row in sorted(wanted.items()):
        before = standing.get(key) or left.pop(_anywhere(row), None)
        if before is None:
            changes.open(row)
        else:
            changes.keep(before, row)
    over = {row["number"] for row in changes.kept}
    changes.closed = [
        (row, CHILD_MERGED if row["child"] in gone else HOLDS_NO_LONGER)
        for key, row in standing.items()
        if row["number"] not in over
    ]
    return changes


def _anywhere(row: Row) -> str:
    """Name a disagreement without its child: by its going missing, else by its very reports."""
    return (
        row["subject"] if row["episode"] is not None else f"{row['subject']}|{row['fingerprint']}"
    )
