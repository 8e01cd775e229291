"""Commands that give out what the register holds: `export` and `evaluate`."""

import csv
import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from register.cli.ground import Days, Time, open_database
from register.errors import Refused
from register.inspection.cells import safe
from register.inspection.evaluation import Name, describe, evaluate
from register.inspection.exports import EXPORTS, export
from register.inspection.wanted import Wanted
from register.reports.organisations import find_organisation
from register.work import begin_work

FILE = click.Path(path_type=Path)


@click.command("export")
@click.argument("what", type=click.Choice(list(EXPORTS)))
@click.option("--all", "every", is_flag=True, help="What is closed, too.")
@click.option("--as-at", type=Time(), help="What was known at a time, with its offset, or a day.")
@click.option("--organisation", default="", help="Only the children of this force or authority.")
@click.option("--sealed", is_flag=True, help="Sealed children too; the log says so.")
@click.option("--during", type=Days(), help="Only who was missing in these days: FROM..TO.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--recipient", default="", help="Who is given it, for the log.")
@click.option("--purpose", default="", help="What for, for the log.")
def export_rows(  # noqa: PLR0913  # one argument an option
    what: str,
    *,
    as_at: datetime | None,
    organisation: str,
    during: tuple[date, date | None] | None,
    sealed: bool,
    form: str,
    recipient: str,
    purpose: str,
    every: bool,
) -> None:
    """Write WHAT the register holds to standard output."""
    if organisation and find_organisation(organisation) is None:
        raise Refused(f"No organisation has the code {organisation!r}.")
    wanted = Wanted(every, organisation, during, sealed)
    with open_database() as engine, begin_work(engine, writes=False, as_at=as_at) as work:
        columns, rows = export(work, what, wanted, recipient=recipient, purpose=purpose)
        found = list(rows)
    # Only now, when the log holds that it was given out, does it leave.
    if form == "json":
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        for row in found:
            writer.writerow({name: safe(cell) for name, cell in row.items()})
    sys.stdout.flush()


@click.command("evaluate")
@click.argument("truth", type=FILE)
@click.option("--links", type=FILE, help="A folder that `register link` wrote to.")
def evaluate_links(truth: Path, links: Path | None) -> None:
    """Hold the links of the register, or of a folder, against TRUTH."""
    people = {(row["organisation"], row["reference"]): row["person"] for row in _rows(truth)}
    if links is not None:
        files = [_rows(links / "links.csv"), _rows(links / "reviews.csv")]
        children, reviews = _of_rows(*([_as_sent(row) for row in rows] for rows in files))
    else:
        with open_database() as engine, begin_work(engine) as work:
            children, reviews = _of_rows(
                list(export(work, "links")[1]), list(export(work, "reviews")[1])
            )
    click.echo(describe(evaluate(people, children, reviews)))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path.name} cannot be read as CSV in UTF-8: {error}.") from error
    needed = _NEEDED.get(path.name, {"organisation", "reference", "person"})
    if rows and not needed <= rows[0].keys():
        lacking = ", ".join(sorted(needed - rows[0].keys()))
        raise Refused(f"{path.name} lacks the columns {lacking}.")
    return rows


def _as_sent(row: dict[str, str]) -> dict[str, str]:
    """Take off the mark that keeps a cell from being a formula, or no reference would match."""
    return {
        name: cell[1:] if cell[:1] == "'" and safe(cell[1:]) == cell else cell
        for name, cell in row.items()
    }


_NEEDED = {
    "links.csv": {"organisation", "reference", "child"},
    "reviews.csv": {"organisation_a", "reference_a", "organisation_b", "reference_b"},
}


def _of_rows(
    links: list[dict[str, str]], reviews: list[dict[str, str]]
) -> tuple[dict[Name, str], list[tuple[Name, Name]]]:
    children = {(row["organisation"], row["reference"]): row["child"] for row in links}
    pairs = [
        ((row["organisation_a"], row["reference_a"]), (row["organisation_b"], row["reference_b"]))
        for row in reviews
    ]
    return children, pairs
