"""Reads Annex A list 8 as an authority supplied it; what its columns are called is a TOML file."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from register.errors import Refused
from register.reports.checking import check_file
from register.reports.layouts import plain
from register.reports.reading import Row, read_rows
from register.settings import CONFIG_DIR

COLUMNS = {
    "missing": "Missing episodes from placement in 12 months",
    "away": "Absent or away episodes in 12 months",
    "offered": "Return interview offered after the last missing episode",
    "accepted": "Return interview accepted after the last missing episode",
}
"""The four columns that the register can work out."""
COUNTED = ("missing", "away")
MOST_ROWS = 20_000
_FILE = CONFIG_DIR / "annex-a" / "list-8.toml"
_READ = "list.json"


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: the authority's own id of the child, and the four values, blank where none is."""

    line: int
    reference: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SuppliedList:
    """A list as it was supplied; `rejected` are lines that cannot be read, each with the reason."""

    digest: str
    rows: tuple[Listed, ...]
    rejected: tuple[tuple[int, str], ...]


@cache
def _shape() -> tuple[Mapping[str, frozenset[str]], Mapping[str, str]]:
    written = tomllib.loads(_FILE.read_text("utf-8"))
    headings = {name: frozenset(map(plain, said)) for name, said in written["headings"].items()}
    answers = {plain(said): meant for meant, many in written["answers"].items() for said in many}
    return headings, answers


def read_list(path: Path) -> SuppliedList:
    """Read a list; raise Refused with a sentence for a file that is none."""
    checked = check_file(path)
    if checked.rows > MOST_ROWS:
        raise Refused(f"The list has more than {MOST_ROWS} rows: is it list 8 of one authority?")
    places = _places(checked.headings)
    rows: list[Listed] = []
    rejected: list[tuple[int, str]] = []
    seen: set[str] = set()
    with closing(read_rows(path)) as lines:
        next(lines, None)
        for row in lines:
            try:
                found = _read(row, places, len(checked.headings), seen)
            except ValueError as error:
                rejected.append((row.line, str(error)))
                continue
            seen.add(found.reference)
            rows.append(found)
    return SuppliedList(checked.sha256, tuple(rows), tuple(rejected))


def hand_over_list(path: Path, folder: Path) -> None:
    """Read a list and write down what it says, for the process that asked."""
    (folder / _READ).write_text(json.dumps(asdict(read_list(path))), "ascii")


def handed_over_list(folder: Path) -> SuppliedList:
    """Give the list that another process has read."""
    said = json.loads((folder / _READ).read_text("ascii"))
    rows = tuple(Listed(**row) for row in said["rows"])
    return SuppliedList(said["digest"], rows, tuple((line, why) for line, why in said["rejected"]))


def _places(headings: Sequence[str]) -> dict[str, int]:
    known, _ = _shape()
    places = {
        name: place
        for place, heading in enumerate(headings)
        for name, spellings in known.items()
        if plain(heading) in spellings
    }
    if "reference" not in places:
        raise Refused("The file has no column ChildUniqueID: it is no list 8 of Annex A.")
    lacking = [words for name, words in COLUMNS.items() if name not in places]
    if lacking:
        raise Refused(
            f"The file lacks {len(lacking)} of the four columns on missing children: "
            f"{'; '.join(lacking)}. How they may be called stands in config/annex-a/list-8.toml."
        )
    return places


def _read(row: Row, places: Mapping[str, int], columns: int, seen: set[str]) -> Listed:
    if row.fault:
        raise ValueError(row.fault)
    if len(row.cells) != columns:
        raise ValueError(f"has {len(row.cells)} columns where the headings are {columns}")
    said = {name: row.cells[place].strip() for name, place in places.items()}
    if not said["reference"]:
        raise ValueError("has no ChildUniqueID")
    if said["reference"] in seen:
        raise ValueError("names a child who stands in the list already; the first row counts")
    values = {
        name: _count(said[name], words) if name in COUNTED else _answer(said[name], words)
        for name, words in COLUMNS.items()
    }
    return Listed(row.line, said["reference"], values)


def _count(text: str, words: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 5):  # noqa: PLR2004  # nobody goes missing ten thousand times
        raise ValueError(f"{words}: {text[:20]!r} is not a whole number")
    return str(int(text)) if text else ""


def _answer(text: str, words: str) -> str:
    _, answers = _shape()
    if text and plain(text) not in answers:
        raise ValueError(f"{words}: {text[:20]!r} is none of a) Yes, b) No, c) Unknown")
    return answers[plain(text)] if text else ""
