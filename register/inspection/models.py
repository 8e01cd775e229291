"""Facts of an inspection: samples as they were drawn, questions and what was replied.

And searches that found nobody, for as long as a report that comes later is told of.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant, JsonColumn


class Sample(Base):
    """Some children, drawn by a seed from those of each stratum; never changed."""

    __tablename__ = "sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    as_at: Mapped[datetime] = mapped_column(Instant)
    """What was known then is what was drawn from."""
    strata: Mapped[list[Any]] = mapped_column(JsonColumn)
    """For each stratum its name, how many were asked for, how many there were, who was drawn."""
    actor: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[datetime] = mapped_column(Instant)


class Question(Base):
    """What an inspector asks an organisation, and until when it should reply. Never changed."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_organisation", "organisation", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(Text)
    """Who is asked: the code of today."""
    child: Mapped[int | None]
    """The report whose number a child bore then; None where no one child is meant."""
    words: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    actor_role: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    clock: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(Instant)


class Reply(Base):
    """What somebody of the organisation replied. Never changed; the first stops the clock."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Search(Base):
    """A quick check that found nobody: sealed, kept for a while, and forgotten."""

    __tablename__ = "search"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    """A `Sought`, sealed."""
    made_at: Mapped[datetime] = mapped_column(Instant)
