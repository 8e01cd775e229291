"""Reports as the floors above read them, written in one line each. The year is 2026."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from register.reports.statement import Statement, Value
from register.reports.values import read_moment
from register.terms import Kind, Sector

FORCE, OTHER_FORCE = "E23000010", "E23000013"
AUTHORITY, HOST = "E08000035", "E08000032"

_numbers = count(1)


def moment(text: str) -> str:
    """Write "03-02 22:00" as a time in UTC, "03-02" as a day."""
    day, _, time = text.partition(" ")
    return f"2026-{day}T{time}:00+00:00" if time else f"2026-{day}"


def report(
    organisation: str,
    start: str,
    end: str = "",
    *,
    name: str = "",
    updated: str = "03-09 12:00",
    number: int = 0,
    **said: Value,
) -> Statement:
    """Make one report: closed if it has an end (when the child was back), else open.

    `said` overrides anything; `name` is the organisation's reference.
    """
    number = number or next(_numbers)
    values: dict[str, Value] = {
        "organisation": organisation,
        "reference": name or f"R{number}",
        "category": "missing",
        "status": "closed" if end else "open",
        "missing_at": moment(start),
        **({"returned_at": moment(end)} if end else {}),
        **said,
    }
    return _statement(number, Kind.MISSING, values, updated)


def saying(statement: Statement, said: Mapping[str, Value]) -> Statement:
    """Make a report say something more, or something else."""
    return replace(statement, values={**statement.values, **said})


def roster(
    organisation: str,
    start: str = "",
    end: str = "",
    *,
    updated: str = "03-09 12:00",
    **said: Value,
) -> Statement:
    """Make one row of an authority's list of the children it looks after."""
    number = next(_numbers)
    values: dict[str, Value] = {
        "organisation": organisation,
        "reference": f"R{number}",
        "legal_status": "C2",
        **({"looked_after_from": moment(start)} if start else {}),
        **({"looked_after_to": moment(end)} if end else {}),
        **said,
    }
    return _statement(number, Kind.ROSTER, values, updated)


def _statement(number: int, kind: Kind, values: dict[str, Value], updated: str) -> Statement:
    organisation = str(values["organisation"])
    updated_at = read_moment(moment(updated)).earliest
    return Statement(
        report_id=number,
        organisation=organisation,
        sector=Sector.POLICE if organisation.startswith("E23") else Sector.AUTHORITY,
        reference=str(values["reference"]),
        kind=kind,
        updated_at=updated_at,
        received_at=datetime(2026, 3, 9, 12, tzinfo=UTC),
        values=values,
        doubtful={},
        marks={},
    )
