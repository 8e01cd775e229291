"""Tables of access: users, their sessions, failed sign-ins, whose people see which child; seals."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from register.db import STANDING, Base, Derived, Instant


class User(Base):
    """A person who signs in; `organisation` is a code, blank for those of the register itself."""

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(16), default="")
    role: Mapped[str] = mapped_column(String(32))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class LoginSession(Base):
    """One sign-in; `digest` is the SHA-256 of the token that only the browser holds."""

    __tablename__ = "login_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    user: Mapped[User] = relationship()


class SignInAttempt(Base):
    """Tries in a row that failed, for one username (known or not) or one network address."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the kind and the name, so that a password typed as a name is not kept."""
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)


class Reach(Derived, Base):
    """That an organisation's people may see a child, and why. Derived: folded from above."""

    __tablename__ = "reach"
    __table_args__ = (
        Index("uq_reach_open", "child", "organisation", "why", unique=True, **STANDING),
        Index("ix_reach_organisation", "organisation", "child", "known_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child: Mapped[int]
    """The child's number, as the records floor gives it."""
    organisation: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(20))
    """`reports`, `responsible`, `host`, `polices`, or `sealed`: its officers may open the seal."""


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
