"""The command `register link`: two extracts linked without a database."""

import time
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from register.cli.lengthy import in_bulk
from register.errors import RegisterError
from register.inspection.cells import LINK_COLUMNS, REVIEW_COLUMNS, safe
from register.linkage.bulk import LinkedRows, Meet, link_columns, meet_here
from register.linkage.model import model_in_force, read_model
from register.records.columns import number_episodes, written
from register.reports.coding import Ints
from register.reports.columns import Columns
from register.reports.rejects import RejectsFile
from register.reports.sheets import read_sheets

FILE = click.Path(path_type=Path)
_AS_NEEDED = csv.WriteOptions(quoting_style="needed", quoting_header="none")


@click.command("link")
@click.argument("files", nargs=2, type=FILE)
@click.option("--output", required=True, type=FILE, help="The folder for links and reviews.")
@click.option("--model", type=FILE, help="The model to judge by; without it, the one in force.")
@click.option(
    "--engine", type=click.Choice(("local", "spark")), default="local", help="Where pairs meet."
)
@click.option("--master", help="The Spark cluster's master, such as spark://host:7077.")
@in_bulk()
def link(
    files: tuple[Path, Path], output: Path, model: Path | None, engine: str, master: str | None
) -> None:
    """Link two extracts, without a database: what an analyst runs before a first load."""
    began = time.monotonic()
    meet = _meet_by(engine, master)
    output.mkdir(parents=True, exist_ok=True)
    with RejectsFile(output / "rejects.csv") as rejects:
        columns = read_sheets(files, datetime.now(UTC), rejects.add)
    linked = link_columns(columns, read_model(model) if model else model_in_force(), meet)
    csv.write_csv(_links(columns, linked), output / "links.csv", _AS_NEEDED)
    csv.write_csv(_reviews(columns, linked), output / "reviews.csv", _AS_NEEDED)
    sizes = np.unique(linked.child, return_counts=True)[1]
    alone = int((sizes == 1).sum())
    click.echo(
        f"{len(linked.child)} reports of {len(sizes)} children: "
        f"{len(linked.child) - alone} linked, "
        f"{alone} alone, {len(linked.reviews)} pairs to review, "
        f"{rejects.count} rows rejected; {time.monotonic() - began:.1f} s."
    )
    for path in rejects.paths:
        click.echo(f"  The rejected rows, with their reasons: {path}")


def _meet_by(engine: str, master: str | None) -> Meet:
    """Give what nominates and compares; Spark's is loaded only where it is asked for."""
    if engine == "local":
        if master:
            raise click.UsageError("--master is for --engine spark: add that, or leave it out.")
        return meet_here
    if not master:
        raise click.UsageError("--engine spark needs --master, such as spark://host:7077.")
    if find_spec("pyspark") is None:
        raise RegisterError(
            "`register link --engine spark` needs PySpark: run `make spark`, then put "
            "PYTHONPATH=.venv/spark before the command (docs/linking-at-scale.md)."
        )
    meet: Meet = import_module("register.linkage.spark").meet_on(master)
    return meet


def _links(columns: Columns, linked: LinkedRows) -> pa.Table:
    """Give each report's line, in the order of the children."""
    order = np.argsort(linked.child, kind="stable")
    child = linked.child[order]
    episode = number_episodes(columns, linked.child)[order]
    sizes = np.bincount(linked.child)[child]
    cells = (
        *(_texts(columns, name, order) for name in ("organisation", "reference")),
        written("C", child + 1),
        written("E", np.where(episode < 0, episode, episode + 1)),
        pa.array(["alone", "linked"]).take(pa.array((sizes > 1).astype(np.int8))),
    )
    return pa.table(dict(zip(LINK_COLUMNS, cells, strict=True)))


def _reviews(columns: Columns, linked: LinkedRows) -> pa.Table:
    """Give the pairs that a person must judge, a line each."""
    ones, others = (
        np.array([pair[side] for pair, _, _ in linked.reviews], np.int64) for side in (0, 1)
    )
    cells = (
        *(
            _texts(columns, name, rows)
            for rows in (ones, others)
            for name in ("organisation", "reference")
        ),
        pa.array([f"{probability:.6f}" for _, probability, _ in linked.reviews], pa.string()),
        pa.array([" ".join(reasons) for _, _, reasons in linked.reviews], pa.string()),
    )
    return pa.table(dict(zip(REVIEW_COLUMNS, cells, strict=True)))


def _texts(columns: Columns, name: str, rows: Ints) -> pa.Array:
    """Give a column's texts, written so that a spreadsheet takes none for a formula."""
    column = columns.coded[name]
    odd = pc.match_substring_regex(column.values, "^[=+@\\t\\r\\x00-]").to_numpy(
        zero_copy_only=False
    )
    texts = column.values.take(pa.array(column.codes[rows]))
    if odd.any():
        texts = pa.array([safe(text) for text in texts.to_pylist()])
    return texts
