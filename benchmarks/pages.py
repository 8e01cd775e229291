"""How long pages take at size, with several people at work at once.

`python -m benchmarks.pages`: 300,000 children and a million reports, served as in production; eight
people of all desks go round their pages, each asking for the next as soon as one came (`--think 1`:
a second later). Prints each page's median and 95th percentile. The floor in the same run: the page
of words, which asks the database for nothing but who is there.
"""

import argparse
import csv
import http.client
import os
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from importlib import import_module
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from benchmarks import folding
from benchmarks.sealed import seal_some
from benchmarks.served import served
from register.access.models import Reach
from register.access.needing import add_inspection
from register.access.service import create_user
from register.db import count_rows, make_engine
from register.keyring import KeyRing
from register.rebuilding import rebuild
from register.reports.organisations import force_for
from register.terms import Role
from register.work import Work, begin_work, utc_now
from tests import postgres

registers = import_module("benchmarks.import")
PASSWORD = "synthetic children only"  # noqa: S105  # of nobody
AIMS = {"SQLite": 250, "PostgreSQL": 150}
CHECK_AIM = 100
FOUND_IN = 30
"""Seconds in which figures of all England are found, once an hour, beside the pages."""
CHECK = "/check, asked"
PURPOSE = "reported"
FLOOR = "/help/words"
OPENED = 25
"""Different children, mismatches and reviews that each person looks at, again and again."""
LEADS = {
    "/missing": re.compile(r'href="(/children/C-[\w-]+)"'),
    "/mismatches": re.compile(r'href="(/mismatches/\d+)"'),
    "/reviews": re.compile(r'href="(/reviews/\d+)"'),
}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
INSPECTED = ("", "?about=mismatches", "/behind/all", "/samples")
ENGLAND = "/inspect?organisation="
"""Figures of no one organisation."""
ROUNDS = {
    Role.AUTHORITY_USER: ("/", "/missing", "/mismatches", "/interviews", "/reports", "/to-answer"),
    Role.AUTHORITY_MANAGER: ("/", "/missing", "/mismatches?state=all", "/interviews", "/returns"),
    Role.FORCE_USER: ("/", "/missing", "/mismatches", "/reports", "/more"),
    Role.FORCE_COORDINATOR: ("/", "/missing", "/mismatches", "/reviews", "/reviews/next"),
    Role.INSPECTOR: ("/", *("/inspect" + each for each in INSPECTED), ENGLAND, "/mismatches"),
}


@dataclass(slots=True)
class Person:
    """Somebody with a browser that keeps its cookie, and how long each page took, in seconds."""

    name: str
    role: Role
    port: int
    scope: str = ""
    think: float = 0
    """Seconds before each page, in the middle: nobody keeps time with the others."""
    sought: list[dict[str, str]] = field(default_factory=list)
    """Children whom a quick check asks for, as a file of reports names them."""
    cookies: dict[str, str] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    leads: dict[str, list[str]] = field(default_factory=dict)

    def ask(self, address: str, page: str = "", form: dict[str, str] | None = None) -> str:
        """Ask for a page and note how long it took under the name of `page`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": kept, "Sec-Fetch-Site": "same-origin"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        time.sleep(self.think * random.uniform(0, 2))  # noqa: S311  # no secret
        began = time.perf_counter()
        body = urlencode(form) if form is not None else None
        connection.request("GET" if form is None else "POST", address, body, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        if page:
            self.taken[page].append(time.perf_counter() - began)
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                kept_name, _, kept_value = value.split(";")[0].partition("=")
                self.cookies[kept_name] = kept_value
        connection.close()
        if answer.status >= 400:  # noqa: PLR2004  # HTTP's own
            raise SystemExit(f"{address} answered {answer.status} to {self.name}: {said[:400]}")
        return said

    def sign_in(self) -> None:
        """Sign in by name and password."""
        hidden = dict(HIDDEN.findall(self.ask("/sign-in")))
        self.ask("/sign-in", form=hidden | {"username": self.name, "password": PASSWORD})

    def go_round(self, until: float) -> None:
        """Ask for one page after the other until the time is up, and each once at least."""
        count = 0
        while not count or time.monotonic() < until:
            for address in ROUNDS[self.role]:
                plain = address.partition("?")[0]
                more = f"{'&' if plain != address else '?'}{self.scope}"
                is_theirs = plain.startswith("/inspect") and address != ENGLAND
                asked = address + more if is_theirs else address
                said = self.ask(asked, address)
                if pattern := LEADS.get(plain):
                    if plain not in self.leads:  # else looking would hold up the others
                        self.leads[plain] = [*dict.fromkeys(pattern.findall(said))][:OPENED]
                    for lead in islice(self._next(plain, count), 2):
                        self.ask(unescape(lead), re.sub(r"[\d-]+$|C-.*", "…", lead))
            if self.role in {Role.FORCE_USER, Role.FORCE_COORDINATOR}:
                self._check(count)
            self.ask(FLOOR, FLOOR)
            count += 1

    def _next(self, plain: str, count: int) -> Iterator[str]:
        found = self.leads[plain]
        return (found[(count * 2 + n) % len(found)] for n in range(2) if found)

    def _check(self, count: int) -> None:
        hidden = dict(HIDDEN.findall(self.ask("/check", "/check")))
        sought = self.sought[count % len(self.sought)]
        year, month, day = sought["date_of_birth"].split("-")
        said = {"forename": sought["forename"], "surname": sought["surname"], "purpose": PURPOSE,
                "born-day": day, "born-month": month, "born-year": year}  # fmt: skip
        self.ask("/check", CHECK, hidden | said)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Pages at size, several people at once.")
    name_register(parser, 1_000_000)
    parser.add_argument("--seconds", type=int, default=120, help="how long people go round")
    parser.add_argument(
        "--think", type=float, default=0, help="seconds one looks at a page, in the mean"
    )
    parser.add_argument("--kind", choices=tuple(AIMS), default="SQLite")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        url, folder = stack.enter_context(register_of(chosen, chosen.kind))
        engine = make_engine(url, KeyRing(folder / "field.keys"))
        with begin_work(engine) as work:
            people = people_at_work(work)
        seal_some(engine)
        processes = os.cpu_count() or 1 if chosen.kind == "PostgreSQL" else 1
        port = stack.enter_context(served(url, folder, processes))
        sought = _sought(folder / "la.csv")
        for person in people:
            person.port, person.sought, person.think = port, sought, chosen.think
            person.sign_in()
        _all_go_round(people, 0)
        time.sleep(FOUND_IN)
        for person in people:
            person.taken.clear()  # what a process does once, it has done now
        _all_go_round(people, chosen.seconds)
        _tell(people, chosen.kind)


def _all_go_round(people: list[Person], seconds: float) -> None:
    """Let everybody go round for so long, and once at least."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(people)) as pool:
        for done in [pool.submit(person.go_round, until) for person in people]:
            done.result()


def name_register(parser: argparse.ArgumentParser, reports: int) -> None:
    """Let a new register be asked for, of so many reports, or one that was filled before."""
    parser.add_argument("--reports", type=int, default=reports)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--url", help="a register that is filled already")
    parser.add_argument("--folder", type=Path, help="its folder, with its keys; else a new one")


@contextmanager
def register_of(chosen: argparse.Namespace, kind: str) -> Iterator[tuple[str, Path]]:
    """Give the address and the folder of the register that was chosen."""
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield chosen.url or stack.enter_context(_filled(kind, folder, chosen)), folder


@contextmanager
def _filled(kind: str, folder: Path, chosen: argparse.Namespace) -> Iterator[str]:
    """Fill a new register and fold it whole."""
    postgres.OPTIONS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
    with ExitStack() as stack:
        server = stack.enter_context(postgres.postgres_address()) if kind == "PostgreSQL" else ""
        url = stack.enter_context(registers.new_register(kind, folder, server))
        keys = KeyRing(folder / "field.keys")
        keys.make_once()
        engine = make_engine(url, keys)
        readings = islice(folding.drawn(folder, chosen.reports, chosen.seed), chosen.reports)
        folding.step("reports received", lambda: folding.fill(engine, readings))
        folding.step("folded whole", lambda: rebuild(engine))
        count_rows(engine)
        yield url


def people_at_work(work: Work) -> list[Person]:
    """Make eight people, of the organisations that have the most to look at."""
    query = (
        select(Reach.organisation)
        .where(Reach.known_to.is_(None), Reach.organisation.like("E0%"))
        .group_by(Reach.organisation)
        .order_by(func.count().desc())
        .limit(3)
    )
    authorities = list(work.session.scalars(query))
    forces = [force_for(code) or "" for code in authorities]
    desks = [
        *((Role.AUTHORITY_USER, code) for code in authorities[:2]),
        (Role.AUTHORITY_MANAGER, authorities[2]),
        *((Role.FORCE_USER, code) for code in forces[:2]),
        *((Role.FORCE_COORDINATOR, code) for code in forces[:2]),
        (Role.INSPECTOR, ""),
    ]
    stamp = f"{time.time():.0f}"
    people = []
    for place, (role, code) in enumerate(desks):
        name = f"person{place}-{stamp}"
        create_user(work, username=name, name=f"Person {place}", role=role, password=PASSWORD,
                    organisation=code)  # fmt: skip
        scope = urlencode({"organisation": authorities[0]}) if role is Role.INSPECTOR else ""
        people.append(Person(name, role, 0, scope))
    days = ((today := utc_now().date()) - timedelta(days=365), today)
    add_inspection(work, authorities[:2], days, [people[-1].name])
    return people


def _sought(file: Path) -> list[dict[str, str]]:
    """Give some children of whom a file tells enough to ask for them."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = islice(csv.DictReader(lines), 200)
        told = [row for row in rows if re.fullmatch(r"\d{4}-\d\d-\d\d", row["date_of_birth"])]
    return [row for row in told if row["forename"] and row["surname"]][:OPENED]


def _tell(people: list[Person], kind: str) -> None:
    taken: dict[str, list[float]] = defaultdict(list)
    for person in people:
        for page, times in person.taken.items():
            taken[page] += times
    print(f"{kind}: {sum(map(len, taken.values()))} pages")
    for page, times in sorted(taken.items()):
        ordered = sorted(each * 1000 for each in times)
        middle, late = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
        aim = CHECK_AIM if page == CHECK else AIMS[kind]
        short = "" if late <= aim else f"   over {aim}"
        print(f"{page:<28}{len(ordered):>6} times {middle:>8.0f} ms  p95 {late:>8.0f} ms{short}")


if __name__ == "__main__":
    main()
