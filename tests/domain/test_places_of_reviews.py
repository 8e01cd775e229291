"""Neither order nor earlier words tell that two places agree to whoever is not told so."""

from sqlalchemy import Engine

from register.inspection.regrouping import beside
from register.inspection.reviews import judge_review, next_review, review_list, review_page
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


def guess(engine: Engine) -> None:
    """Send two reports, and beside each one whose postcode is guessed: the second agrees."""
    send(engine, [say(AUTHORITY, "A1", **MINE), say(AUTHORITY, "B1", **BELA)])
    guesses = [
        say(AUTHORITY, "A2", **{**MINE, "forename": "Mine", "home_postcode": GUESSED}),
        say(AUTHORITY, "B2", **{**BELA, "forename": "Bele", "home_postcode": TRUE}),
    ]
    send(engine, guesses)


def test_a_postcode_that_was_guessed_moves_nothing_up(engine: Engine) -> None:
    guess(engine)
    for actor in (MANAGER, SYSTEM):
        assert order(engine, actor) == sorted(order(engine, actor)), actor.role
        assert len(order(engine, actor)) == 2
    assert order(engine, STEWARD) == order(engine, MANAGER)[::-1], "control: who is told of places"


def test_what_a_steward_was_shown_of_places_is_not_told_where_two_are_laid_together(
    engine: Engine,
) -> None:
    guess(engine)
    (first, _) = order(engine, STEWARD)
    with begin_work(engine, STEWARD, clock=lambda: NOW) as work:
        page = review_page(work, first)
        judge_review(work, first, "different", "two girls", page.seen)
    told = {}
    for actor in (MANAGER, STEWARD):
        with begin_work(engine, actor, clock=lambda: NOW) as work:
            (act,) = beside(work, *page.numbers).earlier
            told[actor.role] = " ".join(act.shown).lower()
    assert "postcode" not in told[MANAGER.role]
    assert told[MANAGER.role], "what else was shown is told"
    assert "postcode" in told[STEWARD.role], "control: who is told of places"
