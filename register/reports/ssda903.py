"""Reads an authority's statutory return (SSDA903) as it already keeps it.

`missing.csv` gives the goings missing, by day; `header.csv` and `episodes.csv` beside it say who
the child is and where it was placed, and make roster rows, one for each period of care.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from register.errors import Invalid, Refused
from register.reports.checking import Checked
from register.reports.organisations import find_organisation
from register.reports.schema import read_report
from register.reports.source import Read, Reject, is_handed_back, problems_of
from register.reports.ssda903_report import (
    CARRIES,
    MISSING_HEADINGS,
    ROSTER_HEADINGS,
    Sent,
    missing_report,
    roster_report,
)
from register.reports.ssda903_return import Return, read_day_or_none
from register.reports.ssda903_rules import find_broken, find_reason_to_reject, read_going_missing
from register.reports.ssda903_tables import Line, Table, open_tables
from register.terms import Kind, Sector

NAME = "ssda903"
_BLANK_CHILD = "is blank; a row must say whom it is about"


class ReturnReader:
    """Gives the rows of `missing.csv`, then those of the roster, then what else is amiss."""

    layout = NAME
    carries = CARRIES

    def __init__(self, whole: Return, organisation: str, now: datetime | None) -> None:
        self.organisations = {organisation}
        self.remarks: list[str] = []
        self.rows = sum(
            table.checked.rows for name, table in whole.tables.items() if name != "previous"
        )
        self.sha256 = whole.sha256
        self.mended = any(is_handed_back(t.checked.headings) for t in whole.tables.values())
        self._return, self._organisation, self._now = whole, organisation, now

    def __iter__(self) -> Iterator[Read | Reject]:
        """Give every row in order, read or rejected; the rules broken are told in the remarks."""
        broken: Counter[str] = Counter()
        tables = self._return.tables
        yield from self._read_missing(tables["missing"], broken)
        if "episodes" in tables:
            yield from self._read_episodes(tables["episodes"])
        if "header" in tables:
            yield from self._read_header(tables["header"])
        self.remarks = [*self._remarks(), *_told(broken)]

    def _read_missing(self, table: Table, broken: Counter[str]) -> Iterator[Read | Reject]:
        for line in table.lines():
            reason = find_reason_to_reject(line)
            if line.fault:
                yield table.reject_faulty(line)
            elif reason:
                yield table.reject(line, *reason)
            else:
                row = read_going_missing(line)
                rules = find_broken(row, self._return.background(row))
                broken.update(rule.number for rule in rules)
                sent = missing_report(
                    row,
                    self._return.references[line.number],
                    self._return.children.get(row.child),
                    self._return.care.get(row.child, ()),
                    rules,
                )
                sent.raw["responsible_authority"] = self._organisation
                yield self._judge(table, line, sent, Kind.MISSING)

    def _read_episodes(self, table: Table) -> Iterator[Read | Reject]:
        firsts = {
            period.episodes[0].line: period
            for periods in self._return.care.values()
            for period in periods
        }
        for line in table.lines():
            child = line.text("CHILD")
            if line.fault:
                yield table.reject_faulty(line)
            elif not child:
                yield table.reject(line, "CHILD", _BLANK_CHILD)
            elif read_day_or_none(line.text("DECOM")) is None:
                yield table.reject(line, "DECOM", "is not a day written DD/MM/YYYY")
            elif line.number in firsts:
                person = self._return.children.get(child)
                sent = roster_report(child, firsts[line.number], person)
                yield self._judge(table, line, sent, Kind.ROSTER)

    def _read_header(self, table: Table) -> Iterator[Reject]:
        for line in table.lines():
            child = line.text("CHILD")
            if line.fault:
                yield table.reject_faulty(line)
            elif not child:
                yield table.reject(line, "CHILD", _BLANK_CHILD)
            elif self._return.children[child].line != line.number:
                first = self._return.children[child].line
                yield table.reject(line, "CHILD", f"stands on line {first} too, which was read")

    def _judge(self, table: Table, line: Line, sent: Sent, kind: Kind) -> Read | Reject:
        raw: dict[str, object] = {"organisation": self._organisation, **sent.raw}
        if self._return.ends_on:
            raw["updated_at"] = self._return.ends_on.isoformat()
        try:
            reading = read_report(raw, kind, now=self._now, unread=sent.unread, marks=sent.marks)
        except Invalid as error:
            headings = MISSING_HEADINGS if kind is Kind.MISSING else ROSTER_HEADINGS
            return table.reject(line, *problems_of(error.problems, headings))
        if kind is Kind.ROSTER:
            # A return knows no names: its word stands beside the authority's own list, not over it.
            reading = replace(reading, reference=f"{reading.reference}/return")
        return Read(line.number, reading)

    def _remarks(self) -> list[str]:
        """Say what of the return was not there, and whom last year's left missing."""
        absent = [name for name in ("header", "episodes") if name not in self._return.tables]
        remarks = [f"{name}.csv is not there: what it says is not known." for name in absent]
        if self._return.ends_on is None:
            remarks.append("Without --extract, rules 570 and 571 have no year to be held against.")
        forgotten = self._return.find_forgotten()
        return remarks + [
            f"Rule 576: last year's return left child {child} missing, and this one does not "
            "name it."
            for child in forgotten
        ]


def open_return(
    given: Checked, organisation: str | None, ends_on: date | None, now: datetime | None
) -> ReturnReader:
    """Open a return by one of its tables, those beside it too.

    Raises Refused when it is not said whose it is, or a table cannot be read.
    """
    if organisation is None:
        raise Refused(
            "An SSDA903 return does not say whose it is: give --organisation with the "
            "authority's code, such as E08000035."
        )
    found = find_organisation(organisation)
    if found is None or found.sector is not Sector.AUTHORITY:
        raise Refused(f"{organisation} is no local authority, and only they make SSDA903 returns.")
    return ReturnReader(Return(open_tables(given), ends_on), organisation, now)


def _told(broken: Counter[str]) -> list[str]:
    """Tell by number how many rows break each rule."""
    return [
        f"Rule {number}: {count} row{'s' if count > 1 else ''} kept and marked."
        for number, count in sorted(broken.items(), key=lambda each: (len(each[0]), each[0]))
    ]
