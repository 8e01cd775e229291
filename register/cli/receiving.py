"""Commands that take reports in: `register import`, and `register link` without a database."""

import csv
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from register.audit.service import record
from register.cli.ground import (
    Days,
    in_bulk,
    open_database,
    progress,
    read_settings,
    rejects_path,
)
from register.errors import Refused
from register.inspection.counts import standing_of
from register.inspection.exports import LINK_COLUMNS, REVIEW_COLUMNS, safe
from register.intake import Figures, Intake, complete
from register.linkage.bulk import Linked, link_statements, statement_of
from register.linkage.model import model_in_force
from register.records.episodes import align
from register.records.numbers import child_number, episode_number
from register.reports.files import open_source
from register.reports.rejects import RejectsFile
from register.reports.schema import Reading, digest
from register.reports.source import Read, SourceReader
from register.reports.statement import Statement
from register.work import OPERATOR, begin_work, utc_now

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--layout", help="The layout of the files; without it their headings tell.")
@click.option("--organisation", metavar="CODE", help="Whose files these are, if they don't say.")
@click.option("--extract", type=Days(), help="The files hold all that was known between two days.")
@click.option("--all-or-nothing", is_flag=True, help="Apply nothing of a file with a bad row.")
@in_bulk()
def import_files(
    files: tuple[Path, ...],
    layout: str | None,
    organisation: str | None,
    extract: tuple[date, date | None] | None,
    *,
    all_or_nothing: bool,
) -> None:
    """Receive, link and reconcile the reports in FILES.

    With --extract the files together hold all that their organisations know between two days.
    """
    settings = read_settings()
    with open_database(settings) as engine:
        taken: list[Figures] = []
        for file in files:
            began = time.monotonic()
            try:
                source = open_source(file, layout, organisation, _whole(extract), utc_now())
                rejects = rejects_path(settings, file, source.sha256)
                intake = Intake(engine, OPERATOR, rejects, settings.chunk_rows, all_or_nothing)
                with progress(file.name, source.rows) as step:
                    figures = intake.take(file.name, source, None, step)
            except Refused as error:
                with begin_work(engine) as work:
                    record(work, "submission:refused")
                click.echo(f"Error: {error}", err=True)
                continue
            taken.append(figures)
            _tell(file, source, figures, time.monotonic() - began)
        if taken:
            _finish(engine, len(files), taken, extract)
    if len(taken) < len(files):
        raise SystemExit(1)


def _whole(extract: tuple[date, date | None] | None) -> tuple[date, date] | None:
    if extract is None:
        return None
    return (extract[0], extract[1] or utc_now().date())


def _finish(
    engine: Engine, files: int, taken: list[Figures], extract: tuple[date, date | None] | None
) -> None:
    """Keep what the files are complete to, unless one was refused, and tell how it all stands."""
    opened = sum(figures.opened for figures in taken)
    closed = sum(figures.closed for figures in taken)
    if extract is not None and len(taken) < files:
        click.echo(
            "What was refused may hold what the others lack, so none of them counts as complete "
            "yet: send all of them again together.",
            err=True,
        )
    elif extract is not None:
        detected = complete(engine, OPERATOR, taken, extract)
        opened, closed = opened + detected.opened, closed + detected.closed
        organisations = {c for each in taken if not each.mended for c in each.organisations}
        until = f"to {extract[1]}" if extract[1] else "on"
        click.echo(f"Complete from {extract[0]} {until}: {len(organisations)} organisations.")
    with begin_work(engine, writes=False) as work:
        standing = standing_of(work, {"": _reports_of(taken)})
    click.echo(
        f"{standing.linked} reports linked, {standing.alone} alone, {standing.in_review} to "
        f"review; {opened} mismatches opened, {closed} closed."
    )


def _reports_of(taken: list[Figures]) -> set[int]:
    return {report for each in taken for reports in each.reports.values() for report in reports}


def _tell(file: Path, source: SourceReader, figures: Figures, seconds: float) -> None:
    click.echo(
        f"{file.name} ({source.layout}): {figures.rows} rows read, {figures.accepted} accepted, "
        f"{figures.unchanged} unchanged, {figures.superseded} superseded, "
        f"{figures.rejected} rejected; {seconds:.1f} s "
        f"({figures.rows / max(seconds, 0.001):.0f} rows a second)."
    )
    for remark in source.remarks:
        click.echo(f"  {remark}")
    if figures.mended:
        click.echo("  These rows were handed back: what they lack is not taken for gone.")
    for path in figures.rejects:
        click.echo(f"  The rejected rows, with their reasons: {path}")
    if figures.crowded:
        click.echo(
            f"  {len(figures.crowded)} keys are shared by too many children to nominate anybody; "
            "what only they would have found was not compared."
        )


@click.command("link")
@click.argument("files", nargs=2, type=FILE)
@click.option("--output", required=True, type=FILE, help="The folder for links and reviews.")
@in_bulk()
def link(files: tuple[Path, Path], output: Path) -> None:
    """Link two extracts, without a database: what an analyst runs before a first load."""
    began = time.monotonic()
    output.mkdir(parents=True, exist_ok=True)
    now = utc_now()
    readings: list[Reading] = []
    with RejectsFile(output / "rejects.csv") as rejects:
        for file in files:
            source = open_source(file, now=now)
            with progress(file.name, source.rows) as step:
                readings += _readings(source, rejects, step)
    statements = _latest(readings, now)
    linked = link_statements(statements.values(), model_in_force())
    _write(output / "links.csv", LINK_COLUMNS, _link_rows(statements, linked))
    _write(output / "reviews.csv", REVIEW_COLUMNS, _review_rows(statements, linked))
    together = sum(len(child) for child in linked.children if len(child) > 1)
    seconds = time.monotonic() - began
    click.echo(
        f"{len(statements)} reports of {len(linked.children)} children: {together} linked, "
        f"{len(statements) - together} alone, {len(linked.reviews)} pairs to review, "
        f"{rejects.count} rows rejected; {seconds:.1f} s."
    )
    for path in rejects.paths:
        click.echo(f"  The rejected rows, with their reasons: {path}")


def _readings(
    source: SourceReader, rejects: RejectsFile, step: Callable[[int], None]
) -> Iterator[Reading]:
    for item in source:
        step(1)
        if isinstance(item, Read):
            yield item.reading
        else:
            rejects.add(item)


def _latest(readings: Iterable[Reading], now: datetime) -> dict[int, Statement]:
    """Keep the version of each report that counts, numbered in the order of the files."""
    latest: dict[tuple[str, str, str], tuple[datetime, str, Statement]] = {}
    for reading in readings:
        name = (reading.organisation, reading.kind.value, reading.reference)
        known = latest.get(name)
        number = known[2].report_id if known else len(latest) + 1
        statement = statement_of(reading, number, now)
        version = (statement.updated_at, digest(reading), statement)
        if known is None or version[:2] > known[:2]:
            latest[name] = version
    return {statement.report_id: statement for _, _, statement in latest.values()}


def _link_rows(statements: dict[int, Statement], linked: Linked) -> Iterator[dict[str, str]]:
    for reports in linked.children:
        episodes = align(statements[report] for report in reports)
        of = {s.report_id: episode.number for episode in episodes for s in episode.statements()}
        for report in reports:
            yield {
                "organisation": statements[report].organisation,
                "reference": statements[report].reference,
                "child": child_number(reports[0]),
                "episode": episode_number(of[report]) if report in of else "",
                "decision": "linked" if len(reports) > 1 else "alone",
            }


def _review_rows(statements: dict[int, Statement], linked: Linked) -> Iterator[dict[str, str]]:
    for (one, other), probability, reasons in linked.reviews:
        yield {
            "organisation_a": statements[one].organisation,
            "reference_a": statements[one].reference,
            "organisation_b": statements[other].organisation,
            "reference_b": statements[other].reference,
            "probability": f"{probability:.6f}",
            "reasons": " ".join(reasons),
        }


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: safe(cell) for name, cell in row.items()})
