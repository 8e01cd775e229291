"""The quick check over the interface: the least that identifies, logged, within the limits."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from register.access.models import Opening
from register.app import create_app
from register.settings import Settings
from register.work import begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, OPEN, WEST_YORKSHIRE, Speaker
from tests.web.looking import entries

Speak = Callable[[str], Speaker]
NAMED = {"forename": "Tariq", "surname": "Adeyemi-Test", "date_of_birth": "2011-05-31"}
WHY = {"purpose": "found"}


@pytest.mark.parametrize("asked", [NAMED, {"identifier": OPEN["nhs_number"]}, {"reference": "W1"}])
def test_the_least_that_identifies_wherever_the_child_is(
    speak: Speak, engine: Engine, asked: dict[str, str]
) -> None:
    speak("police").put(WEST_YORKSHIRE, "W1", last_seen_place="Secret Street")
    answer = speak("barking").ask("POST", "/check", json=asked | WHY)
    assert answer.status_code == 200, answer.text
    (found,) = answer.get_json()["found"]
    assert found | {"child": ""} == {
        "child": "",
        "name": "Tariq Adeyemi-Test",
        "age": "14",
        "date_of_birth": ["2011-05-31"],
        "sex": ["male"],
        "missing_now": True,
        "call": [WEST_YORKSHIRE],
    }
    for more in ("W1", "Secret", str(OPEN["nhs_number"])):
        assert more not in answer.text
    entry = entries(engine, "search:made")[-1]
    assert (entry.facts["purpose"], entry.facts["found"]) == ("found", 1)
    assert "Tariq" not in entry.detail
    assert entries(engine, "child:identified")[-1].subject == f"child {found['child']}"


def test_nobody_found_is_logged_too(speak: Speak, engine: Engine) -> None:
    speak("police").put(WEST_YORKSHIRE, "W1")
    answer = speak("barking").ask("POST", "/check", json=NAMED | WHY | {"forename": "Nobody"})
    assert answer.get_json() == {"found": [], "restricted": []}
    assert entries(engine, "search:made")[-1].facts["found"] == 0


def test_without_the_scope_nothing_is_looked_for(speak: Speak, engine: Engine) -> None:
    """The control: the same question by a token without it, and by none."""
    speak("police").put(WEST_YORKSHIRE, "W1")
    refused = speak("reader").ask("POST", "/check", json=NAMED | WHY)
    assert refused.status_code == 403
    assert "child:check" in refused.headers["WWW-Authenticate"]
    client = speak("reader").client
    assert client.post("/api/v1/check", json=NAMED | WHY).status_code == 401
    assert entries(engine, "search:made") == []


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (NAMED, "/purpose"),
        (NAMED | {"purpose": "curious"}, "/purpose"),
        (WHY, "/forename"),
        (WHY | {"forename": "Tariq", "surname": "Adeyemi-Test"}, "/forename"),
        (NAMED | WHY | {"date_of_birth": "31/05/2011"}, "/date_of_birth"),
        (NAMED | WHY | {"reference": "x" * 201}, "/reference"),
        (NAMED | WHY | {"name": "Tariq"}, "/name"),
        (NAMED | WHY | {"forename": ["Tariq"]}, "/forename"),
        (WHY | {"reference": "W\u0000"}, "/reference"),
        (WHY | {"identifier": "\ud800"}, "/identifier"),
    ],
)
def test_what_cannot_be_asked(speak: Speak, sent: dict[str, object], pointer: str) -> None:
    answer = speak("barking").ask("POST", "/check", json=sent)
    assert answer.status_code == 422, answer.text
    assert pointer in [each["pointer"] for each in answer.get_json()["errors"]]


def test_a_system_is_told_of_so_many_children_a_day(
    engine: Engine, clock: Clock, keys: dict[str, str], tmp_path: Path
) -> None:
    settings = Settings(
        secret_key="for tests only",  # noqa: S106  # signs nothing of worth
        secure_cookies=False,
        instance_dir=str(tmp_path),
        children_a_day_of_systems=2,
    )
    app = create_app(settings, engine, clock=clock)
    police, leeds = (Speaker(app, name, keys[name]) for name in ("police", "leeds"))
    named = [
        NAMED | {"forename": name, "surname": f"{name}-Test"} for name in ("Ada", "Bea", "Cal")
    ]
    for number, each in enumerate(named):
        police.put(WEST_YORKSHIRE, f"W{number}", **each, nhs_number=None)
    answers = [leeds.ask("POST", "/check", json=each | WHY) for each in named]
    assert [each.status_code for each in answers] == [200, 200, 429]
    with begin_work(engine, writes=False) as work:
        seen = work.session.scalars(select(Opening.child).where(Opening.child != 0))
        assert len(set(seen)) == 2


def test_a_child_of_one_s_own_is_found_by_its_own_id(speak: Speak) -> None:
    leeds = speak("leeds")
    leeds.put(LEEDS, "L1", child_reference="C-77")
    answer = leeds.ask("POST", "/check", json=WHY | {"reference": "C-77"})
    assert len(answer.get_json()["found"]) == 1
