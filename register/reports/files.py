"""Files of reports, whatever their layout: opened, recognised, and handed on to be read."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from register.errors import Refused
from register.reports import ssda903
from register.reports.checking import Checked, check_file, list_names
from register.reports.json_rows import check_json, is_json
from register.reports.layout_files import known_layouts
from register.reports.layouts import Layout, check_headings, find_passed_over
from register.reports.organisations import find_organisation
from register.reports.reading import shown
from register.reports.source import REJECT_COLUMNS, SourceReader
from register.reports.ssda903_tables import find_table, recognise
from register.reports.table import TableReader
from register.terms import LONDON

Extract = tuple[date, date | None]


def layout_names() -> tuple[str, ...]:
    """Give the names of all layouts that can be read."""
    return (*known_layouts(), ssda903.NAME)


def open_source(
    path: Path,
    layout: str | None = None,
    organisation: str | None = None,
    extract: Extract | None = None,
    now: datetime | None = None,
) -> SourceReader:
    """Check a file to its end, recognise its layout, and give what reads it.

    `layout` is the one it was said to be; without it the headings tell. `organisation` is the
    code of the one whose file it is, where its rows do not say. `extract` are the first and the
    last day of what it holds; `now` is the time of arrival. A folder is an SSDA903 return. Raises
    Refused with a sentence, before any row is read.
    """
    code = _code(organisation)
    ends_on = _end(extract, now)
    checked = check_any(path)
    if layout is not None and layout not in layout_names():
        names = ", ".join(layout_names())
        raise Refused(f"There is no layout {layout[:64]!r}: choose of {names}.")
    headings = [each for each in checked.headings if each not in REJECT_COLUMNS]
    if recognise(headings) and layout in {None, ssda903.NAME}:
        return ssda903.open_return(checked, code, ends_on, now)
    found = _choose(checked, headings, layout, code)
    return TableReader(checked, found, organisation=code, ends_on=ends_on, now=now)


def check_any(path: Path) -> Checked:
    """Check a file to its end, CSV or JSON; of a folder the table that it is read by."""
    return check_json(path) if is_json(path) else check_file(_in_folder(path))


def _code(organisation: str | None) -> str | None:
    code = organisation.strip().upper() if organisation else None
    if code is not None and find_organisation(code) is None:
        raise Refused(
            f"No organisation has the code {code[:40]!r}: give that of a force or an authority, "
            "such as E23000001 or E08000035."
        )
    return code


def _end(extract: Extract | None, now: datetime | None) -> date | None:
    """Give the last day of an extract; nobody can know all of a time that is still to come."""
    if extract is None:
        return None
    first, last = extract
    if last is not None and last < first:
        raise Refused(f"The extract ends on {last}, before it begins on {first}.")
    if last is not None and now is not None and last > now.astimezone(LONDON).date():
        raise Refused(f"The extract ends on {last}, which is still to come.")
    return last


def _in_folder(path: Path) -> Path:
    """Give the file that a folder is read by: an SSDA903 return lies in one."""
    return (find_table(path, "missing") if path.is_dir() else None) or path


def _choose(
    checked: Checked, headings: Sequence[str], said: str | None, organisation: str | None
) -> Layout:
    """Choose the layout by the headings; refuse one that was said and is not it."""
    layouts = known_layouts()
    suiting = [
        each for each in layouts.values() if not check_headings(each, headings, organisation)
    ]
    best = max(suiting or layouts.values(), key=lambda each: likeness(each, headings))
    name = shown(checked.path)
    if said is None:
        if not suiting and likeness(best, headings) * 2 < len(headings):
            listed = list_names(headings[:6])
            names = ", ".join(layout_names())
            raise Refused(
                f"{name} has headings ({listed}) that no layout knows; the layouts are {names}."
            )
        return best
    other = best.name if suiting else ssda903.NAME if recognise(headings) else ""
    if said == ssda903.NAME:
        raise Refused(
            f"{name} is no table of an SSDA903 return"
            + (f", but a file of the layout {other}." if other else ": its columns are others.")
        )
    if other and layouts[said] not in suiting:
        raise Refused(f"{name} is a file of the layout {other}, not of {said}: say so.")
    return layouts[said]


def likeness(layout: Layout, headings: Sequence[str]) -> int:
    """Give how many of the headings a layout reads."""
    return len(headings) - len(find_passed_over(layout, headings))
