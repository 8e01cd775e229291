"""Reporting on a page: begun from what is known, kept as typed, checked, sent once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from register.audit.models import AuditEvent
from register.reports.models import Draft, Report, ReportVersion, Submission
from register.reports.statements import find_statements
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import LEEDS
from tests.web.story import JONAH_AUTHORITY, PLACE, send

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")
WHEN = {
    "missing_at-day": "2",
    "missing_at-month": "3",
    "missing_at-year": "2026",
    "missing_at-time": "9.15pm",
    "category": "missing",
    "last_seen_place": "the bus station",
}


def report_of(engine: Engine, reference: str) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(Report.id).where(Report.reference == reference)).one()


def count(engine: Engine, table: type[Report | Draft | Submission | ReportVersion]) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def values_of(engine: Engine, report: int) -> dict[str, object]:
    with begin_work(engine, writes=False) as work:
        return dict(find_statements(work, [report])[report].values)


def begin(person: Client, **values: object) -> str:
    """Begin a draft and give the address of its first page."""
    token = {"csrf_token": hidden_of(person.get("/reports").text)["csrf_token"]}
    return person.post("/reports/begin", data=token | values).headers["Location"]


def test_a_known_child_is_reported_with_six_boxes(engine: Engine, as_person: Person) -> None:
    amina = as_person("amina")
    found = amina.get("/reports?asked=L-77").text
    assert "Tarik Adeyemi-Test" in found
    assert "Maya" not in found
    page = begin(amina, report=report_of(engine, "L-77/1"))
    assert page.endswith("/missing")
    assert len(WHEN) <= 8
    checked = amina.send(page, **WHEN)
    assert checked.status_code == 302
    text = amina.get(checked.headers["Location"]).text
    assert "Tarik" in text
    assert "2 March 2026 at 9:15pm GMT" in text
    assert "the bus station" in text
    sent = amina.send(checked.headers["Location"])
    assert "Report sent" in amina.get(sent.headers["Location"]).text
    number = int(re.findall(r"/reports/(\d+)/sent", sent.headers["Location"])[0])
    said = values_of(engine, number)
    assert said["missing_at"] == "2026-03-02T21:15:00+00:00"
    assert said["status"] == "open"
    assert (said["child_reference"], said["legal_status"]) == ("L-77", "C2")
    assert "return_interview_at" not in said, "of the last going missing, not of this one"
    assert "Tarik Adeyemi-Test" in amina.get("/").text
    assert count(engine, Draft) == 0
    with begin_work(engine, writes=False) as work:
        last = work.session.scalars(select(Submission).order_by(Submission.id.desc())).first()
        assert last is not None
        assert last.source == "page"
        kinds = set(work.session.scalars(select(AuditEvent.kind)))
    assert {"search:made", "report:viewed", "submission:received", "report:received"} <= kinds


def test_a_child_never_reported_before_is_asked_for_page_by_page(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    page = begin(amina)
    assert page.endswith("/child")
    nobody = amina.send(page)
    assert nobody.status_code == 422
    assert 'href="#child_reference"' in nobody.text
    who = {"forename": "Noor", "surname": "New-Test", "date_of_birth-year": "2012"}
    half = amina.send(page, **who)
    assert half.status_code == 422
    assert "Date of birth must include a day and a month" in half.text
    assert 'href="#date_of_birth-day"' in half.text
    assert 'value="Noor"' in half.text
    page = amina.send(
        page, **who, **{"date_of_birth-day": "1", "date_of_birth-month": "2"}
    ).headers["Location"]
    assert page.endswith("/care")
    page = amina.send(page, care_status="looked_after", responsible_authority=LEEDS).headers[
        "Location"
    ]
    page = amina.send(page, **WHEN).headers["Location"]
    sent = amina.send(page)
    assert "Noor New-Test" in amina.get("/").text
    number = int(re.findall(r"/reports/(\d+)/sent", sent.headers["Location"])[0])
    said = values_of(engine, number)
    assert said["date_of_birth"] == "2012-02-01"
    assert said["responsible_authority"] == LEEDS


def test_sending_twice_keeps_one_report(engine: Engine, as_person: Person) -> None:
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1"))
    page = amina.send(page, **WHEN).headers["Location"]
    hidden = hidden_of(amina.get(page).text)
    before = count(engine, Report)
    first, second = amina.post(page, data=hidden), amina.post(page, data=hidden)
    assert count(engine, Report) == before + 1
    again = second.headers["Location"].partition("?")
    assert again[0] == first.headers["Location"]
    assert "It had been sent already" in amina.get(second.headers["Location"]).text


def test_control_two_drafts_make_two_reports(engine: Engine, as_person: Person) -> None:
    amina = as_person("amina")
    before = count(engine, Report)
    for _ in range(2):
        page = begin(amina, report=report_of(engine, "L-77/1"))
        amina.send(amina.send(page, **WHEN).headers["Location"])
    assert count(engine, Report) == before + 2


def test_the_hour_that_comes_twice_is_asked_about(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    clock.now += timedelta(days=250)
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1"))
    night = {"missing_at-day": "25", "missing_at-month": "10", "missing_at-time": "1:30"}
    asked = amina.send(page, **{**WHEN, **night})
    assert asked.status_code == 422
    assert "came twice that night" in asked.text
    assert 'id="missing_at-hour"' in asked.text
    done = amina.send(page, **{**WHEN, **night, "missing_at-hour": "B"})
    assert "25 October 2026 at 1:30am GMT" in amina.get(done.headers["Location"]).text


def test_a_doubtful_number_is_told_and_may_be_kept(as_person: Person) -> None:
    amina = as_person("amina")
    page = begin(amina)
    who = {"forename": "Noor", "nhs_number": "9000000000"}
    told = amina.send(page, **who)
    assert told.status_code == 422
    assert "NHS number fails the check digit" in told.text
    going_on = amina.send(page, **who, keep="1")
    assert going_on.status_code == 302
    page = going_on.headers["Location"]
    page = amina.send(amina.send(page).headers["Location"], **WHEN).headers["Location"]
    assert "It would be kept as written" in amina.get(page).text
    assert amina.send(page).status_code == 302


def test_a_correction_changes_what_was_changed_and_nothing_else(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    report = report_of(engine, "L-77/1")
    before = values_of(engine, report)
    page = amina.send("/reports", f"/reports/{report}/correct").headers["Location"]
    assert "Nothing is changed yet" in amina.get(page).text
    refused = amina.send(page)
    assert refused.status_code == 409
    assert "Nothing would change" in refused.text
    shown = amina.get(f"{page}/child?back=1").text
    boxes = boxes_of(shown)
    amina.post(f"{page}/child?back=1", data={**boxes, "forename": "Tariq"})
    text = amina.get(page).text
    assert "It was:" in text
    assert amina.send(page).status_code == 302
    after = values_of(engine, report)
    assert after == before | {"forename": "Tariq", "updated_at": after["updated_at"]}


def test_who_corrects_an_older_version_is_told_what_changed(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    amina = as_person("amina")
    report = report_of(engine, "L-82/4")
    page = amina.send("/reports", f"/reports/{report}/close").headers["Location"]
    back = {
        "status": "closed",
        "returned_at-day": "2",
        "returned_at-month": "3",
        "returned_at-year": "2026",
    }
    page = amina.send(page, **back).headers["Location"]
    hidden = hidden_of(amina.get(page).text)
    clock.now += timedelta(minutes=5)
    newer = {**JONAH_AUTHORITY, "hair": "red", "updated_at": clock.now.isoformat()}
    with begin_work(engine, clock=clock) as work:
        send(work, newer)
    stale = amina.post(page, data=hidden)
    assert stale.status_code == 409
    assert "was changed since you were shown it" in stale.text
    assert amina.send(page).status_code == 302
    after = values_of(engine, report)
    assert (after["hair"], after["status"]) == ("red", "closed"), "neither is lost"


def test_what_others_report_is_taken_over_but_not_their_places(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    episode = report_of(engine, "WY-26-0001")
    page = begin(amina, episode=episode)
    text = amina.get(page).text
    assert "Secret Street" not in text
    assert PLACE not in text
    boxes = boxes_of(text)
    assert boxes["missing_at-time"] == "22:40"
    page = amina.post(page, data=boxes).headers["Location"]
    sent = amina.send(page)
    number = int(re.findall(r"/reports/(\d+)/sent", sent.headers["Location"])[0])
    said = values_of(engine, number)
    assert said["child_reference"] == "L-77", "our own, from our own earlier report"
    assert "placement_postcode" not in said, "what is shown one at a time is filled in nowhere"
    again = amina.send("/reports", "/reports/begin", episode=episode)
    assert again.status_code == 409


def test_nobody_changes_or_takes_over_what_is_not_theirs(engine: Engine, as_person: Person) -> None:
    police, elsewhere = report_of(engine, "WY-26-0001"), report_of(engine, "BD-1")
    amina = as_person("amina")
    for purpose in ("correct", "close"):
        assert amina.send("/reports", f"/reports/{police}/{purpose}").status_code == 404
    assert amina.send("/reports", "/reports/begin", report=police).status_code == 404
    assert amina.send("/reports", "/reports/begin", episode=elsewhere).status_code == 404
    assert amina.get(f"/reports/{police}/sent").status_code == 404
    for person, page in (("cora", "/missing"), ("dan", "/missing"), ("eve", "/users")):
        other = as_person(person)
        assert other.get("/reports").status_code == 403
        assert other.send(page, "/reports/begin").status_code == 403


def boxes_of(page: str) -> dict[str, str]:
    """Give what a browser would send of a form as it stands."""
    boxes = hidden_of(page)
    for tag in re.findall(r"<input [^>]*>", page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = given.get("type", "text")
        ticked = kind not in {"radio", "checkbox"} or " checked" in tag
        if kind != "hidden" and ticked and "name" in given:
            boxes[given["name"]] = given.get("value", "")
    for name, options in re.findall(
        r'<select[^>]* name="([\w-]+)".*?>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', options)
        boxes[name] = chosen[0] if chosen else ""
    return boxes
