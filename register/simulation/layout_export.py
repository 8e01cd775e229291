"""Reports in any layout that is written down: its table of headings and codes, read backwards."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from register.reports.layouts import Layout
from register.reports.organisations import get_organisation
from register.simulation.days import in_repeated_hour
from register.simulation.files import iso, save, versions
from register.simulation.statements import Statement, Value
from register.terms import LONDON

Version = dict[str, Value]
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_AUTHORITIES = {"organisation", "responsible_authority", "host_authority"}


def write_in(layout: Layout, path: Path, statements: Iterable[Statement]) -> None:
    """Write reports, each version a row, in this layout; as JSON where the path ends so."""
    rows = (row_in(layout, each) for said in statements for each in versions(said))
    if path.suffix == ".json":
        path.write_text(json.dumps([_nested(row) for row in rows], indent=1), "utf-8")
    else:
        made = (heading for headings in layout.made.values() for heading in headings)
        save(path, list(dict.fromkeys([*layout.headings, *made])), rows)


def row_in(layout: Layout, version: Version) -> dict[str, str]:
    """Give the cells of one version of a report, by the layout's headings."""
    said = dict(version)
    for name, other in layout.rest.items():
        said[name] = f"{said.get(name, '')} {said.get(other, '')}".strip()
    if said.get("category") == "away":
        for name, other in layout.away.items():
            said[name] = said.get(other, "")
    row = {heading: _cell(layout, name, said) for heading, name in layout.headings.items()}
    for name, headings in layout.made.items():
        row.update(zip(headings, _cell(layout, name, said).split("/"), strict=False))
    return row


def _cell(layout: Layout, name: str, said: Mapping[str, Value]) -> str:
    value = said.get(name, "")
    if isinstance(value, date):
        return _written(layout, value) if layout.formats else iso(value, LONDON)
    text = str(value)
    if name in layout.codes:
        known = {meaning: code for code, meaning in reversed(list(layout.codes[name].items()))}
        return layout.separator.join(known.get(each, "") for each in text.split(";"))
    if layout.dfe_numbers and name in _AUTHORITIES:
        return get_organisation(text).dfe_code if text else ""
    return text.replace(";", layout.separator)


def _written(layout: Layout, value: date) -> str:
    """Write a time as the layout's clock on the wall shows it, a day without one."""
    timed = isinstance(value, datetime)
    pattern = next(each for each in layout.formats if ("HH" in each) is timed)
    shown = value.astimezone(LONDON).replace(second=0) if isinstance(value, datetime) else value
    month = _MONTHS[shown.month - 1]
    for token, directive in (("HH", "%H"), (":MM", ":%M"), ("SS", "%S"), ("YYYY", "%Y"),
                             ("MMM", month), ("MM", "%m"), ("DD", "%d")):  # fmt: skip
        pattern = pattern.replace(token, directive)
    twice = isinstance(value, datetime) and in_repeated_hour(value)
    mark = ("A", "B")[getattr(shown, "fold", 0)] if twice else ""
    return f"{shown:{pattern}}{mark}"


def _nested(row: Mapping[str, str]) -> dict[str, Any]:
    """Give one child with one going missing, as JSON has it: names along the way, in objects."""
    child: dict[str, Any] = {"purge": False}
    for heading, cell in row.items():
        if cell and heading != "purge":
            *way, last = heading.split(".")
            place = child
            for name in way:
                place = place.setdefault(name, {})
            place[last] = cell
    episode = child.pop("missing_episodes", {})
    placement = child.pop("placement", None)
    if placement:
        child["social_care_episodes"] = [{"child_looked_after_placements": [placement]}]
    return child | {"missing_episodes": [episode]}
