"""Derived: mismatches, and what each child's comparison left open. Values are never copied."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import STANDING, Base, Instant, JsonColumn


class Mismatch(Base):
    """One disagreement between sources, as it stood from `known_from` until `known_to`.

    The row that stands (`known_to` None) keeps its id while what it says changes; each state it
    was in before is a row of its own, in state `superseded`. A mismatch that no longer holds is
    `closed`, and if it comes again that is another row.
    """

    __tablename__ = "mismatch"
    __table_args__ = (
        Index("uq_mismatch_open", "child", "subject", unique=True, **STANDING),
        Index("ix_mismatch_owner", "owner", "known_to"),
        Index("ix_mismatch_counterpart", "counterpart", "known_to"),
        Index("ix_mismatch_child", "child", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child: Mapped[int]
    """The child's register number."""
    episode: Mapped[int | None]
    """The number of the going missing; None where the child itself is meant."""
    rule: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    counterpart: Mapped[str] = mapped_column(Text)
    police_report_id: Mapped[int | None]
    authority_report_id: Mapped[int | None]
    other_report_id: Mapped[int | None]
    """The second report, where both are of one side."""
    subject: Mapped[str] = mapped_column(Text)
    """What is disagreed on, of this child: the same subject is the same mismatch."""
    fingerprint: Mapped[str] = mapped_column(Text)
    """A digest of what is held against each other: changed values are seen by it."""
    clock: Mapped[str] = mapped_column(Text)
    """The owner's time to respond, such as `4 hours`; blank for information."""
    opened_at: Mapped[datetime] = mapped_column(Instant)
    response_from: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    duty_from: Mapped[datetime | None] = mapped_column(Instant)
    duty_due_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_because: Mapped[str] = mapped_column(Text)
    known_from: Mapped[datetime] = mapped_column(Instant)
    known_to: Mapped[datetime | None] = mapped_column(Instant)


class Outlook(Base):
    """What the last comparison of a child left open: no row, nothing."""

    __tablename__ = "outlook"

    child: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_change_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    """The next instant at which time alone brings a mismatch."""
    gap_count: Mapped[int]
    gaps: Mapped[list[Any]] = mapped_column(JsonColumn)
    """What could not be compared, each `[rule, episode, organisation, why]` (7.1, 1)."""
