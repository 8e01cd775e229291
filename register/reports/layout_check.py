"""Holds a file against the layouts before anything of it is sent: what fits, what is missing."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from register.errors import Refused
from register.reports import ssda903, values
from register.reports.checking import Checked
from register.reports.date_orders import Orders
from register.reports.fields import BY_NAME
from register.reports.files import check_any, likeness, open_source
from register.reports.layout_files import known_layouts
from register.reports.layouts import Layout, check_headings, plain
from register.reports.proposing import propose
from register.reports.reading import shown
from register.reports.source import REJECT_COLUMNS, Reject
from register.reports.ssda903_tables import recognise

SAMPLE = 200
"""Different values of a column that are looked at for what they could be."""
_TIMES = (values.moment, values.day)


@dataclass(slots=True)
class Column:
    """One column of a file: its heading, some of its values, how its dates are written."""

    heading: str
    sample: dict[str, None]
    orders: Orders


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it, in sentences; `fits` tells whether the file can be sent as it is."""

    fits: bool
    sentences: Sequence[str]


def check_layout(path: Path, name: str | None, organisation: str | None, now: datetime) -> Found:
    """Hold a file against one layout, or against all of them; raises Refused where none can be."""
    checked = check_any(path)
    headings = [each for each in checked.headings if each not in REJECT_COLUMNS]
    size = f"{shown(checked.path)}: {checked.rows:,} rows, {len(headings)} columns."
    table = recognise(headings)
    if table and name in {None, ssda903.NAME}:
        return Found(
            fits=True,
            sentences=[size, f"It is {table}.csv of an SSDA903 return; days are DD/MM/YYYY."],
        )
    layout = _layout(headings, name)
    columns = _columns(checked, headings)
    said = [size, _fit(layout, headings)]
    lacking = check_headings(layout, headings, organisation)
    said += [f"  It cannot be read as {layout.name}: {each}." for each in lacking]
    said += _unknown(layout, columns)
    said += _dates(layout, columns)
    if lacking:
        return Found(fits=False, sentences=said)
    trial, bad = _trial(path, layout, organisation, now)
    contradicted = any(each.orders.contradicts(layout.formats) for each in _timed(layout, columns))
    return Found(fits=not contradicted and bad < max(checked.rows, 1), sentences=[*said, *trial])


def _layout(headings: Sequence[str], name: str | None) -> Layout:
    layouts = known_layouts()
    if name is not None and name not in layouts:
        names = ", ".join((*layouts, ssda903.NAME))
        raise Refused(f"There is no layout {name[:64]!r}: choose of {names}.")
    return (
        layouts[name] if name else max(layouts.values(), key=lambda each: likeness(each, headings))
    )


def _columns(checked: Checked, headings: Sequence[str]) -> list[Column]:
    """Go through a file once and keep of each column what tells what it is."""
    columns = {each: Column(each, {}, Orders()) for each in headings}
    with closing(checked.read(checked.path)) as rows:
        next(rows, None)
        for row in rows:
            for heading, cell in zip(checked.headings, row.cells, strict=False):
                text = cell.strip()
                if text and heading in columns:
                    column = columns[heading]
                    column.orders.take(text)
                    if len(column.sample) < SAMPLE:
                        column.sample[text[:200]] = None
    return list(columns.values())


def _fit(layout: Layout, headings: Sequence[str]) -> str:
    known = likeness(layout, headings)
    return f"The nearest layout is {layout.name} ({layout.title}): it knows {known} of them."


def _unknown(layout: Layout, columns: Sequence[Column]) -> Iterator[str]:
    """Tell of each heading that the layout does not know, and what it may stand for."""
    made = {plain(each) for headings in layout.made.values() for each in headings}
    fields = layout.by_heading
    taken = {fields[plain(each.heading)] for each in columns if plain(each.heading) in fields}
    for column in columns:
        if plain(column.heading) in {*fields, *made}:
            continue
        heading = repr(column.heading[:64])
        proposal = propose(column.heading, list(column.sample), column.orders, taken)
        if proposal is None:
            yield f"  {heading} is not known, and no field is near: it would be passed over."
        else:
            yield f"  {heading} is not known: perhaps {proposal.field} ({proposal.why})."


def _timed(layout: Layout, columns: Sequence[Column]) -> list[Column]:
    """Give the columns that the layout reads as days or times, and that hold some."""
    fields = {each.heading: layout.by_heading.get(plain(each.heading)) for each in columns}
    times = {heading for heading, name in fields.items() if name and BY_NAME[name].parse in _TIMES}
    return [each for each in columns if each.heading in times and each.orders.cells]


def _dates(layout: Layout, columns: Sequence[Column]) -> Iterator[str]:
    """Tell how each column of dates would be read, and whether its rows bear that out."""
    timed = {each.heading for each in _timed(layout, columns)}
    for column in columns:
        heading = repr(column.heading[:64])
        if column.heading in timed:
            written = " or ".join(layout.formats) or "ISO 8601"
            why = column.orders.held_against(layout.formats)
            yield f"  {heading} is read as {written}: {why}."
        elif plain(column.heading) not in layout.by_heading and column.orders.are_dates:
            yield f"  {heading} holds dates; {column.orders.told()}."


def _trial(
    path: Path, layout: Layout, organisation: str | None, now: datetime
) -> tuple[list[str], int]:
    """Read the whole file without keeping any of it; tell what would be rejected or doubtful."""
    rejects: list[Reject] = []
    bad = doubtful = rows = 0
    for item in open_source(path, layout.name, organisation, now=now):
        rows += 1
        if isinstance(item, Reject):
            bad += 1
            rejects = rejects or [item]
        else:
            doubtful += bool(item.reading.doubtful)
    said = [
        f"Read so, {bad:,} of {rows:,} rows would be rejected, {doubtful:,} have doubtful values."
    ]
    return said + [f"  The first rejected: {each}." for each in rejects], bad
