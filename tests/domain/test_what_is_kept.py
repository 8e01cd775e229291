"""With each link and each review its rule and its model are kept: why it was, on that day."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, select

from register import pipeline
from register.audit.models import AuditEvent
from register.linkage.model import model_in_force
from register.linkage.models import Review
from register.terms import Role
from register.work import Actor, begin_work
from tests.registers import AUTHORITY, FORCE, HOST, NOW, OTHER_FORCE, say, send
from tests.subjects import HOME, RARE

AT_HOME = {**RARE, "home_postcode": HOME}
CHILD_1, CHILD_2 = {"child_reference": "1"}, {"child_reference": "2"}


def combined(engine: Engine) -> list[dict[str, Any]]:
    """Give what the log tells of children who were combined."""
    query = select(AuditEvent.detail).where(AuditEvent.kind == "child:combined")
    with begin_work(engine, writes=False) as work:
        return [json.loads(text) for text in work.session.scalars(query.order_by(AuditEvent.seq))]


@pytest.mark.parametrize(
    ("forename", "rule"), [("Zebulon", "the sum"), ("Zebulun", "needs no rival")]
)
def test_a_link_keeps_the_rule_and_the_model_that_made_it(
    engine: Engine, forename: str, rule: str
) -> None:
    told = {**AT_HOME, "forename": forename}
    send(engine, [say(FORCE, "P1", **AT_HOME), say(AUTHORITY, "L1", **told)])
    assert combined(engine) == [
        {"reports": [1, 2], "links": [[1, 2, rule]], "model": model_in_force().version}
    ]


def test_a_link_by_a_person_is_told_as_such_and_by_as_few_pairs_as_do(engine: Engine) -> None:
    stranger = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04"}
    reports = [say(code, code, **AT_HOME) for code in (FORCE, AUTHORITY, OTHER_FORCE)]
    send(engine, [*reports, say(HOST, "H1", **stranger)])
    with begin_work(engine, Actor("stef", Role.STEWARD), clock=lambda: NOW) as work:
        pipeline.judge(work, (1, 4), "same", "the carer says so")
    links = combined(engine)[-1]["links"]
    assert [1, 4, "a person's judgement"] in links
    assert sorted(rule for _, _, rule in links) == ["a person's judgement", "the sum", "the sum"]


@pytest.mark.parametrize(
    ("police", "authority", "rule"),
    [
        (AT_HOME, [{**AT_HOME, "forename": "Barnaby"}], "twins"),
        ({**AT_HOME, "forename": ""}, [AT_HOME], "no forename"),
        (RARE, [{**RARE, **CHILD_1}, {**RARE, **CHILD_2}], "rival"),
        ({**RARE, "home_postcode": HOME, "date_of_birth": ""}, [RARE], "name alone"),
    ],
)
def test_a_review_keeps_the_rule_and_the_model_that_asked(
    engine: Engine, police: dict[str, Any], authority: list[dict[str, Any]], rule: str
) -> None:
    rows = [say(AUTHORITY, f"L{n}", **said) for n, said in enumerate(authority)]
    send(engine, [say(FORCE, "P1", **police), *rows])
    with begin_work(engine, writes=False) as work:
        kept = work.session.execute(select(Review.rule, Review.model)).all()
    assert (rule, model_in_force().version) in [tuple(row) for row in kept]
