"""Every person at every address by every method with an object of every class, as declared."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from register import pipeline
from register.access.models import Notice, User
from register.access.needing import Why, give
from register.access.notices import Matter, tell
from register.linkage.models import Judgement, Membership, Review
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.settling import Said
from register.records.numbers import child_number
from register.reports.models import Report
from register.terms import Role
from register.work import Actor, Work, begin_work
from tests.registers import DRILL
from tests.web import story
from tests.web.cells import METHODS, OBJECTS, OUT, ROUTES, expected
from tests.web.conftest import Client, Clock
from tests.web.people import LEEDS, PEOPLE

Person = Callable[[str], Client]
CLOSED = (
    story.JONAH_AUTHORITY
    | story.BEFORE
    | {
        "reference": "L-90/1",
        "child_reference": "L-90",
        "forename": "Zebedee",
        "surname": "Longback-Test",
        "returned_at": "2026-03-02T10:00:00+00:00",
    }
)
SHARE = 1 if DRILL else 8
"""Of all cells one in so many is tried outside the drill; those of absent and forbidden all are."""
SEED = 22
NONE: dict[str, str | int] = {
    "child": child_number(2**20),
    "mismatch": 999_999,
    "settlement": 999_999,
    "review": 999_999,
    "act": 999_999,
    "inspection": 999_999,
    "notice": 999_999,
    "user": "nobody",
    "rejects": "x.csv",
    "file": "nothing.css",
}


@dataclass(frozen=True)
class Cell:
    person: str
    method: str
    endpoint: str | None
    about: str
    of_class: str
    address: str


@pytest.fixture
def objects(app: Flask, engine: Engine, clock: Clock) -> dict[tuple[str, str], str | int]:
    """Tell the story, and give an object of every class by kind and class."""
    app.config["WTF_CSRF_ENABLED"] = False
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        story.tell(work)
        story.send(work, CLOSED)
    with begin_work(engine, clock=clock) as work:
        return {**{(kind, "absent"): none for kind, none in NONE.items()}, **_present(work)}


def _present(work: Work) -> dict[tuple[str, str], str | int]:
    rows = work.session.execute(
        select(Report.reference, Membership.child_id).join(
            Membership, Membership.report_id == Report.id
        )
    )
    child = dict(iter(rows))
    children = {
        "own": child["L-81/1"],
        "elsewhere": child["BD-1"],
        "shared": child["L-77/1"],
        "closed": child["L-90/1"],
    }
    give(
        work,
        children["own"],
        Why.SAMPLED,
        "Drawn",
        to=User(username="cora", organisation=""),
        inspection=1,
    )
    found: dict[tuple[str, str], str | int] = {}
    for of_class, number in children.items():
        found["child", of_class] = child_number(number)
        of_it = select(Mismatch.number).where(Mismatch.child == number, Mismatch.known_to.is_(None))
        first = work.session.scalars(of_it.order_by(Mismatch.number)).first()
        if first is not None:
            found["mismatch", of_class] = first
    return {**found, **_decided(work, int(found["mismatch", "own"]))}


def _decided(work: Work, mismatch: int) -> dict[tuple[str, str], str | int]:
    """Judge, tell and answer, so that there is one object of each further kind."""
    reports = dict(iter(work.session.execute(select(Report.reference, Report.id))))
    pair = sorted((reports["L-81/1"], reports["WY-26-0003"]))
    pipeline.judge(work, (pair[0], pair[1]), "same", "One girl.")
    tell(work, [LEEDS], Matter.LIMIT, "of nobody")
    row = work.session.scalars(
        select(Mismatch).where(Mismatch.number == mismatch, Mismatch.known_to.is_(None))
    ).one()
    work.actor = Actor("amina", Role.AUTHORITY_USER, LEEDS)
    pipeline.settle(work, row.number, Said("comment", words="Seen."), row.id)
    work.session.flush()
    waiting = select(Review.id).where(Review.known_to.is_(None))
    return {
        ("settlement", "own"): work.session.scalars(select(Settlement.id)).one(),
        ("review", "own"): work.session.scalars(waiting).one(),
        ("act", "own"): work.session.scalars(select(Judgement.act)).one(),
        ("inspection", "own"): 1,
        ("notice", "own"): work.session.scalars(select(Notice.id)).one(),
        ("user", "own"): "amina",
        ("file", "own"): "register.css",
    }


def about(endpoint: str) -> str:
    return ROUTES[endpoint].about


def cells(app: Flask, objects: dict[tuple[str, str], str | int]) -> Iterator[Cell]:
    """Give every cell there is."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(rules(app), key=lambda rule: rule.rule):
        kind = about(rule.endpoint)
        for of_class in OBJECTS[kind]:
            if kind and (kind, of_class) not in objects:
                continue
            address = _address(rule, kind, of_class, objects)
            for method in METHODS:
                try:
                    endpoint: str | None = adapter.match(address, method=method)[0]
                except MethodNotAllowed:
                    endpoint = None
                if endpoint != rule.endpoint and not (endpoint is None and _is_first(app, rule)):
                    continue
                for person in (*PEOPLE, OUT):
                    yield Cell(person, method, endpoint, kind, of_class, address)


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def _is_first(app: Flask, rule: Rule) -> bool:
    """Of an address with several rules, one tells of the methods that none takes."""
    return rule is next(each for each in rules(app) if each.rule == rule.rule)


def _address(
    rule: Rule, kind: str, of_class: str, objects: dict[tuple[str, str], str | int]
) -> str:
    address = rule.rule
    if kind == "settlement":
        address = address.replace("<int:number>", str(objects["mismatch", "own"]))
    for name in rule.arguments:
        address = re.sub(rf"<(\w+:)?{name}>", str(objects.get((kind, of_class), "")), address)
    return address


def test_every_rule_and_its_methods_are_declared(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app)} == ROUTES.keys()


def test_control_an_undeclared_address_is_seen(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert {rule.endpoint for rule in rules(app)} != ROUTES.keys()


def test_everybody_gets_what_is_declared(
    app: Flask, objects: dict[tuple[str, str], str | int], as_person: Person, engine: Engine
) -> None:
    every = sorted(
        cells(app, objects),
        key=lambda cell: cell.endpoint is not None and ROUTES[cell.endpoint].ends,
    )
    assert len(every) * 2 >= 10_000, "on both databases"
    first = Random(f"{SEED} {engine.dialect.name}").randrange(SHARE)  # noqa: S311  # which are tried
    people = {name: as_person(name) if name else app.test_client() for name in (*PEOPLE, OUT)}
    wrong = []
    for place, cell in enumerate(every):
        ends = cell.endpoint is not None and ROUTES[cell.endpoint].ends
        if place % SHARE != first and not ends:
            continue
        client = as_person(cell.person) if ends and cell.person else people[cell.person]
        answer = client.open(cell.address, method=cell.method)
        want = expected(cell.person, cell.endpoint, cell.method, cell.of_class)
        if answer.status_code != want:
            wrong.append((cell, answer.status_code, want))
    assert not wrong, (SEED, wrong[:20], len(wrong))


def plain(answer: TestResponse, address: str, asked: str) -> tuple[int, str, list[tuple[str, str]]]:
    """Give an answer without nonces, tokens, and what was asked for."""
    text = answer.text.replace(address, "ADDRESS")
    if answer.status_code != 404:  # a form bears the number that was asked for
        text = text.replace(asked, "ASKED") if asked.startswith("C-") else text
    text = re.sub(r'name="csrf_token" value="[^"]*"', "TOKEN", text)
    text = re.sub(r'nonce="[^"]*"', "NONCE", text)
    if answer.data:
        assert int(answer.headers["Content-Length"]) == len(answer.data)
    headers = [
        (name, re.sub(r"'nonce-[^']*'", "NONCE", value))
        for name, value in answer.headers
        if name not in {"Set-Cookie", "Content-Length"}
    ]
    return answer.status_code, text, headers


def test_forbidden_and_absent_are_the_same_in_bytes_and_in_work(
    app: Flask, objects: dict[tuple[str, str], str | int], as_person: Person, engine: Engine
) -> None:
    asked_of_database: list[str] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *said: asked_of_database.append(re.sub(r"\d+", "N", str(said[2]))),
    )
    people = {name: as_person(name) for name in PEOPLE}
    compared = 0
    by_rule: dict[tuple[str, str, str], dict[str, Cell]] = {}
    for cell in cells(app, objects):
        if cell.endpoint and cell.about and cell.person and not ROUTES[cell.endpoint].ends:
            key = (cell.person, cell.endpoint, cell.method)
            by_rule.setdefault(key, {})[cell.of_class] = cell
    for (person, endpoint, method), classes in sorted(by_rule.items()):
        absent = classes.get("absent")
        hidden = [
            cell
            for name, cell in classes.items()
            if name != "absent" and person not in OBJECTS[cell.about][name]
        ]
        if absent is None or not hidden or method == "OPTIONS":
            continue
        told = []
        for cell in [absent, *hidden]:
            asked_of_database.clear()
            answer = people[person].open(cell.address, method=method)
            asked = str(objects[cell.about, cell.of_class])
            told.append((plain(answer, cell.address, asked), tuple(asked_of_database)))
        for each in told:
            assert each[0][1].splitlines() == told[0][0][1].splitlines(), (person, endpoint, method)
            assert each == told[0], (person, endpoint, method)
        compared += len(hidden)
    assert compared >= 100
