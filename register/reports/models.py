"""The facts: reports, their versions, the submissions that brought them, what extracts covered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant, JsonColumn


class Submission(Base):
    """One file or one request of reports, as it came in."""

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    """The layout or the door it came through: `register`, `ssda903`, `page`, `api` …"""
    name: Mapped[str] = mapped_column(Text)
    """The file's name, without its folder."""
    digest: Mapped[str] = mapped_column(Text, index=True)
    actor: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)


class Report(Base):
    """One organisation's statement about one going missing, or about whose child it is.

    Its id is its register number. `current_version_id` points at the version that counts: the
    last by `updated_at`, then by digest, whatever the order of arrival.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("organisation", "kind", "reference"),
        Index("ix_report_last", "organisation", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    current_version_id: Mapped[int | None] = mapped_column(default=None)


class ReportVersion(Base):
    """One version of a report, never changed and never removed.

    Values of protected fields stand apart, in `protected`, so that they can be kept under another
    key; both columns hold `{"content": usable values, "doubtful": values as sent}`.
    """

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("report_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[str] = mapped_column(Text)
    open: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    protected: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    marks: Mapped[dict[str, str]] = mapped_column(JsonColumn)


class Extract(Base):
    """An organisation's word that a submission holds all it knows between two days.

    `ends_on` is None for a feed that goes on. Such a word makes silence mean something.
    """

    __tablename__ = "extract"
    __table_args__ = (Index("ix_extract_organisation", "organisation", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    organisation: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    received_at: Mapped[datetime] = mapped_column(Instant)
    carries: Mapped[list[str]] = mapped_column(JsonColumn)
    """The fields that the layout can hold."""


class ExtractReport(Base):
    """A report was in an extract: so that one that is gone from the next can be asked about."""

    __tablename__ = "extract_report"

    extract_id: Mapped[int] = mapped_column(ForeignKey("extract.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True, index=True)


class Clock(Base):
    """The instant up to which the register has been brought: time moves in one place only."""

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    judged_to: Mapped[datetime] = mapped_column(Instant)


class Draft(Base):
    """A report that somebody has begun on a page and not yet sent: no fact until it is.

    Its key is the page's address and the mark by which sending twice is told.
    """

    __tablename__ = "draft"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    """A `Purpose`."""
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """The report that it corrects or closes; None for a new one."""
    version_id: Mapped[int | None]
    """The version that counted when it was begun."""
    content: Mapped[str] = mapped_column(Text)
    """A `Content`, sealed: it may hold a protected place."""
    begun_at: Mapped[datetime] = mapped_column(Instant)
    kept_at: Mapped[datetime] = mapped_column(Instant)
