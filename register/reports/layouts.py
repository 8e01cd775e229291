"""The layouts of one table: what their columns are to us, and how a row of theirs is read.

The register's own layout and the roster follow from the field table; every other one is a TOML
file under `config/sources/`, so that a new export takes no code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from register.reports import values
from register.reports.checking import list_names
from register.reports.fields import BY_NAME, fields_of
from register.reports.local_times import Local, read_local, read_local_day
from register.reports.organisations import organisation_by_dfe_code
from register.reports.schema import Unread, nearest
from register.terms import Category, Kind

Reader = Callable[[str], Local]


@dataclass(frozen=True)
class Layout:
    """What the columns of one kind of file mean.

    `headings` maps a heading as written to our field; `codes` a field to what its codes mean;
    `constants` a field to the value that every row has; `rest` a field, of which the first word
    is kept, to the one that the words behind it go to; `made` a field to the columns whose cells,
    parted by `/`, make it; `away` a field to the one that it is where the child was away;
    `follows` a field that no column has to what it is where another one is filled in, by that
    one's name, first come first served, and `otherwise`. Without `formats` times are ISO 8601.
    With `dfe_numbers` authorities bear the Department's three digits. An `exact` layout refuses
    columns that it doesn't know, any other passes over them and says so.
    """

    name: str
    title: str
    kind: Kind
    headings: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    rest: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    away: Mapping[str, str] = field(default_factory=dict)
    follows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    separator: str = ";"
    formats: tuple[str, ...] = ()
    timezone: str = "Europe/London"
    dfe_numbers: bool = False
    exact: bool = False

    @cached_property
    def by_heading(self) -> Mapping[str, str]:
        """The fields by heading, however its capitals and spaces are written."""
        return {plain(heading): name for heading, name in self.headings.items()}

    @cached_property
    def carries(self) -> frozenset[str]:
        """The fields that such a file can hold: on any other its silence says nothing."""
        others = {*self.constants, *self.made, *self.follows}
        return frozenset({*self.headings.values(), *self.behind.values(), *others})

    @cached_property
    def behind(self) -> Mapping[str, str]:
        """The fields that another one's column fills besides its own."""
        return {**self.rest, **self.away}

    def required(self, organisation: str | None) -> tuple[str, ...]:
        """Give the headings without which no row can be read."""
        given = {*self.constants, *self.follows, *(["organisation"] if organisation else [])}
        needed = {each.name for each in fields_of(self.kind) if each.required} - given
        if self.kind is Kind.ROSTER:
            needed.add("child_reference")
        named = [heading for heading, name in self.headings.items() if name in needed]
        for name in needed & self.made.keys():
            named += self.made[name]
        return tuple(dict.fromkeys(named))

    def reader(self, name: str) -> Reader | None:
        """Give what turns a cell of this field into our own writing; None where it is ours."""
        if name in self.codes:
            return _code_reader(self.codes[name])
        if self.dfe_numbers and BY_NAME[name].parse in {values.organisation, values.authority}:
            return _read_dfe_number
        if self.formats and BY_NAME[name].parse is values.moment:
            return lambda text: read_local(text, self.formats, self.timezone)
        if self.formats and BY_NAME[name].parse is values.day:
            return lambda text: read_local_day(text, self.formats)
        return None


@dataclass(frozen=True)
class Cells:
    """What a row's cells are in our terms, ready for the one validator."""

    raw: dict[str, object]
    unread: dict[str, Unread]
    marks: dict[str, str]


class Translation:
    """A layout fitted to the headings of one file: reads its rows."""

    def __init__(self, layout: Layout, headings: Sequence[str]) -> None:
        self.layout = layout
        places = {plain(heading): place for place, heading in enumerate(headings)}
        self.columns = [
            (name, places[heading], layout.reader(name), self._separator(name))
            for heading, name in layout.by_heading.items()
            if heading in places
        ]
        self.made = [
            (name, [places[plain(heading)] for heading in headings], layout.reader(name))
            for name, headings in layout.made.items()
            if all(plain(heading) in places for heading in headings)
        ]

    def _separator(self, name: str) -> str:
        return self.layout.separator if BY_NAME[name].many else ""

    def read(self, cells: Sequence[str]) -> Cells:
        """Give what a row says, by our fields."""
        read = Cells(dict(self.layout.constants), {}, {})
        for name, place, reader, separator in self.columns:
            text = cells[place].strip()
            if text and separator:
                self._read_several(read, name, text, reader)
            elif text and reader:
                _read_one(read, name, text, reader)
            elif text:
                read.raw[name] = text
        for name, other in self.layout.rest.items():
            first, _, rest = str(read.raw.get(name, "")).partition(" ")
            if rest:
                read.raw.update({name: first, other: rest})
        for name, parts, reader in self.made:
            self._make(read, name, [cells[place].strip() for place in parts], reader)
        self._say_what_follows(read)
        return read

    @staticmethod
    def _make(read: Cells, name: str, parts: Sequence[str], reader: Reader | None) -> None:
        text = "/".join(parts)
        if reader and any(parts):
            _read_one(read, name, text, reader)
        elif any(parts):
            read.raw[name] = text

    def _say_what_follows(self, read: Cells) -> None:
        if read.raw.get("category") == Category.AWAY:
            for name, other in self.layout.away.items():
                for said in (read.raw, read.unread, read.marks):
                    _move(said, name, other)
        for name, ways in self.layout.follows.items():
            filled = [way for field, way in ways.items() if field in {*read.raw, *read.unread}]
            if name not in {*read.raw, *read.unread}:
                read.raw[name] = next(iter(filled), ways["otherwise"])

    def _read_several(self, read: Cells, name: str, text: str, reader: Reader | None) -> None:
        parts = [part.strip() for part in text.split(self.layout.separator) if part.strip()]
        read.raw[name] = [_ours(part, reader) for part in parts]


def plain(heading: str) -> str:
    """Give a heading without what people change without meaning it: capitals and spaces."""
    return " ".join(heading.split()).casefold()


@cache
def own_layouts() -> tuple[Layout, ...]:
    """Give the two layouts that follow from the field table."""
    report = [each.name for each in fields_of(Kind.MISSING)]
    roster = [each.name for each in fields_of(Kind.ROSTER)]
    return (
        Layout(
            name="register",
            title="The register's own columns",
            kind=Kind.MISSING,
            headings={name: name for name in report},
            exact=True,
        ),
        Layout(
            name="roster",
            title="An authority's list of the children it looks after",
            kind=Kind.ROSTER,
            headings={name: name for name in roster},
            exact=True,
        ),
    )


def check_headings(layout: Layout, headings: Sequence[str], organisation: str | None) -> list[str]:
    """Give one sentence for each thing that keeps the headings from being of this layout."""
    present = {plain(heading) for heading in headings}
    missing = [each for each in layout.required(organisation) if plain(each) not in present]
    complaints = []
    if missing:
        complaints.append(f"it has no column {list_names(missing)}")
    if layout.exact:
        unknown = [each for each in headings if plain(each) not in layout.by_heading]
        known = list(layout.headings)
        complaints += [
            f"{layout.name} knows no column {each[:64]!r}{nearest(each, known)}" for each in unknown
        ]
    if "organisation" not in layout.carries and not organisation:
        complaints.append("it does not say whose it is; give --organisation")
    return complaints


def find_passed_over(layout: Layout, headings: Sequence[str]) -> list[str]:
    """Give the columns of a file that its layout does not read."""
    made = (heading for headings in layout.made.values() for heading in headings)
    read = {*layout.by_heading, *map(plain, made)}
    return [each for each in headings if plain(each) not in read]


def _move(said: dict[str, Any], name: str, other: str) -> None:
    if name in said:
        said.setdefault(other, said.pop(name))


def _ours(part: str, reader: Reader | None) -> str:
    """Translate one of several values; one that cannot be is left as sent, to be marked."""
    try:
        return reader(part).iso if reader else part
    except ValueError:
        return part


def _read_one(read: Cells, name: str, text: str, reader: Reader) -> None:
    try:
        local = reader(text)
    except ValueError as error:
        read.unread[name] = Unread(text, str(error))
        return
    if local.iso:
        read.raw[name] = local.iso
    if local.mark:
        read.marks[name] = local.mark


def _code_reader(codes: Mapping[str, str]) -> Reader:
    known = {plain(code): meaning for code, meaning in codes.items()}

    def read(text: str) -> Local:
        code = plain(text)
        if code not in known:
            raise ValueError(f"is not one of the codes {', '.join(codes)}")
        return Local(known[code])

    return read


def _read_dfe_number(text: str) -> Local:
    found = organisation_by_dfe_code(text)
    if found is None:
        raise ValueError("is not the Department's number of an authority")
    return Local(found.code)
