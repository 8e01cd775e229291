"""What the log costs a page: pages that show children, with their entries and without, turn about.

`python -m benchmarks.log_on_pages`: a register of some twenty thousand reports on either database,
or one that was filled before (`--kind`, `--url`, `--folder`). Only the ratio means anything. Aim:
at most 15 in a hundred of a page's time.
"""

import argparse
import re
import time
from collections import defaultdict
from html import unescape
from pathlib import Path
from statistics import median
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.pages import (
    AIMS,
    HIDDEN,
    LEADS,
    PASSWORD,
    ROUNDS,
    Person,
    name_register,
    people_at_work,
    register_of,
)
from register.app import create_app
from register.audit import service
from register.db import make_engine
from register.keyring import KeyRing
from register.settings import Settings
from register.work import begin_work

AIM = 15
Times = dict[str, tuple[list[float], list[float]]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the log costs a page.")
    name_register(parser, 20_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--kind", choices=tuple(AIMS), help="only this database")
    chosen = parser.parse_args()
    for kind in [chosen.kind] if chosen.kind else AIMS:
        with register_of(chosen, kind) as (url, folder):
            tell(kind, measure(url, folder, chosen.rounds))


def measure(url: str, folder: Path, rounds: int) -> Times:
    """Ask for each page with and without the log, in turn; give the seconds of both."""
    keys = folder / "field.keys"
    settings = Settings(
        database_url=url,
        instance_dir=str(folder),
        field_keys=str(keys),
        secure_cookies=False,
        second_factor=False,
        unguarded_database=True,
    )
    engine = make_engine(url, KeyRing(keys))
    with begin_work(engine) as work:
        people = {person.role: person for person in people_at_work(work)}
    app = create_app(settings, engine)
    taken: Times = defaultdict(lambda: ([], []))
    for person in people.values():
        visit(app, person, rounds, taken)
    engine.dispose()
    return taken


def visit(app: Flask, person: Person, rounds: int, taken: Times) -> None:
    """Let one person go round the pages of their desk."""
    client = app.test_client()
    hidden = dict(HIDDEN.findall(client.get("/sign-in").text))
    client.post("/sign-in", data=hidden | {"username": person.name, "password": PASSWORD})
    for address in ROUNDS[person.role]:
        plain = address.partition("?")[0]
        asked = f"{address}?{person.scope}" if plain.startswith("/inspect") else address
        pages = {address: [asked]}
        if pattern := LEADS.get(plain):
            found = [unescape(each) for each in pattern.findall(client.get(asked).text)]
            pages |= {re.sub(r"[\d-]+$|C-.*", "…", each): found for each in found[:1]}
        for page, addresses in pages.items():
            for n in range(rounds):
                one = addresses[n % len(addresses)]
                order = (True, False) if n % 2 else (False, True)
                for logged in order:
                    taken[page][logged].append(ask(client, one, logged=logged))


def ask(client: FlaskClient, address: str, *, logged: bool) -> float:
    """Give the seconds of one page; without the log nothing is noted, locked or written for it."""
    pending = service._pending if logged else lambda _: []  # noqa: SLF001  # the one way into it
    with mock.patch.object(service, "_pending", pending):
        began = time.perf_counter()
        client.get(address)
        return time.perf_counter() - began


def tell(kind: str, taken: Times) -> None:
    """Print each page's medians in milliseconds, and the log's share of all pages together."""
    whole = [0.0, 0.0]
    for page, (without, with_) in sorted(taken.items()):
        bare, logged = median(without), median(with_)
        whole = [whole[0] + bare, whole[1] + logged]
        share = 100 * (logged - bare) / logged
        print(f"{kind:<11}{page:<24}{1000 * logged:>7.1f} ms, {1000 * bare:>7.1f} without"
              f" {share:>5.0f} in a hundred")  # fmt: skip
    share = 100 * (whole[1] - whole[0]) / whole[1]
    short = "" if share <= AIM else f"   over {AIM}"
    print(f"{kind:<11}all pages: {share:.0f} in a hundred{short}")


if __name__ == "__main__":
    main()
