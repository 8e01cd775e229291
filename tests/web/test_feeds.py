"""Who sends is told on the page of sending what is amiss with their feed, and nobody else is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from register.mismatches.models import FeedFault
from register.work import OPERATOR, begin_work
from tests.registers import AUTHORITY
from tests.web.conftest import Client

Person = Callable[[str], Client]


@pytest.mark.parametrize(("rule", "said"), [("G1", "has fallen silent"), ("G2", "rejected")])
def test_the_sender_is_told(
    as_person: Person, engine: Engine, now: datetime, rule: str, said: str
) -> None:
    with begin_work(engine, OPERATOR, clock=lambda: now) as work:
        fault = FeedFault(
            organisation=AUTHORITY,
            rule=rule,
            severity="high",
            clock="1 hour",
            detail="nothing since Monday",
            opened_at=now,
            due_at=now + timedelta(hours=2),
            known_from=now,
        )
        work.session.add(fault)
    page = as_person("amina").get("/upload").text
    assert said in page
    assert "nothing since Monday" in page
    other = as_person("ben").get("/upload")
    assert other.status_code == 200
    assert "nothing since Monday" not in other.text
