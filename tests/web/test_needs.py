"""Children outside one's work: broken glass, a child given, inspections, limits, the officer."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.models import Need, Notice
from register.access.openings import Limits
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.looking import NAMED, WHY, check, entries, number_in
from tests.web.story import JONAH_AUTHORITY, PLACE, TARIQ, tell

Person = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)


def test_broken_glass_opens_a_child_for_an_hour_and_is_told(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    ben = as_person("ben")
    number = number_in(check(ben, **NAMED))
    page = f"/children/{number}"
    assert ben.get(page).status_code == 404, "control"
    assert ben.send(f"{page}/glass", reason=" ").status_code == 422
    reason = "Found on our platform with a knife wound."
    assert ben.send(f"{page}/glass", reason=reason).headers["Location"] == page
    shown = ben.get(page).text
    assert "Missing according to police" in shown
    assert PLACE not in shown
    assert entries(engine, "glass:broken")[-1].subject == f"child {number}"
    for officer in ("mel", "gus", "fay", "dot"):
        told = as_person(officer).get("/privacy").text
        assert "A child was opened at need" in told, officer
        assert reason in told
        assert number in told
        assert "Adeyemi-Test" not in told
    with begin_work(engine, writes=False) as work:
        notices = list(work.session.scalars(select(Notice)))
        assert {each.organisation for each in notices} >= {"E08000035", "E23000010", "E23000001"}
        for each in notices:
            assert re.fullmatch(r"need \d+", each.reference), "a reference and nothing else"
            assert each.at == clock.now
    clock.now += timedelta(minutes=14)
    assert ben.get(page).status_code == 200
    clock.now += timedelta(minutes=14)
    ben = as_person("ben")
    clock.now += timedelta(minutes=33)
    assert as_person("ben").get(page).status_code == 404, "an hour has passed"


def test_an_officer_looks_into_a_notice_of_their_own(as_person: Person) -> None:
    ben, mel = as_person("ben"), as_person("mel")
    number = number_in(check(ben, **NAMED))
    ben.send(f"/children/{number}/glass", reason="Found.")
    seen = re.findall(r'action="(/privacy/notices/\d+/seen)"', mel.get("/privacy").text)
    assert len(seen) == 1
    token = hidden_of(mel.get("/check").text)
    assert as_person("fay").post(seen[0], data=token).status_code == 400, "not their form"
    fay = as_person("fay")
    assert fay.post(seen[0], data=hidden_of(fay.get("/check").text)).status_code == 404
    assert mel.post(seen[0], data=token).status_code == 302
    assert "mel, " in mel.get("/privacy").text


def test_glass_of_no_child_looks_like_that_of_one_until_it_is_broken(as_person: Person) -> None:
    ben = as_person("ben")
    assert ben.get("/children/C-00ZZZZ-0/glass").status_code == 200
    answer = ben.send("/children/C-00ZZZZ-0/glass", reason="Found.")
    assert answer.status_code == 404


def test_a_child_is_given_to_a_steward_who_then_sees_it_whole(as_person: Person) -> None:
    mel, dan = as_person("mel"), as_person("dan")
    number = number_in(
        check(mel, forename="Grace", surname="Okafor-Test", identifier="900 000 0017")
    )
    page = f"/children/{number}"
    assert "you need to judge" in dan.get(page).text
    assert "Missing episodes" not in dan.get(page).text
    for username in ("nobody", "ben", "eve"):
        answer = mel.send(f"{page}/assign", username=username, reason="Please look.")
        assert answer.status_code == 422, username
    assert mel.send(f"{page}/assign", username="dan", reason="Please look.").status_code == 302
    assert "Missing episodes" in dan.get(page).text
    assert as_person("amina").get(f"{page}/assign").status_code == 403


def test_what_was_given_ends_with_the_role_it_was_given_in(as_person: Person) -> None:
    mel, dan, eve = as_person("mel"), as_person("dan"), as_person("eve")
    number = number_in(
        check(mel, forename="Grace", surname="Okafor-Test", identifier="900 000 0017")
    )
    page = f"/children/{number}"
    assert mel.send(f"{page}/assign", username="dan", reason="Please look.").status_code == 302
    same = {"role": "steward", "organisation": ""}
    assert eve.send("/users/dan", "/users/dan/role", **same).status_code == 302
    assert "Missing episodes" in dan.get(page).text, "control: nothing has changed"
    elsewhere = {"role": "force_user", "organisation": "E23000001"}
    assert eve.send("/users/dan", "/users/dan/role", **elsewhere).status_code == 302
    assert dan.get(page).status_code == 404


def test_a_child_out_of_sight_is_given_to_nobody(as_person: Person) -> None:
    fay = as_person("fay")
    number = number_in(check(fay, **NAMED))
    answer = fay.send(f"/children/{number}/assign", username="ben", reason="Please look.")
    assert answer.status_code == 404


def test_glass_is_to_look_through_and_not_to_act(as_person: Person) -> None:
    fay, mel = as_person("fay"), as_person("mel")
    number = number_in(check(fay, **NAMED))
    fay.send(f"/children/{number}/glass", reason="Found.")
    assert fay.get(f"/children/{number}").status_code == 200, "control: it may be looked at"
    for person, status in ((fay, 404), (mel, 302)):
        sent = {"because": "high_risk", "reason": "Their father."}
        given = person.send(f"/children/{number}/assign", username="dan", reason="Please look.")
        sealed = person.send(f"/children/{number}/seal", **sent)
        assert {given.status_code, sealed.status_code} == {status}


def test_an_inspector_sees_lists_of_the_inspected_and_whole_pages_of_samples(
    as_person: Person,
) -> None:
    cora, pia = as_person("cora"), as_person("pia")
    listed = cora.get("/").text
    assert "Grace Okafor-Test" in listed
    assert 'href="/children/' not in listed
    number = re.findall(r"C-[0-9A-Z]{6}-[0-9A-Z]", listed)[0]
    assert cora.get(f"/children/{number}").status_code == 404
    inspection = re.findall(r'href="(/inspections/\d+)"', cora.get("/inspections").text)[0]
    assert cora.send(inspection, f"{inspection}/sample", number=number).status_code == 422
    answer = cora.send(inspection, f"{inspection}/sample", number=number, reason="Drawn by lot.")
    assert answer.status_code == 302
    assert "Missing episodes" in cora.get(f"/children/{number}").text
    assert pia.get(f"/children/{number}").status_code == 404
    assert pia.get(inspection).status_code == pia.get("/inspections/999").status_code == 404
    assert cora.send(inspection, f"{inspection}/close").status_code == 302
    assert cora.get(f"/children/{number}").status_code == 404
    assert number not in cora.get("/").text


def test_an_inspection_is_opened_and_its_organisations_are_told(as_person: Person) -> None:
    cora = as_person("cora")
    days = {
        "from-day": "1",
        "from-month": "1",
        "from-year": "2026",
        "to-day": "31",
        "to-month": "1",
        "to-year": "2026",
    }
    force = cora.send("/inspections", organisations="E23000010", **days)
    assert force.status_code == 422, "of the other side"
    assert cora.send("/inspections", organisations="E08000035").status_code == 422
    alike = cora.send("/inspections", organisations="E08000035", colleagues="pia", **days)
    assert alike.status_code == 422
    assert cora.send("/inspections", organisations="E08000035", **days).status_code == 302
    assert "An inspection was opened" in as_person("mel").get("/privacy").text


def test_a_coordinator_judges_a_proposed_link_of_their_own_reach(as_person: Person) -> None:
    gus, fay = as_person("gus"), as_person("fay")
    found = re.search(r'href="(/reviews/\d+)"', gus.get("/reviews").text)
    assert found
    page = gus.get(found[1]).text
    assert "postcode" not in page.lower()
    assert fay.get(found[1]).status_code == fay.get("/reviews/9999").status_code == 404
    assert found[1] not in fay.get("/reviews").text
    said = {"verdict": "same", "reason": "The carer said so."}
    hidden = hidden_of(page)
    token = hidden_of(fay.get("/check").text)
    assert fay.post(found[1], data={**hidden, **token, **said}).status_code == 404
    assert gus.post(found[1], data={**hidden, **said}).status_code == 302


def test_past_the_limit_nothing_is_shown_and_the_officer_is_told(
    as_person: Person, monkeypatch: pytest.MonkeyPatch, clock: Clock, engine: Engine
) -> None:
    monkeypatch.setattr("register.web.desk.limits_in", lambda _: Limits(children_a_day=2))
    amina, mel = as_person("amina"), as_person("mel")
    numbers = list(dict.fromkeys(re.findall(r'href="/children/([^"]+)"', amina.get("/").text)))
    assert len(numbers) > 2
    shown = [amina.get(f"/children/{number}") for number in numbers[:3]]
    assert [each.status_code for each in shown] == [200, 200, 429]
    assert "Adeyemi" not in shown[2].text
    assert amina.get(f"/children/{numbers[0]}").status_code == 200, "seen today already"
    assert "The limit of children a day was reached" in mel.get("/privacy").text
    assert len(entries(engine, "access:exceeded")) >= 1
    clock.now += timedelta(days=1)
    assert as_person("amina").get(f"/children/{numbers[2]}").status_code == 200


def test_the_limit_counts_what_the_quick_check_finds(
    as_person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.web.desk.limits_in", lambda _: Limits(children_a_day=1))
    ben = as_person("ben")
    check(ben, **NAMED)
    answer = ben.send("/check", **WHY, identifier="900 000 0017")
    assert answer.status_code == 429
    assert "Grace" not in answer.text


def test_what_nothing_explains_is_listed_for_the_officer(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    ben = as_person("ben")
    number = number_in(check(ben, **NAMED))
    ben.send(f"/children/{number}/glass", reason="Found.")
    clock.now = clock.now.replace(hour=3) + timedelta(days=1)
    ben = as_person("ben")
    ben.send(f"/children/{number}/glass", reason="Found again.")
    ben.get(f"/children/{number}")
    page = as_person("fay").get("/privacy").text
    assert "Opened by breaking the glass" in page
    assert "Adeyemi" not in page
    with begin_work(engine, writes=False) as work:
        assert len(list(work.session.scalars(select(Need)))) == 2
    assert JONAH_AUTHORITY["surname"] not in page
    assert TARIQ["surname"] not in page


def test_a_child_behind_a_figure_is_a_link_only_where_its_page_opens(as_person: Person) -> None:
    pia, cora = as_person("pia"), as_person("cora")
    said = {"from-day": "1", "from-month": "1", "from-year": "2026", "count-all": "3"}
    said |= {"to-day": "3", "to-month": "3", "to-year": "2026"}
    assert cora.send("/inspect/samples", **said).status_code == 302
    page = cora.get("/inspect/behind/all").text
    links = set(re.findall(r'href="(/children/[^"]+)"', page))
    assert links, "control: three children are of a sample"
    assert {cora.get(link).status_code for link in links} == {200}
    page = pia.get("/inspect/behind/all").text
    assert "C-000001-V" in page
    assert 'href="/children/' not in page, "nobody was drawn or chosen"
    assert "your inspection</a>, or draw a sample" in page
