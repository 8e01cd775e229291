"""The order of proposed links tells nobody that two places agree who is not told so in words."""

from sqlalchemy import Engine

from register.inspection.reviews import next_review, review_list
from register.terms import Role
from register.work import Actor, begin_work
from tests.domain.test_seals import MANAGER, MINA, STEWARD
from tests.registers import AUTHORITY, NOW, say, send

SYSTEM = Actor("their system", Role.MACHINE, AUTHORITY)
MINE = {**MINA, "date_of_birth": "2011-07-05", "nhs_number": ""}
BELA = {**MINE, "forename": "Bela", "surname": "Zimmer", "date_of_birth": "2012-03-09"}
GUESSED, TRUE = "LS9 9ZZ", "LS1 4AP"


def order(engine: Engine, actor: Actor) -> list[int]:
    with begin_work(engine, actor, clock=lambda: NOW) as work:
        found = [each.id for each in review_list(work).rows]
        assert next_review(work) == found[0]
    return found


def test_a_postcode_that_was_guessed_moves_nothing_up(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINE), say(AUTHORITY, "B1", **BELA)])
    guesses = [
        say(AUTHORITY, "A2", **{**MINE, "forename": "Mine", "home_postcode": GUESSED}),
        say(AUTHORITY, "B2", **{**BELA, "forename": "Bele", "home_postcode": TRUE}),
    ]
    send(engine, guesses)
    for actor in (MANAGER, SYSTEM):
        assert order(engine, actor) == sorted(order(engine, actor)), actor.role
        assert len(order(engine, actor)) == 2
    assert order(engine, STEWARD) == order(engine, MANAGER)[::-1], "control: who is told of places"
