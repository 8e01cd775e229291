"""Mismatches, people's answers to them, and what each comparison left open.

The answers are decisions; the rest is derived, and no value is ever copied into it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import STANDING, Base, Derived, Instant, JsonColumn


class Mismatch(Derived, Base):
    """One disagreement between sources, as it stood from `known_from` until `known_to`.

    It keeps its `number` while what it says, or its state, changes: each is a row of its own.
    `ended` says why a row stands no longer: blank while it does, `superseded` where another row
    of the number followed, else how the mismatch ended. If it comes again it has a new number.
    """

    __tablename__ = "mismatch"
    __table_args__ = (
        Index("uq_mismatch_open", "child", "subject", unique=True, **STANDING),
        Index("uq_mismatch_number", "number", unique=True, **STANDING),
        Index("ix_mismatch_owner", "owner", "known_to"),
        Index("ix_mismatch_counterpart", "counterpart", "known_to"),
        Index("ix_mismatch_child", "child", "id"),
        Index(
            "ix_mismatch_episode",
            "episode",
            sqlite_where=text("episode IS NOT NULL"),
            postgresql_where=text("episode IS NOT NULL"),
        ),
        Index("ix_mismatch_history", "number", "id"),
        Index("ix_mismatch_matter", "matter", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    """Counted up as mismatches open: what a page and an answer call it by."""
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
    matter: Mapped[int] = mapped_column(BigInteger)
    """The same by the reports that disagree, whichever child they are of: what answers are on."""
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
    """A `MismatchState`, as long as the row stands."""
    ended: Mapped[str] = mapped_column(Text, default="")
    closed_because: Mapped[str] = mapped_column(Text, default="")


class Settlement(Base):
    """What a person answered to a mismatch. Added, never erased; one may take another back.

    It is on the reports that disagree (`matter`) and on what they said then (`fingerprint`): it
    survives that children are joined and parted, and holds no longer when a source changes.
    """

    __tablename__ = "settlement"
    __table_args__ = (Index("ix_settlement_matter", "matter", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    """An `Answer`."""
    reason: Mapped[str] = mapped_column(Text)
    """A `SettledReason`, where the answer needs one."""
    words: Mapped[str] = mapped_column(Text)
    withdraws: Mapped[int | None] = mapped_column(ForeignKey("settlement.id"))
    """The earlier answer that this one takes back."""
    shown: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    """The mismatch as it was shown: its number, rule, state, and when it was due."""
    actor: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Outlook(Derived, Base):
    """What a comparison of a child left open: no row, nothing."""

    __tablename__ = "outlook"
    __table_args__ = (
        Index("uq_outlook_open", "child", unique=True, **STANDING),
        Index("ix_outlook_next", "next_change_at", **STANDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child: Mapped[int]
    next_change_at: Mapped[datetime | None] = mapped_column(Instant)
    """The next instant at which time alone changes a mismatch."""
    gaps: Mapped[list[Any]] = mapped_column(JsonColumn)
    """What could not be compared, each `[rule, episode, organisation, why]` (7.1, 1)."""


class Feed(Base):
    """When something last came from a sender with whom a feed is agreed."""

    __tablename__ = "feed"

    organisation: Mapped[str] = mapped_column(Text, primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(Instant)


class FeedFault(Derived, Base):
    """What was amiss with a sender's feed: silent (G1), or too many rows rejected (G2)."""

    __tablename__ = "feed_fault"
    __table_args__ = (Index("uq_feed_fault_open", "organisation", "rule", unique=True, **STANDING),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(Text)
    """The sender, who must answer."""
    rule: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    clock: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    """The instant at which it fell due, not that at which it was seen."""
    due_at: Mapped[datetime] = mapped_column(Instant)
