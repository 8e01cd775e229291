"""The tables of the log. Only this package writes and reads them."""

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


class AuditNode(Base):
    """The root of a complete subtree of 256 entries, of 256 of those, and so on.

    With them a proof is made of a few hundred hashes instead of all. Written once.
    """

    __tablename__ = "audit_node"

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpoint(Base):
    """The log's signed note of its root at one size; worth most where nobody here can change it."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)


class AuditSubjectKey(Base):
    """The key that closes what the log says of one subject in words; without it, nobody reads it.

    It is wrapped by a key that is kept apart from the database. An entry names it in its detail
    alone, so that it can be deleted, and the log still holds.
    """

    __tablename__ = "audit_subject_key"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    """By chance: what is said of a subject after an erasure has another key."""
    subject: Mapped[str] = mapped_column(Text, unique=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
