"""The table of changes: that something about a child changed, in the order in which it did."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant


class Change(Base):
    """That what follows for a child changed at a time: its record, reach, episodes or mismatches.

    What changed is told by the rows themselves, which hold from that time or until then. Ids grow
    in the order in which changes were committed, since one at a time changes what follows: who
    read up to an id has missed none before it.
    """

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_child", "child", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    child: Mapped[int]
    """The child's register number."""
    at: Mapped[datetime] = mapped_column(Instant)
