"""The table of changes: that a child, or a sender's feed, changed, in the order it happened."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from register.db import Base, Instant


class Change(Base):
    """That what follows for a child changed at a time: its record, reach, episodes or mismatches.

    Or that something is amiss with a sender's feed, is otherwise so, or is no more: of no child.

    What changed is told by the rows themselves, which hold from that time or until then. Ids grow
    in the order in which changes were committed, since one at a time changes what follows: who
    read up to an id has missed none before it.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("(child IS NULL) <> (sender IS NULL)", name="whose"),
        Index("ix_change_child", "child", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child: Mapped[int | None]
    """The child's register number; none where a feed changed."""
    sender: Mapped[str | None] = mapped_column(Text)
    """Whose feed changed; none where a child did."""
    at: Mapped[datetime] = mapped_column(Instant)
