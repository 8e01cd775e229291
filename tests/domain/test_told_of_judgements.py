"""What is told of people's judgements and answers: on a child's page, and where it is explained."""

import pytest
from sqlalchemy import Engine

from register import pipeline
from register.inspection.follows import explain_child
from register.inspection.judged import acts_on, without_places
from register.mismatches.models import Mismatch
from register.mismatches.settling import Said
from register.numbers import child_number
from register.terms import Answer, Role, SettledReason, label
from register.work import OPERATOR, Actor, begin_work
from tests.registers import AUTHORITY, FORCE, NOW, judge, say, send

ADA = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04"}
CARE = {"care_status": "looked_after", "responsible_authority": AUTHORITY}
STEWARD = Actor("stef", Role.STEWARD)
MANAGER = Actor("mel", Role.AUTHORITY_MANAGER, AUTHORITY, 6)
AT = NOW.isoformat()


@pytest.fixture
def known(engine: Engine) -> Engine:
    """Give a register of one child: two reports of the police's under one id, and one other."""
    of_police = [
        say(FORCE, f"P{day}", **ADA, sex="male", child_reference="c1", missing_at=missing_at)
        for day, missing_at in ((1, "2026-03-01T22:00:00+00:00"), (2, "2026-03-02T22:00:00+00:00"))
    ]
    other = say(AUTHORITY, "L1", **ADA, **CARE, sex="female", child_reference="a1")
    send(engine, [*of_police, other])
    return engine


def told(engine: Engine, heading: str) -> list[str]:
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        return dict(explain_child(work, child_number(1))).get(heading, [])


def test_reports_under_one_id_are_told_to_be_joined_by_it(known: Engine) -> None:
    by_id = f"{FORCE}/P1, {FORCE}/P2: {FORCE} has them under one id of its own"
    assert by_id in told(known, "Why they are one child")
    assert not [
        line for line in told(known, "Why they are one child") if f"{AUTHORITY} has" in line
    ]


def test_a_judgement_that_was_taken_back_is_told_with_who_did_and_why(known: Engine) -> None:
    judge(known, "P1", "L1", "same", actor=STEWARD, reason="Her voice.")
    said = (
        f"1: the same child, by stef, {AT}: {FORCE}/P1 and {AUTHORITY}/L1. \u201cHer voice.\u201d"
    )
    assert sorted_sides(told(known, "What people judged")) == sorted_sides([said])
    judge(known, "P1", "L1", "withdrawn", actor=STEWARD, reason="A slip.")
    (line,) = told(known, "What people judged")
    assert f"1: the same child (taken back by stef, {AT}: \u201cA slip.\u201d), by stef, " in line


def sorted_sides(lines: list[str]) -> list[list[str]]:
    """Part each line into its words, in order: which side stands first tells nothing."""
    return [sorted(line.replace(".", " ").split()) for line in lines]


def settle(engine: Engine, said: Said) -> int:
    """Answer the one mismatch on the child's sex; give the answer's number."""
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
        (row,) = work.session.query(Mismatch).filter_by(rule="D6", known_to=None)
        return pipeline.settle(work, row.number, said, row.id).id


def answers(engine: Engine) -> list[str]:
    return [line for line in told(engine, "Mismatches") if line.startswith("  ")]


def test_answers_are_told_under_their_mismatch_and_whether_they_stand(known: Engine) -> None:
    settle(known, Said("comment", words="We look."))
    looked = f"  comment by mel, {AT} \u201cWe look.\u201d"
    assert answers(known) == [looked]
    number = settle(known, Said("both_correct", reason="another_duty"))
    both = f"mel, {AT}, {label(SettledReason.ANOTHER_DUTY)}"
    assert answers(known) == [looked, f"  {label(Answer.BOTH_CORRECT)} by {both}"]
    with begin_work(known, MANAGER, clock=lambda: NOW) as work:
        pipeline.withdraw_answer(work, number, "A slip.")
    assert answers(known) == [
        looked,
        f"  {label(Answer.BOTH_CORRECT)} (taken back) by {both}",
        f"  an answer taken back by mel, {AT} \u201cA slip.\u201d",
    ]


def test_whoever_may_not_compare_places_is_not_told_that_they_were_compared(known: Engine) -> None:
    reasons = ["Same forename.", "Same home Postcode."]
    with begin_work(known, STEWARD, clock=lambda: NOW) as work:
        pipeline.judge(work, (1, 3), "same", "seen", {"reasons": reasons})
        (act,) = acts_on(work, [3])
    assert without_places(STEWARD, act) == act
    assert act.shown == ("Same forename.", "Same home Postcode.")
    assert without_places(MANAGER, act).shown == ("Same forename.",)
