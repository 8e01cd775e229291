"""The quick check: who a child is and whom to call, never more; each search is logged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.models import Opening
from register.access.openings import Limits
from register.inspection.models import Search
from register.inspection.searches import KEPT, forget_searches
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.looking import NAMED, WHY, check, entries, number_in
from tests.web.story import PLACE, POLICE_OPEN, send, tell

Person = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)


@pytest.mark.parametrize(
    "asked",
    [
        NAMED,
        NAMED | {"forename": "Tarik"},
        NAMED | {"forename": "Adeyemi-Test", "surname": "Tariq"},
        {"identifier": "900 000 0009"},
        {"reference": "WY-26-0001"},
        {"reference": "L-77"},
    ],
)
def test_a_child_of_others_is_found_and_the_least_is_told(
    as_person: Person, engine: Engine, asked: dict[str, str]
) -> None:
    ben = as_person("ben")
    page = check(ben, **asked)
    assert "Adeyemi-Test" in page
    assert "31 May 2011" in page
    assert "Missing now</strong>" in page
    assert "West Yorkshire Police" in page
    for more in (
        PLACE,
        "Secret Street",
        "Full care order",
        "900 000 0009",
        "WY-26",
        'href="/children/C-000001-V"',
    ):
        assert more not in page, more
    entry = entries(engine, "search:made")[-1]
    assert entry.facts["purpose"] == "reported"
    assert entry.facts["found"] == 1
    assert "Tariq" not in entry.detail
    assert entries(engine, "child:identified")[-1].subject == f"child {number_in(page)}"


@pytest.mark.parametrize(
    "asked",
    [
        NAMED | {"born-year": "2005"},
        NAMED | {"surname": "Nobody"},
        {"identifier": "900 000 0033"},
        {"identifier": "'; --"},
        {"reference": "WY-26"},
        {"reference": "x" * 200},
    ],
)
def test_a_search_that_finds_nobody_is_logged_too(
    as_person: Person, engine: Engine, asked: dict[str, str]
) -> None:
    assert "No child that fits" in check(as_person("ben"), **asked)
    assert entries(engine, "search:made")[-1].facts["found"] == 0
    with begin_work(engine, writes=False) as work:
        assert list(work.session.scalars(select(Opening.child))) == [0]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Write both names and the date of birth"),
        ({"forename": "Tariq", "surname": "Test"}, "Write both names and the date of birth"),
        (NAMED | {"purpose": ""}, "Choose why you ask"),
        (NAMED | {"born-month": "13"}, "must be a real date"),
        (NAMED | {"forename": "x" * 201}, "200 characters or fewer"),
    ],
)
def test_what_a_search_lacks_is_said(
    as_person: Person, asked: dict[str, str], sentence: str
) -> None:
    answer = as_person("ben").send("/check", **{**WHY, **asked})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("username", ["cora", "pia", "eve", "kim", "dot"])
def test_whom_no_call_reaches_has_no_quick_check(as_person: Person, username: str) -> None:
    assert as_person(username).get("/check").status_code == 403
    assert as_person(username).get("/children/C-000001-V/glass").status_code == 403


NOOR = {"forename": "Noor", "surname": "Later-Test", "date_of_birth": "2012-04-05"}
LATER = {"forename": "Noor", "surname": "Later-Test"} | {
    "born-day": "5",
    "born-month": "4",
    "born-year": "2012",
}
COMES = {
    **POLICE_OPEN,
    **NOOR,
    "nhs_number": "",
    "reference": "WY-26-0099",
    "updated_at": "2026-03-03T00:30:00+00:00",
}


def test_who_found_nobody_is_told_when_a_report_that_fits_comes(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    ben, fay = as_person("ben"), as_person("fay")
    assert "No child that fits" in check(ben, **LATER)
    assert "is kept sealed for 28 days" in check(ben, **LATER)
    assert "Your searches that found nobody" in ben.get("/check").text
    assert "has come in" not in ben.get("/").text, "control: nobody fits yet"
    with begin_work(engine, clock=clock) as work:
        send(work, COMES)
        kept = work.session.scalars(select(Search)).all()
        assert len(kept) == 1, "the same search is kept once"
        assert "Noor" not in kept[0].content
        number = kept[0].id
    clock.now += timedelta(minutes=5)
    page = ben.get("/").text
    assert "A report that fits has come in" in page
    assert "Noor" not in page, "told of by a time alone"
    assert "has come in" not in fay.get("/").text, "told to who searched, alone"
    assert fay.send("/check", f"/check/kept/{number}/again").status_code == 404
    found = ben.send("/", f"/check/kept/{number}/again")
    assert "Later-Test" in found.text
    assert "West Yorkshire Police" in found.text
    assert entries(engine, "search:made")[-1].facts["found"] == 1
    assert "has come in" not in ben.get("/").text
    assert ben.send("/check", f"/check/kept/{number}/again").status_code == 404


def test_a_kept_search_outlives_the_limit_of_a_day(
    as_person: Person, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = as_person("ben")
    check(ben, **LATER)
    with begin_work(engine, clock=clock) as work:
        send(work, COMES)
        number = work.session.scalars(select(Search.id)).one()
    with monkeypatch.context() as strict:
        strict.setattr("register.web.desk.limits_in", lambda _: Limits(children_a_day=0))
        assert ben.send("/check", f"/check/kept/{number}/again").status_code == 429
    assert "Later-Test" in ben.send("/check", f"/check/kept/{number}/again").text


def test_a_search_is_forgotten_when_asked_and_in_time(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    ben = as_person("ben")
    check(ben, **LATER)
    with begin_work(engine, clock=clock, writes=False) as work:
        number = work.session.scalars(select(Search.id)).one()
    assert ben.send("/check", f"/check/kept/{number}/forget").status_code == 302
    check(ben, **LATER)
    check(ben, identifier="900 000 0033")
    clock.now += KEPT + timedelta(minutes=1)
    with begin_work(engine, clock=clock) as work:
        forget_searches(work)
    with begin_work(engine, clock=clock, writes=False) as work:
        assert not work.session.scalars(select(Search)).all()


def test_each_way_of_searching_is_told_of(as_person: Person, engine: Engine, clock: Clock) -> None:
    ben = as_person("ben")
    for asked in ({"identifier": "900 000 0033"}, {"reference": "WY-26-0099"}, LATER):
        assert "No child that fits" in check(ben, **asked)
    with begin_work(engine, clock=clock) as work:
        send(work, COMES | {"nhs_number": "9000000033"})
    assert as_person("ben").get("/").text.count("A report that fits has come in") == 3
