"""What lists ask the database: no more, the longer they are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.story import (
    GRACE_POLICE,
    MAYA_AUTHORITY,
    send,
)

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")


@pytest.mark.parametrize("path", ["/", "/to-answer", "/interviews", "/reports", "/missing"])
def test_no_list_asks_more_the_longer_it_is(
    engine: Engine, as_person: Person, clock: Clock, path: str
) -> None:
    amina = as_person("amina")
    asked = []
    # What one list has read, the next one need not: so the first ten make them differ.
    for tenth in (1, 2, 3):
        more = [
            {**MAYA_AUTHORITY, "reference": f"L-9{tenth}{n}", "child_reference": f"L-9{tenth}{n}",
             "surname": f"Test-{chr(65 + n) * 5}{chr(65 + tenth) * 5}",
             "date_of_birth": f"2011-0{n % 9 + 1}-1{tenth}"}
            for n in range(10)
        ]  # fmt: skip
        with begin_work(engine, clock=clock) as work:
            send(work, *more)
        asked.append(asked_for(engine, amina, path))
    assert asked[1] <= asked[0]
    assert asked[2] <= asked[1]


LISTS = {
    "amina": ("/", "/to-answer", "/interviews", "/reports", "/missing", "/mismatches", "/check"),
    "gus": ("/", "/reviews", "/questions", "/notices"),
    "cora": ("/missing", "/mismatches", "/inspect", "/inspect?about=mismatches"),
}
MOST_ASKED = 35
"""What no list asks the database more than, however long it is."""


def test_no_list_asks_again_for_each_line(engine: Engine, as_person: Person, clock: Clock) -> None:
    people = {name: as_person(name) for name in LISTS}
    lists = [(name, path) for name, paths in LISTS.items() for path in paths]
    send_both(engine, clock, range(45))  # so that each list has more than a page already
    few = {(who, path): asked_for(engine, people[who], path) for who, path in lists}
    clock.now += timedelta(minutes=1)
    send_both(engine, clock, range(45, 60))
    more = {(who, path): asked_for(engine, people[who], path) for who, path in lists}
    # One more at most: how many there are in all is asked where a page is full.
    assert not {each: (few[each], more[each]) for each in lists if more[each] > few[each] + 1}
    assert max(few.values()) <= MOST_ASKED, few


def send_both(engine: Engine, clock: Clock, numbers: range) -> None:
    """Let both sides tell of more children who are missing."""
    for_all = [
        {
            **MAYA_AUTHORITY,
            "reference": f"L-9{n}",
            "child_reference": f"L-9{n}",
            "surname": f"Test-{chr(65 + n % 10) * 3}{chr(75 + n // 10) * 3}",
            "date_of_birth": f"2011-0{n % 9 + 1}-11",
        }
        for n in numbers
    ]
    with begin_work(engine, clock=clock) as work:
        send(work, *for_all, *({**GRACE_POLICE, **only(each)} for each in for_all))


def only(child: dict[str, str]) -> dict[str, str]:
    """Give what police say of the same child."""
    names = {name: child[name] for name in ("surname", "date_of_birth")}
    return {**names, "reference": f"WY-{child['reference']}", "nhs_number": ""}


def asked_for(engine: Engine, person: Client, path: str) -> int:
    """Count what a page asks the database, once it has been asked for before."""
    person.get(path)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert person.get(path).status_code == 200
    found = len(asked)
    asked.append("done")
    return found
