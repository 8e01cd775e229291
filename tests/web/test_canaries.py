"""No place and no child out of sight appears anywhere: on no page, in no header, file or error.

Each organisation's reports bear tokens that stand nowhere else: one in each protected field, one in
the name of a child that only it knows. Everybody follows every link, and asks for what is not
theirs; each token that is met must be one that is declared for that person.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from register import pipeline
from register.access.models import User
from register.access.needing import Why, give
from register.inspection.exports import EXPORTS, export
from register.linkage.models import Membership
from register.mismatches.models import Mismatch
from register.mismatches.settling import Said
from register.numbers import child_number
from register.work import Actor, begin_work
from tests.registers import DRILL
from tests.web import story
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import BARKING, LEEDS, MET, PEOPLE, WEST_YORKSHIRE

Person = Callable[[str], Client]
Tokens = dict[str, frozenset[str]]
PLACES = ("home_postcode", "placement_postcode", "last_seen_postcode")
WORDS = ("placement_type", "placement_urn", "missing_from", "last_seen_place")
ORGANISATIONS = {LEEDS: "LS", WEST_YORKSHIRE: "WF", BARKING: "RM", MET: "SW"}
SHARED = {LEEDS, WEST_YORKSHIRE}
SYLLABLES = (
    *("Ba", "Ce", "Di", "Fo", "Gu", "Ha", "Je", "Ki", "Lo", "Mu"),
    *("Na", "Pe", "Qui", "Ro", "Su", "Ta", "Ve", "Wi", "Yo", "Zu"),
)
DEPTH = 40 if DRILL else 6
"""Links of one kind that a person follows from one page."""
ALONE = 300 if DRILL else 1
"""Children whom one organisation alone knows, of each organisation."""
ANSWERS = 5000 if DRILL else 60
"""So many answers each person must get, at least."""


def places_of(code: str) -> dict[str, str]:
    """Give a token for each protected field of an organisation's reports."""
    area = ORGANISATIONS[code]
    codes = {field: f"{area}{place + 1} 9{area}" for place, field in enumerate(PLACES)}
    words = {field: f"Canary{area}{field.title().replace('_', '')}" for field in WORDS}
    return codes | words | {"placement_started_on": f"1999-0{1 + [*ORGANISATIONS].index(code)}-17"}


def tokens_of(code: str) -> set[str]:
    """Give what of them would be seen, as a page would write it."""
    month = 1 + [*ORGANISATIONS].index(code)
    names = ("January", "February", "March", "April")
    told = {text for field, text in places_of(code).items() if field != "placement_started_on"}
    return told | {f"17 {names[month - 1]} 1999", f"1999-0{month}-17"}


def sole_name(code: str) -> str:
    return f"Solecanary{ORGANISATIONS[code].lower()}"


def _reports() -> Iterator[dict[str, str]]:
    known = [
        *(story.POLICE_BEFORE, story.AUTHORITY_BEFORE, story.POLICE_OPEN, story.MAYA_AUTHORITY),
        *(story.MAYA_POLICE, story.GRACE_POLICE, story.GRACE_AUTHORITY, story.ELSEWHERE),
    ]
    for row in known:
        yield row | places_of(row["organisation"])
    for place, code in enumerate(ORGANISATIONS):
        yield (
            story.ELSEWHERE
            | places_of(code)
            | {
                "organisation": code,
                "reference": f"SOLE-{place}",
                "forename": "Lone",
                "surname": sole_name(code),
                "date_of_birth": f"200{place + 8}-03-04",
            }
        )
        for number in range(1, ALONE):
            day = date(2008, 6, 1) + timedelta(days=11 * number + place)
            yield (
                story.ELSEWHERE
                | places_of(code)
                | {
                    "organisation": code,
                    "reference": f"SOLE-{place}-{number}",
                    "forename": SYLLABLES[number % 20] + SYLLABLES[number // 20].lower(),
                    "surname": sole_name(code),
                    "date_of_birth": day.isoformat(),
                }
            )


def declared(username: str) -> frozenset[str]:
    """Give every token that this person may meet, in the table that stands for the policy."""
    _, own = PEOPLE[username]
    places = tokens_of(own) if own in ORGANISATIONS else set()
    names = {
        "amina": {LEEDS},
        "mel": {LEEDS},
        "gus": {WEST_YORKSHIRE, LEEDS},
        "ben": {MET, BARKING},
        "fay": {MET, BARKING},
        "cora": {LEEDS, BARKING},
        "pia": {WEST_YORKSHIRE, LEEDS},
        "dan": {*ORGANISATIONS},
    }.get(username, set())
    return frozenset(places | {sole_name(code) for code in names})


EVERY = frozenset(t for code in ORGANISATIONS for t in (*tokens_of(code), sole_name(code)))


@pytest.fixture(autouse=True)
def _planted(app: Flask, engine: Engine, clock: Clock) -> None:
    assert app.name
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        story.send(work, *_reports())
    with begin_work(engine, clock=clock) as work:
        children = sorted(set(work.session.scalars(select(Membership.child_id))))
        for child in children[:3]:
            give(work, child, Why.SAMPLED, "Drawn", to=User(username="cora", organisation=""))
        row = work.session.scalars(select(Mismatch).where(Mismatch.rule == "A1")).first()
        assert row is not None
        pipeline.settle(work, row.number, Said("comment", words="Seen."), row.id)
    clock.now += timedelta(minutes=5)


def said(answer: TestResponse) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return f"{headers}\n{answer.text}"


def crawl(client: Client, numbers: list[str]) -> Iterator[tuple[str, str]]:
    """Give every answer that somebody can get: by links, by guessing, by posting nonsense."""
    starts = ["/", "/?show=located", "/mismatches?state=all", "/reviews", "/upload", "/nope"]
    starts += ["/check", "/privacy", "/inspections", "/users", "/reviews/shared-by-too-many"]
    starts += [f"/children/{each}" for each in numbers]
    starts += [f"/children/{each}/{page}" for each in numbers for page in PAGES]
    starts += [f"/mismatches/{number}" for number in range(1, 30)]
    starts += [f"/reviews/{number}" for number in range(1, 5)]
    waiting, seen = starts, set(starts)
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        yield address, said(answer)
        if answer.mimetype != "text/html":
            continue
        links = re.findall(r'href="(/[^"#]*)"', answer.text)
        new = [each.replace("&amp;", "&") for each in dict.fromkeys(links)]
        new = [each for each in new if each not in seen and not each.startswith("/static")]
        waiting += new[:DEPTH]
        seen.update(new[:DEPTH])


PAGES = ("join", "part", "glass", "assign")


def posts(client: Client) -> Iterator[tuple[str, str]]:
    """Give the answers to what is sent wrongly, or asks for children by name."""
    token = hidden_of(client.get("/").text) or hidden_of(client.get("/sign-in").text)
    born = {"born-day": "4", "born-month": "3", "purpose": "found", "forename": "Lone"}
    for place, code in enumerate(ORGANISATIONS):
        asked = {**token, **born, "born-year": f"200{place + 8}", "surname": sole_name(code)}
        yield "/check name", said(client.post("/check", data=asked))
        asked = {**token, "purpose": "found", "reference": f"SOLE-{place}"}
        yield "/check reference", said(client.post("/check", data=asked))
    file = io.BytesIO(b"reference,forename\nSOLE-0,Lone\n")
    sent = {**token, "files": (file, "wrong.csv")}
    yield "/upload", said(client.post("/upload", data=sent))


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_nobody_meets_what_is_not_declared_for_them(
    as_person: Person, engine: Engine, username: str
) -> None:
    with begin_work(engine, writes=False) as work:
        children = sorted(set(work.session.scalars(select(Membership.child_id))))
    client, met, count = as_person(username), set(), 0
    allowed = declared(username)
    for address, text in crawl(client, [child_number(each) for each in children]):
        count += 1
        found = {token for token in EVERY if token in text}
        met |= found
        assert found <= allowed, (address, found - allowed)
    checked = {sole_name(code) for code in ORGANISATIONS}  # what the quick check may identify
    for address, text in posts(client):
        count += 1
        found = {token for token in EVERY if token in text}
        assert found <= allowed | checked, (address, found - allowed)
    print(f"{username}: {count} answers")  # noqa: T201  # what the drill is told by
    assert count >= ANSWERS
    if username in {"amina", "mel"}:
        assert met >= {sole_name(LEEDS), "LS1 9LS"}, "control: one's own is met"
        assert met & tokens_of(LEEDS)


def test_control_whoever_may_read_everything_meets_what_others_may_not(
    as_person: Person, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("sides", "mismatches", "children"):
        monkeypatch.setattr(f"register.inspection.{room}.may_read_protected", lambda *_: True)
    with begin_work(engine, writes=False) as work:
        children = sorted(set(work.session.scalars(select(Membership.child_id))))
    client = as_person("amina")
    met = {
        token
        for _, text in crawl(client, [child_number(each) for each in children])
        for token in EVERY
        if token in text
    }
    assert met - declared("amina"), "the crawl sees a leak"


def test_the_log_and_the_notices_hold_no_token(as_person: Person, engine: Engine) -> None:
    client = as_person("ben")
    for _ in posts(client):
        pass
    tables = ("audit_event", "notice", "opening")
    with begin_work(engine, writes=False) as work:
        rows = [
            str(row)
            for name in tables
            for row in work.session.connection().exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608  # names of ours
        ]
    assert rows
    assert not [row for row in rows for token in EVERY if token in row]


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_no_person_writes_out_the_register(engine: Engine, username: str) -> None:
    role, organisation = PEOPLE[username]
    for what in EXPORTS:
        with pytest.raises(Exception, match="does not allow"):
            _exported(engine, what, Actor(username, role, organisation))


def _exported(engine: Engine, what: str, actor: Actor) -> str:
    with begin_work(engine, actor, writes=False) as work:
        columns, rows = export(work, what, recipient="test", purpose="test")
        text = io.StringIO()
        csv.writer(text).writerows([columns, *rows])
        return text.getvalue()
