"""The same reports in any order and any chunks come to the same register."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from register import pipeline
from register.errors import Conflict
from register.linkage import service as linkage
from register.linkage.match import Model
from register.linkage.model import model_in_force
from register.rebuilding import rebuild
from register.reports.digest import digest
from register.reports.schema import Reading
from register.reports.sealing import kept_digest
from register.terms import Role
from register.work import Actor, begin_work
from tests.keys import REGISTERS_KEY
from tests.likenesses import CHANGED, PEOPLE, readings
from tests.linked import link_statements, statement_of
from tests.registers import (
    AUTHORITY,
    DRAWN,
    FORCE,
    NOW,
    OTHER_FORCE,
    YEAR,
    Days,
    Name,
    empty,
    names_of,
    say,
    send,
    state_of,
)


def _kept(reading: Reading) -> str:
    return kept_digest(digest(reading), REGISTERS_KEY)


def bulk_groups(sent: list[Reading], model: Model) -> frozenset[frozenset[Name]]:
    """Give the groups that linking without a database makes of the same reports."""
    latest: dict[Name, tuple[Any, ...]] = {}
    for reading in sent:
        name = (reading.organisation, reading.kind.value, reading.reference)
        statement = statement_of(reading, 0, NOW)
        latest[name] = max(latest.get(name, ()), (statement.updated_at, _kept(reading), statement))
    names = dict(enumerate(sorted(latest), start=1))
    statements = [replace(latest[name][2], report_id=number) for number, name in names.items()]
    linked = link_statements(statements, model)
    return frozenset(frozenset(names[report] for report in child) for child in linked.children)


@pytest.mark.parametrize("crowd", [60, 2])
@given(data=st.data(), sent=st.lists(readings(), min_size=2, max_size=12))
@DRAWN
def test_any_order_and_any_chunks_give_one_register(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    crowd: int,
    data: st.DataObject,
    sent: list[Reading],
) -> None:
    model = replace(model_in_force(), crowd=crowd, namesakes=min(crowd, 12))
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)
    shuffled = data.draw(st.permutations(sent), label="order")
    chunk = data.draw(st.integers(1, len(sent)), label="chunk")
    days: Days | None = data.draw(st.sampled_from((None, YEAR)), label="days")
    empty(engine)
    send(engine, sent, days=days)
    wanted = state_of(engine)
    empty(engine)
    send(engine, shuffled, chunk=chunk, days=days)
    found = state_of(engine)
    assert found == wanted
    assert found.groups == bulk_groups(sent, model)
    assert rebuild(engine, keep=False) == ""


HOTEL = ("LS1 4AP", "LS1 4AB", "")
NIGHTS = tuple(f"2026-03-{day:02}" for day in (2, 3, 20))


@st.composite
def shared_places(draw: st.DrawFn) -> Reading:
    """Draw children of one street, of few names and numbers, missing again and again."""
    said: dict[str, Any] = {**draw(st.sampled_from(PEOPLE)), "status": "open"}
    said["home_postcode"] = draw(st.sampled_from(HOTEL))
    said["nhs_number"] = draw(st.sampled_from(("9434765919", "9434765870", "", "")))
    said["missing_at"] = draw(st.sampled_from(NIGHTS))
    organisation = draw(st.sampled_from((FORCE, OTHER_FORCE, AUTHORITY)))
    own = draw(st.sampled_from(("", "c1", "c2")))
    reference = draw(st.sampled_from(("R1", "R2", "R3", "R4")))
    at = draw(st.sampled_from(CHANGED))
    return say(organisation, reference, child_reference=own, updated_at=at, **said)


@pytest.mark.parametrize(("crowd", "shared"), [(60, 2), (3, 1)])
@given(data=st.data(), sent=st.lists(shared_places(), min_size=3, max_size=12))
@DRAWN
def test_keys_that_come_to_be_crowded_in_any_order_give_one_register(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    crowd: int,
    shared: int,
    data: st.DataObject,
    sent: list[Reading],
) -> None:
    model = replace(model_in_force(), crowd=crowd, namesakes=min(crowd, 12), shared=shared)
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)
    empty(engine)
    send(engine, data.draw(st.permutations(sent)), chunk=data.draw(st.integers(1, 3)))
    assert state_of(engine).groups == bulk_groups(sent, model)
    assert rebuild(engine, keep=False) == ""


Word = tuple[Name, Name, str]


def speak(engine: Engine, words: list[Word]) -> None:
    """Judge what can be judged, in this order, and take what was said off the list."""
    numbers = {name: number for number, name in names_of(engine).items()}
    while words and {*words[0][:2]} <= numbers.keys():
        one, other, verdict = words.pop(0)
        # A word that contradicts the earlier ones is refused, whenever it comes.
        with (
            suppress(Conflict),
            begin_work(engine, Actor("stef", Role.STEWARD), clock=lambda: NOW) as work,
        ):
            pipeline.judge(work, (numbers[one], numbers[other]), verdict, "seen")


@given(data=st.data(), sent=st.lists(readings(), min_size=3, max_size=9))
@DRAWN
def test_judgements_early_or_late_give_one_register(
    engine: Engine, data: st.DataObject, sent: list[Reading]
) -> None:
    names = sorted({(each.organisation, each.kind.value, each.reference) for each in sent})
    assume(len(names) > 1)
    pairs = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
    verdicts = st.sampled_from(("same", "different", "withdrawn"))
    words: list[Word] = [
        (pair[0], pair[1], verdict)
        for pair, verdict in data.draw(st.lists(st.tuples(pairs, verdicts), max_size=4))
    ]
    empty(engine)
    send(engine, sent)
    speak(engine, [*words])
    wanted = state_of(engine)
    empty(engine)
    left = [*words]
    for reading in data.draw(st.permutations(sent)):
        send(engine, [reading])
        speak(engine, left)
    found = state_of(engine)
    if any("New since" in reason for each in found.reviews for reason in each[-1]):
        # Who judged earlier knew less: what came later is news to that judgement alone.
        found, wanted = (replace(each, reviews=frozenset()) for each in (found, wanted))
    assert found == wanted
    assert rebuild(engine, keep=False) == ""


def test_control_a_difference_is_seen_in_every_part_of_the_state(engine: Engine) -> None:
    ada = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04"}
    police = say(FORCE, "P1", **ada)
    authority = say(AUTHORITY, "L1", **ada, care_status="looked_after")
    others = {
        "groups": say(AUTHORITY, "L1", surname="King", care_status="looked_after"),
        "values": say(AUTHORITY, "L1", **ada, care_status="looked_after", hair="red"),
        "episodes": say(AUTHORITY, "L1", **ada, care_status="looked_after", risk_level="high"),
        "mismatches": say(AUTHORITY, "L1", **ada, care_status="looked_after", status="open"),
    }
    send(engine, [police, authority])
    wanted = state_of(engine)
    for part, other in others.items():
        empty(engine)
        send(engine, [police, other])
        assert getattr(state_of(engine), part) != getattr(wanted, part), part
