"""Handing a case to another force: both see it until it is answered, and nobody else does."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.seals import Placed
from register.inspection.handovers import asked_of_us
from register.linkage.models import Membership
from register.linkage.seen import seen_of
from register.numbers import child_number, episode_number, read_number
from register.rebuilding import rebuild
from register.reports.models import Report
from register.sealing import seal
from register.terms import Role, SealReason
from register.work import Actor, begin_work
from tests.web.conftest import Client, Clock
from tests.web.looking import entries
from tests.web.story import GRACE_POLICE, MET, WEST_YORKSHIRE, send, tell

Person = Callable[[str], Client]

KIND = "case:handed_over"
LEEDS = {"amina", "mel"}
"""Whose child she is: they see who has the case, and no more."""
OFFER = {"force": MET, "reason": "She was seen at King's Cross."}


@pytest.fixture(autouse=True)
def _told(engine: Engine, clock: Clock) -> None:
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(hours=2)


@pytest.fixture
def grace(engine: Engine) -> tuple[str, str]:
    """Give the numbers of Grace's going missing and of Grace."""
    with begin_work(engine, writes=False) as work:
        hers = Report.reference.in_([GRACE_POLICE["reference"], "L-81/1"])
        report = min(work.session.scalars(select(Report.id).where(hers)))
        child = work.session.scalars(
            select(Membership.child_id).where(Membership.report_id == report)
        ).one()
        return f"/cases/{episode_number(report)}", f"/children/{child_number(child)}"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_case_goes_over_when_the_other_force_accepts(
    as_person: Person, engine: Engine, clock: Clock, grace: tuple[str, str]
) -> None:
    case, child = grace
    gus, ben = as_person("gus"), as_person("ben")
    assert ben.get(child).status_code == ben.get(case).status_code == 404, "control: not theirs"
    assert "Hand the case over" in gus.get("/").text
    assert gus.send(case, f"{case}/offer", **OFFER).status_code == 302
    assert "Offered to Metropolitan Police" in text_of(gus.get(case).text)
    assert "asks you to take over the case of Grace Okafor-Test" in text_of(ben.get("/").text)
    assert ben.get(child).status_code == 200, "both see the child from now on"
    clock.now += timedelta(minutes=10)
    assert ben.send(case, f"{case}/answer", said="accepted").status_code == 302
    for person in (gus, ben):
        assert "The case is Metropolitan Police" in text_of(person.get("/").text)
        page = text_of(person.get(child).text)
        assert "accepted it" in page
        assert "King's Cross" in page.replace("&#39;", "'"), "the history is kept"
    assert "Hand it to another force" in ben.get(case).text
    assert "Only the force that has the case" in gus.get(case).text
    logged = [(each.facts["said"], each.facts["taker"]) for each in entries(engine, KIND)]
    assert logged == [("offered", MET), ("accepted", MET)]
    assert not rebuild(engine, keep=False), "what stands follows from what was decided"


@pytest.mark.parametrize(("who", "said"), [("ben", "declined"), ("gus", "taken_back")])
def test_what_is_declined_or_taken_back_is_seen_no_more(
    as_person: Person, engine: Engine, grace: tuple[str, str], who: str, said: str
) -> None:
    case, child = grace
    gus, ben = as_person("gus"), as_person("ben")
    gus.send(case, f"{case}/offer", **OFFER)
    assert ben.get(child).status_code == 200, "control: it was"
    person = {"gus": gus, "ben": ben}[who]
    answer = person.send(case, f"{case}/answer", said=said, reason="She is back in Leeds.")
    assert answer.status_code == 302
    assert ben.get(child).status_code == 404
    assert "King's Cross" not in ben.get("/").text
    assert "The case is West Yorkshire Police" in text_of(gus.get("/").text)
    assert "Hand the case over" in gus.get("/").text
    assert not rebuild(engine, keep=False)


@pytest.mark.parametrize("username", ["ben", "fay", "amina", "mel", "cora", "pia", "dan", "eve"])
def test_nobody_else_hands_a_case_over(
    as_person: Person, engine: Engine, grace: tuple[str, str], username: str
) -> None:
    case, _ = grace
    person = as_person(username)
    assert person.get(case).status_code in ({200} if username in LEEDS else {403, 404})
    token = {"csrf_token": re.findall(r'csrf_token" value="([^"]+)"', person.get("/account").text)}
    for act, said in (("offer", OFFER), ("answer", {"said": "accepted"})):
        answer = person.post(f"{case}/{act}", data={**token, **said})
        assert answer.status_code in {403, 404}
    assert not entries(engine, KIND)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"force": "", "reason": "why"}, "Choose the force"),
        ({"force": WEST_YORKSHIRE, "reason": "why"}, "Choose the force"),
        ({"force": "E08000035", "reason": "why"}, "Choose the force"),
        ({"force": MET, "reason": " "}, "Say why"),
        ({"force": MET, "reason": "x" * 4001}, "characters or fewer"),
    ],
)
def test_what_an_offer_lacks_is_said(
    as_person: Person, engine: Engine, grace: tuple[str, str], said: dict[str, str], sentence: str
) -> None:
    case, _ = grace
    answer = as_person("gus").send(case, f"{case}/offer", **said)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "There is a problem" in answer.text
    assert not entries(engine, KIND)


def test_an_offer_is_made_once_and_answered_once(as_person: Person, grace: tuple[str, str]) -> None:
    case, _ = grace
    gus, ben = as_person("gus"), as_person("ben")
    gus.send(case, f"{case}/offer", **OFFER)
    assert gus.send("/account", f"{case}/offer", **OFFER).status_code == 409
    assert gus.send(case, f"{case}/answer", said="accepted").status_code == 422
    assert ben.send(case, f"{case}/answer", said="taken_back").status_code == 422
    assert ben.send(case, f"{case}/answer", said="declined").status_code == 422, "no reason"
    assert ben.send(case, f"{case}/answer", said="accepted").status_code == 302
    assert gus.send("/account", f"{case}/answer", said="taken_back").status_code == 409


def test_a_restricted_child_is_not_handed_to_whom_the_seal_bars(
    as_person: Person, engine: Engine, clock: Clock, grace: tuple[str, str]
) -> None:
    case, child = grace
    gus = as_person("gus")
    with begin_work(engine, clock=clock) as work:
        number = work.session.scalars(
            select(Membership.child_id).where(
                Membership.report_id == read_number(child.rpartition("/")[2])[1],
                Membership.known_to.is_(None),
            )
        ).one()
        placed = Placed(SealReason.HIGH_RISK, "At risk.", frozenset({WEST_YORKSHIRE}))
        seal(work, number, placed, seen_of(work, [number]))
    answer = gus.send("/account", f"{case}/offer", **OFFER)
    assert answer.status_code == 409
    assert "restricted" in answer.text
    assert as_person("ben").get(child).status_code == 404


def test_a_case_handed_over_follows_what_is_reported_next(
    as_person: Person, engine: Engine, clock: Clock, grace: tuple[str, str]
) -> None:
    case, child = grace
    gus, ben = as_person("gus"), as_person("ben")
    gus.send(case, f"{case}/offer", **OFFER)
    ben.send(case, f"{case}/answer", said="accepted")
    newer = {**GRACE_POLICE, "risk_level": "high", "updated_at": "2026-03-03T00:30:00+00:00"}
    with begin_work(engine, clock=clock) as work:
        send(work, newer)
    assert ben.get(child).status_code == 200
    assert "The case is Metropolitan Police" in text_of(ben.get("/").text)


def test_who_is_offered_is_logged_wherever_the_desk_lists_her(
    as_person: Person, engine: Engine, clock: Clock, grace: tuple[str, str]
) -> None:
    case, child = grace
    assert as_person("gus").send(case, f"{case}/offer", **OFFER).status_code == 302
    about = f"child {child.rpartition('/')[2]}"
    taker = Actor("ben", Role.FORCE_USER, MET)
    before = len([each for each in entries(engine, "child:shown") if each.subject == about])
    with begin_work(engine, taker, clock=clock) as work:
        (asked,) = asked_of_us(work)
    assert "Grace" in asked.person.name
    after = [each for each in entries(engine, "child:shown") if each.subject == about]
    assert len(after) == before + 1
