"""Layouts that a person writes down: one TOML file each under `config/sources/`."""

import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from register.errors import Refused
from register.reports.fields import BY_NAME
from register.reports.layouts import Layout, own_layouts
from register.settings import CONFIG_DIR
from register.terms import Kind

FOLDER = CONFIG_DIR / "sources"
_KEYS = frozenset(
    "name title kind headings codes constants rest made away follows separator formats timezone "
    "dfe_numbers".split()
)


@cache
def known_layouts() -> dict[str, Layout]:
    """Give every layout of one table by its name: our own, then those under `config/sources/`."""
    layouts = {layout.name: layout for layout in own_layouts()}
    for path in sorted(FOLDER.glob("*.toml")):
        layout = read_layout(path)
        layouts[layout.name] = layout
    return layouts


def read_layout(path: Path) -> Layout:
    """Read a layout from its TOML file; raises Refused with what is to be mended in it."""
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"The layout {path.name} cannot be read: {error}.") from error
    fault = _fault(written)
    if fault:
        raise Refused(f"The layout {path.name} cannot be used: {fault}.")
    return Layout(
        name=written["name"],
        title=written["title"],
        kind=Kind(written.get("kind", "missing")),
        headings=written["headings"],
        codes=written.get("codes", {}),
        constants=written.get("constants", {}),
        rest=written.get("rest", {}),
        made={name: tuple(headings) for name, headings in written.get("made", {}).items()},
        away=written.get("away", {}),
        follows=written.get("follows", {}),
        separator=written.get("separator", ";"),
        formats=tuple(written.get("formats", ())),
        timezone=written.get("timezone", "Europe/London"),
        dfe_numbers=written.get("dfe_numbers", False),
    )


def _fault(written: dict[str, Any]) -> str:
    """Tell what is wrong with a layout, blank if nothing is."""
    unknown = sorted(set(written) - _KEYS)
    if unknown:
        return f"{unknown[0]!r} is none of {', '.join(sorted(_KEYS))}"
    absent = [key for key in ("name", "title", "headings") if not written.get(key)]
    if absent:
        return f"it has no {absent[0]}"
    if written.get("kind", "missing") not in set(Kind):
        return f"its kind is none of {', '.join(Kind)}"
    strangers = [name for name in _named(written) if name not in BY_NAME]
    if strangers:
        return f"{strangers[0]!r} is no field of a report"
    for name, ways in written.get("follows", {}).items():
        if "otherwise" not in ways:
            return f"what {name} follows from does not say what it is otherwise"
    try:
        ZoneInfo(written.get("timezone", "Europe/London"))
    except (ZoneInfoNotFoundError, ValueError):
        return f"{written['timezone']!r} is no time zone"
    return ""


def _named(written: dict[str, Any]) -> Iterator[str]:
    """Give every name that a layout writes for a field of ours."""
    yield from written["headings"].values()
    for key in ("rest", "away"):
        yield from chain.from_iterable(written.get(key, {}).items())
    for key in ("codes", "constants", "made", "follows"):
        yield from written.get(key, {})
    for ways in written.get("follows", {}).values():
        yield from set(ways) - {"otherwise"}
