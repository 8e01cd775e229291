"""Files in the register's own layouts: reports, and rosters of looked-after children."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from register.simulation.days import LAST_DAY, end_of
from register.simulation.recorded import Recorded
from register.simulation.statements import Statement, Value
from register.simulation.world import Care

REPORT_COLUMNS = """organisation reference updated_at child_reference forename middle_names surname
    known_as date_of_birth date_of_birth_precision sex ethnicity nhs_number upn
    home_office_reference unaccompanied home_postcode care_status legal_status
    responsible_authority host_authority police_force placement_type placement_urn
    placement_postcode placement_started_on category status missing_at reported_at found_at
    returned_at closed_at closed_reason missing_from last_seen_place last_seen_postcode found_how
    risk_level risk_flags next_review_at pnc_circulated_at ukmpu_notified_at
    prevention_interview_at return_interview_offered_at return_interview_outcome
    return_interview_reason return_interview_at placement_notified_at host_informed_at height_cm
    build hair eyes marks clothing""".split()
ROSTER_COLUMNS = """organisation updated_at child_reference forename surname date_of_birth sex
    nhs_number upn legal_status looked_after_from looked_after_to""".split()
# Drawn on the morning after the month, later than a return that names the same periods of care.
ROSTER_DRAWN_AT = end_of(LAST_DAY) + timedelta(hours=6, minutes=30)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the month: whose it is, in which layout, and what it is complete to.

    `layout` is as on the command line; `extract_from` and `extract_to` are days, both included.
    """

    path: Path
    organisation: str
    layout: str
    extract_from: date
    extract_to: date


def save(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]], encoding: str = "utf-8"
) -> None:
    """Write rows under these columns, lines ended as on Unix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def iso(value: Value, zone: tzinfo) -> str:
    """Write a value as the contract has it; times with the offset of this zone."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def versions(statement: Statement) -> list[dict[str, Value]]:
    """Return all versions of a report, the oldest first."""
    names = {"organisation": statement.organisation, "reference": statement.reference}
    return [{**version, **names} for version in (*statement.earlier, statement.values)]


def write_reports(path: Path, statements: Iterable[Statement], zone: tzinfo, encoding: str) -> None:
    """Write reports in the layout `register`, with the offsets of this zone."""
    rows = (
        {name: iso(value, zone) for name, value in version.items()}
        for statement in statements
        for version in versions(statement)
    )
    save(path, REPORT_COLUMNS, rows, encoding)


def write_roster(path: Path, children: Iterable[tuple[Recorded, Care]]) -> None:
    """Write an authority's list of its looked-after children, layout `roster`."""
    save(path, ROSTER_COLUMNS, (_roster_row(on_file, care) for on_file, care in children))


def _roster_row(on_file: Recorded, care: Care) -> dict[str, str]:
    identity = {name: str(value) for name, value in on_file.fields().items()}
    return {name: value for name, value in identity.items() if name in ROSTER_COLUMNS} | {
        "organisation": care.responsible.code,
        "updated_at": iso(ROSTER_DRAWN_AT, UTC),
        "child_reference": care.child_reference,
        "legal_status": care.legal_status,
        "looked_after_from": care.looked_after_from.isoformat(),
        "looked_after_to": care.looked_after_to.isoformat() if care.looked_after_to else "",
    }
