"""A key that too many share is told: what they share, whom it concerns, who meets nobody."""

from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import Engine, delete, select

from register.access.policy import Permission, is_allowed
from register.errors import Forbidden
from register.intake import Figures
from register.linkage import service as linkage
from register.linkage.crowds import Crowd, count_crowds, crowds, standing_crowds
from register.linkage.model import model_in_force
from register.linkage.models import CrowdedKey
from register.linkage.what_if import changes, standing_children, try_model
from register.rebuilding import rebuild
from register.reports.schema import Reading
from register.terms import Role
from register.work import Actor, begin_work
from tests.registers import FORCE, OTHER_FORCE, names_of, say, send
from tests.subjects import HOME, NHS, RARE

STEWARD = Actor("stef", Role.STEWARD)
NEW = {"updated_at": "2026-03-05T10:00:00+00:00"}


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three be a crowd, and two share a number or a home."""
    model = replace(model_in_force(), crowd=3, namesakes=3, shared=2)
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)


def four(**said: str) -> list[Reading]:
    """Four of one name and birthday of whom nothing else is known; the last also says this."""
    known = [say(FORCE, f"P{n}", **RARE) for n in range(3)]
    return [*known, say(OTHER_FORCE, "Q1", **{**RARE, **said})]


def told(engine: Engine) -> dict[str, Crowd]:
    """Give the crowds that a steward is shown, by what is said of each."""
    with begin_work(engine, STEWARD, writes=False) as work:
        found = standing_crowds(work, 0, 100)
        assert count_crowds(work) == len(found)
    return {each.what: each for each in found}


@pytest.mark.usefixtures("tight")
def test_a_steward_sees_what_is_shared_and_whom_it_concerns(engine: Engine) -> None:
    outcome = send(engine, four(home_postcode=HOME))
    names = {number: name[2] for number, name in names_of(engine).items()}
    found = told(engine)
    name = found["the full name, its letters in one order: quillfeatherzebulon"]
    assert name.bearers == 4
    assert [names[each] for each in name.children] == ["P0", "P1", "P2", "Q1"]
    assert [names[each] for each in name.unseen] == ["P0", "P1", "P2"], "Q1 has a home besides"
    assert any(what.startswith("the date of birth") for what in found)
    assert {each.key for each in found.values()} == outcome.regrouped.crowded


@pytest.mark.usefixtures("tight")
def test_the_answer_to_one_report_says_it_too(engine: Engine) -> None:
    *three, last = four()
    assert send(engine, three).regrouped.crowded == set()
    crowded = send(engine, [last]).regrouped.crowded
    with begin_work(engine, STEWARD, writes=False) as work:
        assert {each.key for each in crowds(work, crowded)} == crowded != set()
        assert crowds(work, [1, 2]) == []


@pytest.mark.usefixtures("tight")
def test_a_home_and_a_number_are_told(engine: Engine) -> None:
    letters = count(ord("a"))
    several = [
        say(FORCE, f"P{n}", forename=f"Ze{chr(next(letters))}or", home_postcode=HOME, **NHS)
        for n in range(3)
    ]
    send(engine, several)
    found = told(engine)
    assert found[f"the postcode: {HOME}"].bearers == 3
    assert found[f"the NHS number: {NHS['nhs_number']}"].bearers == 3


@pytest.mark.usefixtures("tight")
def test_what_is_crowded_no_more_is_told_no_more(engine: Engine) -> None:
    send(engine, four())
    assert told(engine)
    send(engine, [say(FORCE, "P0", **RARE, **NEW, status="withdrawn")])
    assert told(engine) == {}


def test_control_with_the_caps_in_force_nothing_is_told(engine: Engine) -> None:
    assert send(engine, four()).regrouped.crowded == set()
    assert told(engine) == {}


def test_caps_that_changed_hold_after_a_rebuild(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(engine, four())
    model = replace(model_in_force(), crowd=3, namesakes=3)
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)
    assert "stored keys" in rebuild(engine)
    assert told(engine)
    assert rebuild(engine, keep=False) == ""


@pytest.mark.parametrize("crowd", [3, 60])
def test_another_models_caps_are_tried_before_they_hold(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, crowd: int
) -> None:
    send(engine, four())
    model = replace(model_in_force(), crowd=crowd, namesakes=min(crowd, 12))
    with begin_work(engine, writes=False) as work:
        trial = try_model(work, model)
        before = standing_children(work)
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)
    rebuild(engine)
    with begin_work(engine, writes=False) as work:
        assert trial.changes == list(changes(before, standing_children(work)))
    assert bool(trial.changes) == (crowd == 3), "control: by the same caps nothing changes"


@pytest.mark.usefixtures("tight")
def test_control_a_crowd_that_is_forgotten_is_found(engine: Engine) -> None:
    send(engine, four())
    before = told(engine)
    with engine.begin() as connection:
        one = select(CrowdedKey.key).limit(1).scalar_subquery()
        connection.execute(delete(CrowdedKey).where(CrowdedKey.key == one))
    assert "1 stored keys" in rebuild(engine, keep=False)
    rebuild(engine)
    assert told(engine) == before


@pytest.mark.parametrize("role", [Role.FORCE_USER, Role.INSPECTOR, Role.ADMINISTRATOR])
def test_only_who_may_see_reviews_sees_crowds(engine: Engine, role: Role) -> None:
    assert is_allowed(STEWARD, Permission.REVIEW_READ)
    with begin_work(engine, Actor("eve", role, FORCE), writes=False) as work:
        for ask in (count_crowds, lambda w: crowds(w, []), lambda w: standing_crowds(w, 0, 1)):
            with pytest.raises(Forbidden):
                ask(work)


def test_whoever_sends_a_file_is_told_in_a_sentence() -> None:
    assert Figures(crowded={7}).crowding.startswith("1 key is shared by too many children")
    assert Figures(crowded={7, 8}).crowding.startswith("2 keys are shared")
    assert Figures().crowding == "", "control"
