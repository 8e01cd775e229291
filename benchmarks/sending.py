"""How long one report takes that a system sends over HTTP, and what becomes of too many.

`python -m benchmarks.sending`: a register of 300,000 children and a million reports, served as in
production; reports of its children are put at 20 a second, whoever waits or not, then four times as
fast. Prints how long they took from when they were to be sent, and how many were sent away; in the
end every report that was acknowledged must be there.
"""

import argparse
import base64
import csv
import http.client
import json
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from benchmarks import folding
from benchmarks.pages import AIMS, name_register, register_of
from benchmarks.served import served
from register import pipeline
from register.clients.service import create_client
from register.db import make_engine
from register.keyring import KeyRing
from register.reports.models import Report
from register.terms import Role
from register.work import begin_work

FORCE = "E23000010"
RATE = 20
AIM = (15, 60)
"""Milliseconds: the median, and the 99th of 100, on PostgreSQL."""
AT_ONCE = 64


@dataclass(slots=True)
class Sender:
    """A system that sends: its token, and what came of its reports."""

    port: int
    token: str
    stamp: str
    answers: Counter[int] = field(default_factory=Counter)
    taken: list[float] = field(default_factory=list)

    def send(self, number: int, row: dict[str, Any], at: float) -> None:
        """Put one report when it is its time, and note how long after that it was answered."""
        time.sleep(max(at - time.monotonic(), 0))
        told = {
            name: text for name, text in row.items() if name not in {"organisation", "reference"}
        }
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        address = f"/api/v1/reports/{FORCE}/{self.stamp}-{number}"
        connection.request("PUT", address, json.dumps(told), headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        self.answers[answer.status] += 1
        if answer.status == http.client.CREATED:
            self.taken.append(time.monotonic() - at)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Reports over HTTP, one by one.")
    name_register(parser, 1_000_000)
    parser.add_argument("--seconds", type=int, default=60, help="how long is sent at each rate")
    parser.add_argument("--kind", choices=tuple(AIMS), default="PostgreSQL")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        url, folder = stack.enter_context(register_of(chosen, chosen.kind))
        engine = make_engine(url, KeyRing(folder / "field.keys"))
        processes = os.cpu_count() or 1 if chosen.kind == "PostgreSQL" else 1
        port = stack.enter_context(served(url, folder, processes))
        with begin_work(engine) as work:
            pipeline.take_turn(work)  # as `register work` does each minute
        for rate in (RATE, RATE * 4):
            stamp = f"{rate}-{time.time():.0f}"
            sender = Sender(port, _token(engine, port, stamp), stamp)
            _send(sender, _rows(folder, rate * chosen.seconds), rate)
            _tell(sender, engine, rate, chosen.kind)


def _rows(folder: Path, count: int) -> list[dict[str, Any]]:
    """Give reports that the police made of children whom the register knows."""
    with (folder / "police.csv").open(encoding="utf-8", newline="") as file:
        return [folding.moved(row, 0) for row in islice(csv.DictReader(file), count)]


def _token(engine: Engine, port: int, name: str) -> str:
    scopes = ["report:receive", "child:read"]
    with begin_work(engine) as work:
        secret = create_client(work, name, Role.MACHINE, FORCE, scopes)
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Authorization": f"Basic {basic}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/api/v1/token", "grant_type=client_credentials", headers)
    token: str = json.load(connection.getresponse())["access_token"]
    return token


def _send(sender: Sender, rows: list[dict[str, Any]], rate: int) -> None:
    begins = time.monotonic() + 0.5
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [
            pool.submit(sender.send, number, row, begins + number / rate)
            for number, row in enumerate(rows)
        ]
        for each in sent:
            each.result()


def _tell(sender: Sender, engine: Engine, rate: int, kind: str) -> None:
    ordered = sorted(each * 1000 for each in sender.taken)
    middle, late = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    with begin_work(engine, writes=False) as work:
        own = Report.reference.startswith(f"{sender.stamp}-")
        kept = work.session.scalar(select(func.count()).select_from(Report).where(own))
    answers = ", ".join(f"{count} times {status}" for status, count in sender.answers.items())
    short = "" if rate > RATE or (middle <= AIM[0] and late <= AIM[1]) else f"   over {AIM}"
    print(
        f"{kind}, {rate} a second: {middle:.1f} ms at the median, {late:.1f} ms p99{short}; "
        f"{answers}; {kept} kept of {len(ordered)} acknowledged",
        flush=True,
    )
    if kept != len(ordered):
        raise SystemExit("What was acknowledged and what is kept differ.")


if __name__ == "__main__":
    main()
