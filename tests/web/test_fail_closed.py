"""No page shows a child but for an entry in the log that is committed before the answer leaves."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from register.audit.kinds import Operation
from register.audit.models import AuditEvent
from register.linkage.models import Review
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import PEOPLE
from tests.web.story import POLICE_BEFORE, WEST_YORKSHIRE, send, tell
from tests.web.test_answering import mismatch_of

Person = Callable[[str], Client]
NAMES = re.compile(r"Adeyemi|Tari[qk]|Rivers|Ma[yj]a|Okafor|Grace|Whitlock|Jonah|Elsewhere|Badrow")
"""Of whom the story tells: on a page, a child's data."""
NUMBER = re.compile(r"\bC-[0-9A-Z]{6,}-[0-9A-Z]\b")
HINT = re.compile(r'class="govuk-hint"[^>]*>[^<]*')
TELLS_NOBODY = frozenset(
    [
        *"/find /more /reviews/model /sign-in /static/<path:filename> /upload".split(),
        *"/users /users/add /users/<username> /account /account/password /check".split(),
        *"/returns /questions/ask /inspect/list-8 /inspect/samples /inspections".split(),
        *"/help/words /help/accessibility".split(),
        *"/children/<number>/assign /children/<number>/glass".split(),
    ]
)
"""Pages that tell of no child: they may be shown though the log cannot be written."""
BEGUN = frozenset(
    [
        *"/drafts/<key> /drafts/<key>/<code> /reports/<int:report>/sent /interviews".split(),
        *"/interviews/<int:episode> /inspect/children/<number>/chronology".split(),
        *"/inspect/samples/<int:number> /questions/<int:number> /seals/<int:number>".split(),
    ]
)
"""What is there only after a draft, a sample, a question, a seal: test_fail_closed_begun.py."""
SIGNS_IN = frozenset(
    "/account/second-step /sign-in/again /sign-in/key /sign-in/second-step".split()
)
"""Steps of signing in, which know of no child."""
REJECTS = frozenset(["/upload/rejects/<name>", "/upload/rejects/<name>/mend"])
"""Rows that could not go in, after an upload."""
EXAMPLE = "C-000001-V"
"""What a sentence gives as an example of a number, which is also a child's."""
FIRST = ("/", "/reviews/shared-by-too-many")
"""Where one begins: the first page, and the one that is linked only where it has something."""
BAD_ROW = "reference,forename,surname,category,status,missing_at\nX-1,Ann,Badrow-Test,,,\n"


@pytest.fixture
def told(engine: Engine, clock: Clock, as_person: Person) -> Engine:
    """Give a register with something on every page: reviews, judgements, answers, rejected rows."""
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
        like = {"reference": "WY-26-0009", "nhs_number": "", "date_of_birth": "2011-05-30"}
        send(work, POLICE_BEFORE | like | {"organisation": WEST_YORKSHIRE, "forename": "Tarek"})
    clock.now += timedelta(minutes=10)
    amina, dan = as_person("amina"), as_person("dan")
    amina.send(mismatch_of(engine, "A1"), answer="acknowledged")
    part = next(each for each in crawl(dan) if each.endswith("/part"))
    apart = re.findall(r'name="apart"[^>]* value="([^"]+)"', dan.get(part).text)
    assert dan.send(part, apart=apart[0], reason="Two brothers.").status_code == 302
    return engine


def crawl(person: Client) -> dict[str, int]:
    """Give every address that a person comes to from there, and the status of its answer."""
    seen, left = {}, [*FIRST]
    while left:
        address = left.pop()
        if address in seen:
            continue
        answer = person.get(address, follow_redirects=True)
        seen[address] = (*answer.history, answer)[0].status_code
        for link in re.findall(r'href="(/[^"#]*)', answer.text):
            plain = link.replace("&amp;", "&")
            if "/static/" not in plain and "as_at" not in plain:
                left.append(plain)
    return seen


def entries(engine: Engine, after: int) -> list[AuditEvent]:
    with Session(engine) as session:
        later = select(AuditEvent).where(AuditEvent.seq > after).order_by(AuditEvent.seq)
        return list(session.scalars(later))


def end_of_log(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalars(select(func.max(AuditEvent.seq))).one()


def unlogged(engine: Engine, person: Client, address: str) -> set[str]:
    """Give the children whose numbers a page shows without an entry that tells so."""
    last = end_of_log(engine)
    text = person.get(address, follow_redirects=True).text
    told = entries(engine, last)
    logged = {each.subject for each in told if each.operation is Operation.CONSULTATION}
    shown = {f"child {number}" for number in NUMBER.findall(HINT.sub("", text))}
    if not NAMES.search(text):  # the address as it was asked, said again, tells nothing
        shown -= {f"child {number}" for number in (*NUMBER.findall(address), EXAMPLE)}
    if NAMES.search(text) and not logged:
        shown.add("somebody")
    return shown - logged


def test_the_pages_that_are_tried_are_all(told: Engine, app: Flask, as_person: Person) -> None:
    adapter = app.url_map.bind("")
    reached = {
        adapter.match(address.partition("?")[0], return_rule=True)[0].rule
        for username in PEOPLE
        for address in crawl(as_person(username))
    }
    every = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert every - reached - TELLS_NOBODY == BEGUN | SIGNS_IN | REJECTS
    with Session(told) as session:
        assert session.scalars(select(Review)).first()


def test_the_rows_that_could_not_go_in_are_logged(told: Engine, as_person: Person) -> None:
    amina = as_person("amina")
    page = amina.send("/upload", files=(io.BytesIO(BAD_ROW.encode()), "badrow.csv")).text
    (address,) = re.findall(r'href="(/upload/rejects/[^"/]+)"', page)
    assert "Badrow" in amina.get(address).text
    (last,) = entries(told, end_of_log(told) - 1)
    assert (last.kind, last.actor) == ("rejects:viewed", "amina")
    assert "badrow" not in last.subject
    for each in (address, f"{address}/mend"):
        assert "Badrow" in amina.get(each).text, "control"
        with failing(told):
            answer = amina.get(each)
            assert answer.status_code == 503
            assert "Badrow" not in answer.text


@contextmanager
def failing(engine: Engine) -> Iterator[None]:
    """Let the log's table be gone, as one who holds the database could."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_event RENAME TO gone")
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE gone RENAME TO audit_event")


@pytest.mark.parametrize("username", PEOPLE)
def test_every_child_that_is_shown_is_logged_and_else_is_not_shown(
    told: Engine, app: Flask, as_person: Person, username: str
) -> None:
    person, adapter = as_person(username), app.url_map.bind("")
    addresses = crawl(person)
    assert {each: found for each in addresses if (found := unlogged(told, person, each))} == {}
    with failing(told):
        for address, before in addresses.items():
            answer = person.get(address)
            rule = adapter.match(address.partition("?")[0], return_rule=True)[0].rule
            assert not NAMES.search(answer.text), address
            assert answer.status_code == (before if rule in TELLS_NOBODY or before == 302 else 503)


def test_what_was_sent_is_not_kept_where_the_log_cannot_be_written(
    told: Engine, as_person: Person
) -> None:
    amina, page = as_person("amina"), mismatch_of(told, "A1")
    before = amina.get(page).text
    with failing(told):
        said = amina.post(page, data={**hidden_of(before), "answer": "comment", "words": "Lost."})
        assert said.status_code == 503
    assert "Lost." not in amina.get(page).text


def test_control_a_page_that_forgot_its_entry_is_found(
    told: Engine, as_person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    dan = as_person("dan")
    assert unlogged(told, dan, "/") == set()
    monkeypatch.setattr("register.inspection.missing.record", lambda *_, **__: None)
    assert unlogged(told, dan, "/") >= {"somebody"}
    with failing(told):
        assert NAMES.search(dan.get("/").text), "and it is shown where nothing can be written"
