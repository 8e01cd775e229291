"""What every command stands on: the settings, the database brought up to its schema, times."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from sqlalchemy import Engine

from register.db import make_engine, upgrade_database
from register.settings import Settings, load_settings


def open_database(settings: Settings | None = None) -> Engine:
    """Open the register's database; an embedded one is made, or brought up to date, if need be."""
    chosen = settings or load_settings()
    if chosen.database.startswith("sqlite"):
        upgrade(chosen)
    return make_engine(chosen.database)


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest schema."""
    engine = make_engine(settings.database)
    upgrade_database(engine)
    engine.dispose()


class Days(click.ParamType[tuple[date, date | None]]):
    """Two days parted by two dots; a blank second one means from then on."""

    name = "FROM..TO"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, date | None]:
        """Read `2026-01-01..2026-03-31`, or `2026-01-01..` for a feed that goes on."""
        text = str(value)
        start, dots, end = text.partition("..")
        try:
            days = (date.fromisoformat(start), date.fromisoformat(end) if end else None)
        except ValueError:
            self.fail(f"{text!r} is not two days, such as 2026-01-01..2026-03-31.", param, ctx)
        if not dots or (days[1] is not None and days[1] < days[0]):
            self.fail(f"{text!r} is not two days in order, parted by two dots.", param, ctx)
        return days


@contextmanager
def progress(title: str, length: int) -> Iterator[Callable[[int], None]]:
    """Show how far long work has come, on a terminal only; gives what to call after each part."""
    errors = sys.stderr
    if not errors.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=length, label=title, file=errors, show_pos=True) as bar:
        yield bar.update


def rejects_path(settings: Settings, file: Path) -> Path:
    """Say where the rows of a file that could not go in are written."""
    return Path(settings.instance_dir) / "rejects" / f"{file.stem}-rejects.csv"
