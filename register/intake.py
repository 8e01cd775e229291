"""A whole file through the pipeline: in chunks, each kept before the next, the bad rows set apart.

A chunk that was kept stays kept whatever happens next; the same file again then finds it
unchanged and goes on. What files are *complete* to is kept last, when all of them are in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from register import pipeline
from register.errors import Refused
from register.mismatches.service import Detected
from register.reports.extracts import Held
from register.reports.rejects import RejectsFile
from register.reports.schema import Reading
from register.reports.service import open_submission
from register.reports.source import Reject, SourceReader
from register.work import Actor, begin_work

Days = tuple[date, date | None]
Progress = Callable[[int], None]
"""Told, after each chunk, how many rows came since the last time, the rejected ones too."""


@dataclass(slots=True)
class Figures:
    """What an import came to, in rows; and what it held, so that silence can be read later.

    `reports` are the ids of all reports that the file speaks of, by organisation.
    """

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    superseded: int = 0
    rejected: int = 0
    opened: int = 0
    closed: int = 0
    reports: dict[str, set[int]] = field(default_factory=dict)
    rejects: list[Path] = field(default_factory=list)
    crowded: set[int] = field(default_factory=set)
    submission: int = 0
    organisations: set[str] = field(default_factory=set)
    carries: frozenset[str] = frozenset()
    mended: bool = False

    @property
    def crowding(self) -> str:
        """Say that keys were too crowded to nominate anybody, blank where none was."""
        if not self.crowded:
            return ""
        keys = "1 key is" if len(self.crowded) == 1 else f"{len(self.crowded)} keys are"
        return (
            f"{keys} shared by too many children to nominate anybody; "
            "what only they would have found was not compared."
        )

    def add(self, outcome: pipeline.Outcome) -> None:
        """Count one chunk in."""
        self.accepted += outcome.received.accepted
        self.unchanged += outcome.received.unchanged
        self.superseded += outcome.received.superseded
        self.opened += outcome.opened
        self.closed += outcome.closed
        self.crowded |= outcome.regrouped.crowded
        for organisation, reports in outcome.received.reports.items():
            self.reports.setdefault(organisation, set()).update(reports)


@dataclass(frozen=True, slots=True)
class Intake:
    """How a file is to be taken in: by whom, where its rejects go, in chunks of how many rows."""

    engine: Engine
    actor: Actor
    rejects: Path
    chunk_rows: int = 500
    all_or_nothing: bool = False

    def take(
        self, name: str, source: SourceReader, days: Days | None, progress: Progress
    ) -> Figures:
        """Take in one file; with `days` it holds by itself all that was known between them.

        With `all_or_nothing` the first bad row, or any fault, leaves nothing applied: Refused.
        """
        figures = Figures(carries=source.carries, mended=source.mended)
        with RejectsFile(self.rejects) as rejects:
            try:
                chunks = _chunks(source, self.chunk_rows, rejects, figures, progress)
                if self.all_or_nothing:
                    self._take_all(name, source, chunks, figures)
                else:
                    self._take_chunks(name, source, chunks, figures)
            finally:
                figures.rejects = list(rejects.paths)
        figures.organisations = set(source.organisations)
        if not figures.mended:
            with begin_work(self.engine, self.actor) as work:
                pipeline.end_file(work, figures.organisations, figures.rows, figures.rejected)
        if days is not None:
            detected = complete(self.engine, self.actor, [figures], days)
            figures.opened += detected.opened
            figures.closed += detected.closed
        return figures

    def _take_chunks(
        self, name: str, source: SourceReader, chunks: Iterator[list[Reading]], figures: Figures
    ) -> None:
        with begin_work(self.engine, self.actor) as work:
            figures.submission = open_submission(work, source.layout, name, source.sha256).id
        for chunk in chunks:
            with begin_work(self.engine, self.actor) as work:
                figures.add(pipeline.submit(work, figures.submission, chunk))

    def _take_all(
        self, name: str, source: SourceReader, chunks: Iterator[list[Reading]], figures: Figures
    ) -> None:
        with begin_work(self.engine, self.actor) as work:
            figures.submission = open_submission(work, source.layout, name, source.sha256).id
            for chunk in chunks:
                if not figures.rejected:
                    figures.add(pipeline.submit(work, figures.submission, chunk))
            if figures.rejected:
                raise Refused(
                    f"{name}: {figures.rejected} of {figures.rows} rows cannot go in, so none was "
                    f"applied; they are listed in {self.rejects}."
                )


def complete(engine: Engine, actor: Actor, taken: Sequence[Figures], days: Days) -> Detected:
    """Keep the word that these files together hold all that was known between two days.

    Files of one organisation that hold the same fields are one extract: a report that stands in
    the first of them is not gone for standing no more in the second. Rows that were handed back
    and mended are a part of one, and none by themselves.
    """
    whole = {
        (code, each.carries) for each in taken if not each.mended for code in each.organisations
    }
    last: dict[tuple[str, frozenset[str]], int] = {}
    reports: dict[tuple[str, frozenset[str]], set[int]] = {}
    for figures in taken:
        for organisation in figures.organisations:
            extract = (organisation, figures.carries)
            last[extract] = figures.submission
            reports.setdefault(extract, set()).update(figures.reports.get(organisation, ()))
    held = [Held(last[each], *each, frozenset(reports[each])) for each in last if each in whole]
    with begin_work(engine, actor) as work:
        return pipeline.complete(work, days, held)


def _chunks(
    source: SourceReader, size: int, rejects: RejectsFile, figures: Figures, progress: Progress
) -> Iterator[list[Reading]]:
    good = _good_rows(source, rejects, figures)
    told = 0
    while chunk := list(islice(good, max(size, 1))):
        yield chunk
        progress(figures.rows - told)
        told = figures.rows
    progress(figures.rows - told)


def _good_rows(source: SourceReader, rejects: RejectsFile, figures: Figures) -> Iterator[Reading]:
    for item in source:
        figures.rows += 1
        if isinstance(item, Reject):
            figures.rejected += 1
            rejects.add(item)
        else:
            yield item.reading
