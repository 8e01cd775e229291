"""Tables of what is told to systems unasked: who wants to hear, and each change on its way."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from register.clients.models import Client
from register.db import Base, Instant


class Subscription(Base):
    """An address at which a client hears of every change of its own children."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    """Signs what is sent; it has to be read again, so it is kept sealed."""
    up_to: Mapped[int]
    """The last change that was looked at for it."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    """Rounds in a row in which nobody answered at the address."""
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    claimed_until: Mapped[datetime] = mapped_column(Instant)
    """One at a time delivers to an address: nobody else before this time."""

    client: Mapped[Client] = relationship(lazy="joined", innerjoin=True)


class Delivery(Base):
    """One change on its way to one address: `waiting`, or `dead` after many tries.

    Gone once it was taken: that it was, stands in the log.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_state", "subscription_id", "state", "child", "id"),
        Index("uq_delivery_change", "subscription_id", "change", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"))
    change: Mapped[int] = mapped_column(BigInteger)
    child: Mapped[str] = mapped_column(Text)
    """Whose changes go in their order: a child's number, or `feed` for the receiver's own feed."""
    body: Mapped[str] = mapped_column(Text)
    """What is sent, the same at every try."""
    state: Mapped[str] = mapped_column(Text, default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    last_answer: Mapped[str] = mapped_column(Text, default="")
