"""Tables of access: people, what they sign in with, sessions; who may see a child, and did."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from register.db import STANDING, Base, Derived, Instant
from register.terms import REASON_LENGTH

NAME_LENGTH, FACTOR_NAME_LENGTH = 120, 60
"""Letters of a person's name, and of what somebody calls a second step."""


class User(Base):
    """A person who signs in; `organisation` is a code, blank for those of the register itself."""

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    organisation: Mapped[str] = mapped_column(String(16), default="")
    role: Mapped[str] = mapped_column(String(32))
    password_hash: Mapped[str] = mapped_column(String(200))
    password_is_given: Mapped[bool] = mapped_column(default=False)
    """Somebody else chose the password: the first thing to do is to choose another."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    enrol_until: Mapped[datetime | None] = mapped_column(Instant)
    """Until when a first factor may be set up with the password alone."""
    let_in_by: Mapped[str] = mapped_column(String(80), default="")
    """Who last added, enabled or changed this account, or let its person begin anew."""
    let_in_at: Mapped[datetime] = mapped_column(Instant)
    sponsor: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    """Who last said that this person still needs the account, by name."""
    attested_at: Mapped[datetime] = mapped_column(Instant)


class Factor(Base):
    """What a person proves to hold besides knowing a password: a security key or an app of codes.

    `counter` only rises, so that nothing is taken twice: a key's own count, or the last time step
    of which a code was taken.
    """

    __tablename__ = "factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(FACTOR_NAME_LENGTH))
    credential: Mapped[str | None] = mapped_column(String(1400), unique=True)
    """What a security key calls itself here, in base64url."""
    material: Mapped[bytes] = mapped_column(LargeBinary)
    """A key's public key; an app's secret, encrypted."""
    counter: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime] = mapped_column(Instant)


class KeyFirst(Base):
    """A question to any security key, before anybody said who they are; stands for one answer."""

    __tablename__ = "key_first"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)


class HalfSignIn(Base):
    """A password that fitted, and no factor yet: opens nothing but the page that asks for one."""

    __tablename__ = "half_sign_in"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    failures: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship()


class LoginSession(Base):
    """One sign-in; `digest` is the SHA-256 of the token that only the browser holds."""

    __tablename__ = "login_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(64), default="")
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    """What a security key must sign next; another after each answer, so that none counts twice."""
    failures: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime] = mapped_column(Instant)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    """Read with the session: every request asks for both."""


class KnownDevice(Base):
    """That a person has signed in whole from a browser; `digest` is of the token it keeps."""

    __tablename__ = "known_device"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)


class SignInAttempt(Base):
    """Tries that still weigh on one account, device or network address."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the kind and the name, so that a password typed as a name is not kept."""
    weighs_until: Mapped[datetime] = mapped_column(Instant, index=True)


class Recovery(Base):
    """That a person lost what they sign in with: one administrator asks, another confirms."""

    __tablename__ = "recovery"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[str] = mapped_column(String(80), default="")


class Reach(Derived, Base):
    """That an organisation's people may see a child, and why. Derived: folded from above."""

    __tablename__ = "reach"
    __table_args__ = (
        Index("uq_reach_open", "child", "organisation", "why", unique=True, **STANDING),
        Index("ix_reach_organisation", "organisation", "child", "known_to", "why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child: Mapped[int]
    """The child's number, as the records floor gives it."""
    organisation: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(20))
    """`reports`, `responsible`, `host`, `home`, `polices`; or `sealed`: its officers read it."""


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
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    """When they were given another role, before the inspection was closed."""


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
