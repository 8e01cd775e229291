"""What is amiss with a feed: told to its sender everywhere, to who inspects it, to nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from register.mismatches.models import FeedFault
from register.work import OPERATOR, begin_work
from tests.web.conftest import Client, Clock
from tests.web.people import LEEDS, WEST_YORKSHIRE

Person = Callable[[str], Client]


SAID = "nothing since Monday"
PLACES = ("/", "/to-answer", "/mismatches", "/upload")


def go_amiss(engine: Engine, organisation: str, now: datetime, rule: str = "G1") -> None:
    """Let something be amiss with a feed since an hour, to be put right within another."""
    with begin_work(engine, OPERATOR, clock=lambda: now) as work:
        fault = FeedFault(
            organisation=organisation,
            rule=rule,
            severity="high",
            clock="1 hour",
            detail=SAID,
            opened_at=now - timedelta(hours=1),
            due_at=now + timedelta(hours=1),
            known_from=now,
        )
        work.session.add(fault)


@pytest.mark.parametrize(("person", "organisation"), [("amina", LEEDS), ("gus", WEST_YORKSHIRE)])
def test_the_sender_is_told_wherever_they_look(
    as_person: Person, engine: Engine, clock: Clock, person: str, organisation: str
) -> None:
    for rule in ("G1", "G2"):
        go_amiss(engine, organisation, clock.now, rule)
    before = clock.now - timedelta(minutes=10)
    clock.now += timedelta(hours=2)
    sender = as_person(person)
    for place in PLACES:
        page = sender.get(place).text
        assert page.count(SAID) == 2, place
        assert page.count("Since 2 March 2026 at 9:40pm GMT") == 2
        assert page.count("Was to be put right by 2 March 2026 at 11:40pm GMT") == 2
        for words in ("Our feed has fallen silent", "Send the file again", "Too many rows", "Mend"):
            assert words in page
    for place in ("/", "/mismatches"):
        then = sender.get(place, query_string={"as_at": before.strftime("%Y-%m-%dT%H:%M")})
        assert then.status_code == 200
        assert SAID not in then.text, "it was not known then"


@pytest.mark.parametrize("person", ["amina", "mel", "ben", "dan", "cora"])
def test_nobody_else_is_told(as_person: Person, engine: Engine, clock: Clock, person: str) -> None:
    go_amiss(engine, WEST_YORKSHIRE, clock.now)
    other = as_person(person)
    for place in (*PLACES, "/inspect"):
        answer = other.get(place)
        assert SAID not in answer.text, place
        assert "Our data does not reach" not in answer.text
    assert SAID in as_person("gus").get("/").text, "the control: it stands"


@pytest.mark.parametrize(
    ("person", "sees"),
    [("pia", True), ("gus", True), ("cora", False), ("mel", False), ("kim", None)],
)
def test_below_the_figures_stands_what_was_amiss_with_those_inspected(
    as_person: Person,
    engine: Engine,
    clock: Clock,
    person: str,
    sees: bool | None,  # noqa: FBT001  # a test's
) -> None:
    go_amiss(engine, WEST_YORKSHIRE, clock.now)
    reader = as_person(person)
    page = reader.get("/inspect").text
    assert (SAID in page) is bool(sees)
    assert ("none was in this period" in page) is (sees is False)
    assert ('id="feeds"' in page) is (sees is not None), "the Department is told of no feed"
    days = {"from-day": "1", "from-month": "1", "from-year": "2026"}
    days |= {"to-day": "31", "to-month": "1", "to-year": "2026"}
    assert SAID not in reader.get("/inspect", query_string=days).text, "of another period"
