"""Every person at every address by every method with an object of every class, as declared."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, Response, request
from sqlalchemy import Engine, event
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.cli.killing import seeded
from tests.registers import DRILL
from tests.web.cells import METHODS, OBJECTS, ROUTES, expected
from tests.web.cells_of_addresses import DECLARED
from tests.web.cells_of_objects import lay_out
from tests.web.cells_of_routes import OUT
from tests.web.conftest import Client, Clock
from tests.web.people import PEOPLE

Person = Callable[[str], Client]
Plain = tuple[int, str, list[tuple[str, str]]]
SHARE = 1 if DRILL else 8
"""Of all cells one in so many is tried outside the drill; those of absent and forbidden all are."""
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


def taken(app: Flask) -> set[tuple[str, str]]:
    """Give every rule with each method that it takes."""
    return {(rule.rule, method) for rule in rules(app) for method in rule.methods or ()}


def test_every_rule_and_its_methods_are_declared(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app)} == ROUTES.keys()
    assert taken(app) == DECLARED


def test_control_an_undeclared_address_is_seen(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert {rule.endpoint for rule in rules(app)} != ROUTES.keys()


def test_control_an_undeclared_method_of_a_known_address_is_seen(app: Flask) -> None:
    app.add_url_rule("/users/<username>", "users.one", methods=["DELETE"])
    assert {rule.endpoint for rule in rules(app)} == ROUTES.keys(), "which tell of no method"
    assert taken(app) - DECLARED == {("/users/<username>", "DELETE")}


def test_everybody_gets_what_is_declared(
    app: Flask, objects: dict[tuple[str, str], str | int], as_person: Person
) -> None:
    every = sorted(
        cells(app, objects),
        key=lambda cell: cell.endpoint is not None and ROUTES[cell.endpoint].ends,
    )
    assert len(every) * 2 >= 10_000, "on both databases"
    print(f"{len(every)} cells")  # noqa: T201  # what the drill is told by
    drawn = {*seeded().sample(range(len(every)), len(every) // SHARE)}
    people = {name: as_person(name) if name else app.test_client() for name in (*PEOPLE, OUT)}
    wrong, tried = [], set()
    for place, cell in enumerate(every):
        ends = cell.endpoint is not None and ROUTES[cell.endpoint].ends
        if place not in drawn and not ends:
            continue
        if place in drawn:
            tried |= {cell.person, cell.method, cell.endpoint}
        client = as_person(cell.person) if ends and cell.person else people[cell.person]
        answer = client.open(cell.address, method=cell.method)
        want = expected(cell.person, cell.endpoint, cell.method, cell.of_class)
        if answer.status_code != want:
            wrong.append((cell, answer.status_code, want))
    assert not wrong, (wrong[:20], len(wrong))
    assert {*people, *METHODS} <= tried, "everybody was drawn, by each method"


def plain(answer: TestResponse, address: str, asked: str) -> Plain:
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


@dataclass
class Comparer:
    """Asks for what is absent and for what is hidden, and holds the answers and the work together.

    `compared` counts the hidden that were answered 404: where only what was typed is refused,
    with no object looked at, being the same says little.
    """

    people: dict[str, Client]
    work: list[str]
    objects: dict[tuple[str, str], str | int]
    compared: int = 0

    def ask(self, cell: Cell) -> tuple[Plain, tuple[str, ...]]:
        self.work.clear()
        answer = self.people[cell.person].open(cell.address, method=cell.method)
        asked = str(self.objects[cell.about, cell.of_class])
        work = tuple(each for each in self.work if OF_THE_LOG not in each)
        return plain(answer, cell.address, asked), work

    def told_apart(self, absent: Cell, hidden: list[Cell]) -> bool:
        """Tell whether any of the hidden is answered otherwise than the absent, or costs more."""
        told = [self.ask(each) for each in [absent, *hidden]]
        (status, *_), _ = told[0]
        self.compared += len(hidden) * (status == 404)
        return any(each != told[0] for each in told)


@pytest.fixture
def comparer(
    objects: dict[tuple[str, str], str | int], as_person: Person, engine: Engine
) -> Comparer:
    work: list[str] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *said: work.append(re.sub(r"\d+", "N", str(said[2]))),
    )
    return Comparer({name: as_person(name) for name in PEOPLE}, work, objects)


def absent_and_hidden(
    app: Flask, objects: dict[tuple[str, str], str | int]
) -> Iterator[tuple[Cell, list[Cell]]]:
    """Give of each person, address and method the absent, and what that person may not see."""
    by_rule: dict[tuple[str, str, str], dict[str, Cell]] = {}
    for cell in cells(app, objects):
        if cell.endpoint and cell.about and cell.person and not ROUTES[cell.endpoint].ends:
            key = (cell.person, cell.endpoint, cell.method)
            by_rule.setdefault(key, {})[cell.of_class] = cell
    for (person, _, method), classes in sorted(by_rule.items()):
        absent = classes.pop("absent", None)
        hidden = [cell for name, cell in classes.items() if person not in OBJECTS[cell.about][name]]
        if absent is not None and hidden and method != "OPTIONS":
            yield absent, hidden


def test_forbidden_and_absent_are_the_same_in_bytes_and_in_work(
    app: Flask, objects: dict[tuple[str, str], str | int], comparer: Comparer
) -> None:
    apart = [
        absent
        for absent, hidden in absent_and_hidden(app, objects)
        if comparer.told_apart(absent, hidden)
    ]
    assert apart == []
    assert comparer.compared >= 100


@pytest.mark.parametrize("by", ["bytes", "work"])
def test_control_what_is_told_of_the_hidden_alone_is_found(
    app: Flask,
    engine: Engine,
    objects: dict[tuple[str, str], str | int],
    comparer: Comparer,
    by: str,
) -> None:
    there = {str(each) for (_, of_class), each in objects.items() if of_class != "absent"}

    def betray(answer: Response) -> Response:
        if answer.status_code == 404 and there & {*request.path.split("/")}:
            if by == "bytes":
                answer.headers["X-There"] = "yes"
            else:
                with engine.connect() as connection:
                    connection.exec_driver_sql("SELECT 'there'")
        return answer

    of_ben = [
        (absent, hidden)
        for absent, hidden in absent_and_hidden(app, objects)
        if (absent.person, absent.endpoint) == ("ben", "children.child")
    ]
    assert not any(comparer.told_apart(*each) for each in of_ben)
    app.after_request_funcs[None].append(betray)
    assert all(comparer.told_apart(*each) for each in of_ben)
    assert comparer.compared >= 4
