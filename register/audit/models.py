"""The tables of the log: its entries, its growing end, and what its root was from time to time."""

import json
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.audit.kinds import OPERATIONS, Operation
from register.db import Base, Instant

Position = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite orders a table by its key, and adds fastest, where the key is a plain INTEGER."""


class AuditEvent(Base):
    """One entry: who did what, when, to what. Written once, by `register.audit.service` alone."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    """The entry's index in the tree, from 0, without gaps."""
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text, index=True)
    role: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, index=True)
    """What it was done to, as `noun number`: a reference, never a child's name."""
    detail: Mapped[str] = mapped_column(Text)
    """JSON as it was hashed, byte for byte: a JSON column of PostgreSQL would write it anew."""
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def facts(self) -> dict[str, object]:
        """The detail, read: ids and counts, and with a disclosure its recipient and purpose."""
        facts: dict[str, object] = json.loads(self.detail)
        return facts

    @property
    def operation(self) -> Operation | None:
        """The operation of section 62 that the entry logs; None for a kind no longer in use."""
        return OPERATIONS.get(self.kind)


class AuditHead(Base):
    """The one row whose lock puts writers in line: how large the tree is, and its peaks."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    peaks: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpoint(Base):
    """The root of the log at one size. Its note is worth most where nobody here can change it."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Instant)
    origin: Mapped[str] = mapped_column(Text)
