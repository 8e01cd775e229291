"""Sealing on pages: a manager seals, nobody else sees, what looks alike is decided; released."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from werkzeug.datastructures import MultiDict

from register.access.seal_models import SealReader
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import PASSWORD
from tests.web.story import GRACE_POLICE, LEEDS, MET, send, tell
from tests.web.test_judging import address_of

Person = Callable[[str], Client]
BRADFORD = "E08000032"
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


def test_a_seal_is_lifted_by_who_proved_anew_who_they_are(as_person: Person, clock: Clock) -> None:
    grace = seal_grace(as_person)
    mel, dan = as_person("mel"), as_person("dan")
    clock.now += timedelta(minutes=6)
    said = {"kind": "released", "reason": "The danger is over."}
    page = mel.send("/seals/1", **said)
    assert page.status_code == 401
    assert dan.get(grace).status_code == 404
    reviewed = mel.send("/seals/1", kind="reviewed", reason="Still in danger.")
    assert reviewed.status_code == 302, "control: what lets nobody see more needs no proof"
    proved = {**hidden_of(page.text), "password": PASSWORD}
    sent = mel.post("/sign-in/again", data=proved)
    assert sent.status_code == 307
    assert mel.post(sent.headers["Location"], data=proved).status_code == 302
    assert dan.get(grace).status_code == 200


@pytest.mark.parametrize("report", ["abc", "0", "9" * 19, "9" * 5000])
def test_a_report_that_is_none_does_not_lift_the_whole_seal(as_person: Person, report: str) -> None:
    grace = seal_grace(as_person)
    mel, dan = as_person("mel"), as_person("dan")
    said = {"kind": "released", "reason": "It is another child."}
    assert mel.send("/seals/1", **said, report=report).status_code == 409
    assert dan.get(grace).status_code == 404
    assert mel.send("/seals/1", **said, report="").status_code == 302
    assert dan.get(grace).status_code == 200, "control: lifted whole"


def test_what_is_typed_wrong_is_told_beside_it(as_person: Person) -> None:
    mel = as_person("mel")
    grace = address_of(mel, "Grace")
    said = {
        "because": "",
        "readers": "NOBODY",
        **until("31", "2", "2027"),
        "apart_from": "C-1",
        "reason": "",
    }
    answer = mel.send(f"{grace}/seal", **said)
    assert answer.status_code == 422
    for words in (
        "Choose why the child is to be sealed",
        "Choose organisations from the list",
        "The day must be a real date, like 31 3 2027",
        "Say why",
    ):
        assert answer.text.count(words) == 2, "in the summary and beside the field"
    for box in ("because", "readers", "expires_on-day", "reason"):
        assert f'href="#{box}"' in answer.text
        assert f'id="{box}"' in answer.text
    assert 'value="31"' in answer.text
    mel.send(f"{grace}/seal", because="staff", reason=WHY)
    answer = mel.send("/seals/1", kind="", reason="")
    assert answer.status_code == 422
    assert "Choose what you decided" in answer.text
    assert mel.get("/seals/77").status_code == 404


def until(day: str, month: str, year: str) -> dict[str, str]:
    """Fill in the day until which a seal is meant to last."""
    return {"expires_on-day": day, "expires_on-month": month, "expires_on-year": year}


def chosen(page: str) -> list[str]:
    """Give what is chosen in each list of authorities and forces; blank where nothing is."""
    lists = re.findall(r'<select[^>]*name="readers".*?</select>', page, re.DOTALL)
    return ["".join(re.findall(r'<option value="([^"]*)" selected>', each)) for each in lists]


def test_readers_are_chosen_by_name_as_many_as_are_added(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    mel = as_person("mel")
    grace = address_of(mel, "Grace")
    said = {"because": "high_risk", "reason": WHY, **until("31", "3", "2027")}
    page = mel.get(f"{grace}/seal").text
    assert chosen(page) == [""]
    for name in ("Metropolitan Police Service", "Bradford"):
        assert f">{name}</option>" in page
    assert f'value="{LEEDS}"' not in page, "one's own may open it anyway"
    answer = mel.send(f"{grace}/seal", **said, readers=[MET], another="1")
    assert answer.status_code == 200
    assert chosen(answer.text) == [MET, ""]
    assert "autofocus" in answer.text
    assert "There is a problem" not in answer.text
    for text in (WHY, 'value="31"', 'value="high_risk" checked'):
        assert text in answer.text, "nothing typed is lost"
    assert mel.get("/seals/1").status_code == 404, "nothing was sealed yet"
    readers = [MET, "", BRADFORD, MET]
    answer = mel.send(f"{grace}/seal", **said, readers=readers, another="1", apart_from="C-1")
    assert answer.status_code == 422
    assert chosen(answer.text) == [MET, BRADFORD, MET, ""]
    assert 'value="C-1"' in answer.text
    assert mel.send(f"{grace}/seal", **said, readers=readers).status_code == 302
    page = mel.get("/seals/1").text
    assert "Metropolitan Police Service" in page
    assert "Bradford" in page
    assert "meant to last until 31 March 2027" in page
    with begin_work(engine, clock=clock, writes=False) as work:
        assert {*work.session.scalars(select(SealReader.organisation))} == {LEEDS, MET, BRADFORD}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (until("31", "", "2027"), "must be a real date"),
        (until("soon", "3", "2027"), "must be a real date"),
        (until("2", "3", "2026"), "must lie in the future, with a year of four digits"),
        (until("31", "3", "27"), "must lie in the future, with a year of four digits"),
    ],
)
def test_a_day_that_is_none_to_come_seals_nothing(
    as_person: Person, day: dict[str, str], sentence: str
) -> None:
    mel = as_person("mel")
    grace = address_of(mel, "Grace")
    said = {"because": "high_risk", "reason": WHY, "readers": MET}
    answer = mel.send(f"{grace}/seal", **said, **day)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert chosen(answer.text) == [MET]
    for name, text in day.items():
        assert re.search(rf'id="{name}"[^>]* value="{text}"', answer.text) or not text
    assert mel.get("/seals/1").status_code == 404


def test_what_was_typed_outlives_signing_in_again(as_person: Person, clock: Clock) -> None:
    mel = as_person("mel")
    form = f"{address_of(mel, 'Grace')}/seal"
    clock.now += timedelta(minutes=6)
    asked = mel.send(form, because="high_risk", reason=WHY, readers=[MET, BRADFORD])
    assert asked.status_code == 401
    assert mel.get("/seals/1").status_code == 404, "nothing was sealed yet"
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
    proved = MultiDict([*fields, ("password", PASSWORD)])
    again = mel.post("/sign-in/again", data=proved)
    assert (again.status_code, again.headers["Location"]) == (307, form)
    assert mel.post(form, data=proved).status_code == 302
    page = mel.get("/seals/1").text
    assert WHY in page
    assert "Bradford" in page


def test_who_may_not_seal_adds_no_reader(as_person: Person) -> None:
    grace = address_of(as_person("mel"), "Grace")
    amina = as_person("amina")
    assert amina.send("/account", f"{grace}/seal", another="1").status_code == 403


def test_a_clerk_may_not_seal(as_person: Person) -> None:
    amina = as_person("amina")
    grace = address_of(amina, "Grace")
    assert f"{grace}/seal" not in amina.get(grace).text
    assert amina.get(f"{grace}/seal").status_code == 403
