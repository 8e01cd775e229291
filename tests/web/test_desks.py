"""The desks: what an authority and a force owe children, before anything else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.mismatches.models import Mismatch
from register.reports.models import Report
from register.reports.statements import find_statements
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.story import (
    AUTHORITY_BEFORE,
    MET,
    POLICE_BEFORE,
    POLICE_OPEN,
    send,
)

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_authority_sees_its_missing_children_first(as_person: Person) -> None:
    page = as_person("amina").get("/").text
    text = text_of(page)
    assert "Our children missing now (4)" in text
    assert "Police reference WY-26-0001" in text
    assert "0113 496 0101" in text, "the duty line of the force"
    assert "Out of hours: 0113 496 0102" in text
    assert "entry on the Police National Computer" in text.replace("Entry", "entry")
    assert "First known to the register 2 hours ago" in text
    assert 'href="tel:01134960101"' in page
    assert "Nobody Elsewhere-Test" not in text
    assert page.index("Adeyemi-Test</a>") < page.index("Okafor-Test</a>"), "by risk"


def test_a_force_sees_who_is_missing_in_its_area_with_gradings(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    newer = {**POLICE_OPEN, "risk_level": "medium", "updated_at": "2026-03-02T23:30:00+00:00"}
    worse = {**POLICE_OPEN, "updated_at": "2026-03-03T00:10:00+00:00"}
    ours = {**POLICE_OPEN, "organisation": MET, "reference": "M-1", "next_review_at": "2026-03-02"}
    with begin_work(engine, clock=clock) as work:
        send(work, newer)
        send(work, worse)
        send(work, ours)
    text = text_of(as_person("ben").get("/").text)
    assert "Missing in our area (1)" in text
    graded = re.findall(r"(High|Medium), \d+ March 2026 at ([\d:apm]+) GMT", text)
    assert [risk for risk, _ in graded] == ["High", "High", "Medium", "High"]
    assert "Two forces have it open" in text
    assert "Risk review was due 2 March 2026" in text


def test_we_know_of_this_acknowledges_and_makes_no_report(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    page = amina.get("/").text
    assert "We know of this" in page
    before = reports(engine)
    with begin_work(engine, writes=False) as work:
        row = work.session.scalars(
            select(Mismatch).where(Mismatch.rule == "A1", Mismatch.known_to.is_(None))
        ).one()
        number, seen = row.number, row.id
    assert "nobody of yours has said" in text_of(page)
    done = amina.send("/", f"/known/{number}", seen=seen, words="")
    assert done.status_code == 302
    page = amina.get("/").text
    assert "You said that you know of this" in page
    assert "nobody of yours has said" not in page
    assert reports(engine) == before
    ben = as_person("ben")
    assert ben.send("/", f"/known/{number}", seen=seen).status_code in {403, 404}


def reports(engine: Engine) -> int:
    with begin_work(engine, writes=False) as work:
        return len(work.session.scalars(select(Report.id)).all())


def said(engine: Engine, reference: str) -> dict[str, object]:
    with begin_work(engine, writes=False) as work:
        query = select(Report.id).where(Report.reference == reference)
        report = work.session.scalars(query).one()
        return dict(find_statements(work, [report])[report].values)


BACK = {
    **AUTHORITY_BEFORE,
    "reference": "L-77/2",
    "missing_at": "2026-02-25",
    "returned_at": "2026-03-01T08:00:00+00:00",
    "updated_at": "2026-03-02T09:00:00+00:00",
    "return_interview_at": "",
    "return_interview_offered_at": "",
}


@pytest.fixture
def returned(engine: Engine, clock: Clock) -> int:
    """A return at 8 in the morning of 1 March; the episode's number."""
    with begin_work(engine, clock=clock) as work:
        send(work, BACK)
        return work.session.scalars(select(Report.id).where(Report.reference == "L-77/2")).one()


def test_a_return_interview_is_counted_down_and_entered_in_place(
    engine: Engine, as_person: Person, clock: Clock, returned: int
) -> None:
    amina = as_person("amina")
    text = text_of(amina.get("/interviews").text)
    assert "31 hours left , until 4 March 2026 at 8:00am GMT" in text
    assert "Not offered" in text
    path = f"/interviews/{returned}"
    assert amina.send("/interviews", path, outcome="offered").status_code == 302
    assert said(engine, "L-77/2")["return_interview_offered_at"] == "2026-03-03T00:40:00+00:00"
    clock.now += timedelta(minutes=5)
    assert "Offered, no answer yet" in text_of(amina.get("/interviews").text)
    assert amina.send("/interviews", path, outcome="accepted").status_code == 302
    clock.now += timedelta(minutes=5)
    assert "Accepted, not yet held" in text_of(amina.get("/interviews").text)
    amina.send("/interviews", path, outcome="done")
    now = said(engine, "L-77/2")
    assert now["return_interview_at"] == "2026-03-03T00:50:00+00:00"
    assert now["return_interview_offered_at"] == "2026-03-03T00:40:00+00:00", "the first offer"
    assert now["return_interview_outcome"] == "accepted"
    assert now["legal_status"] == "C2", "nothing else is lost"
    assert "No return interview waits" in amina.get("/interviews").text


def test_a_declined_interview_needs_a_reason_and_keeps_what_was_typed(
    engine: Engine, as_person: Person, returned: int
) -> None:
    amina = as_person("amina")
    path = f"/interviews/{returned}"
    day = {"return_interview_at-day": "2", "return_interview_at-month": "3"}
    refused = amina.send(path, outcome="declined", **day)
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert 'value="3"' in refused.text
    kept = amina.send(path, outcome="declined", reason="Would not speak.")
    assert kept.status_code == 302
    assert said(engine, "L-77/2")["return_interview_reason"] == "Would not speak."
    wrong = amina.send(path, outcome="nonsense")
    assert wrong.status_code == 422


def test_an_interview_is_entered_without_a_report_of_ones_own(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    police = {
        **POLICE_BEFORE,
        "reference": "WY-26-0009",
        "missing_at": "2026-02-27T20:00:00+00:00",
        "found_at": "2026-03-01T05:00:00+00:00",
        "returned_at": "2026-03-01T06:00:00+00:00",
        "updated_at": "2026-03-01T08:00:00+00:00",
    }
    with begin_work(engine, clock=clock) as work:
        send(work, police)
        number = work.session.scalars(
            select(Report.id).where(Report.reference == "WY-26-0009")
        ).one()
    amina = as_person("amina")
    assert "what you enter makes a report of yours" in amina.get("/interviews").text
    before = reports(engine)
    amina.send("/interviews", f"/interviews/{number}", outcome="offered")
    assert reports(engine) == before + 1
    assert as_person("ben").get(f"/interviews/{number}").status_code == 404


def test_of_more_interviews_than_are_listed_those_due_first_are(
    engine: Engine, as_person: Person, clock: Clock, returned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {
        **BACK,
        "reference": "L-78/1",
        "child_reference": "L-78",
        "forename": "Zofia",
        "surname": "Later",
        "date_of_birth": "2009-05-06",
        "nhs_number": "",
        "upn": "",
        "returned_at": "2026-03-02T08:00:00+00:00",
    }
    with begin_work(engine, clock=clock) as work:
        send(work, later)
    amina = as_person("amina")
    every = amina.get("/interviews").text
    assert "Return interviews (2)" in every
    assert "There may be more" not in every
    monkeypatch.setattr("register.inspection.interviews.MOST", 1)
    first = amina.get("/interviews").text
    assert "Return interviews (1 due first)" in first
    assert "There may be more than are listed" in first
    assert f"/interviews/{returned}" in first
    assert "Zofia" not in first
    assert "Return interviews (1 due first)" in amina.get("/").text


def test_a_request_to_correct_stands_on_both_desks(engine: Engine, as_person: Person) -> None:
    amina = as_person("amina")
    with begin_work(engine, writes=False) as work:
        row = work.session.scalars(
            select(Mismatch).where(Mismatch.rule == "D2", Mismatch.known_to.is_(None))
        ).first()
        assert row is not None
        number = row.number
    asked = amina.send(f"/mismatches/{number}", answer="correction_requested", words="It is Tarik.")
    assert asked.status_code == 302
    text = text_of(amina.get("/").text)
    assert "Asked by us (1)" in text
    assert "Asked of us (0)" in text


def test_what_is_for_information_is_folded_away(as_person: Person) -> None:
    page = as_person("amina").get("/to-answer").text
    main, _, below = page.partition("<details")
    assert "What we must answer" in text_of(main)
    assert "Information" not in main
    dues = re.findall(r"Answer due by ([^<]+)<", main)
    assert dues
    assert "for information" in text_of(below) or "Information" not in page


def test_lists_load_themselves_again_until_that_is_stopped(as_person: Person, clock: Clock) -> None:
    amina = as_person("amina")
    answer = amina.get("/")
    assert answer.headers["Refresh"] == "60; url=/?by_itself=1"
    assert "Made 3 March 2026 at 12:40am GMT" in text_of(answer.text)
    assert "Refresh" not in amina.get("/?stays=1").headers
    assert "Refresh" not in amina.get("/?as_at=2026-03-02T23:00").headers
    assert "Refresh" not in amina.get("/interviews").headers, "somebody may be typing"
    for _ in range(4):
        clock.now += timedelta(minutes=5)
        last = amina.get("/?by_itself=1")
    assert last.status_code == 302, "loading itself again keeps no session alive"


def test_control_asking_keeps_a_session_alive(as_person: Person, clock: Clock) -> None:
    amina = as_person("amina")
    for _ in range(4):
        clock.now += timedelta(minutes=5)
        last = amina.get("/")
    assert last.status_code == 200


def test_ones_drafts_stand_among_ones_reports(as_person: Person) -> None:
    amina = as_person("amina")
    draft = amina.send("/reports", "/reports/begin").headers["Location"].rpartition("/")[0]
    assert draft in amina.get("/reports").text
