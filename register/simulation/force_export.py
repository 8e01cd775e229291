"""A force's own export: its headings, its codes, its wall-clock times.

The clock on the wall shows the hour after summer time's end twice: the first pass is marked `A`,
the second `B`. `config/sources/force-export.toml` says the same to the register.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from register.simulation.days import in_repeated_hour
from register.simulation.files import save, versions
from register.simulation.statements import Statement, Value
from register.terms import LONDON

COLUMNS: dict[str, str] = {
    "Force": "organisation", "Misper Ref": "reference", "Person ID": "child_reference",
    "Last Amended": "updated_at", "Forename(s)": "forename", "Surname": "surname",
    "Alias": "known_as", "DOB": "date_of_birth", "Gender": "sex", "NHS No": "nhs_number",
    "Home Postcode": "home_postcode", "In Care": "care_status",
    "Home LA": "responsible_authority", "Type": "category", "Case State": "status",
    "Last Seen": "missing_at", "Reported": "reported_at", "Found": "found_at",
    "Returned": "returned_at", "Closed": "closed_at", "Closure Reason": "closed_reason",
    "Found How": "found_how", "Grading": "risk_level", "Risk Factors": "risk_flags",
    "Next Review": "next_review_at", "PNC Circulated": "pnc_circulated_at",
    "UKMPU Told": "ukmpu_notified_at",
}  # fmt: skip
CODES: dict[str, dict[str, str]] = {
    "sex": {"male": "M", "female": "F", "": "U"},
    "care_status": {"looked_after": "Y", "none": "N", "child_in_need": "N",
                    "child_protection_plan": "N"},
    "category": {"missing": "MISSING", "away": "AWAY"},
    "status": {"open": "LIVE", "located": "LOCATED", "closed": "FILED", "withdrawn": "CANCELLED"},
    "risk_level": {"high": "HIGH", "medium": "MEDIUM", "low": "LOW", "no_apparent_risk": "NAR"},
}  # fmt: skip


def write_force_export(path: Path, statements: Iterable[Statement]) -> None:
    """Write reports in the layout `force-export`."""
    rows = (_row(version) for statement in statements for version in versions(statement))
    save(path, list(COLUMNS), rows)


def _row(version: dict[str, Value]) -> dict[str, str]:
    row = {heading: _cell(name, version.get(name, "")) for heading, name in COLUMNS.items()}
    row["Forename(s)"] = f"{row['Forename(s)']} {version['middle_names']}".strip()
    return row


def _cell(name: str, value: Value) -> str:
    if isinstance(value, datetime):
        return wall_clock(value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return CODES[name].get(str(value), "") if name in CODES else str(value)


def wall_clock(moment: datetime) -> str:
    """Write a time as the clock in the control room shows it, `25/10/2026 01:30B`."""
    shown = moment.astimezone(LONDON)
    mark = ("A", "B")[shown.fold] if in_repeated_hour(moment) else ""
    return f"{shown:%d/%m/%Y %H:%M}{mark}"
