"""How fast reports are imported, linked, reconciled and logged, and how that grows.

`python -m benchmarks.import`: 4,000 + 4,000 reports on SQLite and on PostgreSQL, each beside the
floor of this machine in this run (the same rows by bare inserts, as often committed), then the
same from 1,000 rows to 8,000. Issue 2 asks for 300 reports a second.
"""

import argparse
import csv
import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import datetime
from itertools import count, islice
from pathlib import Path

from sqlalchemy import create_engine, insert, make_url, text

from register.cli.program import program
from register.db import make_engine, upgrade_database
from register.reports.models import Report, ReportVersion, Submission
from register.simulation.pairs import write_pair
from register.work import utc_now
from tests import postgres

ASKED = 300
CHUNK = 500
ROWS_A_CHILD = 1.14
"""So many reports a child, at least, in a pair of extracts."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The speed of an import.")
    parser.add_argument("--rows", type=int, default=8000, help="reports, both files together")
    parser.add_argument("--seed", type=int, default=20261121)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        # As in production: the tests' server does without what survives a power cut.
        postgres.OPTIONS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
        server = stack.enter_context(postgres.postgres_address())
        print(
            f"seed {chosen.seed}; busy: the program's own seconds, without what others on the "
            "machine took; floor: the same rows by bare inserts"
        )
        for kind in ("SQLite", "PostgreSQL"):
            for parts in (8, 4, 2, 1):
                rows = chosen.rows // parts
                files = pair(folder / str(rows), rows, chosen.seed)
                with new_register(kind, folder, server) as url:
                    floor = bare(url, files)
                with new_register(kind, folder, server) as url:
                    busy = time.process_time()
                    seconds = whole(url, files, folder)
                    busy = time.process_time() - busy
                print(
                    f"{kind:<11}{rows:>7} rows {seconds:>7.1f} s {rows / seconds:>7.0f} a second"
                    f"   busy {busy:>5.1f} s   floor {floor:>5.2f} s {rows / floor:>8.0f} a second"
                    f"{'' if rows / seconds >= ASKED else f'   below {ASKED}'}",
                    flush=True,
                )


def pair(folder: Path, rows: int, seed: int) -> tuple[Path, Path]:
    """Write two extracts of half as many rows each."""
    police, authority, _ = write_pair(folder, round(rows / 2 / ROWS_A_CHILD) + 50, seed)
    for path in (police, authority):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = lines[: rows // 2 + 1]
        if len(kept) <= rows // 2:
            raise SystemExit(f"The simulation gave only {len(lines)} rows.")
        path.write_text("".join(kept), "utf-8")
    return police, authority


@contextmanager
def new_register(kind: str, folder: Path, server: str) -> Iterator[str]:
    """Make a register, migrated and empty, and take it away again."""
    name = "register_benchmark"
    if kind == "SQLite":
        path = folder / f"{name}.sqlite3"
        url = f"sqlite:///{path}"
        migrate(url)
        yield url
        for each in folder.glob(f"{name}.sqlite3*"):
            each.unlink()
        return
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def migrate(url: str) -> None:
    """Make the tables, as every register does."""
    engine = make_engine(url)
    upgrade_database(engine)
    engine.dispose()


def whole(url: str, files: tuple[Path, Path], folder: Path) -> float:
    """Run the command as anyone would, but for the start of the program; give the seconds."""
    os.environ |= {"REGISTER_DATABASE_URL": url, "REGISTER_INSTANCE_DIR": str(folder)}
    command = ["import", *map(str, files), "--extract", "2026-01-01..2026-07-31"]
    printed = io.StringIO()
    began = time.perf_counter()
    with redirect_stdout(printed):
        program(command, prog_name="register", standalone_mode=False)
    return time.perf_counter() - began


def bare(url: str, files: tuple[Path, Path]) -> float:
    """Insert the same rows, unread and unlinked, in as many transactions; give the seconds."""
    engine = make_engine(url)
    now = utc_now()
    about = {"source": "", "name": "", "digest": "", "actor": "", "received_at": now}
    began = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(insert(Submission), [about])
    numbers = count(1)
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = zip(numbers, csv.DictReader(lines), strict=False)
            while chunk := list(islice(rows, CHUNK)):
                with engine.begin() as connection:
                    connection.execute(insert(Report), [as_report(*row, now) for row in chunk])
                    connection.execute(
                        insert(ReportVersion), [as_version(*row, now) for row in chunk]
                    )
    seconds = time.perf_counter() - began
    engine.dispose()
    return seconds


def as_report(number: int, row: dict[str, str], now: datetime) -> dict[str, object]:
    """Give the bare row of a report."""
    named = {name: row[name] for name in ("organisation", "reference")}
    return {**named, "id": number, "kind": "missing", "received_at": now}


def as_version(number: int, row: dict[str, str], now: datetime) -> dict[str, object]:
    """Give the bare row of its version."""
    return {
        "report_id": number,
        "submission_id": 1,
        "updated_at": now,
        "received_at": now,
        "digest": f"{number:064}",
        "open": row,
        "protected": {},
        "marks": {},
    }


if __name__ == "__main__":
    main()
