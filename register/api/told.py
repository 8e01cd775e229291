"""What the register knows, as plain values for the wire."""

from datetime import UTC, datetime

from register.inspection.made_of import Made
from register.inspection.mismatches import Held, MismatchRow
from register.records.numbers import episode_number

Told = dict[str, object]


def told_report(made: Made, received: str, *, stands: bool, marks: dict[str, str]) -> Told:
    """Tell what became of a report; `marks` are the sentences on what was sent."""
    return {
        "organisation": made.statement.organisation,
        "reference": made.statement.reference,
        "received": received,
        "stands": stands,
        "child": made.child,
        "episode": made.episode or None,
        "decision": made.decision,
        "reviews": list(made.reviews),
        "mismatches": [told_mismatch(each) for each in made.mismatches],
        "warnings": [{"pointer": f"/{name}", "detail": why} for name, why in marks.items()],
    }


def told_held(made: Made) -> Told:
    """Tell a report as it stands, values that cannot be used as they were sent."""
    statement = made.statement
    held = told_report(made, "held", stands=True, marks=statement.marks)
    return held | {
        "report": {**statement.doubtful, **statement.values},
        "updated_at": time(statement.updated_at),
    }


def told_mismatch(row: MismatchRow) -> Told:
    """Tell one mismatch."""
    return {
        "number": row.mismatch,
        "child": row.number,
        "episode": None if row.episode is None else episode_number(row.episode),
        "rule": row.rule.code,
        "title": row.rule.title,
        "field": row.field.name if row.field else None,
        "severity": row.severity.value,
        "state": row.state.value,
        "owner": row.owner,
        "counterpart": row.counterpart,
        "sector": row.sector.value,
        "police": [_held(each) for each in row.police],
        "authority": [_held(each) for each in row.authority],
        "opened_at": time(row.opened_at),
        "due_at": time(row.due_at),
        "closed_at": time(row.closed_at),
        "seen": row.id,
    }


def time(at: datetime | None) -> str | None:
    """Write a time in UTC with its offset."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _held(held: Held) -> Told:
    return {
        "organisation": held.organisation,
        "value": held.value,
        "protected": held.is_hidden,
    }
