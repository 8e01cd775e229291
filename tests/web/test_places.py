"""One protected value on a page of its own: who is shown it, what is kept, and who is told."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.access.service import create_user
from register.audit.models import AuditEvent
from register.secrecy.models import Showing
from register.terms import Role
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import PASSWORD
from tests.web.story import (
    GRACE_AUTHORITY,
    GRACE_POLICE,
    JONAH_AUTHORITY,
    JONAH_POLICE,
    LEEDS,
    WEST_YORKSHIRE,
    send,
)

Person = Callable[[str], Client]
PLACED = {"placement_postcode": "LS7 3ZZ", "placement_type": "K2", "home_postcode": "LS8 1QA"}
SEEN = {"last_seen_place": "Canary Wharf Steps", "last_seen_postcode": "LS6 4QQ"}
WHY = {"reason": "look_for_the_child", "words": "Looking for Grace at her placement."}
MORE = {
    "wendy": (Role.FORCE_USER, WEST_YORKSHIRE),
    "carl": (Role.FORCE_COORDINATOR, WEST_YORKSHIRE),
    "mona": (Role.AUTHORITY_MANAGER, LEEDS),
    "otto": (Role.DATA_PROTECTION_OFFICER, ""),
}


@pytest.fixture(autouse=True)
def told(app: Flask, engine: Engine, clock: Clock) -> None:
    """Tell of a child who is missing to both, and of one who is back to the police."""
    del app
    with begin_work(engine, clock=clock) as work:
        for username, (role, organisation) in MORE.items():
            create_user(
                work,
                username=username,
                name=f"{username.title()} Test",
                role=role,
                password=PASSWORD,
                organisation=organisation,
            )
        send(work, GRACE_POLICE | SEEN, GRACE_AUTHORITY | PLACED)
        send(work, JONAH_POLICE | SEEN, JONAH_AUTHORITY | PLACED)


def address_of(person: Client, name: str) -> str:
    """Give the address of a child's page."""
    pages = person.get("/").text + person.get("/?show=located").text
    found = re.search(rf'href="(/children/C-[^"]+)"[^>]*>\s*{name}', pages)
    assert found, name
    return found[1]


def asks_on(page: str) -> dict[str, dict[str, str]]:
    """Give what each form of a page asks to be shown, by field."""
    forms = re.findall(r'<form method="post" action="[^"]+/place">(.*?)</form>', page, re.DOTALL)
    hidden = [dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)) for form in forms]
    return {form["field"]: form for form in hidden}


def show(person: Client, child: str, field: str, **why: str) -> tuple[int, str]:
    """Ask on the child's page to be shown a value, and say why."""
    asked = asks_on(person.get(child).text)[field]
    form = person.post(f"{child}/place", data=asked)
    assert form.status_code == 200
    answer = person.post(f"{child}/place/shown", data=asked | WHY | why)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.text


def test_an_organisation_is_shown_where_it_placed_a_child_by_itself_alone(
    as_person: Person,
) -> None:
    amina = as_person("amina")
    child = address_of(amina, "Grace")
    page = amina.get(child).text
    assert "LS7 3ZZ" not in page
    assert "LS8 1QA" in page, "control: the home it recorded itself stands on the page"
    status, shown = show(amina, child, "placement_postcode")
    assert (status, shown.count("LS7 3ZZ")) == (200, 1)
    assert "LS8 1QA" not in shown


def test_the_other_side_is_shown_places_of_a_child_who_is_missing_to_it(as_person: Person) -> None:
    wendy = as_person("wendy")
    child = address_of(wendy, "Grace")
    assert "LS7 3ZZ" not in wendy.get(child).text
    assert set(asks_on(wendy.get(child).text)) == set(PLACED)
    assert "LS7 3ZZ" in show(wendy, child, "placement_postcode")[1]
    assert "Canary" in show(as_person("amina"), child, "last_seen_place")[1]


def test_nobody_is_shown_the_other_sides_places_of_a_child_who_is_back(as_person: Person) -> None:
    wendy, amina = as_person("wendy"), as_person("amina")
    child = address_of(amina, "Jonah")
    assert not asks_on(wendy.get(child).text), "to the police he is back"
    asked = asks_on(amina.get(child).text)
    assert {"placement_postcode", "last_seen_place"} <= set(asked), "control: to her he is not"
    for to in ("place", "place/shown"):
        answer = wendy.post(
            f"{child}/{to}", data={**asked["placement_postcode"], **hidden(wendy), **WHY}
        )
        assert answer.status_code == 404
        assert "LS7 3ZZ" not in answer.text


def hidden(person: Client) -> dict[str, str]:
    """Give the token that every form sends."""
    return dict(
        re.findall(
            r'name="(csrf_token)" value="([^"]*)"', person.get("/", follow_redirects=True).text
        )
    )


def test_a_refuge_is_told_to_nobody_but_who_recorded_it(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    wendy, amina = as_person("wendy"), as_person("amina")
    child = address_of(wendy, "Grace")
    asked = asks_on(wendy.get(child).text)
    assert asked, "control: without a refuge there is something to ask"
    moved = GRACE_AUTHORITY | PLACED | {"placement_type": "Women's refuge"}
    with begin_work(engine, clock=clock) as work:
        send(work, moved | {"updated_at": "2026-03-02T21:00:00+00:00"})
    assert not asks_on(wendy.get(child).text)
    assert wendy.post(f"{child}/place/shown", data=asked["home_postcode"] | WHY).status_code == 404
    assert "refuge" in show(amina, child, "placement_type")[1]


@pytest.mark.parametrize("name", ["ben", "cora", "dan", "eve"])
def test_who_does_not_look_for_the_child_is_shown_nothing(as_person: Person, name: str) -> None:
    wendy, person = as_person("wendy"), as_person(name)
    child = address_of(wendy, "Grace")
    asked = asks_on(wendy.get(child).text)["placement_postcode"]
    page = person.get(child)
    assert "/place" not in page.text
    answer = person.post(f"{child}/place/shown", data={**asked, **hidden(person), **WHY})
    assert answer.status_code in {403, 404}
    assert "LS7 3ZZ" not in page.text + answer.text


def test_a_place_is_shown_to_who_has_just_signed_in(as_person: Person, clock: Clock) -> None:
    wendy = as_person("wendy")
    child = address_of(wendy, "Grace")
    clock.now += timedelta(minutes=6)
    status, answer = show(wendy, child, "placement_postcode")
    assert (status, "LS7 3ZZ" in answer) == (401, False)
    assert "a protected place is shown to you" in answer
    proved = {**hidden_of(answer), "password": PASSWORD}
    again = wendy.post("/sign-in/again", data=proved)
    assert again.status_code == 307
    shown = wendy.post(again.headers["Location"], data=proved)
    assert "LS7 3ZZ" in shown.text, "what was asked is asked again, and answered"
    clock.now += timedelta(minutes=6)
    wrong = wendy.post("/sign-in/again", data={**proved, "password": "wrong wrong wrong"})
    assert (wrong.status_code, "LS7 3ZZ" in wrong.text) == (401, False)
    assert WHY["words"] in wrong.text, "what was typed is kept"


@pytest.mark.parametrize(
    "why", [{"reason": ""}, {"reason": "curious"}, {"words": ""}, {"words": "x" * 401}]
)
def test_without_a_reason_nothing_is_shown_or_kept(
    as_person: Person, engine: Engine, why: dict[str, str]
) -> None:
    wendy = as_person("wendy")
    status, answer = show(wendy, address_of(wendy, "Grace"), "placement_postcode", **why)
    assert (status, "LS7 3ZZ" in answer) == (422, False)
    with begin_work(engine, writes=False) as work:
        assert not work.session.scalars(select(Showing)).all()


@pytest.mark.parametrize(
    "asked",
    [
        {"report": "1", "field": "surname"},
        {"report": "1", "field": "no_field"},
        {"report": "1", "field": "missing_from"},
        {"report": "999", "field": "placement_postcode"},
        {"report": "9" * 5000, "field": "placement_postcode"},
        {"report": "\N{ARABIC-INDIC DIGIT FIVE}x", "field": "placement_postcode"},
        {},
    ],
)
def test_what_is_not_there_is_answered_as_what_may_not_be_seen(
    as_person: Person, asked: dict[str, str]
) -> None:
    amina = as_person("amina")
    child = address_of(amina, "Grace")
    for to in ("place", "place/shown"):
        assert amina.post(f"{child}/{to}", data=hidden(amina) | WHY | asked).status_code == 404


def test_each_showing_is_logged_and_told_to_who_recorded_it(
    as_person: Person, engine: Engine
) -> None:
    wendy, mona, carl = (as_person(name) for name in ("wendy", "mona", "carl"))
    child = address_of(wendy, "Grace")
    assert "Nothing that your organisation recorded" in mona.get("/notices").text
    show(wendy, child, "placement_postcode")
    notice = mona.get("/notices").text
    assert "L-81/1" in notice
    assert "West Yorkshire" in notice
    for private in ("Grace", "LS7 3ZZ", "Looking", "wendy", "Placement postcode", child[-10:]):
        assert private not in notice
    assert "L-81/1" not in carl.get("/notices").text, "it is told to whose value it was"
    assert wendy.get("/notices").status_code == 403
    assert wendy.get("/showings").status_code == mona.get("/showings").status_code == 403
    looked_into = as_person("otto").get("/showings").text
    for told in ("wendy", "Looking for Grace", "Placement postcode", "West Yorkshire", "Leeds"):
        assert told in looked_into
    assert "LS7 3ZZ" not in looked_into
    with begin_work(engine, writes=False) as work:
        (entry,) = work.session.scalars(select(AuditEvent).where(AuditEvent.kind == "place:shown"))
        (kept,) = work.session.scalars(select(Showing))
        assert (entry.actor, entry.subject) == ("wendy", f"child {child.split('/')[-1]}")
        assert "placement_postcode" in entry.detail
        assert "look_for_the_child" in entry.detail
        for told in (entry.detail, kept.words):
            assert "Looking" not in told
            assert "LS7" not in told


def test_no_page_of_the_past_shows_a_place(as_person: Person, clock: Clock) -> None:
    clock.now += timedelta(minutes=2)
    amina = as_person("amina")
    child = address_of(amina, "Grace")
    then = amina.get(f"{child}?as_at=2026-03-02T22:41")
    assert then.status_code == 200
    assert not asks_on(then.text)
    asked = asks_on(amina.get(child).text)["placement_postcode"]
    sent = asked | WHY | {"as_at": "2026-03-02T22:41"}
    assert amina.post(f"{child}/place/shown", data=sent).status_code == 422


def test_rejected_rows_that_wait_to_be_fetched_lie_sealed(
    as_person: Person, tmp_path: Path
) -> None:
    amina = as_person("amina")
    head = "reference,forename,surname,category,status,missing_at,placement_postcode,missing_from\n"
    rows = "L-1,Zoe,New-Test,missing,open,2026-03-02,ZE7 8XV,Canary Nest House\n"
    file = (BytesIO((head + rows + rows.replace("open", "odd")).encode()), "new.csv")
    page = amina.send("/upload", files=file)
    link = re.search(r'href="(/upload/rejects/[^"]+)"', page.text)
    assert link, page.text
    assert "Canary Nest House" in amina.get(link[1]).text, "control: its sender is handed it back"
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".csv" for path in kept), "control: it does wait there"
    for canary in (b"Canary", b"ZE7 8XV"):
        assert not [path for path in kept if canary in path.read_bytes()]
