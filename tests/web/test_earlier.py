"""Pages as they were known at an earlier time: what they showed then, and nothing to be changed."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from register import pipeline
from register.audit.models import AuditEvent
from register.linkage.models import Judgement, Review
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.settling import Said
from register.reports.models import Report
from register.web.earlier import SHOWN_AS_AT
from register.work import begin_work
from tests.web import story
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import show_whole
from tests.web.story import GRACE_POLICE, JONAH_AUTHORITY, POLICE_OPEN, send, tell

Person = Callable[[str], Client]
LISTS = (
    *("/missing", "/missing?show=located"),
    *("/mismatches", "/mismatches?state=settled", "/mismatches?state=all"),
)
LATER = {"updated_at": "2026-03-03T09:00:00+00:00"}
BACK = {"status": "closed", "closed_reason": "returned", "returned_at": "2026-03-03T08:00:00+00:00"}


@pytest.fixture(autouse=True)
def then(engine: Engine, clock: Clock) -> datetime:
    """Tell the story, and give a time after it, at which some of it was judged and answered."""
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
        show_whole(work, "cora")
    clock.now += timedelta(minutes=5)
    with begin_work(engine, clock=clock) as work:
        row = work.session.scalars(select(Mismatch).where(Mismatch.rule == "A1")).one()
        pipeline.settle(work, row.number, Said("disputed", words="Not with us."), row.id)
    clock.now += timedelta(minutes=5)
    return clock.now


def go_on(engine: Engine, clock: Clock) -> None:
    """Let a day pass in which everything changes that may."""
    clock.now += timedelta(hours=9)
    with begin_work(engine, clock=clock) as work:
        tariq = (
            story.AUTHORITY_BEFORE | LATER | {"forename": "Tariq", "date_of_birth": "2011-05-30"}
        )
        send(work, tariq, POLICE_OPEN | LATER | BACK | {"found_at": "2026-03-03T07:00:00+00:00"})
        send(work, GRACE_POLICE | LATER | {"risk_level": "high"}, JONAH_AUTHORITY | LATER | BACK)
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        review = work.session.scalars(select(Review).where(Review.known_to.is_(None))).first()
        assert review is not None
        pipeline.judge(work, (review.report_a, review.report_b), "same", "One girl.")
    clock.now += timedelta(hours=1)
    two = work_reports(engine)
    with begin_work(engine, clock=clock) as work:
        answer = work.session.scalars(select(Settlement)).first()
        assert answer is not None
        pipeline.withdraw_answer(work, answer.id, "Said too early.")
        work.session.flush()
        pipeline.judge(work, _two_children(two), "same", "Seen together.")
    clock.now += timedelta(hours=13)


def work_reports(engine: Engine) -> list[int]:
    """Give the reports of Grace and of Jonah that Leeds sent, by their names."""
    with begin_work(engine, writes=False) as work:
        rows = work.session.execute(select(Report.id, Report.reference))
        by_name = {reference: number for number, reference in rows}
    return [by_name[story.GRACE_AUTHORITY["reference"]], by_name[JONAH_AUTHORITY["reference"]]]


def _two_children(reports: list[int]) -> tuple[int, int]:
    return (min(reports), max(reports))


def text_of(page: str) -> str:
    """Give the words of a page's content, without its forms and what it says of then and now."""
    content = page.split("<main")[1].split("</main>", maxsplit=1)[0]
    content = re.sub(r"<form.*?</form>", " ", content, flags=re.DOTALL)
    content = re.sub(r'<p class="[^"]*register-made">.*?</p>', " ", content, flags=re.DOTALL)
    said = " ".join(html.unescape(re.sub("<[^>]*>", " ", content)).split())
    said = said.replace("This review was waiting for a person then.", "")
    return (
        re.sub(r"\b(then|now)\b", "now", said).replace("was missing now", "is missing now").strip()
    )


def look(person: Client, address: str, at: datetime) -> TestResponse:
    """Ask for a page as at a time."""
    asked = urlencode({"as_at": at.isoformat()})
    return person.get(f"{address}{'&' if '?' in address else '?'}{asked}")


def links_of(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<a [^>]*href="(/[^"]*)"', page)]


def pages_of(person: Client) -> dict[str, str]:
    """Give the words of every list, and of every page that a list leads to, by address."""
    lists = {address: person.get(address) for address in (*LISTS, "/reviews", "/reviews/model")}
    found = {address: answer.text for address, answer in lists.items() if answer.status_code == 200}
    leads = re.compile(r"/children/C-[\w-]+|/mismatches/\d+|/reviews/\d+")
    for page in [*found.values()]:
        for address in filter(leads.fullmatch, links_of(page)):
            found[address] = person.get(address, follow_redirects=True).text
    return {address: text_of(page) for address, page in found.items()}


@pytest.mark.parametrize("username", ["amina", "cora"])
def test_every_page_shows_what_it_showed_then(
    as_person: Person, engine: Engine, clock: Clock, then: datetime, username: str
) -> None:
    shown = pages_of(as_person(username))
    assert len(shown) > 12
    assert any("Not with us." in text for text in shown.values())
    go_on(engine, clock)
    person = as_person(username)
    now = pages_of(person)
    changed = [address for address in shown if now.get(address) != shown[address]]
    assert len(changed) > 5, "control: much has changed"
    for address, text in shown.items():
        answer = look(person, address, then)
        assert answer.status_code == 200, address
        assert text_of(answer.text) == text, address
        assert "As known on 2 March 2026 at 11:50pm GMT." in answer.text


def test_a_stewards_pages_show_what_they_showed_then_and_no_form(
    as_person: Person, engine: Engine, clock: Clock, then: datetime
) -> None:
    dan = as_person("dan")
    shown = {a: text for a, text in pages_of(dan).items() if a.startswith("/reviews")}
    assert len(shown) == 3
    go_on(engine, clock)
    dan = as_person("dan")
    for address, text in shown.items():
        page = look(dan, address, then).text
        assert text_of(page) == text, address
    for address in (*shown, *(a for a in pages_of(dan) if a.startswith(("/children", "/mism")))):
        answer = look(dan, address, then)
        assert answer.status_code in {200, 302, 404}, address
        posts = re.findall(r'<form[^>]*method="post"[^>]*>', answer.text)
        assert all("/sign-out" in form for form in posts), address
        assert "/take-back" not in answer.text
        assert "/join" not in answer.text
    now = "".join(dan.get(address).text for address in pages_of(dan))
    assert "/take-back" in now, "control"
    assert "/join" in now, "control"


@pytest.mark.parametrize("username", ["amina", "dan"])
def test_every_link_keeps_to_the_time(
    as_person: Person, then: datetime, username: str, app: Flask
) -> None:
    person = as_person(username)
    routes = app.url_map.bind("localhost")
    for address in pages_of(person):
        page = look(person, address, then).text
        for link in links_of(page.replace('register-then__link" href', '" data-now')):
            path, _, query = link.partition("?")
            endpoint, _ = routes.match(path)
            assert (endpoint in SHOWN_AS_AT) == ("as_at=" in query), f"{link} on {address}"
        reads = re.findall(r'<form[^>]*method="get".*?</form>', page, re.DOTALL)
        assert reads
        assert all('name="as_at"' in form for form in reads), address
    back = re.search(r'register-then__link" href="([^"]*)"', page)
    assert back
    assert "as_at" not in back[1]


def test_the_way_back_to_now_keeps_the_rest(as_person: Person, then: datetime) -> None:
    asked = {"as_at": then.isoformat(), "severity": "critical", "page": "1"}
    page = as_person("amina").get("/mismatches", query_string=asked).text
    assert 'href="/mismatches?severity=critical">Go back to now' in page
    assert '<input type="hidden" name="severity" value="critical">' in page


def test_redirects_keep_to_the_time(as_person: Person, then: datetime) -> None:
    amina = as_person("amina")
    found = re.search(r"C-[\w-]+", amina.get("/").text)
    assert found
    query = {"number": found[0].lower(), "as_at": then.isoformat()}
    assert "as_at=" in amina.get("/find", query_string=query).headers["Location"]


def test_pages_of_long_lists_keep_to_the_time(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    rows = [
        GRACE_POLICE
        | {"reference": f"X-{n}", "forename": f"A{n}", "surname": f"B{n}", "nhs_number": ""}
        for n in range(30)
    ]
    with begin_work(engine, clock=clock) as work:
        send(work, *rows)
    clock.now += timedelta(minutes=1)
    page = as_person("cora").get("/", query_string={"as_at": clock.now.isoformat()}).text
    following = re.search(r'rel="next"\s+href="([^"]*)"', page)
    assert following
    assert "as_at=" in following[1]
    assert "page=2" in following[1]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("yesterday", "cannot be read"),
        ("2026-02-30T10:00", "cannot be read"),
        ("0001-01-01T00:00:00+14:00", "cannot be read"),
        ("2026-03-03T02:10", "still to come"),
        ("9999-12-31T23:59", "still to come"),
    ],
)
@pytest.mark.parametrize("address", ["/", "/mismatches", "/children/C-000001-V", "/mismatches/1"])
def test_what_is_no_time_or_to_come_is_said(
    as_person: Person, said: str, sentence: str, address: str
) -> None:
    answer = as_person("amina").get(address, query_string={"as_at": said})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "register-then" not in answer.text
    assert "as_at=" not in answer.text.split("<main")[0], "no link carries it on"


def test_nothing_is_changed_as_at_a_time(as_person: Person, engine: Engine, then: datetime) -> None:
    dan, asked = as_person("dan"), {"as_at": then.isoformat()}
    child = next(a for a in pages_of(dan) if a.startswith("/children"))
    hidden = hidden_of(dan.get("/mismatches/1").text)
    said = {**hidden, "answer": "comment", "words": "No.", "reason": "No.", "verdict": "same"}
    for address in ("/mismatches/1", "/reviews/1", f"{child}/join", f"{child}/part", "/sign-out"):
        for how in ({"query_string": asked, "data": said}, {"data": said | asked}):
            answer = dan.post(address, **how)
            assert answer.status_code == 422, address
            assert "can be looked at, not changed" in answer.text
    for address in (f"{child}/join", "/upload", "/users", "/reviews/shared-by-too-many"):
        assert dan.get(address, query_string=asked).status_code == 422, "pages of now only"
    with begin_work(engine, writes=False) as work:
        assert not work.session.scalars(select(Judgement)).all()
        assert len(work.session.scalars(select(Settlement)).all()) == 1


def test_before_anything_was_known_there_is_nothing(as_person: Person, then: datetime) -> None:
    cora = as_person("cora")
    asked = {"as_at": (then - timedelta(days=1)).isoformat()}
    addresses = pages_of(cora)
    assert "0 missing then" in cora.get("/", query_string=asked).text
    assert "No mismatch of this kind" in cora.get("/mismatches", query_string=asked).text
    for address in addresses:
        if re.match(r"/(children|mismatches)/", address):
            answer = cora.get(address, query_string=asked)
            assert answer.status_code == 404
            assert "As known on 1 March 2026" in answer.text, "why it is not there"


def test_who_may_not_see_a_child_now_or_then_finds_nothing(
    as_person: Person, then: datetime
) -> None:
    asked = {"as_at": then.isoformat()}
    ben = as_person("ben")
    for address in pages_of(as_person("amina")):
        if re.match(r"/(children|mismatches)/", address):
            assert ben.get(address, query_string=asked).status_code == 404


def test_the_log_says_as_at_which_time_somebody_looked(
    as_person: Person, engine: Engine, then: datetime
) -> None:
    cora = as_person("cora")
    page = next(a for a in pages_of(cora) if a.startswith("/children/"))
    look(cora, page, then)
    with begin_work(engine, writes=False) as work:
        looked = select(AuditEvent.detail).where(AuditEvent.kind == "child:viewed")
        details = work.session.scalars(looked.order_by(AuditEvent.seq)).all()
    assert '"as_at":"2026-03-02T23:50:00+00:00"' in details[-1].replace(" ", "")
    assert "as_at" not in details[0], "control"
