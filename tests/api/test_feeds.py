"""A sender's own feed over the interface: how it stands, and each change of it told unasked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from register.inspection import feeds as reading
from register.mismatches import supply
from register.mismatches.clocks import Clock as Period
from register.mismatches.feeds import Agreement, feeds
from register.pipeline import take_turn
from register.webhooks.sending import Message
from register.webhooks.service import Round
from register.webhooks.subscribing import dead_letters, subscribe
from register.work import OPERATOR, begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, Speaker
from tests.api.test_webhooks import ADDRESS, Receiver, is_in_order

Speak = Callable[[str], Speaker]


@pytest.fixture(autouse=True)
def _agreed(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Agree with Leeds that something comes each day."""
    agreed = replace(feeds(), senders={LEEDS: Agreement(clock.now, Period(hours=24))})
    for room in (supply, reading):
        monkeypatch.setattr(room, "feeds", lambda: agreed)


def fall_silent(engine: Engine, clock: Clock, hours: int = 25) -> None:
    clock.now += timedelta(hours=hours)
    with begin_work(engine, OPERATOR, clock=clock) as work:
        take_turn(work)  # as `register work` does
        assert supply.find_silent(work) == 1


def test_a_sender_reads_how_its_own_feed_stands(engine: Engine, clock: Clock, speak: Speak) -> None:
    began = clock.now
    speak("leeds").put(LEEDS, "L1")
    told = speak("leeds").ask("GET", "/feed").get_json()
    assert told == {
        "organisation": LEEDS,
        "agreed_since": began.isoformat(),
        "every": "24 hours",
        "heard_at": began.isoformat(),
        "silent_from": (began + timedelta(hours=24)).isoformat(),
        "percent_rejected": 1.0,
        "faults": [],
    }
    fall_silent(engine, clock)
    leeds = speak("leeds")
    (fault,) = leeds.ask("GET", "/feed").get_json()["faults"]
    assert (fault["rule"], fault["overdue"]) == ("G1", False)
    assert fault["opened_at"] == told["silent_from"]
    leeds.put(LEEDS, "L1", updated_at="2026-03-03T22:30:00+00:00")
    assert leeds.ask("GET", "/feed").get_json()["faults"] == []


def test_of_anothers_feed_nothing_is_told(engine: Engine, clock: Clock, speak: Speak) -> None:
    speak("leeds").put(LEEDS, "L1")
    before = {name: speak(name).ask("GET", "/feed").data for name in ("police", "barking")}
    fall_silent(engine, clock)
    assert speak("leeds").ask("GET", "/feed").get_json()["faults"], "the control: it stands"
    for name, was in before.items():
        assert speak(name).ask("GET", "/feed").data == was
        heard = speak(name).ask("GET", "/changes").get_json()["changes"]
        assert "feed" not in {each["kind"] for each in heard}
    for name in ("reader", "department", "desk"):
        assert speak(name).ask("GET", "/feed").status_code == 403


def test_what_has_not_changed_is_not_sent_again(engine: Engine, clock: Clock, speak: Speak) -> None:
    known = speak("leeds").ask("GET", "/feed").headers["ETag"]
    seen = {"headers": {"If-None-Match": known}}
    again = speak("leeds").ask("GET", "/feed", **seen)
    assert (again.status_code, again.data) == (304, b"")
    fall_silent(engine, clock)
    assert speak("leeds").ask("GET", "/feed", **seen).status_code == 200


@pytest.fixture
def subscribed(engine: Engine, keys: dict[str, str], clock: Clock) -> None:
    assert keys
    with begin_work(engine, OPERATOR, clock=clock) as work:
        for name in ("leeds", "police"):
            subscribe(work, name, f"{ADDRESS}/{name}", to_private=False)


@pytest.mark.usefixtures("subscribed")
@pytest.mark.parametrize("failing", [0, 2, 3], ids=["up", "one of two", "one of three"])
def test_each_change_of_a_feed_is_told_once_in_order_to_its_own_alone(
    engine: Engine, clock: Clock, speak: Speak, failing: int
) -> None:
    for turn in range(3):
        fall_silent(engine, clock)
        at = f"2026-03-0{turn + 3}T22:30:00+00:00"
        speak("leeds").put(LEEDS, "L1", updated_at=at, clothing=f"coat {turn}")
    receiver = Receiver(lambda n: 500 if failing and n % failing == 0 else 200)
    others: list[str] = []

    def send(message: Message) -> int:
        if message.url.endswith("leeds"):
            return receiver(message)
        others.append(message.body)
        return 200

    for _ in range(9):
        Round(engine, send, clock).go()
        clock.now += timedelta(minutes=20)
    told = [each for each in receiver.taken if each["kind"] == "feed"]
    assert [each["faults"] for each in told] == [
        [{"rule": "G1", "what": what}] for what in ("opened", "ended") * 3
    ]
    assert {(each["child"], each["gone"]) for each in told} == {(None, False)}
    assert is_in_order(receiver.taken)
    asked = speak("leeds").ask("GET", "/changes").get_json()["changes"]
    assert {each["change"]: each["faults"] for each in asked if each["kind"] == "feed"} == {
        each["change"]: each["faults"] for each in told
    }
    assert not [body for body in others if '"feed"' in body]


@pytest.mark.usefixtures("subscribed")
def test_a_change_of_a_feed_that_is_refused_is_dead_and_no_childs_waits(
    engine: Engine, clock: Clock, speak: Speak
) -> None:
    fall_silent(engine, clock)
    speak("leeds").put(LEEDS, "L1")
    receiver = Receiver()

    def picky(message: Message) -> int:
        return 422 if '"kind": "feed"' in message.body else receiver(message)

    for _ in range(20):
        Round(engine, picky, clock).go()
        clock.now += timedelta(hours=1)
    assert {each["kind"] for each in receiver.taken} == {"child"}
    with begin_work(engine, OPERATOR, clock=clock) as work:
        (dead,) = dead_letters(work)
    assert (dead.client, dead.child, dead.behind) == ("leeds", "feed", 1)
