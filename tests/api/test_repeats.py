"""Repeats are harmless: one effect, one answer; batches, withdrawals, and too much at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from register.app import create_app
from register.audit.models import AuditEvent
from register.clients.idempotency import Asked, in_flight, refused_body
from register.clients.models import Client, KeptAnswer
from register.errors import Conflict
from register.reports.models import ReportVersion, Submission
from register.reports.protected import protected_values
from register.settings import Settings
from register.work import begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, OPEN, WEST_YORKSHIRE, Speaker

if TYPE_CHECKING:
    from register.api.limits import Limits

Speak = Callable[[str], Speaker]
PATH = f"/reports/{WEST_YORKSHIRE}/WY-1"
KEY = {"Idempotency-Key": "night shift 1"}
UNDATED = {name: value for name, value in OPEN.items() if name != "updated_at"}


def count(engine: Engine, table: type[ReportVersion | Submission | KeptAnswer]) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(func.count()).select_from(table)).one()


def test_the_same_key_is_answered_as_before_and_has_no_other_effect(
    engine: Engine, speak: Speak
) -> None:
    police = speak("police")
    first = police.ask("PUT", PATH, json=OPEN, headers=KEY)
    police.ask("PUT", PATH, json=OPEN | {"updated_at": "2026-03-02T22:20:00+00:00"})
    again = police.ask("PUT", PATH, json=OPEN, headers=KEY)
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(engine, Submission) == 2


def test_an_answer_that_is_given_again_is_logged_again(engine: Engine, speak: Speak) -> None:
    police = speak("police")
    child = police.ask("PUT", PATH, json=OPEN, headers=KEY).get_json()["child"]
    before = shown(engine, child)
    assert police.ask("PUT", PATH, json=OPEN, headers=KEY).get_json()["child"] == child
    assert shown(engine, child) == before + 1


def shown(engine: Engine, child: str) -> int:
    with begin_work(engine, writes=False) as work:
        of_it = (AuditEvent.kind == "child:shown") & (AuditEvent.subject == f"child {child}")
        return work.session.scalar(select(func.count()).where(of_it)) or 0


def test_control_without_a_key_a_repeat_is_worked_on_again(engine: Engine, speak: Speak) -> None:
    police = speak("police")
    for _ in range(2):
        police.ask("PUT", PATH, json=OPEN)
    assert count(engine, Submission) == 2


def test_a_key_with_another_body_is_refused_and_both_are_kept(engine: Engine, speak: Speak) -> None:
    police = speak("police")
    police.ask("PUT", PATH, json=OPEN, headers=KEY)
    other = OPEN | {"surname": "Another-Test"}
    for _ in range(2):
        refused = police.ask("PUT", PATH, json=other, headers=KEY)
        assert refused.status_code == 422
        assert "used for another request" in refused.get_json()["detail"]
    with begin_work(engine, writes=False) as work:
        first, second = work.session.scalars(select(KeptAnswer).order_by(KeptAnswer.id)).all()
        assert first.refused == ""
        assert "Another-Test" not in second.refused
        assert "Another-Test" in refused_body(work, second)
    assert police.ask("GET", PATH).get_json()["report"]["surname"] == "Adeyemi-Test"


def test_a_key_is_its_clients_own(speak: Speak) -> None:
    speak("police").ask("PUT", PATH, json=OPEN, headers=KEY)
    answer = speak("leeds").ask("PUT", f"/reports/{LEEDS}/L1", json=OPEN, headers=KEY)
    assert answer.status_code == 201


def test_a_refused_request_leaves_its_key_free(speak: Speak) -> None:
    police = speak("police")
    assert police.ask("PUT", PATH, json={}, headers=KEY).status_code == 422
    assert police.ask("PUT", PATH, json=OPEN, headers=KEY).status_code == 201


def test_a_request_in_flight_is_told_so(engine: Engine, speak: Speak) -> None:
    police = speak("police")
    with begin_work(engine, writes=False) as work:
        number = work.session.scalars(select(Client.id).where(Client.name == "police")).one()
    with in_flight(Asked(number, KEY["Idempotency-Key"], "")):
        answer = police.ask("PUT", PATH, json=OPEN, headers=KEY)
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")
    assert police.ask("PUT", PATH, json=OPEN, headers=KEY).status_code == 201


def test_sixteen_at_once_under_one_key_have_one_effect(engine: Engine, speak: Speak) -> None:
    police = speak("police")
    found: list[int] = []

    def send() -> None:
        answer = Speaker.ask(police, "PUT", PATH, json=UNDATED, headers=KEY)
        found.append(answer.status_code)

    threads = [threading.Thread(target=send) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert set(found) <= {201, 409, 503}
    assert 201 in found
    assert (count(engine, Submission), count(engine, ReportVersion)) == (1, 1)


def test_of_a_batch_each_has_its_own_answer_and_the_good_ones_go_in(speak: Speak) -> None:
    police = speak("police")
    reports = [
        {**OPEN, "reference": "WY-1"},
        {**OPEN, "reference": "WY-2", "missing_at": "yesterday"},
        {**OPEN, "reference": "L-1", "organisation": LEEDS},
        {**OPEN},
        {**OPEN, "reference": "WY-1"},
        {**OPEN, "reference": "WY-3", "organisation": WEST_YORKSHIRE},
    ]
    answer = police.ask("POST", "/reports", json={"reports": reports})
    assert answer.status_code == 200
    results = answer.get_json()["results"]
    assert [each["status"] for each in results] == [201, 422, 404, 404, 200, 201]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/reports/1/missing_at"
    assert [each["report"]["received"] for each in (results[0], results[4])] == [
        "accepted",
        "unchanged",
    ]
    assert police.ask("GET", f"/reports/{WEST_YORKSHIRE}/WY-3").status_code == 200


@pytest.mark.parametrize("body", [{}, {"reports": []}, {"reports": [1]}, {"reports": {}}])
def test_a_batch_that_is_none_is_refused(speak: Speak, body: dict[str, object]) -> None:
    answer = speak("police").ask("POST", "/reports", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/reports"


def test_a_report_is_withdrawn_and_comes_again(engine: Engine, speak: Speak) -> None:
    police = speak("police")
    first = police.put(WEST_YORKSHIRE, "WY-1", placement_postcode="LS9 9ZZ").get_json()
    assert "LS9" not in police.ask("GET", PATH).text
    assert first["episode"]
    withdrawn = police.ask("POST", f"{PATH}/withdraw", json={})
    assert withdrawn.status_code == 200
    assert (withdrawn.get_json()["episode"], withdrawn.get_json()["stands"]) == (None, True)
    assert police.ask("GET", "/missing").get_json()["missing"] == []
    assert police.ask("POST", f"{PATH}/withdraw", json={}).get_json()["received"] == "unchanged"
    with begin_work(engine, writes=False) as work:
        (found,) = protected_values(work, [1]).values()
    assert found == {"placement_postcode": "LS9 9ZZ"}, "what is not read back is not lost"
    again = police.put(WEST_YORKSHIRE, "WY-1", updated_at="2026-03-03T08:00:00+00:00")
    assert again.get_json()["episode"] == first["episode"]
    assert speak("leeds").ask("POST", f"{PATH}/withdraw", json={}).status_code == 404


def test_whoever_asks_too_much_is_told_when_to_come_again(
    engine: Engine, clock: Clock, keys: dict[str, str], tmp_path: Path
) -> None:
    told = {"secret_key": "-", "secure_cookies": False, "instance_dir": str(tmp_path)}
    app = create_app(Settings(**told, api_per_second=1), engine, clock=clock)  # type: ignore[arg-type]  # by name
    leeds, police = (Speaker(app, name, keys[name]) for name in ("leeds", "police"))
    answers = [leeds.ask("GET", "/missing") for _ in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 200, 429]
    assert [each.headers["RateLimit-Remaining"] for each in answers] == ["3", "2", "1", "0", "0"]
    assert answers[-1].headers["Retry-After"] == "1"
    assert answers[-1].mimetype == "application/problem+json"
    assert police.ask("GET", "/missing").status_code == 200, "others are not kept waiting"
    clock.now += timedelta(seconds=1)
    assert leeds.ask("GET", "/missing").status_code == 200


def test_what_comes_beyond_the_places_is_sent_away_at_once(app: Flask, speak: Speak) -> None:
    police = speak("police")
    interface = app.extensions["register-interface"]
    limits = cast("Limits", interface.extensions["register-limits"])
    places = app.extensions["register"].settings.api_at_once
    for _ in range(places):
        limits.places.acquire()
    answer = police.put(WEST_YORKSHIRE, "WY-1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    for _ in range(places):
        limits.places.release()
    for _ in range(places + 1):
        assert police.put(WEST_YORKSHIRE, "WY-1").status_code in {200, 201}, "places come free"


def test_control_one_key_at_a_time() -> None:
    asked = Asked(1, "k", "")
    with in_flight(asked), pytest.raises(Conflict), in_flight(asked):
        pass
    with in_flight(asked):
        pass
