"""Commands on the layouts that files may have: `register layout`."""

from pathlib import Path

import click

from register.reports import ssda903
from register.reports.layout_check import check_layout
from register.reports.layout_files import known_layouts
from register.work import utc_now

FILE = click.Path(path_type=Path)


@click.group("layout")
def layout() -> None:
    """The layouts in which files of reports are read."""


@layout.command("list")
def list_layouts() -> None:
    """Name every layout that a file may have."""
    for each in known_layouts().values():
        click.echo(f"{each.name:18} {each.title}")
    click.echo(f"{ssda903.NAME:18} An authority's SSDA903 return: missing, header and episodes")


@layout.command("check")
@click.argument("file", type=FILE)
@click.option("--layout", "name", help="Hold it against this layout; without it, the nearest.")
@click.option("--organisation", metavar="CODE", help="Whose file it is, if it doesn't say.")
def check(file: Path, name: str | None, organisation: str | None) -> None:
    """Say how FILE would be read, and keep nothing of it.

    Which layout fits, which headings it does not know and what they may stand for, which are
    missing, how each date would be read, and what would be rejected. Exit code 1 if it cannot be
    sent as it is.
    """
    found = check_layout(file, name, organisation, utc_now())
    for sentence in found.sentences:
        click.echo(sentence)
    if not found.fits:
        raise SystemExit(1)
