"""One report against a whole register: candidates and judgement, beside an index of trigrams."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text

from benchmarks.peers.bulk import Draw
from benchmarks.peers.registers import Population, put
from register.db import make_engine
from register.linkage.candidates import explore, neighbours_of
from register.linkage.match import Model
from register.linkage.model import model_in_force
from register.linkage.subjects import Stored, find_subjects
from register.work import Work, begin_work
from tests.keys import known_ring

WARM = 50
"""Probes that are not counted: plans are made and pages read."""
TRIGRAM_PROBES = 300
THRESHOLD = 0.5
ON_SQLITE, ON_POSTGRES, TRIGRAMS = "SQLite", "PostgreSQL", "pg_trgm"
FOLLOWED = {ON_SQLITE: "SQLite, followed", ON_POSTGRES: "PostgreSQL, followed"}
"""The same with the candidates of those of whom something follows: a link waits for its rivals."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one report took, in milliseconds."""

    middle: float
    worst: float
    """The 99th percentile."""


def time_ours(engine: Engine, population: Population) -> tuple[Latency, Latency]:
    """Find and judge each probe's candidates, one at a time; then follow them as linking does."""
    model = model_in_force()
    with begin_work(engine, writes=False) as work:
        probes = find_subjects(work, population.probes)

        def timed(act: Callable[[Work, Mapping[int, Stored], Model], object]) -> Latency:
            return _latency(lambda n: act(work, {n: probes[n]}, model), population.probes)

        return timed(neighbours_of), timed(explore)


def time_trigrams(engine: Engine, population: Population) -> Latency:
    """Find the names like each probe's through a GIN index of trigrams alone."""
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.autocommit = True
    driver.execute("CREATE EXTENSION pg_trgm")
    driver.execute("CREATE TABLE name (id integer PRIMARY KEY, name text NOT NULL)")
    put(engine, "name", ("id", "name"), population.names.items())
    driver.execute("CREATE INDEX ON name USING gin (name gin_trgm_ops)")
    driver.execute("VACUUM ANALYZE name")
    driver.execute(f"SET pg_trgm.similarity_threshold = {THRESHOLD}")
    driver.execute("SET jit = off")
    driver.execute("SET enable_seqscan = off")
    probes = population.probes[: WARM + TRIGRAM_PROBES]
    names = [population.names[number] for number in probes]

    def search(name: str) -> object:
        query = "SELECT id, similarity(name, %s) FROM name WHERE name %% %s"
        return driver.execute(query, (name, name), prepare=True).fetchall()

    taken = _latency(search, names)
    raw.invalidate()
    return taken


def _latency(act: Callable[[Any], object], probes: Iterable[Any]) -> Latency:
    taken = []
    # What was read to fill the register is no part of a process that asks of one.
    gc.collect()
    gc.freeze()
    for probe in probes:
        began = time.perf_counter()
        act(probe)
        taken.append(1000 * (time.perf_counter() - began))
    counted = taken[WARM:]
    return Latency(median(counted), quantiles(counted, n=100)[98])


def measure(draw: Draw, folder: Path, server: str) -> dict[str, Latency]:
    """Fill a register on each database with one side of the draw, and ask of the other side's.

    `server` is the address of a PostgreSQL on which databases may be made.
    """
    population = Population(*draw.files)
    taken: dict[str, Latency] = {}
    with _sqlite(folder / "register.sqlite3") as engine:
        population.fill(engine)
        taken[ON_SQLITE], taken[FOLLOWED[ON_SQLITE]] = time_ours(engine, population)
    with _postgres(server) as engine:
        population.fill(engine)
        taken[ON_POSTGRES], taken[FOLLOWED[ON_POSTGRES]] = time_ours(engine, population)
        taken[TRIGRAMS] = time_trigrams(engine, population)
    return taken


@contextmanager
def _sqlite(path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{path}", known_ring())
    try:
        yield engine
    finally:
        engine.dispose()
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()


@contextmanager
def _postgres(server: str) -> Iterator[Engine]:
    address = make_url(server)
    keeper = create_engine(address, isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text("CREATE DATABASE peers"))
    url = address.set(database="peers").render_as_string(hide_password=False)
    engine = make_engine(url, known_ring())
    try:
        yield engine
    finally:
        engine.dispose()
        with keeper.connect() as connection:
            connection.execute(text("DROP DATABASE peers WITH (FORCE)"))
        keeper.dispose()
