"""Which reports speak of one child: people's judgements, and what follows from the reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant, JsonColumn


class Judgement(Base):
    """A person's word on two reports: *same*, *different* or *unclear*. Added, never erased.

    A later one on the same two reports supersedes; `withdrawn` takes the earlier word back.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        CheckConstraint("report_a < report_b", name="ordered"),
        CheckConstraint("verdict IN ('same', 'different', 'unclear', 'withdrawn')", name="verdict"),
        Index("ix_judgement_pair", "report_a", "report_b"),
        Index("ix_judgement_report_b", "report_b"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_a: Mapped[int] = mapped_column(ForeignKey("report.id"))
    report_b: Mapped[int] = mapped_column(ForeignKey("report.id"))
    verdict: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    shown: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    """The evidence as it was shown: probability and reasons."""
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Membership(Base):
    """Derived: a report belongs to a child from `known_from` until `known_to`.

    `subject_id` is the earliest report of the same organisation's own child; `child_id` the
    earliest report of the child.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_report_open",
            "report_id",
            unique=True,
            sqlite_where=text("known_to IS NULL"),
            postgresql_where=text("known_to IS NULL"),
        ),
        Index("ix_membership_child", "child_id", "known_to"),
        Index("ix_membership_subject", "subject_id", "known_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    subject_id: Mapped[int]
    child_id: Mapped[int]
    known_from: Mapped[datetime] = mapped_column(Instant)
    known_to: Mapped[datetime | None] = mapped_column(Instant)


class BlockingKey(Base):
    """Derived: a stored, normalised key under which a subject is nominated to others."""

    __tablename__ = "blocking_key"
    __table_args__ = (Index("ix_blocking_key_subject", "subject_id"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Review(Base):
    """Derived: two reports that a person must judge, with the reasons in words."""

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_open",
            "report_a",
            "report_b",
            unique=True,
            sqlite_where=text("known_to IS NULL"),
            postgresql_where=text("known_to IS NULL"),
        ),
        Index("ix_review_report_b", "report_b", "known_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_a: Mapped[int] = mapped_column(ForeignKey("report.id"))
    report_b: Mapped[int] = mapped_column(ForeignKey("report.id"))
    probability: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JsonColumn)
    model: Mapped[str] = mapped_column(Text)
    known_from: Mapped[datetime] = mapped_column(Instant)
    known_to: Mapped[datetime | None] = mapped_column(Instant)
