"""Derived: children and episodes. Rows point at reports; values are never copied into them.

A decision besides: that a force hands a case to another.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import STANDING, Base, Derived, Instant, JsonColumn


class Child(Derived, Base):
    """The single record of a child, from `known_from` until `known_to`.

    `number` is the register number: the id of the child's earliest report. `fingerprint` is a
    digest of the values shown, so that a rebuild can be held against what stands.
    """

    __tablename__ = "child"
    __table_args__ = (
        Index("uq_child_open", "number", unique=True, **STANDING),
        Index("ix_child_responsible", "responsible_authority", "known_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    responsible_authority: Mapped[str] = mapped_column(Text, default="")
    host_authority: Mapped[str] = mapped_column(Text, default="")
    unaccompanied: Mapped[bool] = mapped_column(default=False)
    fingerprint: Mapped[str] = mapped_column(Text)


class EpisodeRow(Derived, Base):
    """One going missing of one child, from `known_from` until `known_to`."""

    __tablename__ = "episode"
    __table_args__ = (
        Index("uq_episode_open", "number", unique=True, **STANDING),
        Index("ix_episode_child", "child", "known_to", "ended_at"),
        Index("ix_episode_missing", "is_open", "known_to"),
        # Few of all are open: whose they are is asked of these alone.
        Index(
            "ix_episode_open",
            "child",
            "known_to",
            sqlite_where=text("known_to IS NULL AND is_open = 1"),
            postgresql_where=text("known_to IS NULL AND is_open"),
        ),
        Index("ix_episode_interview", "interview_owed_by", "known_to", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    child: Mapped[int]
    """The child's register number."""
    spells: Mapped[list[list[int]]] = mapped_column(JsonColumn)
    """The reports of each spell, in order."""
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    is_open: Mapped[bool]
    missing_to_police: Mapped[bool]
    missing_to_authority: Mapped[bool]
    was_adult: Mapped[bool]
    """18 or over when it began: kept and marked, not counted among children (domain 7.1, 12)."""
    risk_level: Mapped[str] = mapped_column(Text, default="")
    told_by_police: Mapped[bool]
    told_by_authority: Mapped[bool]
    category: Mapped[str] = mapped_column(Text)
    """A `Category`: missing if any source says so."""
    authority_category: Mapped[str] = mapped_column(Text)
    """The same by authorities alone, blank where none tells of it."""
    looked_after_by: Mapped[str] = mapped_column(Text)
    """The authority that looked after the child when it began, blank for none, or not known."""
    interview_owed_by: Mapped[str] = mapped_column(Text)
    """Who owes the return interview, blank where nobody does or it is not known who."""
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    """The return that started the clock of the return interview; None: there was none."""
    interview_offered_at: Mapped[datetime | None] = mapped_column(Instant)
    interview_held_at: Mapped[datetime | None] = mapped_column(Instant)
    interview_outcome: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)


class Handover(Base):
    """A force offers another the case of a going missing, or that is answered; never changed."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("handover.id"), unique=True)
    """The offer that this answers, which is answered once; None for an offer."""
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    """The report whose number the going missing bore then."""
    giver: Mapped[str] = mapped_column(Text)
    taker: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    """`offered`, `accepted`, `declined` or `taken_back`."""
    words: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
