"""Commands for those who inspect: `figures`, `sample` and `pack`."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from register.cli.ground import Days, Time, open_database
from register.errors import Refused
from register.inspection.figure import Figure
from register.inspection.figures import Figures, read_figures
from register.inspection.pack import make_pack
from register.inspection.pack_data import figures_data
from register.inspection.samples import STRATA, draw_sample, find_sample
from register.inspection.scope import Scope, year_before
from register.terms import LONDON
from register.work import Work, begin_work


@click.command("figures")
@click.option("--organisation", default="", help="Of this force or authority; blank: of England.")
@click.option("--during", type=Days(), help="Goings missing that began then: FROM..TO.")
@click.option("--as-at", type=Time(), help="What was known at a time, with its offset, or a day.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def figures(
    organisation: str,
    during: tuple[date, date | None] | None,
    as_at: datetime | None,
    form: str,
) -> None:
    """Tell how police and authorities agree; without days, of the last year."""
    with open_database() as engine, begin_work(engine, writes=False, as_at=as_at) as work:
        found = read_figures(work, scope_of(work, organisation, during))
    click.echo(json.dumps(figures_data(found), indent=1) if form == "json" else in_words(found))


def scope_of(work: Work, organisation: str, during: tuple[date, date | None] | None) -> Scope:
    """Give the scope that was asked for."""
    today = work.moment.astimezone(LONDON).date()
    first, last = during or (year_before(today), today)
    return Scope(organisation, first, last or today)


def in_words(found: Figures) -> str:
    """Write figures as lines of text."""
    scope = found.scope
    head = f"{scope.organisation or 'England'}, {scope.first}..{scope.last}, as known at "
    lines = [f"{head}{found.moment.isoformat(timespec='seconds')}"]
    for figure in found.figures:
        lines += ["", figure.title, *_lines(figure)]
    return "\n".join(lines)


def _lines(figure: Figure) -> list[str]:
    shares = [
        f"  {each.label}: {'-' if each.percent is None else f'{each.percent}%'}"
        for each in figure.shares
    ]
    lengths = [f"  {each.label}: {each.length or '-'}" for each in figure.lengths]
    wide = len(figure.headings) > 1
    rows = [f"  ({', '.join(figure.headings)})"] if wide else []
    rows += [
        f"  {line.label}: {', '.join('c' if each is None else str(each) for each in line.counts)}"
        for line in figure.lines
    ]
    return [*shares, *lengths, *rows]


@click.command("sample")
@click.argument("strata", nargs=-1, required=True, metavar="STRATUM=COUNT...")
@click.option("--organisation", default="", help="Of this force or authority; blank: of England.")
@click.option("--during", type=Days(), help="Goings missing that began then: FROM..TO.")
@click.option("--as-at", type=Time(), help="What was known at a time, with its offset, or a day.")
@click.option("--seed", default="", help="Draws the same children again; blank: one is made.")
def draw(
    strata: tuple[str, ...],
    organisation: str,
    during: tuple[date, date | None] | None,
    as_at: datetime | None,
    seed: str,
) -> None:
    """Draw and keep a sample, so many children of each STRATUM, such as repeat=10."""
    wanted = _wanted(strata)
    with open_database() as engine, begin_work(engine) as work:
        scope = scope_of(work, organisation, during)
        found = find_sample(work, draw_sample(work, scope, wanted, seed, as_at))
    click.echo(f"Sample {found.number}, seed {found.seed}, as known at {found.as_at.isoformat()}")
    for each in found.strata:
        click.echo(f"  {each.name}, {len(each.drawn)} of {each.frame}: {' '.join(each.drawn)}")


def _wanted(strata: tuple[str, ...]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for text in strata:
        name, _, count = text.partition("=")
        if name not in STRATA or not (count.isascii() and count.isdecimal() and len(count) < 4):  # noqa: PLR2004  # three figures
            names = ", ".join(STRATA)
            raise Refused(f"{text[:40]!r} is no stratum and a count; the strata are {names}.")
        wanted[name] = int(count)
    return wanted


@click.command("pack")
@click.argument("sample", type=int)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--recipient", required=True, help="Who is given it, for the log.")
@click.option("--purpose", required=True, help="What for, for the log.")
def write_pack(sample: int, folder: Path, recipient: str, purpose: str) -> None:
    """Write the evidence pack of SAMPLE into a new FOLDER."""
    if folder.exists():
        raise Refused(f"{folder} is there already: name a folder that is not.")
    with open_database() as engine, begin_work(engine) as work:
        made = make_pack(work, sample, recipient, purpose)
    # Only now, when the log holds that it was given out, does it leave.
    folder.mkdir(parents=True)
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    click.echo(f"{len(made.files)} files in {folder}. SHA256SUMS: {made.digest}")
