"""Of two who change one version of a report at the same moment, one hears that it changed."""

from collections.abc import Callable
from threading import Thread
from time import sleep

import pytest
from sqlalchemy import Engine

from register.turns import wait_for_turn
from register.work import OPERATOR, begin_work
from tests.api.speaking import OPEN, WEST_YORKSHIRE, Speaker

Speak = Callable[[str], Speaker]
PATH = f"/reports/{WEST_YORKSHIRE}/WY-1"


def race(engine: Engine, speak: Speak) -> list[int]:
    """Have two send a change of what both saw, while a third has the turn; give their answers."""
    tag = speak("police").ask("PUT", PATH, json=OPEN).headers["ETag"]
    answers: list[int] = []

    def send(risk: str) -> Thread:
        sender = speak("police")
        later = OPEN | {"updated_at": "2026-03-02T22:20:00+00:00", "risk_level": risk}

        def put() -> None:
            answer = sender.ask("PUT", PATH, json=later, headers={"If-Match": tag})
            answers.append(answer.status_code)

        return Thread(target=put)

    both = [send("medium"), send("low")]
    with begin_work(engine, OPERATOR) as work:
        wait_for_turn(work.session)
        for each in both:
            each.start()
        sleep(0.5)  # both stand before the turn
    for each in both:
        each.join()
    return sorted(answers)


def test_one_of_two_is_told_that_the_report_changed(engine: Engine, speak: Speak) -> None:
    assert race(engine, speak) == [200, 412]


def test_control_where_the_turn_is_taken_later_both_are_kept(
    engine: Engine, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    monkeypatch.setattr("register.api.receiving.take_turn", lambda _: None)
    assert race(engine, speak) == [200, 200]
