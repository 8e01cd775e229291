"""What every command stands on: the settings, the database brought up to its schema, times."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from alembic.util.exc import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from register.audit.private import keep_keys_in
from register.db import make_engine, upgrade_database
from register.errors import RegisterError
from register.keyring import ring_of
from register.reports.values import read_moment
from register.settings import Settings, load_settings


def read_settings() -> Settings:
    """Read the settings; what cannot be read of them is told in a sentence."""
    try:
        return load_settings()
    except (ValueError, TypeError) as error:
        raise RegisterError(
            f"The settings cannot be read: {error}. See config/settings.toml and the variables "
            "that begin with REGISTER_."
        ) from error


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Engine]:
    """Open the register's database; an embedded one is made, or brought up to date, if need be."""
    chosen = settings or read_settings()
    try:
        engine = make_engine(chosen.database, ring_of(chosen))
    except (NoSuchModuleError, ImportError) as error:
        raise RegisterError(
            "REGISTER_DATABASE_URL names a kind of database that the register cannot use: "
            "give an address of SQLite or of PostgreSQL."
        ) from error
    except ArgumentError as error:
        # The address may hold a password: it is not repeated.
        raise RegisterError(
            "REGISTER_DATABASE_URL is no address of a database, such as "
            "sqlite:////srv/register.sqlite3 or postgresql+psycopg://name@host/register."
        ) from error
    try:
        if engine.dialect.name == "sqlite":
            upgrade(engine)
        keep_keys_in(engine, Path(chosen.instance_dir))
        yield engine
    finally:
        engine.dispose()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema."""
    try:
        upgrade_database(engine)
    except CommandError as error:
        raise RegisterError(
            f"The database's schema is not one that this version knows ({error}): "
            "use the version that made it, or a newer one."
        ) from error


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


class Time(click.ParamType[datetime]):
    """A time with its offset from UTC; a day means its end."""

    name = "TIME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read `2026-03-03T02:10:00+00:00`, or `2026-03-03` for the midnight that ends the day."""
        try:
            return read_moment(str(value)).latest
        except ValueError:
            self.fail(
                f"{value!r} is no time: write it with its offset, such as "
                "2026-03-03T02:10:00+00:00, or a day, such as 2026-03-03.",
                param,
                ctx,
            )


def rejects_path(settings: Settings, file: Path, digest: str) -> Path:
    """Say where the rows of a file that could not go in are written.

    Many files are called `missing.csv`: one sender's rejects must not take the place of another's.
    """
    return Path(settings.instance_dir) / "rejects" / f"{file.stem}-{digest[:8]}-rejects.csv"
