"""How a finding becomes a row: what makes it the same mismatch, what it holds, when it is due."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from register.mismatches.case import Case, Finding
from register.mismatches.clocks import Holidays, deadline
from register.reports.statement import Statement
from register.terms import MismatchState

Row = dict[str, Any]
STATED = (
    "rule",
    "field",
    "owner",
    "severity",
    "counterpart",
    "police_report_id",
    "authority_report_id",
    "other_report_id",
    "fingerprint",
    "clock",
    "due_at",
    "duty_from",
    "duty_due_at",
    "matter",
    "state",
)
"""What a standing mismatch says; the first three stand in its subject too, and change with it."""


def subject_of(finding: Finding) -> str:
    """Name what is disagreed on, by codes and numbers alone; within a child no two are the same."""
    episode = "" if finding.episode is None else str(finding.episode)
    return f"{finding.rule}|{finding.field}|{episode}|{finding.owner}|{finding.about}"


def row_of(
    case: Case,
    finding: Finding,
    statements: Mapping[int, Statement],
    now: datetime,
    holidays: Holidays,
) -> Row:
    """Give the row of a mismatch that is found now, of which its owner is told now."""
    started_at = due_at = None
    if finding.clock is not None:
        found = deadline(finding.clock, now, finding.asked_from, holidays)
        started_at, due_at = found.started_at, found.due_at
    return {
        "child": case.child,
        "episode": finding.episode,
        "rule": finding.rule,
        "field": finding.field,
        "severity": finding.severity.value,
        "owner": finding.owner,
        "counterpart": finding.counterpart,
        "police_report_id": finding.police_report,
        "authority_report_id": finding.authority_report,
        "other_report_id": finding.other_report,
        "subject": subject_of(finding),
        "matter": matter_of(case.child, finding),
        "fingerprint": fingerprint_of(finding, statements),
        "clock": str(finding.clock or ""),
        "opened_at": finding.fires_at or now,
        "response_from": started_at,
        "due_at": due_at,
        "duty_from": finding.duty_from,
        "duty_due_at": finding.duty_due_at,
        "state": MismatchState.DETECTED.value,
        "ended": "",
        "closed_because": "",
        "known_from": now,
        "known_to": None,
    }


def matter_of(child: int, finding: Finding) -> int:
    """Name what is disagreed on by the reports that do, as a number of 63 bits.

    Where no report does (an interview that nobody recorded) it is the going missing, or the child.
    """
    reports: tuple[int | None, ...]
    reports = (finding.police_report, finding.authority_report, finding.other_report)
    if not any(reports):
        reports = (finding.episode or child,)
    named = repr((finding.rule, finding.field, finding.about, reports))
    return int.from_bytes(blake2b(named.encode(), digest_size=8).digest()) >> 1


def fingerprint_of(finding: Finding, statements: Mapping[int, Statement]) -> str:
    """Digest what is held against each other: the reports, and what they say of the field."""
    held = [
        (report, statements[report].text(finding.field) if finding.field else "")
        for report in (finding.police_report, finding.authority_report, finding.other_report)
        if report is not None
    ]
    return blake2b(repr((held, finding.detail)).encode(), digest_size=12).hexdigest()
