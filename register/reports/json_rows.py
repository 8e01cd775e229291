"""Children as JSON, each with a list of goings missing: read as rows of one table.

The shape is that of the Department's social care API with `missing_episodes` in each child. A row
is a going missing; its headings are the names along the way, `child_details.surname`. An array of
children is held whole and must be small; one child a line may be as long as it likes.
"""

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from register.errors import Refused
from register.reports.checking import Checked, check_first_bytes
from register.reports.reading import MOST_COLUMNS, Row, shown
from register.reports.schema import storable

EPISODES = "missing_episodes"
LARGEST = 32 * 1024 * 1024
DEEPEST = 8
_CARE, _PLACEMENTS = "social_care_episodes", "child_looked_after_placements"
_BLANKS = b" \t\r\n"

Child = Mapping[str, object]


def is_json(path: Path) -> bool:
    """Tell by its first letter whether a file is JSON; what cannot be opened is not."""
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as file:
            start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)
    except OSError:
        return False
    return start[:1] in {b"[", b"{"}


def check_json(path: Path) -> Checked:
    """Pass over a whole file and give the shape of its table; Refused if it cannot be read."""
    check_first_bytes(path)
    headings: dict[str, None] = {}
    count = 0
    for cells in _tables(path):
        count += 1
        headings.update(dict.fromkeys(cells))
        if len(headings) > MOST_COLUMNS:
            raise Refused(f"{shown(path)} has more than {MOST_COLUMNS:,} different names in it.")
    if not headings:
        raise Refused(f"{shown(path)} holds no child with {EPISODES}: they are what is read.")
    with path.open("rb") as file:
        fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
    names = tuple(headings)

    def read(given: Path) -> Generator[Row]:
        yield Row(1, list(names))
        for line, cells in enumerate(_tables(given), 2):
            yield Row(line, [cells.get(name, "") for name in names])

    return Checked(path, names, count, fingerprint, read)


def _tables(path: Path) -> Iterator[dict[str, str]]:
    """Give each going missing of a file, by heading."""
    for child in _children(path):
        about = dict(_flat(child, "", skip={EPISODES, _CARE, "purge"}))
        for episode in _dicts(child.get(EPISODES)):
            cells = dict(about)
            cells["purge"] = _word(child.get("purge") is True or episode.get("purge") is True)
            placed = _placement(child, episode)
            cells.update(_flat(placed, "placement.", skip={"purge"}))
            cells.update(_flat(episode, f"{EPISODES}.", skip={"purge"}))
            yield cells


def _children(path: Path) -> Iterator[Child]:
    """Give the children of an array, or of lines; Refused with what is wrong, and where."""
    with path.open("rb") as file:
        first = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)[:1]
        file.seek(0)
        if first == b"[":
            if path.stat().st_size > LARGEST:
                raise Refused(
                    f"{shown(path)} is one array of over {LARGEST >> 20} MB: write one child a "
                    "line, without the brackets around them, or send it in parts."
                )
            listed = _read(file.read(), path, "")
            for number, child in enumerate(listed if isinstance(listed, list) else [], 1):
                yield _child(child, path, f"child {number}")
            return
        for number, line in enumerate(file, 1):
            if len(line) > LARGEST:
                raise Refused(f"Line {number} of {shown(path)} is longer than a child can be.")
            if line.strip(_BLANKS):
                place = f"line {number}"
                yield _child(_read(line, path, place), path, place)


def _read(text: bytes, path: Path, place: str) -> object:
    at = f", {place}" if place else ""
    try:
        return json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise Refused(f"{shown(path)}{at} is not UTF-8: save it as UTF-8.") from error
    except RecursionError as error:
        raise Refused(f"{shown(path)}{at} is nested too deep to be a list of children.") from error
    except ValueError as error:
        why = str(error).splitlines()[0][:120]
        raise Refused(f"{shown(path)}{at} is no JSON that can be read: {why}.") from error


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Make an object of its pairs; a name that stands twice would have one of its values lost."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an object has a name twice")
    return made


def _child(child: object, path: Path, place: str) -> Child:
    if not isinstance(child, dict):
        raise Refused(f"{shown(path)}, {place} is no object: each child is one.")
    episodes = child.get(EPISODES, [])
    if not isinstance(episodes, list) or not all(isinstance(each, dict) for each in episodes):
        raise Refused(f"{shown(path)}, {place}: {EPISODES} is no list of objects.")
    return child


def _flat(value: Child, before: str, skip: set[str]) -> Iterator[tuple[str, str]]:
    """Give the plain values of an object by the names along the way; lists of objects are left."""
    for name, each in value.items():
        if name in skip or each is None or before.count(".") == DEEPEST:
            continue
        if isinstance(each, dict):
            yield from _flat(each, f"{before}{name}.", skip)
        elif not isinstance(each, list):
            yield storable(before + name), _word(each)
        elif not _dicts(each):
            yield storable(before + name), ";".join(map(_word, each))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return storable(value)


def _dicts(value: object) -> list[Child]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _placement(child: Child, episode: Child) -> Child:
    """Give the placement that the child was in on the day it went missing, by ISO days."""
    day = str(episode.get("start", ""))[:10]
    for care in _dicts(child.get(_CARE)):
        for placement in _dicts(care.get(_PLACEMENTS)):
            began, ended = (str(placement.get(name) or "") for name in ("start_date", "end_date"))
            if began and began <= day and (not ended or day <= ended):
                return placement
    return {}
