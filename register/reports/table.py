"""Reads a file of one table, in any layout that a map of headings describes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime

from register.errors import Invalid, Refused
from register.reports.checking import Checked, list_names
from register.reports.layouts import Layout, Translation, check_headings, find_passed_over, plain
from register.reports.reading import Row, pick_rows, shown
from register.reports.schema import read_report
from register.reports.source import REJECT_COLUMNS, Read, Reject, is_handed_back, problems_of
from register.terms import Kind


class TableReader:
    """Reads a file of one table, in any layout that a heading map describes."""

    def __init__(
        self,
        checked: Checked,
        layout: Layout,
        *,
        organisation: str | None,
        ends_on: date | None,
        now: datetime | None,
    ) -> None:
        self.layout = layout.name
        self.sha256 = checked.sha256
        self.rows = checked.rows
        self.organisations = {organisation} if organisation else set()
        self.remarks: list[str] = []
        self._checked, self._shape = checked, layout
        self._organisation, self._now = organisation, now
        self._ends_on = ends_on if layout.kind is Kind.ROSTER else None
        self._kept = [
            place for place, each in enumerate(checked.headings) if each not in REJECT_COLUMNS
        ]
        self._headings = [checked.headings[place] for place in self._kept]
        self.mended = is_handed_back(checked.headings)
        self._names = {name: ";".join(headings) for name, headings in layout.made.items()}
        self._names |= {name: heading for heading, name in layout.headings.items()}
        self._check_headings()
        self.carries = layout.carries & self._fields_present()

    def __iter__(self) -> Iterator[Read | Reject]:
        """Give every row in order, read or rejected."""
        translation = Translation(self._shape, self._headings)
        with closing(self._checked.read(self._checked.path)) as rows:
            next(rows, None)
            for row in rows:
                yield self._read(row, translation)

    def read_lines(self, lines: Iterable[int]) -> Iterator[Read | Reject]:
        """Give the rows that begin on these lines of a file in which every quote is in place."""
        translation = Translation(self._shape, self._headings)
        for row in pick_rows(self._checked.path, lines):
            yield self._read(row, translation)

    def _read(self, row: Row, translation: Translation) -> Read | Reject:
        if row.fault:
            field = "" if row.column is None else self._heading_at(row.column)
            return self._reject(row, field, row.fault)
        if len(row.cells) != len(self._checked.headings):
            why = (
                f"has {len(row.cells)} columns where the headings are {len(self._checked.headings)}"
            )
            return self._reject(row, "", why)
        cells = translation.read(self._cells(row))
        if self._ends_on and "updated_at" not in cells.raw:
            cells.raw["updated_at"] = self._ends_on.isoformat()
        try:
            self._give_organisation(cells.raw)
            reading = read_report(
                cells.raw,
                self._shape.kind,
                now=self._now,
                unread=cells.unread,
                marks=cells.marks,
            )
        except Invalid as error:
            return self._reject_invalid(row, error.problems)
        self.organisations.add(reading.organisation)
        return Read(row.line, reading)

    def _give_organisation(self, raw: dict[str, object]) -> None:
        """Let `--organisation` stand where a row names none; a row that names another is out."""
        if self._organisation is None:
            return
        sent = str(raw.setdefault("organisation", self._organisation))
        if sent.upper() != self._organisation:
            why = f"is not {self._organisation}, whose file this was said to be"
            raise Invalid({"organisation": why})

    def _check_headings(self) -> None:
        complaints = check_headings(self._shape, self._headings, self._organisation)
        if complaints:
            name = shown(self._checked.path)
            raise Refused(f"{name} cannot be read as {self.layout}: {'; '.join(complaints)}.")
        passed_over = find_passed_over(self._shape, self._headings)
        if passed_over:
            listed = list_names(passed_over)
            self.remarks.append(f"Columns that {self.layout} does not read: {listed}.")

    def _fields_present(self) -> frozenset[str]:
        by_heading = self._shape.by_heading
        present = {by_heading.get(plain(heading), "") for heading in self._headings}
        behind = {other for name, other in self._shape.behind.items() if name in present}
        here = set(map(plain, self._headings))
        made = {
            name
            for name, headings in self._shape.made.items()
            if here.issuperset(map(plain, headings))
        }
        given = {*self._shape.constants, *self._shape.follows, "organisation", "reference"}
        return frozenset(present | behind | made | given)

    def _cells(self, row: Row) -> Sequence[str]:
        if len(self._kept) == len(row.cells):
            return row.cells
        return [row.cells[place] for place in self._kept if place < len(row.cells)]

    def _heading_at(self, column: int) -> str:
        headings = self._checked.headings
        return headings[column] if column < len(headings) else f"column {column + 1}"

    def _reject_invalid(self, row: Row, problems: dict[str, str]) -> Reject:
        return self._reject(row, *problems_of(problems, self._names))

    def _reject(self, row: Row, field: str, reason: str) -> Reject:
        extra = row.cells[len(self._checked.headings) :]
        return Reject(
            line=row.line,
            field=field,
            reason=reason,
            headings=self._headings,
            row=[*self._cells(row)[: len(self._headings)], *extra],
            whole=row.whole,
            mended=self.mended,
            file=shown(self._checked.path),
        )
