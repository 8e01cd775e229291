"""A whole file through the pipeline: in chunks, each kept before the next, the bad rows set apart.

A chunk that was kept stays kept whatever happens next; the same file again then finds it
unchanged and goes on. What the file is *complete* to is kept last, when all of it is in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from register import pipeline
from register.errors import Refused
from register.reports.models import Submission
from register.reports.rejects import RejectsFile
from register.reports.service import open_submission
from register.reports.source import Read, Reject, SourceReader
from register.work import Actor, Work, begin_work

Days = tuple[date, date | None]
Progress = Callable[[int], None]
"""Told, after each chunk, how many rows it held."""


@dataclass(slots=True)
class Figures:
    """What an import came to, in rows; reports by where they stand; mismatches opened, closed."""

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
        """Take in one file.

        With `all_or_nothing` the first bad row, or any fault, leaves nothing applied: Refused.
        """
        figures = Figures()
        with RejectsFile(self.rejects) as rejects:
            try:
                if self.all_or_nothing:
                    with begin_work(self.engine, self.actor) as work:
                        self._take_all(work, name, source, days, rejects, figures, progress)
                else:
                    self._take_chunks(name, source, days, rejects, figures, progress)
            finally:
                figures.rejects = list(rejects.paths)
        return figures

    def _take_chunks(
        self,
        name: str,
        source: SourceReader,
        days: Days | None,
        rejects: RejectsFile,
        figures: Figures,
        progress: Progress,
    ) -> None:
        with begin_work(self.engine, self.actor) as work:
            figures.submission = open_submission(work, source.layout, name, source.sha256).id
        for chunk in _chunks(source, self.chunk_rows, rejects, figures):
            with begin_work(self.engine, self.actor) as work:
                figures.add(pipeline.submit(work, figures.submission, [r.reading for r in chunk]))
            progress(len(chunk))
        if days is not None:
            with begin_work(self.engine, self.actor) as work:
                _complete(work, source, days, figures)

    def _take_all(
        self,
        work: Work,
        name: str,
        source: SourceReader,
        days: Days | None,
        rejects: RejectsFile,
        figures: Figures,
        progress: Progress,
    ) -> None:
        figures.submission = open_submission(work, source.layout, name, source.sha256).id
        for chunk in _chunks(source, self.chunk_rows, rejects, figures):
            if not figures.rejected:
                figures.add(pipeline.submit(work, figures.submission, [r.reading for r in chunk]))
            progress(len(chunk))
        if figures.rejected:
            raise Refused(
                f"{name} has {figures.rejected} rows that cannot go in, so none of it was "
                f"applied; they are listed in {self.rejects}."
            )
        if days is not None:
            _complete(work, source, days, figures)


def _complete(work: Work, source: SourceReader, days: Days, figures: Figures) -> None:
    reports = {code: figures.reports.get(code, set()) for code in source.organisations}
    submission = work.session.get_one(Submission, figures.submission)
    detected = pipeline.complete(work, submission, days, source.carries, reports)
    figures.opened += detected.opened
    figures.closed += detected.closed


def _chunks(
    source: SourceReader, size: int, rejects: RejectsFile, figures: Figures
) -> Iterator[list[Read]]:
    good = _good_rows(source, rejects, figures)
    while chunk := list(islice(good, size)):
        yield chunk


def _good_rows(source: SourceReader, rejects: RejectsFile, figures: Figures) -> Iterator[Read]:
    for item in source:
        figures.rows += 1
        if isinstance(item, Reject):
            figures.rejected += 1
            rejects.add(item)
        else:
            yield item
