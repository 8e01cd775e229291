"""How long it takes to fold children again, one and all, and to look at the past, at size.

`python -m benchmarks.folding`: a register of 300,000 children and a million reports is filled, then
folded whole (a rebuild), checked (a second one, which must find nothing), and sent single reports;
then one authority's year is asked for as at an earlier moment. Beside each the floor of this
machine in this run: as many empty transactions. `--kind PostgreSQL` does it there.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from zlib import crc32

from sqlalchemy import Engine, func, select

from register import pipeline
from register.access.models import Reach
from register.db import count_rows, make_engine
from register.inspection.exports import EXPORTS, export
from register.inspection.wanted import Wanted
from register.keyring import KeyRing
from register.rebuilding import rebuild
from register.reports.organisations import all_organisations, force_for
from register.reports.schema import Reading, read_report
from register.reports.service import open_submission, receive
from register.simulation.pairs import write_pair
from register.terms import Sector
from register.work import Work, begin_work, utc_now
from tests import postgres

registers = import_module("benchmarks.import")
CHUNK = 2000
SINGLES = 300
A_CHILD = 3.3
"""Reports a child, as in the register that is asked about: a million of 300,000."""
EARLIER = timedelta(days=45)
YEAR = (date(2025, 4, 1), date(2026, 3, 31))
HOMES = tuple(
    each.code
    for each in all_organisations()
    if each.sector is Sector.AUTHORITY and each.nation == "England" and each.is_current
)
TIMES = ("missing_at", "reported_at", "found_at", "updated_at")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Folding again, one and all; looking at the past.")
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--kind", choices=("SQLite", "PostgreSQL"), default="SQLite")
    parser.add_argument("--folder", type=Path, help="where the register lies; else a new one")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres.OPTIONS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
        server = ""
        if chosen.kind == "PostgreSQL":
            server = stack.enter_context(postgres.postgres_address())
        url = stack.enter_context(registers.new_register(chosen.kind, folder, server))
        keys = KeyRing(folder / "field.keys")
        keys.make_once()
        measure(make_engine(url, keys), folder, chosen.reports, chosen.seed)


def measure(engine: Engine, folder: Path, reports: int, seed: int) -> None:
    """Fill a register, fold it, send it single reports and look at its past."""
    readings = drawn(folder, reports, seed)
    spare = list(islice(readings, SINGLES))
    step("reports received", lambda: fill(engine, islice(readings, reports)))
    step("folded whole", lambda: rebuild(engine))
    count_rows(engine)
    moment = utc_now()
    step("checked, and found", lambda: rebuild(engine, keep=False) or "nothing")
    singles(engine, spare)
    floor(engine)
    past(engine, moment)


def step(what: str, act: Callable[[], object]) -> None:
    """Do something that takes long, and tell how long."""
    began, busy = time.perf_counter(), time.process_time()
    found = act()
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{seconds:>8.1f} s  (busy {busy:.1f} s, peak {peak:.0f} MiB)  {what}: {found}",
        flush=True,
    )


def drawn(folder: Path, reports: int, seed: int) -> Iterator[Reading]:
    """Draw reports of so many that each child has some; later goings missing are earlier ones.

    The simulation knows few authorities: its children are spread over all of England's.
    """
    write_pair(folder, round(reports / A_CHILD * 0.78) + 100, seed)
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        homes = {(one, reference): HOMES[crc32(person.encode()) % len(HOMES)]
                 for one, reference, person in islice(csv.reader(file), 1, None)}  # fmt: skip
    for name in ("la.csv", "police.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for place, row in enumerate(csv.DictReader(file)):
                rehome(row, homes[row["organisation"], row["reference"]])
                for back in range(2 + place % 2):
                    yield read_report(moved(row, back))


def rehome(row: dict[str, str], authority: str) -> None:
    """Let a child be of this authority, and known to the force that polices it."""
    police = row["organisation"].startswith("E23")
    row["organisation"] = (force_for(authority) or row["organisation"]) if police else authority
    if row.get("responsible_authority"):
        row["responsible_authority"] = authority


def moved(row: dict[str, str], back: int) -> dict[str, Any]:
    """Give another report of the same child, so many times some weeks earlier."""
    told = {name: value for name, value in row.items() if value}
    if back:
        told["reference"] += f"-{back}"
        told["status"] = "closed"
        for name in TIMES:
            if text := told.get(name):
                at = datetime.fromisoformat(text) - EARLIER * back
                told[name] = at.isoformat() if "T" in text else at.date().isoformat()
    return told


def fill(engine: Engine, readings: Iterator[Reading]) -> int:
    """Take reports in without folding: what a restored backup of the facts alone would be."""
    with begin_work(engine) as work:
        pipeline.take_turn(work)
        submission = open_submission(work, "register", "benchmark", "benchmark").id
    count = 0
    while chunk := list(islice(readings, CHUNK)):
        with begin_work(engine) as work:
            receive(work, submission, chunk)
        count += len(chunk)
    return count


def singles(engine: Engine, readings: list[Reading]) -> None:
    """Send reports one by one; tell how long each takes, and how much of it is folding."""
    folding: list[float] = []

    def timed(verb: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # whatever the verb takes
            began = time.perf_counter()
            found = verb(*args, **kwargs)
            folding[-1] += time.perf_counter() - began
            return found

        return run

    kept = {name: getattr(pipeline, name) for name in ("fold_children", "cases_of", "detect")}
    for name, verb in kept.items():
        setattr(pipeline, name, timed(verb))
    whole = []
    for place, reading in enumerate(readings):
        folding.append(0.0)
        began = time.perf_counter()
        with begin_work(engine) as work:
            submission = open_submission(work, "api", "benchmark", f"single {place}").id
            pipeline.submit(work, submission, [reading])
        whole.append(time.perf_counter() - began)
    for name, verb in kept.items():
        setattr(pipeline, name, verb)
    for what, times in (("one report, committed", whole), ("of it folding", folding)):
        ordered = sorted(times)
        last = ordered[len(ordered) * 99 // 100]
        print(f"{median(ordered) * 1000:>8.2f} ms  median, {last * 1000:.2f} ms p99: {what}")


def floor(engine: Engine) -> None:
    """Tell how long a piece of work takes that writes nothing but a submission."""
    times = []
    for place in range(SINGLES):
        began = time.perf_counter()
        with begin_work(engine) as work:
            open_submission(work, "api", "benchmark", f"floor {place}")
        times.append(time.perf_counter() - began)
    print(f"{median(times) * 1000:>8.2f} ms  median: a submission alone, committed (the floor)")


def past(engine: Engine, moment: datetime) -> None:
    """Ask for one authority's year as at a moment, by every export."""
    with begin_work(engine, writes=False) as work:
        code = busiest(work)
    wanted = replace(Wanted(), organisation=code, days=YEAR)
    for what in EXPORTS:
        began = time.perf_counter()
        with begin_work(engine, writes=False, as_at=moment) as work:
            rows = len(list(export(work, what, wanted)[1]))
        print(f"{time.perf_counter() - began:>8.2f} s   {rows} {what} of {code}'s year, as at then")


def busiest(work: Work) -> str:
    """Give the authority with most children."""
    query = (
        select(Reach.organisation)
        .where(Reach.known_to.is_(None), Reach.organisation.like("E0%"))
        .group_by(Reach.organisation)
        .order_by(func.count().desc())
        .limit(1)
    )
    return work.session.scalars(query).one()


if __name__ == "__main__":
    main()
