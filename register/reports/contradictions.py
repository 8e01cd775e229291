"""What cannot all be true of one report: found before missing, born after it, still to come.

A contradiction is marked and its value kept; only a value that no report could hold (a date of
birth in the future, a change dated after its arrival) is set aside as doubtful.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from register.reports.organisations import authority_dfe_codes
from register.reports.statement import Value
from register.reports.values import Moment, age_on, read_moment
from register.terms import LONDON

SKEW = timedelta(minutes=5)
"""By how much two clocks may differ before a time counts as still to come (safety, 2)."""
FUTURE = timedelta(hours=24)
"""A change dated further ahead than this cannot order versions (safety, 2)."""
OLDEST = 25
"""Nobody who is reported missing as a child was born longer ago than this, in years."""

ORDER: tuple[tuple[str, str, str], ...] = (
    ("missing_at", "reported_at", "is before the child was last seen"),
    ("missing_at", "found_at", "is before the child was last seen"),
    ("missing_at", "returned_at", "is before the child was last seen"),
    ("missing_at", "closed_at", "is before the child was last seen"),
    ("found_at", "returned_at", "is before the child was found"),
    ("reported_at", "closed_at", "is before the case was reported"),
    ("found_at", "return_interview_at", "is before the child was found"),
    ("returned_at", "return_interview_at", "is before the child was back"),
    ("looked_after_from", "looked_after_to", "is before it began"),
)
"""The earlier of two times, the later, and what is said of the later when it is not."""
PAST = (
    "missing_at",
    "reported_at",
    "found_at",
    "returned_at",
    "closed_at",
    "pnc_circulated_at",
    "ukmpu_notified_at",
    "prevention_interview_at",
    "return_interview_offered_at",
    "return_interview_at",
    "host_informed_at",
    "looked_after_from",
)
"""Times of things that have happened: they cannot lie after the source last changed its report."""


def find_contradictions(content: Mapping[str, Value], now: datetime | None) -> dict[str, str]:
    """Give a sentence for each field that another one, the calendar or a list contradicts."""
    times = _times(content)
    marks: dict[str, str] = {}
    for earlier, later, why in ORDER:
        both = earlier in times and later in times and later not in marks
        if both and times[later].is_before(times[earlier]):
            marks[later] = why
    if "upn" in content and str(content["upn"])[1:4] not in authority_dfe_codes():
        marks["upn"] = "names an authority that the register does not know; look for a slip"
    known_at = times["updated_at"].latest if "updated_at" in times else now
    if known_at is not None:
        for name in PAST:
            if name in times and times[name].earliest > known_at + SKEW:
                why = "is after the source last changed its report"
                marks.setdefault(name, why if "updated_at" in times else "is in the future")
    return marks


def find_impossible_values(content: Mapping[str, Value], now: datetime | None) -> dict[str, str]:
    """Give a sentence for each value that is set aside: it is readable, and cannot be so."""
    impossible: dict[str, str] = {}
    updated = content.get("updated_at")
    if now is not None and updated and read_moment(str(updated)).earliest > now + FUTURE:
        impossible["updated_at"] = "is in the future; the time of arrival stands in its place"
    born = content.get("date_of_birth")
    if born:
        why = _birth(date.fromisoformat(str(born)), content, now)
        if why:
            impossible["date_of_birth"] = why
    return impossible


def _birth(born: date, content: Mapping[str, Value], now: datetime | None) -> str:
    """Judge a date of birth against the day of going missing, or of coming into care."""
    for name in ("missing_at", "looked_after_from"):
        if content.get(name):
            day = read_moment(str(content[name])).day
            break
    else:
        if now is None:
            return ""
        day = now.astimezone(LONDON).date()
    if born > day or (now is not None and born > now.astimezone(LONDON).date()):
        return "is after the day it is about, or still to come"
    too_old = age_on(born, day) >= OLDEST
    return f"is more than {OLDEST} years before the day it is about" if too_old else ""


def _times(content: Mapping[str, Value]) -> dict[str, Moment]:
    return {name: read_moment(str(content[name])) for name in _TIMED if name in content}


_TIMED = frozenset(PAST) | {name for pair in ORDER for name in pair[:2]} | {"updated_at"}
