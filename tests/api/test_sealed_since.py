"""What was kept for a system before a seal follows the seal: deliveries, and answers to repeats."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from register.access.seals import Placed
from register.linkage.seen import seen_of
from register.numbers import read_number
from register.sealing import seal
from register.terms import Role, SealReason
from register.webhooks.models import Delivery
from register.webhooks.service import Round
from register.webhooks.subscribing import subscribe
from register.work import OPERATOR, Actor, begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, OPEN, WEST_YORKSHIRE, Speaker
from tests.api.test_webhooks import Receiver, deliver

Speak = Callable[[str], Speaker]
OFFICER = Actor("an officer", Role.AUTHORITY_MANAGER, LEEDS)
OWN = {
    "forename": "Zoe",
    "surname": "Nobody-Test",
    "nhs_number": None,
    "date_of_birth": "2009-01-12",
    "sex": "female",
}


def place_seal(engine: Engine, clock: Clock, number: str) -> None:
    """Seal a child as Leeds, for Leeds alone."""
    _, child = read_number(number)
    with begin_work(engine, OFFICER, clock=clock) as work:
        placed = Placed(SealReason.WITNESS, "a witness")
        seal(work, child, placed, seen_of(work, [child]))


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "control: not sealed"])
def test_what_waits_to_be_delivered_of_a_child_that_is_sealed_is_not(
    engine: Engine, clock: Clock, speak: Speak, *, sealed: bool
) -> None:
    police, leeds = speak("police"), speak("leeds")
    with begin_work(engine, OPERATOR, clock=clock) as work:
        subscribe(work, "police", "https://receiver.example", to_private=False)
    police.put(WEST_YORKSHIRE, "W1")
    child = leeds.put(LEEDS, "L1", date_of_birth="2011-06-30").get_json()["child"]
    Round(engine, Receiver(lambda _: None), clock).go()
    if sealed:
        place_seal(engine, clock, child)
    other = police.put(WEST_YORKSHIRE, "W2", **OWN).get_json()["child"]
    receiver = Receiver()
    deliver(engine, clock, receiver, 2)
    assert (child in {each["child"] for each in receiver.taken}) is not sealed
    assert other in {each["child"] for each in receiver.taken}, "others are told of"
    with begin_work(engine, OPERATOR, writes=False) as work:
        assert work.session.scalars(select(Delivery)).all() == []


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "control: not sealed"])
def test_a_repeat_is_not_told_what_a_seal_hides_since(
    engine: Engine, clock: Clock, speak: Speak, *, sealed: bool
) -> None:
    police, leeds = speak("police"), speak("leeds")
    child = leeds.put(LEEDS, "L1", date_of_birth="2011-06-30").get_json()["child"]
    key = {"Idempotency-Key": "1"}
    path = f"/reports/{WEST_YORKSHIRE}/W1"
    first = police.ask("PUT", path, json=OPEN, headers=key)
    assert first.get_json()["decision"] == "linked"
    assert first.get_json()["child"] == child
    if sealed:
        place_seal(engine, clock, child)
    again = police.ask("PUT", path, json=OPEN, headers=key)
    assert (again.data == first.data) is not sealed
    assert (child in again.text) is not sealed
    assert (again.get_json()["decision"] == "linked") is not sealed
