"""The layouts of one table: what their columns are to us, and how a row of theirs is read.

The register's own layout and the roster follow from the field table; every other one is a TOML
file under `config/sources/`, so that a new export takes no code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from register.reports import values
from register.reports.checking import list_names
from register.reports.fields import BY_NAME, fields_of
from register.reports.local_times import Local, read_local, read_local_day
from register.reports.schema import Unread, nearest
from register.terms import Kind

Reader = Callable[[str], Local]


@dataclass(frozen=True)
class Layout:
    """What the columns of one kind of file mean.

    `headings` maps a heading as written to our field; `codes` a field to what its codes mean;
    `constants` a field to the value that every row has; `rest` a field, of which the first word
    is kept, to the one that the words behind it go to; `reference` names the columns that make
    the reference where there is none. Without `formats` times are ISO 8601. An `exact` layout
    refuses columns that it doesn't know, any other passes over them and says so.
    """

    name: str
    title: str
    kind: Kind
    headings: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    rest: Mapping[str, str] = field(default_factory=dict)
    reference: tuple[str, ...] = ()
    separator: str = ";"
    formats: tuple[str, ...] = ()
    timezone: str = "Europe/London"
    exact: bool = False

    @cached_property
    def by_heading(self) -> Mapping[str, str]:
        """The fields by heading, however its capitals and spaces are written."""
        return {plain(heading): name for heading, name in self.headings.items()}

    @cached_property
    def carries(self) -> frozenset[str]:
        """The fields that such a file can hold: on any other its silence says nothing."""
        made = {"reference"} if self.reference else set()
        return frozenset({*self.headings.values(), *self.constants, *self.rest.values(), *made})

    def required(self, organisation: str | None) -> tuple[str, ...]:
        """Give the headings without which no row can be read."""
        given = {*self.constants, *(["organisation"] if organisation else [])}
        if self.reference:
            given.add("reference")
        needed = {each.name for each in fields_of(self.kind) if each.required} - given
        if self.kind is Kind.ROSTER:
            needed.add("child_reference")
        named = [heading for heading, name in self.headings.items() if name in needed]
        return (*named, *self.reference)

    def reader(self, name: str) -> Reader | None:
        """Give what turns a cell of this field into our own writing; None where it is ours."""
        if name in self.codes:
            return _code_reader(self.codes[name])
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
        self.reference = [places[plain(heading)] for heading in layout.reference]

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
        if self.reference:
            read.raw["reference"] = "/".join(cells[place].strip() for place in self.reference)
        return read

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
    read = {*layout.by_heading, *map(plain, layout.reference)}
    return [each for each in headings if plain(each) not in read]


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
