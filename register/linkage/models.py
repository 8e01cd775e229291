"""Which reports speak of one child: people's judgements, and what follows from the reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import STANDING, Base, Derived, Instant, JsonColumn


class Judgement(Base):
    """A person's word on two reports: *same*, *different* or *unclear*. Added, never erased.

    A later one on the same two reports supersedes; `withdrawn` takes an earlier word back.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        CheckConstraint("report_a < report_b", name="ordered"),
        CheckConstraint("verdict IN ('same', 'different', 'unclear', 'withdrawn')", name="verdict"),
        Index("ix_judgement_pair", "report_a", "report_b"),
        Index("ix_judgement_report_b", "report_b"),
        Index("ix_judgement_act", "act"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[int]
    """What was said at once bears one number: a split parts many pairs."""
    report_a: Mapped[int] = mapped_column(ForeignKey("report.id"))
    report_b: Mapped[int] = mapped_column(ForeignKey("report.id"))
    verdict: Mapped[str] = mapped_column(Text)
    withdraws: Mapped[int | None] = mapped_column(ForeignKey("judgement.id"))
    """The word that this one takes back."""
    reason: Mapped[str] = mapped_column(Text)
    shown: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    """The evidence as it was shown: probability and reasons."""
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Enactment(Base):
    """A decision that a model of linking is in force from `at` on. Added, never erased."""

    __tablename__ = "enactment"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    """What the model calls itself."""
    digest: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    """The model file, whole."""
    reason: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Membership(Derived, Base):
    """Derived: a report belongs to a child from `known_from` until `known_to`.

    `subject_id` is the earliest report of the same organisation's own child; `child_id` the
    earliest report of the child.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index("uq_membership_report_open", "report_id", unique=True, **STANDING),
        Index("ix_membership_report", "report_id"),  # for whoever asks as at an earlier time
        Index("ix_membership_child", "child_id", "known_to", "report_id"),  # asked for these alone
        Index("ix_membership_subject", "subject_id", "known_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    subject_id: Mapped[int]
    child_id: Mapped[int]


class BlockingKey(Base):
    """Derived: a stored, normalised key under which a subject is nominated to others."""

    __tablename__ = "blocking_key"
    __table_args__ = (
        Index("ix_blocking_key_subject", "subject_id"),
        {"sqlite_with_rowid": False},  # the rows are their own index
    )

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class CrowdedKey(Base):
    """Derived: a stored key that more share than the model allows, so that it nominates nobody."""

    __tablename__ = "crowded_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class StoredSubject(Base):
    """Derived: what of a subject is compared, in a sealed line (`written.py`)."""

    __tablename__ = "subject"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its first report's."""
    line: Mapped[bytes] = mapped_column(LargeBinary)
    silent: Mapped[str] = mapped_column(Text)
    """Its crowded keys that stand for a number or a home: these say nothing. Blank for none."""
    judged: Mapped[bool]
    """Whether people have said something of its reports."""


class Review(Derived, Base):
    """Derived: two reports that a person must judge, with the reasons in words."""

    __tablename__ = "review"
    __table_args__ = (
        Index("uq_review_open", "report_a", "report_b", unique=True, **STANDING),
        Index("ix_review_report_b", "report_b", "known_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_a: Mapped[int] = mapped_column(ForeignKey("report.id"))
    report_b: Mapped[int] = mapped_column(ForeignKey("report.id"))
    child_a: Mapped[int]
    """Whose the first report is while the review stands: a list looks through all that stand."""
    child_b: Mapped[int]
    """The same of the second."""
    probability: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JsonColumn)
    model: Mapped[str] = mapped_column(Text)
    """The version of the model that judged it."""
    rule: Mapped[str] = mapped_column(Text)
    """The name of the rule that sends it to a person (docs/guards.md)."""
