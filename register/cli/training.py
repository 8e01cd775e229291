"""`register train`: a model of linking, learnt from files of reports; none is put into force."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click

from register.cli.lengthy import in_bulk
from register.errors import Refused
from register.linkage.model import model_in_force, read_model
from register.linkage.model_file import model_text
from register.linkage.training_pairs import learn
from register.reports.sheets import read_sheets
from register.reports.source import Reject

FILE = click.Path(path_type=Path)
SHOWN = 5
"""Rejected rows whose reasons are told."""


@dataclass(slots=True)
class _Rejects:
    """How many rows were rejected, and why the first of them were."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, reject: Reject) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(f"{reject.file} {reject}".strip())

    def tell(self) -> None:
        if self.count:
            click.echo(f"{self.count} rows rejected: nothing is learnt from them. The first:")
        for each in self.first:
            click.echo(f"  {each}")


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
    rejects = _Rejects()
    columns = read_sheets(files, datetime.now(UTC), rejects.add)
    rejects.tell()
    learnt = learn(columns, begun, datetime.now(UTC).date())
    output.write_text(model_text(learnt), "utf-8")
    click.echo(f"{output}: version {learnt.version}. {learnt.source}")
    click.echo(
        f"It knows {len(learnt.forenames)} forenames and {len(learnt.surnames)} surnames to be "
        "more or less common than the lists have them. It is not in force: measure it first."
    )
