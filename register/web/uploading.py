"""An upload from the browser's files to the register's figures."""

import secrets
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from register.audit.service import record
from register.errors import NotFound, Refused
from register.inspection.counts import Standing, standing_of
from register.intake import Figures, Intake, complete
from register.reports.reading import read_rows
from register.reports.reading_apart import open_apart
from register.reports.source import SourceReader
from register.secrecy.keys import key_of
from register.secrecy.values import seal_file, unseal_file
from register.web.desk import open_work, parts, visitor

BESIDE = frozenset({"header", "episodes"})
"""Tables of an SSDA903 return that are read with its `missing.csv`, not by themselves."""
SHOWN_REJECTS = 100
NAME_LENGTH = 100
"""Characters of a file's name that are kept, the last ones: file systems take 255 bytes."""
KEPT_SECONDS = 24 * 3600
"""A rejects file holds children's data: it is kept for a day to be fetched."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that could not go in."""

    line: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file; `rejects` names each file of rejected rows, to be fetched."""

    name: str
    layout: str
    figures: Figures
    standing: Standing
    remarks: Sequence[str]
    rejects: Sequence[str]
    rejected: Sequence[RejectedRow]


def take_upload(files: Sequence[FileStorage], days: tuple[date, date] | None) -> list[Taken]:
    """Take in what was uploaded, as the visitor's organisation's; raise Refused with a sentence.

    Every file is checked to its end before any is taken in: of what is refused, nothing is kept.
    """
    _forget_old_rejects()
    with TemporaryDirectory() as folder:
        paths = [_keep(file, Path(folder)) for file in files]
        alone = [path for path in paths if path.stem.casefold() not in BESIDE] or paths
        sources = [_open(path, days, number) for number, path in enumerate(alone)]
        taken = [_take(*each) for each in zip(alone, sources, strict=True)]
    if days is not None:
        complete(parts().engine, visitor().actor, [each.figures for each in taken], days)
    return taken


def rejects_file(name: str) -> bytes:
    """Give what stands in the visitor's own file of rejected rows; raise NotFound."""
    path = _rejects_folder() / secure_filename(name)
    if not name or path.name != name or not path.is_file():
        raise NotFound("That file of rejected rows is no longer kept. Upload the file again.")
    with open_work() as work:
        return unseal_file(key_of(work), path)


def _keep(file: FileStorage, folder: Path) -> Path:
    name = secure_filename(file.filename or "")[-NAME_LENGTH:].lstrip("._-")
    path = folder / (name or "upload.csv")
    if path.exists():
        raise Refused(f"Two files are called {path.name}: send them one after the other.")
    with closing(file):
        file.save(path)
    return path


def _open(path: Path, days: tuple[date, date] | None, number: int) -> SourceReader:
    here, actor = parts(), visitor().actor
    read = path.parent / f"-{number}"  # no upload is called so
    try:
        return open_apart(path, read, actor.organisation or None, days, here.clock())
    except Refused:
        with open_work(writes=True) as work:
            record(work, "submission:refused")
        raise


def _take(path: Path, source: SourceReader) -> Taken:
    here, actor = parts(), visitor().actor
    # Read whole while it is here; what is kept for the visitor to fetch is sealed.
    rejects = path.parent / f"{secrets.token_hex(8)}-{path.stem}-rejects.csv"
    intake = Intake(here.engine, actor, rejects, here.settings.chunk_rows)
    figures = intake.take(path.name, source, None, lambda _rows: None)
    with open_work() as work:
        standing = standing_of(work, figures.reports)
    if figures.rejects:
        _keep_sealed(figures.rejects)
    return Taken(
        path.name,
        source.layout,
        figures,
        standing,
        [*source.remarks, *filter(None, [figures.crowding])],
        [each.name for each in figures.rejects],
        _first_rejects(figures.rejects),
    )


def _keep_sealed(paths: Sequence[Path]) -> None:
    with open_work() as work:
        key = key_of(work)
    for path in paths:
        seal_file(key, path, _rejects_folder() / path.name)


def _first_rejects(paths: Sequence[Path]) -> list[RejectedRow]:
    rows: list[RejectedRow] = []
    for path in paths:
        with closing(read_rows(path)) as lines:  # a rejected field may be of megabytes
            shown = islice(lines, 1, SHOWN_REJECTS + 1)
            rows += [RejectedRow(*line.cells[:3]) for line in shown]
    return rows[:SHOWN_REJECTS]


def _rejects_folder() -> Path:
    return Path(parts().settings.instance_dir) / "rejects" / f"user-{visitor().actor.user_id}"


def _forget_old_rejects() -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in _rejects_folder().glob("*.csv"):
        if path.stat().st_mtime < oldest:
            path.unlink()
