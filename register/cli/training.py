"""`register train`: a model of linking, learnt from files of reports; none is put into force."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from register.cli.lengthy import in_bulk, progress
from register.errors import Refused
from register.linkage.model import model_in_force, read_model
from register.linkage.model_file import model_text
from register.linkage.training_pairs import learn
from register.reports.files import open_source
from register.reports.organisations import find_organisation
from register.reports.schema import Reading
from register.reports.source import Read
from register.reports.statement import Statement
from register.reports.values import read_moment
from register.terms import Sector
from register.work import utc_now

FILE = click.Path(path_type=Path)


@click.command("train")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--output", required=True, type=FILE, help="The model file to write.")
@click.option("--start", type=FILE, help="The model to start from; without it, the one in force.")
@in_bulk()
def train_model(files: tuple[Path, ...], output: Path, start: Path | None) -> None:
    """Learn a model of linking from the reports in FILES, of two organisations or more.

    Nobody has to say which reports are of one child. The model is written, with what it was
    learnt from; the one in force stays in force.
    """
    begun = read_model(start) if start else model_in_force()
    if output.exists():
        raise Refused(f"{output} is there already: a model is never written over, name another.")
    statements = _latest(files)
    learnt = learn(statements, begun, utc_now().date())
    output.write_text(model_text(learnt), "utf-8")
    click.echo(f"{output}: version {learnt.version}. {learnt.source}")
    click.echo(
        f"It knows {len(learnt.forenames)} forenames and {len(learnt.surnames)} surnames to be "
        "more or less common than the lists have them. It is not in force: measure it first."
    )


def _latest(files: Iterable[Path]) -> list[Statement]:
    """Keep of each report the version that was written last."""
    latest: dict[tuple[str, str, str], Statement] = {}
    for statement in _statements(files):
        name = (statement.organisation, statement.kind, statement.reference)
        if name not in latest or latest[name].updated_at < statement.updated_at:
            latest[name] = statement
    return list(latest.values())


def _statements(files: Iterable[Path]) -> Iterator[Statement]:
    now, number = utc_now(), 0
    for file in files:
        source = open_source(file, now=now)
        with progress(file.name, source.rows) as step:
            for item in source:
                step(1)
                if isinstance(item, Read):
                    number += 1
                    yield _statement(item.reading, number, now)


def _statement(reading: Reading, number: int, now: datetime) -> Statement:
    changed_at = reading.content.get("updated_at")
    known = find_organisation(reading.organisation)
    return Statement(
        report_id=number,
        organisation=reading.organisation,
        sector=known.sector if known else Sector.OTHER,
        reference=reading.reference,
        kind=reading.kind,
        updated_at=read_moment(str(changed_at)).latest if changed_at else now,
        received_at=now,
        values=reading.content,
        doubtful=reading.doubtful,
        marks=reading.marks,
    )
