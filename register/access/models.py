"""Tables of access: users, sessions, failed sign-ins, who may see which child and who saw it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
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


class Need(Base):
    """That one person may see one child's whole page, why, and until when. Ended, never erased."""

    __tablename__ = "need"
    __table_args__ = (Index("ix_need_report", "report", "who"), Index("ix_need_who", "who"))

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(80))
    """The person's username."""
    organisation: Mapped[str] = mapped_column(String(16))
    """The person's organisation then."""
    report: Mapped[int]
    """The child's register number, which is a report's: it is whose that report is today."""
    why: Mapped[str] = mapped_column(String(20))
    """`assigned`, `sampled` or `glass`."""
    reason: Mapped[str] = mapped_column(Text)
    inspection: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"))
    given_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Inspection(Base):
    """An inspection of some organisations over some days, while it is open."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Inspected(Base):
    """An organisation that an inspection is of."""

    __tablename__ = "inspected"

    inspection: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(16), primary_key=True)


class Inspector(Base):
    """A person whom an inspection is assigned to."""

    __tablename__ = "inspector"

    inspection: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    who: Mapped[str] = mapped_column(String(80), primary_key=True)


class Opening(Base):
    """That somebody was shown a child, or looked for one and found nobody (`child` 0)."""

    __tablename__ = "opening"
    __table_args__ = (
        Index("ix_opening_who", "who", "day", "child"),
        Index("ix_opening_child", "child", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(16))
    child: Mapped[int]
    """The child's register number then, which is a report's."""
    how: Mapped[str] = mapped_column(String(8))
    """`page` or `check`."""
    day: Mapped[date] = mapped_column(Date)
    """England's."""
    at: Mapped[datetime] = mapped_column(Instant)


class Notice(Base):
    """Something an organisation's privacy officers must look at: a reference, and nothing else."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_organisation", "organisation", "seen_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(16))
    """Blank for the register's own data protection officer alone."""
    kind: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    seen_by: Mapped[str] = mapped_column(String(80), default="")
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
