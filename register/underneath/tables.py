"""What PostgreSQL lets each role do to each table, and which rows a person's work is shown.

The conditions say again, beneath the queries, what `records/sight.py` says inside them: a child is
seen by the organisations that `reach` names for it. They are the net, not the wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


def _said(name: str, kind: str) -> str:
    """Give what was said of who asks, NULL where nothing was: with that nothing is equal.

    As a question of its own it is read once and not again for each row, of which lists have many.
    """
    return f"(SELECT nullif(current_setting('register.{name}', true), '')::{kind})::{kind}"


ORGANISATION = _said("organisation", "text")
"""Whose people ask."""
_SIDE = _said("side", "text")
"""The role of the person, as `terms.Role` calls it."""
_THEIRS = f"({_said('organisations', 'text[]')})"
"""The organisations whose children they see: their own, or those that they inspect."""
_GIVEN = f"({_said('given', 'int[]')})"
"""The children that were given to this one person, within reach or not."""
_AS_AT = _said("as_at", "timestamptz")


def _reached(child: str) -> str:
    """Tell that a child, by its number of today, is within reach or was given to who asks."""
    return f"""({child} = ANY {_GIVEN} OR EXISTS (
        SELECT FROM reach WHERE reach.child = {child}
            AND reach.organisation = ANY {_THEIRS} AND reach.known_to IS NULL
    ))"""  # names of our own columns


def _of_child_seen(column: str) -> str:
    """Tell that a child's number, or a report's, is of a child within reach.

    The number of a child is that of one of its reports, so both are looked up alike; children that
    were joined or parted since are those whom the reports make today.
    """
    return f"""EXISTS (
        SELECT FROM membership AS member
        WHERE member.report_id = {column} AND member.known_to IS NULL
            AND {_reached("member.child_id")}
    )"""  # names of our own columns


def _of_child_standing(column: str) -> str:
    """Tell the same of a child's number, at once where it is still that: in lists it mostly is."""
    return f"{_reached(column)} OR {_of_child_seen(column)}"


_SEEN_THEN = f"""EXISTS (
    SELECT FROM membership AS member
    WHERE member.report_id = report.id AND member.known_from <= {_AS_AT}
        AND coalesce(member.known_to, 'infinity') > {_AS_AT}
        AND (member.child_id = ANY {_GIVEN} OR EXISTS (
            SELECT FROM reach WHERE reach.child = member.child_id
                AND reach.organisation = ANY {_THEIRS} AND reach.known_from <= {_AS_AT}
                AND coalesce(reach.known_to, 'infinity') > {_AS_AT}
        ))
)"""  # noqa: S608  # a text of ours
"""As at an earlier time a child's page shows the reports that were that child's then."""


def _with(table: str, condition: str) -> str:
    """Tell that a row of another table, which has a condition of its own, is shown."""
    return f"EXISTS (SELECT FROM {table} WHERE {condition})"  # a text of ours


@dataclass(frozen=True, slots=True)
class Guard:
    """One table: what app and matcher may do to it, and which rows are shown to the app.

    Privileges are words of SQL. `shown` is a condition on a row, None where the table tells
    nothing of any child: then it has no row-level security. Where `then` holds it is shown too to
    who looks at the past.
    """

    app: str
    matcher: str
    shown: str | None = None
    then: str = ""


_READ = "SELECT"
_ADD = "SELECT, INSERT"
_FOLD = "SELECT, INSERT, UPDATE (known_to)"
_CHANGED = "SELECT, INSERT, UPDATE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
NO_ROW = "false"

GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        # Facts: added by the matcher, never changed, never taken away.
        # Of who sent what, all but the file's name, which may be a child's.
        "submission": Guard("SELECT (id, source, digest, actor, received_at)", _ADD),
        "report": Guard(
            _READ,
            "SELECT, INSERT, UPDATE (current_version_id)",
            _of_child_seen("report.id"),
            _SEEN_THEN,
        ),
        "report_version": Guard(
            _READ,
            _ADD,
            _of_child_seen("report_version.report_id"),
            _with("report", "report.id = report_version.report_id"),
        ),
        "extract": Guard(_READ, _ADD, f"organisation = ANY {_THEIRS}"),
        "extract_report": Guard(_READ, _ADD, _of_child_seen("extract_report.report_id")),
        # Decisions: likewise.
        "judgement": Guard(
            _READ,
            _ADD,
            f"{_of_child_seen('judgement.report_a')} AND {_of_child_seen('judgement.report_b')}",
            f"{_with('report', 'report.id = judgement.report_a')} "
            f"AND {_with('report', 'report.id = judgement.report_b')}",
        ),
        "enactment": Guard(_READ, _ADD),
        "settlement": Guard(
            _READ,
            _ADD,
            f"organisation = ANY {_THEIRS} "
            f"OR {_with('mismatch', 'mismatch.matter = settlement.matter')}",
        ),
        "handover": Guard(_READ, _ADD, _of_child_seen("handover.report_id")),
        # What follows from them: ended, never taken away; keys of linking are the matcher's own.
        "membership": Guard(
            _READ,
            _FOLD,
            f"membership.child_id = ANY {_GIVEN} "
            f"OR {_with('reach', 'reach.child = membership.child_id')}",
        ),
        "reach": Guard(_READ, _FOLD, f"organisation = ANY {_THEIRS}"),
        "child": Guard(_READ, _FOLD, _of_child_standing("child.number")),
        "episode": Guard(_READ, _FOLD, _of_child_standing("episode.child")),
        "mismatch": Guard(
            _READ,
            "SELECT, INSERT, UPDATE (known_to, ended, closed_because)",
            _of_child_standing("mismatch.child"),
        ),
        "outlook": Guard(_READ, _FOLD, _of_child_standing("outlook.child")),
        "review": Guard(
            _READ,
            f"{_FOLD}, UPDATE (child_a, child_b)",
            f"{_of_child_seen('review.report_a')} OR {_of_child_seen('review.report_b')}",
        ),
        "subject": Guard("", _ALL, NO_ROW),
        "blocking_key": Guard("", _ALL, NO_ROW),
        "crowded_key": Guard("", "SELECT, INSERT, DELETE"),
        # Senders' feeds: when something came, and what was amiss.
        "feed": Guard(_READ, _CHANGED, f"organisation = ANY {_THEIRS}"),
        "feed_fault": Guard(_READ, _FOLD, f"organisation = ANY {_THEIRS}"),
        # Upkeep and people, who are no children.
        "clock": Guard(_READ, "SELECT, INSERT, UPDATE"),
        "app_user": Guard("SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
        "login_session": Guard("SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
        "factor": Guard(_ALL, _ALL),
        "recovery": Guard(_CHANGED, _CHANGED),
        "key_first": Guard(_ALL, _ALL),
        "half_sign_in": Guard(_ALL, _ALL),
        "known_device": Guard(_ALL, _ALL),
        "sign_in_attempt": Guard(_ALL, _ALL),
        # Systems: what they are, and what they asked. Changes name children by number alone.
        "client": Guard(_READ, "SELECT, INSERT, UPDATE"),
        "client_secret": Guard(_READ, "SELECT, INSERT, UPDATE"),
        "client_token": Guard("SELECT, INSERT", "SELECT, INSERT, UPDATE"),
        "kept_answer": Guard("", _ADD, NO_ROW),
        "change": Guard(
            _READ,
            _ADD,
            _with("reach", f"reach.child = change.child AND reach.organisation = {ORGANISATION}")
            + f" OR sender = {ORGANISATION}",
        ),
        "subscription": Guard("", "SELECT, INSERT, UPDATE"),
        "delivery": Guard("", _ALL, NO_ROW),
        # The log: only its end moves.
        "audit_event": Guard(_ADD, _ADD),
        "audit_node": Guard(_ADD, _ADD),
        "audit_subject_key": Guard("SELECT, INSERT, DELETE", "SELECT, INSERT, DELETE"),
        "audit_head": Guard("SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
        "audit_checkpoint": Guard(_ADD, _ADD),
        # Whose needs, seals, inspections there are decides what is seen: they are seen themselves.
        "need": Guard(_CHANGED, _CHANGED),
        "seal": Guard(_READ, _ADD),
        "seal_reader": Guard(_READ, _ADD),
        "sealed_report": Guard(_READ, _ADD),
        "seal_change": Guard(_READ, _ADD),
        "inspection": Guard(_CHANGED, _CHANGED),
        "inspected": Guard(_ADD, _ADD),
        "inspector": Guard(
            "SELECT, INSERT, UPDATE (ended_at)", "SELECT, INSERT, UPDATE (ended_at)"
        ),
        "sample": Guard(_ADD, _ADD, f"{_SIDE} IN ('inspector', 'police_inspector')"),
        "question": Guard(_ADD, _ADD, f"organisation = {ORGANISATION} OR actor_role = {_SIDE}"),
        "reply": Guard(_ADD, _ADD, _with("question", "question.id = reply.question_id")),
        # Who saw whom, and what somebody must look at: references alone.
        "opening": Guard(_ADD, _ADD),
        "notice": Guard(_CHANGED, _CHANGED),
        "showing": Guard(_ADD, _ADD),
        "data_key": Guard(_READ, _CHANGED),
        # What is typed and not yet sent.
        "draft": Guard(_ALL, _ALL),
        # What somebody looked for and did not find.
        "search": Guard(_ALL, _ALL),
        # How far the schema is.
        "alembic_version": Guard(_READ, _READ),
    }
)
"""Every table of the register. One that is missing here stops `register database upgrade`."""
