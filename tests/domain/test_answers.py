"""People's answers to mismatches, and questions to the sources, through the whole way."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register import pipeline
from register.errors import Forbidden, NotFound
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.settling import Said
from register.terms import Role
from register.work import Actor, begin_work
from tests.registers import AUTHORITY, FORCE, HOST, NOW, asked, judge, say, send
from tests.subjects import CHILD, HOME, TWIN

ADA = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04"}
CARE = {"care_status": "looked_after", "responsible_authority": AUTHORITY}
LEEDS = Actor("amina", Role.AUTHORITY_USER, AUTHORITY)
JAYDEN, KAYDEN = ({**each, "home_postcode": HOME} for each in (CHILD, TWIN))


def police_say(engine: Engine, sex: str, minute: int) -> None:
    told = say(FORCE, "P1", **ADA, sex=sex, updated_at=f"2026-03-05T10:{minute:02}:00+00:00")
    send(engine, [told])


def standing(engine: Engine, rule: str) -> list[Mismatch]:
    with begin_work(engine, writes=False) as work:
        held = (Mismatch.rule == rule) & Mismatch.known_to.is_(None)
        rows = list(work.session.scalars(select(Mismatch).where(held).order_by(Mismatch.owner)))
        work.session.expunge_all()
    return rows


def answer(engine: Engine, row: Mismatch, said: Said, actor: Actor = LEEDS) -> int:
    with begin_work(engine, actor, clock=lambda: NOW) as work:
        return pipeline.settle(work, row.number, said, row.id).id


def take_back(engine: Engine, settlement: int, actor: Actor = LEEDS) -> bool:
    with begin_work(engine, actor, clock=lambda: NOW) as work:
        return pipeline.withdraw_answer(work, settlement, "A slip.")


@pytest.fixture
def differing(engine: Engine) -> Engine:
    """Give a register in which the two sides differ on a child's sex."""
    police_say(engine, "male", 1)
    send(engine, [say(AUTHORITY, "L1", **ADA, **CARE, sex="female")])
    return engine


def test_an_answer_holds_again_when_what_it_was_given_to_comes_again(differing: Engine) -> None:
    (first,) = standing(differing, "D6")
    settlement = answer(differing, first, Said("accepted_difference", words="Both are on record."))
    (settled,) = standing(differing, "D6")
    assert (settled.number, settled.state) == (first.number, "accepted_difference")
    police_say(differing, "female", 2)
    assert standing(differing, "D6") == []
    police_say(differing, "male", 3)
    (again,) = standing(differing, "D6")
    assert again.number != first.number
    assert again.state == "accepted_difference", "nobody is asked again for the same values"
    assert take_back(differing, settlement)
    (open_again,) = standing(differing, "D6")
    assert (open_again.number, open_again.state) == (again.number, "detected")
    assert not take_back(differing, settlement), "that was done already: no effect"


def test_an_answer_to_what_has_ended_can_be_taken_back_once(differing: Engine) -> None:
    (row,) = standing(differing, "D6")
    settlement = answer(differing, row, Said("comment", words="We are looking."))
    police_say(differing, "female", 2)
    assert take_back(differing, settlement)
    assert not take_back(differing, settlement)
    with begin_work(differing, writes=False) as work:
        answers = list(work.session.scalars(select(Settlement.answer).order_by(Settlement.id)))
    assert answers == ["comment", "withdrawn"], "nothing is erased"


def test_others_answers_are_not_theirs_to_take_back(differing: Engine) -> None:
    (row,) = standing(differing, "D6")
    settlement = answer(differing, row, Said("comment", words="We are looking."))
    with pytest.raises(Forbidden):
        take_back(differing, settlement, Actor("ben", Role.FORCE_USER, FORCE))
    with pytest.raises(NotFound):
        take_back(differing, settlement, Actor("hal", Role.AUTHORITY_USER, HOST))
    assert take_back(differing, settlement), "control"


def test_cannot_tell_asks_the_sources_until_they_say_something_new(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN)])
    assert asked(engine) == ["L1?P1"]
    judge(engine, "P1", "L1", "unclear")
    assert asked(engine) == []
    assert [row.owner for row in standing(engine, "D4")] == [AUTHORITY, FORCE]
    later = (NOW + timedelta(hours=1)).isoformat()
    corrected = say(FORCE, "P1", **JAYDEN, hair="brown", updated_at=later)
    send(engine, [corrected], now=NOW + timedelta(hours=2))
    assert [row.owner for row in standing(engine, "D4")] == [AUTHORITY]
    assert asked(engine) == [], "nothing that tells whose child it is has changed"
    latest = (NOW + timedelta(hours=3)).isoformat()
    told = JAYDEN | {"home_postcode": "LS2 8JB"}
    send(engine, [say(FORCE, "P1", **told, updated_at=latest)], now=NOW + timedelta(hours=4))
    assert asked(engine) == ["L1?P1"], "the evidence is another: a person is asked again"
    judge(engine, "P1", "L1", "different", now=NOW + timedelta(hours=5))
    assert standing(engine, "D4") == []
