"""Every rule of the table: one case in which it finds something, one in which it must not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from register.mismatches.case import Case
from register.reports.statement import Statement
from tests.cases import CARE, case
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, report, roster

INTERVIEWED: dict[str, Any] = {"return_interview_at": "2026-03-04T10:00:00+00:00"}


def police(start: str, end: str = "", **said: Any) -> Statement:  # noqa: ANN401  # any value, or any of report's own
    """Make a force's report that knows whose child it is and has its own duties done."""
    done: dict[str, Any] = {
        "ukmpu_notified_at": "2026-03-04T00:00:00+00:00",
        "pnc_circulated_at": "2026-03-03T00:00:00+00:00",
        "prevention_interview_at": "2026-03-04T00:00:00+00:00",
    }
    return report(FORCE, start, end, **{**CARE, **done, **said})


def authority(start: str, end: str = "", **said: Any) -> Statement:  # noqa: ANN401  # any value, or any of report's own
    """Make the responsible authority's report, with the interview held."""
    return report(AUTHORITY, start, end, **{**CARE, **INTERVIEWED, **said})


def birth(police_says: str, authority_says: str, **said: Any) -> Case:  # noqa: ANN401  # any value, or any of report's own
    return case(
        police("03-02 22:00", "03-03 06:00", date_of_birth=police_says, **said),
        authority("03-02", "03-03", date_of_birth=authority_says),
    )


def both(police_says: dict[str, Any], authority_says: dict[str, Any]) -> Case:
    """Make a night that both sides have, with what each says besides."""
    return case(
        police("03-02 22:00", "03-03 06:00", **police_says),
        authority("03-02", "03-03", **authority_says),
    )


def gone(*, vanished: bool) -> Case:
    row = authority("03-02", "03-03", number=500)
    return case(police("03-02 22:00", "03-03 06:00"), row, vanished=[500] if vanished else [])


def placed(**said: Any) -> Case:  # noqa: ANN401  # any value, or any of report's own
    placement: dict[str, Any] = {"host_authority": HOST, "placement_started_on": "2026-02-25"}
    return case(
        police("03-02 22:00", "03-03 06:00"), authority("03-02", "03-03", **placement, **said)
    )


# What fires, what does not. Where a rule has a duty that others share, `now` sets it apart.
EXAMPLES: dict[str, tuple[Callable[[], Case], Callable[[], Case]]] = {
    "A1": (
        lambda: case(police("03-02 22:40")),
        lambda: case(police("03-02 22:40"), silent=[AUTHORITY]),
    ),
    "A2": (
        lambda: case(authority("03-02")),
        lambda: case(authority("03-02"), police("03-02 22:00")),
    ),
    "A3": (
        lambda: case(authority("03-02 10:00", category="away"), now="03-04 10:00"),
        lambda: case(authority("03-02 10:00", category="away"), now="03-02 12:00"),
    ),
    "A4": (
        lambda: case(police("03-02 22:00", "03-03 06:00")),
        lambda: case(police("03-02 22:00", "03-03 06:00"), authority("03-02", "03-03")),
    ),
    "A5": (
        lambda: case(authority("03-02", "03-03")),
        lambda: case(authority("03-02", "03-03", category="away")),
    ),
    "A6": (
        lambda: case(report(FORCE, "03-02 22:00", "03-03 06:00", care_status="none")),
        lambda: case(report(FORCE, "03-02 22:00", "03-03 06:00")),
    ),
    "A7": (
        lambda: case(report(FORCE, "03-02 22:00", unaccompanied="yes")),
        lambda: case(report(FORCE, "03-02 22:00", unaccompanied="yes"), roster(AUTHORITY)),
    ),
    "ASK": (
        lambda: case(report(FORCE, "03-02 22:00")),
        lambda: case(report(FORCE, "03-02 22:00", care_status="none")),
    ),
    "B1": (
        lambda: case(
            police("03-03 21:00", found_at="2026-03-04T02:00:00+00:00", status="closed"),
            authority("03-03"),
        ),
        lambda: case(
            police("03-03 21:00", found_at="2026-03-04T02:00:00+00:00", status="closed"),
            authority("03-03", category="away"),
        ),
    ),
    "B2": (
        lambda: case(police("03-02 22:00"), authority("03-02", "03-03")),
        lambda: case(police("03-02 22:00", "03-03 06:00"), authority("03-02", "03-03")),
    ),
    "B3": (
        lambda: case(police("03-02 22:00"), authority("03-02", category="away")),
        lambda: case(police("03-02 22:00"), authority("03-02")),
    ),
    "B4": (
        lambda: case(
            authority("03-02", date_of_birth="2008-03-05"), police("03-02 22:00"), now="03-06 12:00"
        ),
        lambda: case(
            authority("03-02", date_of_birth="2008-03-05"), police("03-02 22:00"), now="03-04 23:59"
        ),
    ),
    "B5": (
        lambda: case(
            roster(AUTHORITY, "01-01", "03-04"), authority("03-02"), police("03-02 22:00")
        ),
        lambda: case(roster(AUTHORITY, "01-01"), authority("03-02"), police("03-02 22:00")),
    ),
    "B6": (
        lambda: case(police("03-02 22:00", ukmpu_notified_at=""), now="03-05 23:00"),
        lambda: case(police("03-02 22:00"), now="03-05 23:00"),
    ),
    "B7": (
        lambda: case(police("03-02 22:00", pnc_circulated_at=""), now="03-04 23:00"),
        lambda: case(police("03-02 22:00"), now="03-04 23:00"),
    ),
    "B8": (
        lambda: case(
            police("03-02 22:00", "03-03 06:00", prevention_interview_at=""), now="03-04 07:00"
        ),
        lambda: case(police("03-02 22:00", "03-03 06:00"), now="03-04 07:00"),
    ),
    "B9": (
        lambda: both({"closed_reason": "deceased"}, {}),
        lambda: both({"closed_reason": "deceased"}, {"closed_reason": "deceased"}),
    ),
    "C1": (
        lambda: case(police("03-02 22:00"), authority("03-04")),
        lambda: case(police("03-02 23:30"), authority("03-03")),
    ),
    "C2": (
        lambda: both({"found_at": "2026-03-03"}, {"found_at": "2026-03-06"}),
        lambda: both(
            {"found_at": "2026-03-03T23:00:00+00:00"},
            {"found_at": "2026-03-04", "returned_at": "2026-03-04"},
        ),
    ),
    "C3": (
        lambda: case(authority("03-02", "03-06"), authority("03-04", "03-05")),
        lambda: case(authority("03-02", "03-03"), authority("03-03", "03-04")),
    ),
    "C5": (
        lambda: case(
            police("03-02 22:00", "03-03 01:00"),
            police("03-03 20:00", "03-03 23:00"),
            authority("03-02", "03-04"),
        ),
        lambda: case(police("03-02 22:00", "03-03 01:00"), authority("03-02", "03-03")),
    ),
    "C6": (
        lambda: both({}, {"found_at": "2026-03-01"}),
        lambda: both({"reported_at": "2026-03-05T09:00:00+00:00"}, {}),
    ),
    "D1": (
        lambda: birth("2011-04-03", "2011-03-04"),
        lambda: birth("2011-01-01", "2011-03-04", date_of_birth_precision="year"),
    ),
    "D2": (
        lambda: both({"forename": "Katharine"}, {"forename": "Maria"}),
        lambda: both({"forename": "ZOË"}, {"forename": "Zoe"}),
    ),
    "D3": (
        lambda: both({"nhs_number": "9434765919"}, {"nhs_number": "9434765870"}),
        lambda: both({"nhs_number": "9434765919"}, {}),
    ),
    "D4": (
        lambda: replace(gone(vanished=False), unsure=frozenset({(500, 900)})),
        lambda: gone(vanished=False),
    ),
    "D5": (
        lambda: case(
            police("03-02 22:00", "03-03 06:00"),
            police("03-02 22:30", "03-03 06:00"),
            authority("03-02", "03-03"),
        ),
        lambda: case(
            police("03-02 22:00", "03-03 06:00"),
            police("03-03 22:30", "03-04 06:00"),
            authority("03-02", "03-03"),
            authority("03-03", "03-04"),
        ),
    ),
    "D6": (
        lambda: both({"sex": "male"}, {"sex": "female"}),
        lambda: both({"sex": "unknown"}, {"sex": "female"}),
    ),
    "D7": (
        lambda: both({}, {"date_of_birth": "2010-01-01", "date_of_birth_precision": "disputed"}),
        lambda: both({}, {"date_of_birth": "2010-01-01", "date_of_birth_precision": "estimated"}),
    ),
    "E1": (
        lambda: both({"responsible_authority": HOST}, {}),
        lambda: both({"responsible_authority": ""}, {}),
    ),
    "E2": (
        placed,
        lambda: placed(placement_notified_at="2026-02-26"),
    ),
    "E4": (
        lambda: case(
            police("03-02 22:00"),
            report(OTHER_FORCE, "03-03 02:00", **CARE),
            authority("03-02"),
        ),
        lambda: case(
            police("03-02 22:00"),
            report(OTHER_FORCE, "03-03 02:00", "03-03 04:00", **CARE),
            authority("03-02"),
        ),
    ),
    "F3": (
        lambda: case(
            police("03-02 22:00", "03-03 06:00"),
            authority("03-02 22:00", "03-03 06:00", return_interview_at=""),
            now="03-06 07:00",
        ),
        lambda: case(
            police("03-02 22:00", "03-03 06:00"),
            authority(
                "03-02 22:00",
                "03-03 06:00",
                return_interview_at="",
                return_interview_outcome="declined",
                return_interview_reason="Would rather talk to her aunt",
            ),
            now="03-06 07:00",
        ),
    ),
    "G5": (lambda: gone(vanished=True), lambda: gone(vanished=False)),
}
