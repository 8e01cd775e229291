"""Every person at every address by every method with an object of every class, as declared."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.registers import DRILL
from tests.web.cells import METHODS, OBJECTS, ROUTES, expected
from tests.web.cells_of_objects import lay_out
from tests.web.cells_of_routes import OUT
from tests.web.conftest import Client, Clock
from tests.web.people import PEOPLE

Person = Callable[[str], Client]
SHARE = 1 if DRILL else 8
"""Of all cells one in so many is tried outside the drill; those of absent and forbidden all are."""
SEED = 22
OF_THE_LOG = "INSERT INTO audit_node "
"""Once in so many entries the log keeps what they come to, whoever asked and for what."""
FIXED = {"code": "child", "purpose": "correct"}
"""What stands in an address beside the object that it is about."""


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
    return lay_out(engine, clock)


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
    for name, value in FIXED.items():
        address = re.sub(rf"<([^<>]+:)?{name}>", value, address)
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
            work = tuple(each for each in asked_of_database if OF_THE_LOG not in each)
            told.append((plain(answer, cell.address, asked), work))
        for each in told:
            assert each[0][1].splitlines() == told[0][0][1].splitlines(), (person, endpoint, method)
            assert each == told[0], (person, endpoint, method)
        compared += len(hidden)
    assert compared >= 100
