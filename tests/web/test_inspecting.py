"""The inspector's pages: who may see them, as at which time, what a form that is wrong is told."""

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.inspection.models import Question, Sample
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.story import GRACE_AUTHORITY, LEEDS, PLACE, send, tell

Person = Callable[[str], Client]
PERIOD = {
    "organisation": LEEDS,
    "from-day": "1",
    "from-month": "1",
    "from-year": "2026",
    "to-day": "3",
    "to-month": "3",
    "to-year": "2026",
}
PAGES = (
    "/inspect",
    "/inspect/behind/all",
    "/inspect/behind/mismatches",
    "/inspect/samples",
    "/inspect/samples/1",
    "/inspect/list-8",
    "/questions",
    "/questions/ask",
    "/questions/1",
)
ONE = {"count-all": "1"}
ASKED = {"organisation": LEEDS, "words": "Why?", "clock": "3 working days", "child": ""}


@pytest.fixture
def told(app: Flask, engine: Engine, clock: Clock) -> Flask:
    """The few children, a sample of them, and a question; the keeper and an inspector of police."""
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(minutes=10)
    cora = signed_in(app, "cora")
    assert cora.send("/inspect/samples", **PERIOD, **{"count-all": "3"}).status_code == 302
    assert cora.send("/questions/ask", **ASKED).status_code == 302
    return app


def signed_in(app: Flask, username: str) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    assert client.sign_in(username).status_code == 302
    return client


def test_each_role_sees_what_is_its_own(told: Flask) -> None:
    seen = {
        username: {page for page in PAGES if signed_in(told, username).get(page).status_code == 200}
        for username in ("cora", "pia", "kim", "amina", "ben", "dan", "eve")
    }
    assert seen == {
        "cora": set(PAGES),
        "pia": set(PAGES) - {"/questions/1", "/inspect/samples/1"},
        "kim": {"/inspect"},
        "amina": {"/questions", "/questions/1"},
        "ben": {"/questions"},
        "dan": set(),
        "eve": set(),
    }


def test_the_keeper_comes_to_the_figures_and_is_told_no_small_number(told: Flask) -> None:
    kim = signed_in(told, "kim")
    assert kim.get("/").headers["Location"] == "/inspect"
    page = kim.get("/inspect", query_string=PERIOD).text
    assert "not shown" in page
    assert "/inspect/behind" not in page
    exact = signed_in(told, "cora").get("/inspect", query_string=PERIOD).text
    assert "40%" in exact, "control"
    assert "40%" not in page
    assert "/inspect/behind/differs?" in exact


def test_figures_and_lists_show_what_they_showed_then(
    told: Flask, engine: Engine, clock: Clock
) -> None:
    cora = signed_in(told, "cora")
    asked = ("/inspect", "/inspect/behind/differs", "/inspect/behind/all")
    numbers = re.compile(r'role="cell"[^>]*>\s*([^<]*)|C-[0-9A-Z]{6}-[0-9A-Z]|>(\d+%)')
    shown = {page: numbers.findall(cora.get(page, query_string=PERIOD).text) for page in asked}
    assert all(shown.values())
    then = clock.now
    clock.now += timedelta(hours=2)
    with begin_work(engine, clock=clock) as work:
        more = GRACE_AUTHORITY | {"nhs_number": "", "surname": "New-Test", "reference": "N/1"}
        send(work, more | {"child_reference": "N"})
    clock.now += timedelta(minutes=1)
    cora = signed_in(told, "cora")
    for page, before in shown.items():
        asking = PERIOD | {"as_at": then.isoformat()}
        assert numbers.findall(cora.get(page, query_string=asking).text) == before, page
    now = numbers.findall(cora.get("/inspect", query_string=PERIOD).text)
    assert now != shown["/inspect"], "control"


def test_a_list_behind_a_figure_has_as_many_lines_as_it_says(told: Flask) -> None:
    cora = signed_in(told, "cora")
    page = cora.get("/inspect", query_string=PERIOD).text
    rows = re.findall(
        r'href="(/inspect/behind/[^"]+)">[^<]*</a></th>\s*<td[^>]*>(\d+)</td>(?!\s*<td)', page
    )
    assert len(rows) > 8
    for address, count in rows:
        if "/repeat" in address or "Children" in address:
            continue
        behind = cora.get(address.replace("&amp;", "&")).text
        said = re.search(r"(\d+) in all", behind)
        assert int(said[1] if said else 0) >= int(count), address
    differs = next(a for a, _ in rows if "/differs" in a).replace("&amp;", "&")
    assert "3 in all" in cora.get(differs).text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"from-day": "31", "from-month": "2"}, "first day must be a real date"),
        ({"to-year": "1999"}, "same as or after the first"),
        ({"from-year": "2001"}, "at most 60 months"),
        ({"from-year": "0001"}, "years must lie between"),
        ({"from-year": "99999"}, "first day must be a real date"),
        ({"to-day": ""}, "last day must be a real date"),
    ],
)
def test_a_period_that_is_none_is_told_by_its_field(
    told: Flask, asked: dict[str, str], sentence: str
) -> None:
    answer = signed_in(told, "cora").get("/inspect", query_string=PERIOD | asked)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'href="#from-day"' in answer.text or 'href="#to-day"' in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/inspect?organisation=E99999999",
        "/inspect/behind/nothing",
        "/inspect/behind/all?month=99",
        "/inspect/behind/all?month=-1",
        "/inspect/behind/mismatches?rule=Z9",
        "/inspect/samples/0",
        "/inspect/samples/99999999999999999999",
        "/inspect/children/C-000009-9/chronology",
        "/inspect/children/nobody/chronology",
        "/questions/99999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(told: Flask, address: str) -> None:
    assert signed_in(told, "cora").get(address).status_code == 404


def test_a_sample_that_cannot_be_drawn_keeps_what_was_typed(told: Flask, engine: Engine) -> None:
    cora = signed_in(told, "cora")
    for said, sentence in (
        ({}, "Ask for at least one child"),
        ({"count-repeat": "many"}, "Write a whole number"),
        ({"count-repeat": "99"}, "Give a number from 0 to 50"),
        (ONE | typed("known_at", 1, 1, 2099, "0:00"), "still to come"),
        (ONE | typed("known_at", "soon"), "must include a month and a year"),
        (ONE | typed("known_at", 2, 3, 2026), "must include a time"),
        (ONE | typed("known_at", 26, 10, 2025, "1:30"), "came twice that night"),
        ({"count-all": "1", "seed": "x" * 65}, "at most 64"),
    ):
        answer = cora.send("/inspect/samples", **PERIOD, **said)
        assert answer.status_code == 422
        assert sentence in answer.text
        for name, text in said.items():
            assert f'value="{text}"' in answer.text, name
    with begin_work(engine, writes=False) as work:
        assert len(work.session.scalars(select(Sample)).all()) == 1


def typed(name: str, *said: object) -> dict[str, str]:
    """Fill in the boxes of a day and time."""
    parts = zip(("day", "month", "year", "time", "hour"), said, strict=False)
    return {f"{name}-{part}": str(text) for part, text in parts}


def test_a_sample_is_drawn_as_known_at_the_time_in_its_boxes(told: Flask, engine: Engine) -> None:
    cora = signed_in(told, "cora")
    said = PERIOD | {"count-all": "1"}
    for at in (typed("known_at", 2, 3, 2026, "11.41pm"), typed("known_at", "", "", "", "")):
        assert cora.send("/inspect/samples", **said, **at).status_code == 302
    with begin_work(engine, writes=False) as work:
        drawn = work.session.scalars(select(Sample.as_at).order_by(Sample.id)).all()
    assert [f"{at:%H:%M}" for at in drawn[1:]] == ["23:41", "23:50"]


def test_a_list_is_compared_as_known_at_the_time_in_its_boxes(told: Flask) -> None:
    cora = signed_in(told, "cora")
    asked = {"organisation": LEEDS} | typed("on", 3, 3, 2026)
    rows = b"ChildUniqueID,Number of missing episodes from placement in last 12 months\nL-77,1\n"
    for at, status, sentence in (
        (typed("known_at", 2, 3, 2026), 422, "must include a time"),
        (typed("known_at", 26, 10, 2025, "1:30"), 422, "Which of the two was it?"),
    ):
        file = {"file": (BytesIO(rows), "list.csv")}
        hidden = hidden_of(cora.get("/inspect/list-8").text)
        answer = cora.post("/inspect/list-8", data={**hidden, **asked, **at, **file})
        assert answer.status_code == status
        assert sentence in answer.text
        for name, text in at.items():
            assert f'id="{name}" name="{name}" type="text" value="{text}"' in answer.text


def test_a_sample_leads_to_what_was_known_then(told: Flask) -> None:
    page = signed_in(told, "cora").get("/inspect/samples/1").text
    links = re.findall(r'href="(/(?:inspect/)?children/[^"]+)"', page)
    assert len(links) == 6
    cora = signed_in(told, "cora")
    for link in links:
        answer = cora.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "As known on" in answer.text
        assert PLACE not in answer.text


def test_a_pack_leaves_only_with_a_recipient_and_a_purpose(told: Flask, engine: Engine) -> None:
    cora = signed_in(told, "cora")
    hidden = hidden_of(cora.get("/inspect/samples/1").text)
    answer = cora.post("/inspect/samples/1/pack", data={**hidden, "recipient": "Panel"})
    assert answer.status_code == 422
    assert "Say the purpose" in answer.text
    given = {"recipient": "Panel", "purpose": "Inspection"}
    answer = cora.post("/inspect/samples/1/pack", data={**hidden, **given})
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 11
        assert all(name.startswith("pack-1-20260302/") for name in archive.namelist())
    with begin_work(engine, writes=False) as work:
        kinds = work.session.scalars(select(AuditEvent.kind)).all()
    assert kinds.count("pack:disclosed") == 1
    amina = signed_in(told, "amina")
    hidden = hidden_of(amina.get("/questions/1").text)
    answer = amina.post("/inspect/samples/1/pack", data={**hidden, **given})
    assert answer.status_code == 403


def test_a_list_that_is_none_is_told_by_its_field(told: Flask) -> None:
    cora = signed_in(told, "cora")
    hidden = hidden_of(cora.get("/inspect/list-8").text)
    answer = cora.post("/inspect/list-8", data=hidden)
    assert answer.status_code == 422
    for sentence in ("Choose the authority", "Choose a file", "day of the inspection must be"):
        assert sentence in answer.text
    day = {"organisation": LEEDS, "on-day": "3", "on-month": "3", "on-year": "2026"}
    file = {"file": (BytesIO(b"PK\x03\x04"), "list.csv")}
    answer = cora.post("/inspect/list-8", data={**hidden, **day, **file})
    assert answer.status_code == 422
    assert "Excel workbook" in answer.text


def test_a_question_is_replied_to_by_whom_it_was_put(
    told: Flask, engine: Engine, clock: Clock
) -> None:
    amina = signed_in(told, "amina")
    assert "Due by" in amina.get("/questions").text
    assert amina.send("/questions/1", words=" ").status_code == 422
    clock.now += timedelta(days=9)
    assert "Overdue since" in signed_in(told, "amina").get("/questions").text
    amina = signed_in(told, "amina")
    assert amina.send("/questions/1", words="<b>Because.</b>").status_code == 302
    page = signed_in(told, "cora").get("/questions/1").text
    assert "&lt;b&gt;Because.&lt;/b&gt;" in page
    assert "Replied late" in page
    cora = signed_in(told, "cora")
    wrong = cora.send("/questions/ask", **(ASKED | {"words": "", "clock": "never"}))
    assert wrong.status_code == 422
    assert "Write your question" in wrong.text
    with begin_work(engine, writes=False) as work:
        assert len(work.session.scalars(select(Question)).all()) == 1


def test_no_page_of_now_is_asked_for_as_at_a_time(told: Flask, clock: Clock) -> None:
    cora = signed_in(told, "cora")
    asked = urlencode({"as_at": clock.now.isoformat()})
    for page in ("/inspect/samples", "/inspect/list-8", "/questions"):
        assert cora.get(f"{page}?{asked}").status_code == 422
