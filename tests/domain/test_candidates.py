"""Stored keys: who is compared, what too many share, and that neither order nor chance matters."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from register import pipeline
from register.linkage import candidates, identity
from register.linkage import service as linkage
from register.linkage.candidates import explore
from register.linkage.identity import stored_keys
from register.linkage.match import Model
from register.linkage.model import model_in_force
from register.linkage.models import BlockingKey
from register.linkage.subjects import find_subjects
from register.rebuilding import rebuild
from register.reports.statements import find_statements
from register.secrecy.keys import key_of
from register.work import Work, begin_work
from tests.registers import AUTHORITY, FORCE, OTHER_FORCE, names_of, say, send, state_of
from tests.subjects import CHILD, FAR, HOME, NHS, RARE, TWIN, subject, told

MOVED = {"updated_at": "2026-03-05T10:00:00+00:00"}
WITHDRAWN = {**MOVED, "status": "withdrawn"}


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Give a model by which three are a crowd, and two share a number or a home."""
    model = replace(model_in_force(), crowd=3, namesakes=3, shared=2)
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)
    return model


def together(engine: Engine) -> set[str]:
    """Give the groups of more than one, as `L1+P1`; and fold again, which must find nothing."""
    assert rebuild(engine, keep=False) == ""
    groups = state_of(engine).groups
    return {"+".join(sorted(name[2] for name in group)) for group in groups if len(group) > 1}


def test_a_key_that_crosses_the_cap_takes_back_what_followed_from_it(
    engine: Engine, tight: Model
) -> None:
    """All four are of one name and birthday and say no more: no id, no home, no number."""
    assert tight.crowd == 3
    first = send(engine, [say(FORCE, "P1", **RARE), say(AUTHORITY, "L1", **RARE)])
    assert (together(engine), first.regrouped.crowded) == ({"L1+P1"}, set())
    third = send(engine, [say(OTHER_FORCE, "Q1", **RARE)])
    assert (together(engine), third.regrouped.crowded) == ({"L1+P1+Q1"}, set())
    fourth = send(engine, [say(FORCE, "P2", **RARE)])
    assert together(engine) == set(), "the earlier links stood on the same keys"
    assert len(fourth.regrouped.crowded) >= 4, "and it is said"
    send(engine, [say(FORCE, "P2", **RARE, **WITHDRAWN)])
    assert together(engine) == {"L1+P1+Q1"}


def test_control_with_a_wide_cap_the_four_are_one(engine: Engine) -> None:
    readings = [(FORCE, "P1"), (AUTHORITY, "L1"), (OTHER_FORCE, "Q1"), (FORCE, "P2")]
    outcome = send(engine, [say(*name, **RARE) for name in readings])
    assert (together(engine), outcome.regrouped.crowded) == ({"L1+P1+P2+Q1"}, set())


@pytest.mark.parametrize(
    ("shared", "one", "other"),
    [
        (NHS, {"date_of_birth": "2009-02-03"}, {}),
        ({"home_postcode": HOME}, {"date_of_birth": ""}, {}),
    ],
)
def test_what_comes_to_be_shared_by_too_many_speaks_for_nobody_any_more(
    engine: Engine, tight: Model, shared: dict[str, str], one: dict[str, str], other: dict[str, str]
) -> None:
    assert tight.shared == 2
    send(
        engine,
        [say(FORCE, "P1", **RARE | shared | one), say(AUTHORITY, "L1", **RARE | shared | other)],
    )
    assert together(engine) == {"L1+P1"}
    stranger = {"forename": "Sophie", "surname": "Birch", "date_of_birth": "2012-12-12"}
    send(engine, [say(OTHER_FORCE, "Q1", **stranger | shared)])
    assert together(engine) == set()
    send(engine, [say(OTHER_FORCE, "Q1", **stranger, **MOVED)])
    assert together(engine) == {"L1+P1"}


def test_a_correction_reaches_those_whom_the_report_kept_apart(engine: Engine) -> None:
    near = {**CHILD, "forename": "Jaydne", "home_postcode": HOME}
    jayden, kayden = {**CHILD, "home_postcode": HOME}, {**TWIN, "home_postcode": HOME}
    mixed = {**kayden, "forename": "Kaydne"}
    send(engine, [say(AUTHORITY, "L1", **jayden), say(FORCE, "P1", **near)])
    assert together(engine) == {"L1+P1"}
    send(engine, [say(OTHER_FORCE, "Q1", **mixed)])
    assert together(engine) == set()
    stranger = {"forename": "Sophie", "surname": "Birch", "date_of_birth": "2012-12-12"}
    send(engine, [say(OTHER_FORCE, "Q1", **stranger, **MOVED)])
    assert together(engine) == {"L1+P1"}
    send(engine, [say(OTHER_FORCE, "Q1", **mixed, updated_at="2026-03-07")])
    assert together(engine) == set()


def test_a_change_reaches_no_further_than_it_must(engine: Engine) -> None:
    strangers = [
        say(FORCE, f"P{n}", forename=f"Zeb{chr(97 + n)}or", surname=f"Quil{chr(97 + n)}er")
        for n in range(20)
    ]
    send(engine, [*strangers, say(AUTHORITY, "L1", **CHILD)])
    with begin_work(engine, writes=False) as work:
        number = work.session.scalar(select(func.max(BlockingKey.subject_id)))
        seeds = find_subjects(work, [number or 0])
        reached = explore(work, seeds, model_in_force())
    assert set(reached.subjects) == {number}
    outcome = send(engine, [say(FORCE, "P99", **CHILD)])
    assert len(outcome.regrouped.children) == 1


def test_whoever_stands_under_a_crowded_key_is_not_read(engine: Engine, tight: Model) -> None:
    """A hotel of one surname, in one postcode: it makes the matcher slow for nobody."""
    letters = "abcdefghijklmnopqrst"
    guests = [
        say(FORCE, f"P{each}", forename=f"Z{each}bor", surname="Khan", home_postcode=HOME)
        for each in letters
    ]
    send(engine, guests)

    def met(model: Model) -> int:
        with begin_work(engine, writes=False) as work:
            newest = work.session.scalar(select(func.max(BlockingKey.subject_id))) or 0
            explorer = candidates._Explorer(work, model)
            explorer.follow(find_subjects(work, [newest]))
            return len(explorer.known)

    assert met(tight) == 1
    assert together(engine) == set()


def test_control_in_a_hotel_that_is_no_crowd_all_are_read(engine: Engine) -> None:
    send(engine, [say(FORCE, f"P{n}", surname="Khan", home_postcode=HOME) for n in range(20)])
    with begin_work(engine, writes=False) as work:
        explorer = candidates._Explorer(work, model_in_force())
        explorer.follow(find_subjects(work, [1, *names_of(engine)][-1:]))
        assert len(explorer.known) == 20


def asked_while(engine: Engine, act: Callable[[Work], object]) -> list[str]:
    """Give the statements that some work sends to the database."""
    said: list[str] = []
    with begin_work(engine, writes=False) as work:
        key_of(work)  # asked for once in a piece of work
        connection = work.session.connection()
        event.listen(connection, "before_cursor_execute", lambda *sent: said.append(sent[2]))
        act(work)
    return said


def test_one_report_is_compared_by_few_questions_and_no_report_is_read(engine: Engine) -> None:
    """One for whoever shares its keys, one for whoever shares theirs; not one for each of them."""
    others = [say(OTHER_FORCE, f"Q{n}", **{**CHILD, "sex": "female"}) for n in range(5)]
    send(engine, [say(AUTHORITY, "L1", **CHILD, home_postcode=HOME), *others])
    send(engine, [say(FORCE, "P1", **CHILD, **NHS)])
    with begin_work(engine, writes=False) as work:
        newest = work.session.scalar(select(func.max(BlockingKey.subject_id))) or 0
        seeds = find_subjects(work, [newest])
        assert len(explore(work, seeds, model_in_force()).subjects) == 7
    said = asked_while(engine, lambda work: explore(work, seeds, model_in_force()))
    assert len(said) <= 2
    assert not any("report" in each for each in said)
    control = asked_while(engine, lambda work: find_statements(work, [newest]))
    assert any("report" in each for each in control)


def test_whoever_was_judged_is_known_to_be(engine: Engine) -> None:
    """People's words are asked for only where there are any."""
    send(engine, [say(FORCE, "P1", **CHILD), say(AUTHORITY, "L1", **RARE)])
    one, other = sorted(names_of(engine))

    def judged() -> list[bool]:
        with begin_work(engine, writes=False) as work:
            found = find_subjects(work, [one, other])
            reached = explore(work, {one: found[one]}, model_in_force())
            assert len(reached.subjects) == 1 + (reached.verdicts != {})
            return [each.judged for each in found.values()]

    assert judged() == [False, False]
    with begin_work(engine) as work:
        pipeline.judge(work, (one, other), "same", "They are one.")
    assert judged() == [True, True]
    assert together(engine) == {"L1+P1"}


@pytest.mark.parametrize("kinds", [1, 3, 17])
def test_keys_that_fall_together_by_chance_do_no_harm(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, kinds: int
) -> None:
    """More is compared, and that is all: a hash nominates and never decides."""
    readings = [
        say(FORCE, "P1", **CHILD, child_reference="1"),
        say(FORCE, "P2", **TWIN, child_reference="2"),
        say(AUTHORITY, "L1", **CHILD),
        say(AUTHORITY, "L2", **TWIN, home_postcode=FAR),
        say(OTHER_FORCE, "Q1", **RARE | NHS),
        say(AUTHORITY, "L3", **RARE | NHS, child_reference="1"),
        say(AUTHORITY, "L4", **RARE, child_reference="1"),
    ]
    hashed = identity._hashed

    def coarse(key: tuple[str, ...], salt: bytes) -> int:
        return hashed(key, salt) % kinds

    wide = replace(model_in_force(), crowd=1000, shared=1000)
    monkeypatch.setattr(linkage, "model_for", lambda _work: wide)
    monkeypatch.setattr(identity, "_hashed", coarse)
    for reading in readings:
        send(engine, [reading])
    assert together(engine) == {"L1+P1", "L2+P2", "L3+L4+Q1"}


def test_keys_of_what_is_no_subject_any_more_are_dropped(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **RARE), say(FORCE, "P2", **CHILD, child_reference="c")])
    send(engine, [say(FORCE, "P1", **CHILD, child_reference="c", **MOVED)])
    with begin_work(engine, writes=False) as work:
        kept = set(work.session.scalars(select(BlockingKey.subject_id)))
    assert len(kept) == 1


@pytest.mark.parametrize(
    "said",
    [
        {},
        RARE,
        {**RARE, "home_postcode": HOME, **NHS},
        {**RARE, "forename": "Anna Maria Grace", "surname": "Smith-Jones", "home_postcode": HOME},
    ],
)
def test_a_report_has_few_keys(said: dict[str, Any]) -> None:
    assert len(stored_keys(subject(told(**said)))) <= 20
