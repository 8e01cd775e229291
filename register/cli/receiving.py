"""Commands that take reports in: `register import`, and `register link` without a database."""

import time
from datetime import date
from pathlib import Path

import click
from sqlalchemy import Engine

from register.audit.service import record
from register.cli.ground import Days, open_database, read_settings, rejects_path
from register.cli.lengthy import in_bulk, progress
from register.db import count_rows
from register.errors import Refused
from register.inspection.counts import standing_of
from register.intake import Figures, Intake, complete
from register.reports.files import open_source
from register.reports.reading import shown
from register.reports.source import SourceReader
from register.work import OPERATOR, begin_work, utc_now

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--layout", help="The layout of the files; without it their headings tell.")
@click.option("--organisation", metavar="CODE", help="Whose files these are, if they don't say.")
@click.option("--extract", type=Days(), help="The files hold all that was known between two days.")
@click.option("--all-or-nothing", is_flag=True, help="Apply nothing of a file with a bad row.")
@click.option(
    "--rows", type=click.IntRange(0), help="How many rows its sender counted, of one file."
)
@click.option("--sha256", metavar="HEX", help="The fingerprint that its sender took, of one file.")
@in_bulk()
def import_files(  # noqa: PLR0913  # one argument an option
    files: tuple[Path, ...],
    layout: str | None,
    organisation: str | None,
    extract: tuple[date, date | None] | None,
    *,
    all_or_nothing: bool,
    rows: int | None,
    sha256: str | None,
) -> None:
    """Receive, link and reconcile the reports in FILES.

    With --extract the files together hold all that their organisations know between two days.
    """
    settings = read_settings()
    if len(files) > 1 and (rows is not None or sha256):
        raise Refused("--rows and --sha256 are of one file: send each with its own.")
    with open_database(settings) as engine:
        taken: list[Figures] = []
        for file in files:
            began = time.monotonic()
            try:
                source = open_source(file, layout, organisation, _whole(extract), utc_now())
                _compare(file, source, rows, sha256)
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


def _compare(file: Path, source: SourceReader, rows: int | None, sha256: str | None) -> None:
    """Refuse a file that is not the one which its sender counted, or took the fingerprint of."""
    if rows is not None and rows != source.rows:
        raise Refused(
            f"{shown(file)} has {source.rows:,} rows where its sender counted {rows:,}: nothing of "
            "it was applied. Send it again, whole."
        )
    if sha256 and source.sha256 != sha256.strip().lower():
        raise Refused(
            f"{shown(file)} is not what its sender took the fingerprint of (SHA-256 begins "
            f"{source.sha256[:12]}): nothing of it was applied. Send it again."
        )


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
    count_rows(engine)


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
    if figures.crowding:
        click.echo(f"  {figures.crowding}")
