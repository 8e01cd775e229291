"""Whether a clock tells a username that is known from one that is not, and what a sign-in costs.

`python -m benchmarks.signing_in`: wrong passwords for known and unknown usernames in turn, on a
register of their own, at the cost of hashing that is in force. To be reached: medians within 5 ms
of each other. `--tries` of each kind.
"""

import argparse
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import Engine

from register.access.passwords import hash_of
from register.access.service import create_user
from register.access.signing_in import Caller, begin_try, finish_try, try_password
from register.db import make_engine
from register.terms import Role
from register.work import begin_work, utc_now
from tests.schema import make_schema

WITHIN = 5.0
"""Milliseconds."""
APART = timedelta(minutes=16)
"""Tries that follow so far apart never have to wait."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Known and unknown usernames, by the clock.")
    parser.add_argument("--tries", type=int, default=200)
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'register.sqlite3'}")
        make_schema(engine)
        with begin_work(engine) as work:
            create_user(
                work,
                username="amina",
                name="Somebody Test",
                role=Role.STEWARD,
                password="gravel teapot mirror",  # noqa: S106  # of nobody
            )
        took: dict[str, list[float]] = {"amina": [], "nobody": []}
        start, now = time.perf_counter(), utc_now()
        for _ in range(tries):
            now += APART
            for username, times in took.items():
                times.append(_knock(engine, username, now))
        engine.dispose()
    middles = {username: median(times) for username, times in took.items()}
    for username, times in took.items():
        spread = quantiles(times, n=20)
        print(f"{username:<8} median {middles[username]:7.2f} ms, 95th {spread[-1]:7.2f} ms")
    apart = abs(middles["amina"] - middles["nobody"])
    print(f"apart    {apart:.2f} ms (to be reached: {WITHIN} ms): {apart <= WITHIN}")
    began = time.perf_counter()
    hash_of("gravel teapot mirror")
    print(f"one hash {1000 * (time.perf_counter() - began):.1f} ms; all took {began - start:.0f} s")


def _knock(engine: Engine, username: str, now: datetime) -> float:
    """Try a wrong password; give the milliseconds it took."""
    start = time.perf_counter()
    with begin_work(engine, clock=lambda: now) as work:
        tried = begin_try(work, username, Caller("192.0.2.1"))
    fits, rehashed = try_password(tried, "not the password")
    with begin_work(engine, clock=lambda: now) as work:
        finish_try(work, tried, rehashed, fits=fits, second_factor=True)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
