"""As whom PostgreSQL is asked: one role for what a person may see, one for what must see all.

SQLite has no roles: there the condition inside each query is all there is.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text
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

SEES_ALL = frozenset({Role.STEWARD, Role.OPERATOR})
"""Roles of people for whom a transaction begins as the matcher.

Stated apart from `access.policy`, so that a slip there does not take the net away too; a test
holds the two to the same.
"""
ALL_SEEN = "all seen"
"""What a session notes of a transaction that began as the matcher."""
KNOWN = "known"
"""What a session notes of what was read in it, which may be read again without asking."""
INSPECTS = frozenset({Role.INSPECTOR, Role.POLICE_INSPECTOR})
"""Roles of people to whom the organisations that they inspect are shown; stated likewise."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Who asks, as the transaction is told: `organisation` blank for nobody's people."""

    name: str
    role: Role
    organisation: str
    now: datetime
    as_at: datetime | None = None


_ENTER = text("SELECT set_config('role', :role, true)")
_GIVEN = """
    FROM need WHERE need.who = :name AND need.ended_at IS NULL
        AND (need.until IS NULL OR need.until > :now)
"""
_TELL = text(
    f"""
    SELECT set_config('register.organisation', :organisation, true),
        set_config('register.side', :side, true),
        set_config('register.organisations', CASE WHEN :inspects THEN coalesce((
            SELECT array_agg(DISTINCT inspected.organisation)::text FROM inspection
            JOIN inspected ON inspected.inspection = inspection.id
            JOIN inspector ON inspector.inspection = inspection.id
            WHERE inspector.who = :name AND inspector.ended_at IS NULL
                AND inspection.closed_at IS NULL
        ), '') WHEN :organisation = '' THEN ''
            ELSE ARRAY[CAST(:organisation AS text)]::text END, true),
        set_config('register.given', '', true),
        set_config('register.as_at', :as_at, true),
        set_config('role', :role, true),
        EXISTS (SELECT {_GIVEN})
    """  # noqa: S608  # texts of ours
)
_TELL_GIVEN = text(
    f"""
    SELECT set_config('register.given', coalesce((
        SELECT array_agg(DISTINCT member.child_id)::text FROM membership AS member
        WHERE member.known_to IS NULL AND member.report_id IN (SELECT need.report {_GIVEN})
    ), ''), true), set_config('role', :role, true)
    """  # noqa: S608  # texts of ours
)


def stand_as(connection: Connection, asks: Asks) -> None:
    """Say who asks, for the transaction that has just begun and no longer.

    Whoever is of no organisation, inspects none and is not of those who see all is shown no child.
    Everything is said each time: what somebody had the connection keep is of no account. Which
    children somebody was given is looked up as the matcher: they may lie beyond reach.
    """
    if connection.dialect.name != "postgresql":
        return
    if asks.role in SEES_ALL:
        connection.execute(_ENTER, {"role": MATCHER})
        return
    said = {
        "name": asks.name,
        "organisation": asks.organisation,
        "side": asks.role.value,
        "inspects": asks.role in INSPECTS,
        "now": asks.now,
        "as_at": asks.as_at.isoformat() if asks.as_at else "",
        "role": PAST if asks.as_at else APP,
    }
    if connection.execute(_TELL, said).one()[-1]:
        connection.execute(_ENTER, {"role": MATCHER})
        connection.execute(_TELL_GIVEN, {key: said[key] for key in ("name", "now", "role")})


def see_all(session: Session) -> None:
    """See, and change, what lies outside the actor's sight, until the transaction ends.

    For what follows from all reports together (linking, folding, holding against each other), and
    for verbs that look beyond reach by what they are for: the quick check, figures, reviews.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql" and not session.info.get(ALL_SEEN):
        connection.execute(_ENTER, {"role": MATCHER})
        session.info.get(KNOWN, {}).clear()  # there may be more of it than was seen
