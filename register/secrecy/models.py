"""The wrapped keys under which values are sealed, and each showing of a protected value."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant


class DataKey(Base):
    """An owner's data key, wrapped by a key of the ring, which lies outside the database.

    The owner is an organisation's code, or `register` for what belongs to none. A data key never
    changes; only what it is wrapped in does.
    """

    __tablename__ = "data_key"

    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    ring_number: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)


class Showing(Base):
    """Fact: one protected value was shown to one person. Added, never changed."""

    __tablename__ = "showing"
    __table_args__ = (Index("ix_showing_owner", "owner", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int]
    field: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    """The organisation that sent the value, which is told of it."""
    actor: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    """The organisation of whoever was shown it."""
    reason: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    """Why, as they wrote it; sealed, for it may tell of the child."""
    at: Mapped[datetime] = mapped_column(Instant)
