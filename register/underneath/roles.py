"""As whom PostgreSQL is asked: one role for what a person may see, one for what must see all.

SQLite has no roles: there the condition inside each query is all there is.
"""

from datetime import datetime

from sqlalchemy import Connection, String, bindparam, func, select
from sqlalchemy.orm import Session

from register.terms import Role

OWNER = "register_owner"
"""Owns the tables and changes them; nothing that serves people runs as it."""
APP = "register_app"
"""What the pages sign in as, and as which people of one organisation read."""
PAST = "register_past"
"""As which they look at an earlier time: the same, and what a child's reports were then."""
MATCHER = "register_matcher"
"""Sees every child and adds to the facts: entered for one transaction, nobody signs in as it."""
BACKUP = "register_backup"
"""Reads every row, whoever's it is, and changes none."""

SEES_ALL = frozenset({Role.INSPECTOR, Role.POLICE_INSPECTOR, Role.STEWARD, Role.OPERATOR})
"""Roles of people for whom a transaction begins as the matcher.

Stated apart from `access.policy`, so that a slip there does not take the net away too; a test
holds the two to the same.
"""

_STAND = select(
    func.set_config("role", bindparam("role", type_=String), True),  # noqa: FBT003  # this transaction's only
    func.set_config("register.organisation", bindparam("organisation", type_=String), True),  # noqa: FBT003  # as above
    func.set_config("register.as_at", bindparam("as_at", type_=String), True),  # noqa: FBT003  # as above
)
_SEE_ALL = select(func.set_config("role", MATCHER, True))  # noqa: FBT003  # as above


def stand_as(
    connection: Connection, role: Role, organisation: str, as_at: datetime | None = None
) -> None:
    """Say who asks, for the transaction that has just begun and no longer.

    Whoever is of no organisation, and not of those who see all, is shown no child.
    """
    if connection.dialect.name == "postgresql":
        said = {
            "role": MATCHER if role in SEES_ALL else PAST if as_at else APP,
            "organisation": organisation,
            "as_at": as_at.isoformat() if as_at else "",
        }
        connection.execute(_STAND, said)


def see_all(session: Session) -> None:
    """See, and change, what lies outside the actor's sight, until the transaction ends.

    For what follows from all reports together: linking, folding, holding against each other.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_SEE_ALL)
