"""Whose child it is on a day: looked after or not or nobody says, and by which authority."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from register.reports.organisations import authorities_of, current_code
from register.reports.statement import Statement
from register.terms import LONDON, SHORT_BREAK_CODES, CareStatus, Kind, Sector


class CareState(StrEnum):
    """Whether a child is looked after; not to know it is a state of its own (domain 7.1, 2)."""

    LOOKED_AFTER = "looked_after"
    NOT_LOOKED_AFTER = "not_looked_after"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Care:
    """A child's care on one day. Authorities are today's codes, blank where nobody names one.

    `home` is the authority where the child lives: the one to ask when nobody knows. `left_on` is
    the day on which the authority's own list says that care ended: the care of that day, or else
    the last before it; None while it goes on, or where the list does not say.
    """

    state: CareState
    responsible: str = ""
    host: str = ""
    home: str = ""
    left_on: date | None = None


def care_of(statements: Iterable[Statement], at: datetime) -> Care:
    """Tell whose child it was on the local day of `at`, known from any source (domain 7.1, 2).

    An authority's word goes before that of police; where those of one side contradict each
    other, looked after is the safer answer. Short breaks (V3, V4) are no care of this kind.
    """
    day = at.astimezone(LONDON).date()
    told = [each for each in statements if not each.withdrawn]
    periods = [each for each in told if each.kind is Kind.ROSTER and _is_care(each)]
    reports = sorted(
        (each for each in told if each.kind is Kind.MISSING), key=lambda each: _distance(each, day)
    )
    covering = [row for row in periods if _covers(row, day)]
    authority = [each for each in reports if each.sector is Sector.AUTHORITY]
    police = [each for each in reports if each.sector is not Sector.AUTHORITY]
    state = (
        _weigh([*_list_words(periods, day), *_words(authority)])
        or _weigh(_words(police))
        or CareState.UNKNOWN
    )
    own_word = _claimed(covering, authority)
    named = _first(police, "responsible_authority")
    host = _first(authority, "host_authority") or _first(police, "host_authority")
    reporting = authority[0].organisation if authority else ""
    home = host or own_word or reporting or named or _only_authority(police)
    return Care(
        state,
        current_code(own_word or named),
        current_code(host),
        current_code(home),
        _left_on(periods, day),
    )


def _is_care(row: Statement) -> bool:
    return row.text("legal_status") not in SHORT_BREAK_CODES


def _covers(row: Statement, day: date) -> bool:
    first, last = row.day("looked_after_from"), row.day("looked_after_to")
    return (first is None or first <= day) and (last is None or day <= last)


def _distance(report: Statement, day: date) -> tuple[bool, timedelta, float, str, str]:
    """Order reports: what began last before the day, back to the first; then what came after."""
    start = report.moment("missing_at")
    away = day - start.day if start else timedelta.max
    newest = -report.updated_at.timestamp()
    return (away < timedelta(0), abs(away), newest, report.organisation, report.reference)


def _list_words(periods: Sequence[Statement], day: date) -> Iterator[CareState]:
    """Read an authority's list. A period that has ended speaks of a day before it was written."""
    on_it = {row.organisation for row in periods if _covers(row, day)}
    for row in periods:
        last, written = row.day("looked_after_to"), row.updated_at.astimezone(LONDON).date()
        if row.organisation in on_it:
            yield CareState.LOOKED_AFTER
        elif last is not None and last < day <= written:
            yield CareState.NOT_LOOKED_AFTER


def _words(reports: Sequence[Statement]) -> list[CareState]:
    """Give each organisation's word, from the report nearest to the day that has one."""
    words: dict[str, CareState] = {}
    for report in reports:
        word = _word(report)
        if word is not None:
            words.setdefault(report.organisation, word)
    return list(words.values())


def _word(report: Statement) -> CareState | None:
    status = report.text("care_status")
    if status in {"", CareStatus.UNKNOWN}:
        legal = report.sector is Sector.AUTHORITY and report.text("legal_status")
        return CareState.LOOKED_AFTER if legal and _is_care(report) else None
    if status == CareStatus.LOOKED_AFTER:
        return CareState.LOOKED_AFTER
    return CareState.NOT_LOOKED_AFTER


def _weigh(words: list[CareState]) -> CareState | None:
    if CareState.LOOKED_AFTER in words:
        return CareState.LOOKED_AFTER
    return words[0] if words else None


def _claimed(covering: Sequence[Statement], reports: Sequence[Statement]) -> str:
    """Find the responsible authority in what authorities say.

    First the one on whose list the child is, then one that says so of itself, then one that
    another names, then one that reports the child as looked after and names nobody else.
    """
    if covering:
        newest = max(covering, key=lambda row: (row.text("looked_after_from"), row.organisation))
        return newest.organisation
    named = [(report, report.text("responsible_authority")) for report in reports]
    for report, code in named:
        if code and current_code(code) == current_code(report.organisation):
            return code
    for _, code in named:
        if code:
            return code
    for report in reports:
        is_host = current_code(report.text("host_authority")) == current_code(report.organisation)
        if _word(report) is CareState.LOOKED_AFTER and not is_host:
            return report.organisation
    return ""


def _first(reports: Sequence[Statement], field: str) -> str:
    return next((report.text(field) for report in reports if report.text(field)), "")


def _only_authority(police: Sequence[Statement]) -> str:
    """Give the authority of the reporting force's area, if there is only one."""
    for report in police:
        policed = authorities_of(report.organisation)
        if len(policed) == 1:
            return policed[0]
    return ""


def _left_on(periods: Sequence[Statement], day: date) -> date | None:
    """Follow the care of that day, or the last before it, through rows that adjoin, to its end."""
    last: date | None = None
    for row in sorted(periods, key=lambda row: row.text("looked_after_from")):
        first, end = row.day("looked_after_from"), row.day("looked_after_to")
        begun = first is None or first <= day
        goes_on = last is not None and first is not None and first <= last + timedelta(days=1)
        if not begun and not goes_on:
            continue
        if end is None:
            return None
        last = end if last is None else max(last, end)
    return last
