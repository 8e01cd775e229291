"""Tables of seals: placed, read, grown, reviewed and released, never erased."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant

RELEASED, REVIEWED = "released", "reviewed"
"""What is done to a seal."""


class Seal(Base):
    """A restriction on a child's reports: a person's decision. Added, never erased."""

    __tablename__ = "seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(16))
    """The owner: who reviews and lifts it."""
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    expires_on: Mapped[date | None]
    act: Mapped[int | None]
    """The judgement that parts the reports from another child's, where an adoption did."""
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class SealReader(Base):
    """An organisation whose officers may open a seal."""

    __tablename__ = "seal_reader"

    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(16), primary_key=True)


class SealedReport(Base):
    """That a seal holds a report, and how it came under it: a fact, for only people let it out."""

    __tablename__ = "sealed_report"
    __table_args__ = (Index("ix_sealed_report_report", "report_id"),)

    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(primary_key=True)
    """A report's number; the table of reports lies on the floor above."""
    how: Mapped[str] = mapped_column(String(8))
    organisation: Mapped[str] = mapped_column(String(16))
    """Who sent the report."""
    beside: Mapped[int]
    """The child that it belonged to when it came under the seal."""
    at: Mapped[datetime] = mapped_column(Instant)


class SealChange(Base):
    """What was done to a seal since: reviewed, or released, whole or from one report."""

    __tablename__ = "seal_change"
    __table_args__ = (Index("ix_seal_change_seal", "seal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"))
    report_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
