"""Tables of the systems that speak to the register: their keys, their tokens, what they asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from register.db import Base, Instant, JsonColumn


class Client(Base):
    """A system that acts in an organisation's name; blank for those of the register itself."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    """What it calls itself when it asks for a token: OAuth's `client_id`."""
    organisation: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(32))
    scopes: Mapped[str] = mapped_column(Text)
    """The permissions it may ask for, parted by spaces."""
    certificate: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the certificate that it must show; blank where none is asked for."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ClientSecret(Base):
    """A client's secret, as its SHA-256: it is long and random, so that nobody guesses it."""

    __tablename__ = "client_secret"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ClientToken(Base):
    """An access token, as its SHA-256; it opens what its scopes say until it expires or ends."""

    __tablename__ = "client_token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    scopes: Mapped[str] = mapped_column(Text)
    certificate: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the certificate with which it was asked for: no other may use it."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    client: Mapped[Client] = relationship(lazy="joined", innerjoin=True)


class KeptAnswer(Base):
    """What a client asked under an idempotency key, and what it was answered.

    The first row of a key holds its answer. The others are what was sent later under the same key
    with other content: refused, and kept whole, so that it can be found out what was meant.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (Index("ix_kept_answer_key", "client_id", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """Fingerprint of method, address and body, that nobody without the key can guess."""
    at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(JsonColumn)
    answer: Mapped[str] = mapped_column(Text)
    refused: Mapped[str] = mapped_column(Text)
    """The body that was refused, sealed; blank in the first row, whose body became a report."""
