"""Sealing on pages: a manager seals, nobody else sees, what looks alike is decided; released."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.story import GRACE_POLICE, send, tell
from tests.web.test_judging import address_of

Person = Callable[[str], Client]
WHY = "The father looks for him."


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(hours=1)


def seal_grace(as_person: Person) -> str:
    mel = as_person("mel")
    grace = address_of(mel, "Grace")
    assert f'href="{grace}/seal"' in mel.get(grace).text
    assert mel.send(f"{grace}/seal", because="high_risk", reason=WHY).status_code == 302
    return grace


def test_a_manager_seals_a_child_and_others_find_nothing(as_person: Person) -> None:
    before = [as_person(name) for name in ("amina", "ben", "cora", "dan")]
    grace = seal_grace(as_person)
    nothing = before[0].get("/children/C-009999-Z")
    for person in before:
        assert person.get(grace).status_code == 404
        assert "Grace" not in person.get("/").text
        assert "Grace" not in person.get("/mismatches").text
        assert person.get("/seals").status_code == 403
    assert nothing.status_code == 404
    mel = as_person("mel")
    assert "Grace" in mel.get(grace).text
    page = mel.get("/seals/1").text
    assert WHY in page
    assert "It was the child&#39;s when the seal was placed" in page


def test_what_looks_like_the_child_is_decided_by_the_owner(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    seal_grace(as_person)
    clock.now += timedelta(hours=1)
    at = clock.now.isoformat()
    twin = {**GRACE_POLICE, "reference": "WY-26-9000", "updated_at": at}
    twin |= {"forename": "Hannah", "nhs_number": "", "child_reference": ""}
    with begin_work(engine, clock=clock) as work:
        send(work, twin)
    mel = as_person("mel")
    page = mel.get("/seals/1").text
    assert "Hannah" in page
    assert "be decided" in page
    answer = mel.send("/seals/1", kind="released", reason="The danger is over.")
    assert answer.status_code == 302
    assert mel.get("/seals/1").status_code == 404
    assert "Grace" in as_person("dan").get("/").text


def test_what_is_typed_wrong_is_told_beside_it(as_person: Person) -> None:
    mel = as_person("mel")
    grace = address_of(mel, "Grace")
    said = {
        "because": "",
        "readers": "nobody",
        "expires_on": "soon",
        "apart_from": "C-1",
        "reason": "",
    }
    answer = mel.send(f"{grace}/seal", **said)
    assert answer.status_code == 422
    for words in (
        "Choose why the child is to be sealed",
        "No organisation has the code NOBODY",
        "Write the day like 2027-03-31",
        "Say why",
    ):
        assert words in answer.text
    assert 'value="soon"' in answer.text
    mel.send(f"{grace}/seal", because="staff", reason=WHY)
    answer = mel.send("/seals/1", kind="", reason="")
    assert answer.status_code == 422
    assert "Choose what you decided" in answer.text
    assert mel.get("/seals/77").status_code == 404


def test_a_clerk_may_not_seal(as_person: Person) -> None:
    amina = as_person("amina")
    grace = address_of(amina, "Grace")
    assert f"{grace}/seal" not in amina.get(grace).text
    assert amina.get(f"{grace}/seal").status_code == 403
