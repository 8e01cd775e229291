"""What another model would change: told before, exactly, and nothing is changed by telling."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine, select, text

from register import pipeline
from register.access.policy import Permission, is_allowed
from register.audit.models import AuditEvent
from register.audit.private import words_of
from register.db import Base
from register.errors import Conflict, Forbidden, Refused
from register.inspection.what_if import WhatIf, what_if
from register.linkage import candidates
from register.linkage import enactments as room
from register.linkage.enactments import BROUGHT, enactments, model_for
from register.linkage.match import Model
from register.linkage.models import Enactment, Review
from register.linkage.subjects import count_subjects
from register.rebuilding import rebuild
from register.rows import parts
from register.terms import Role
from register.work import OPERATOR, Actor, Work, begin_work
from tests.registers import AUTHORITY, FORCE, NOW, OTHER_FORCE, names_of, say, send, state_of
from tests.subjects import CHILD, HOME, RARE

JAYDEN = {**CHILD, "home_postcode": HOME}
OPEN = {"status": "open"}
TEXT = BROUGHT.read_text("utf-8")
NEVER = 1.5
"""No pair is so probable."""


def stricter(version: str = "stricter", link: str = "0.9999999") -> str:
    """Write a model that links fewer."""
    named = TEXT.replace('version = "', f'version = "{version} ', 1)
    before, rest = named.split("link = ", 1)
    return f"{before}link = {link}\n{rest.split(chr(10), 1)[1]}"


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Give a register of two children, one of them missing now, who are linked by their names."""
    send(
        engine,
        [
            say(FORCE, "P1", **RARE, **OPEN),
            say(AUTHORITY, "L1", **RARE, **OPEN),
            say(FORCE, "P2", **JAYDEN),
            say(AUTHORITY, "L2", **JAYDEN),
            say(OTHER_FORCE, "Q3", forename="Nobody", surname="Elsewhere"),
        ],
    )
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Work]:
    with begin_work(engine, OPERATOR, clock=lambda: NOW, writes=False) as work:
        yield work


def tried(engine: Engine, model: Model) -> WhatIf:
    with reading(engine) as work:
        return what_if(work, model)


def rows(engine: Engine) -> dict[str, list[str]]:
    """Give all that the register holds, but for the log."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("audit_")
        }


def in_force(engine: Engine) -> Model:
    with reading(engine) as work:
        return model_for(work)


def adopt(engine: Engine, model: str, named: WhatIf | None = None, **how: str) -> None:
    known = named.missing if named else tried(engine, room.model_from(model)).missing
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        pipeline.adopt(work, model, how.get("reason", "fewer wrong links"), known)


def test_the_model_in_force_would_change_nobody(told: Engine) -> None:
    found = tried(told, in_force(told))
    assert (found.changed, found.asked_anew, found.asked_no_more) == ((), 0, 0)
    assert found.asked_before == found.asked_after == len(state_of(told).reviews)


def test_who_would_change_is_named_and_the_missing_first(told: Engine) -> None:
    found = tried(told, replace(in_force(told), link=NEVER))
    numbers = {name[2]: number for number, name in names_of(told).items()}
    assert [each.children for each in found.changed] == [(numbers["P1"],), (numbers["P2"],)]
    assert [each.missing for each in found.changed] == [{numbers["P1"]}, frozenset()]
    assert all(each.parts and not each.joins for each in found.changed)
    assert found.changed[0].after == (((FORCE, "P1"),), ((AUTHORITY, "L1"),))
    assert found.asked_after == found.asked_before + 2


@pytest.mark.parametrize("at_once", [1, 2, 900])
def test_progress_reaches_the_end_and_parts_change_nothing(
    told: Engine, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    other = replace(in_force(told), link=NEVER)
    monkeypatch.setattr(candidates, "parts", partial(parts, size=at_once))
    steps: list[int] = []
    with reading(told) as work:
        found = what_if(work, other, steps.append)
        assert sum(steps) == count_subjects(work) == 5
    assert len(steps) == -(-5 // at_once)
    monkeypatch.undo()
    assert found == tried(told, other)


def test_telling_changes_nothing_but_the_log(told: Engine) -> None:
    before = rows(told)
    tried(told, replace(in_force(told), link=NEVER))
    assert rows(told) == before
    with reading(told) as work:
        last = select(AuditEvent).where(AuditEvent.kind == "list:viewed")
        told_of = work.session.scalars(last.order_by(AuditEvent.seq.desc())).first()
        assert told_of is not None
        assert told_of.subject[:7] == "what if"


@pytest.mark.parametrize("link", ["0.9999999", "1.5"])
def test_what_was_told_is_what_comes_when_it_is_adopted(told: Engine, link: str) -> None:
    model = stricter(link=link)
    found = tried(told, room.model_from(model))
    before = state_of(told)
    adopt(told, model, found)
    after = state_of(told)
    parted = sum(len(each.after) - len(each.children) for each in found.changed)
    assert len(after.groups) == len(before.groups) + parted
    assert len(after.reviews) == found.asked_after
    assert rebuild(told, keep=False) == "", "all follows from the model in force"
    assert tried(told, in_force(told)).changed == ()
    assert len(tried(told, room.model_from(TEXT)).changed) == len(found.changed), "and back"
    with reading(told) as work:
        versions = set(work.session.scalars(select(Review.model).where(Review.known_to.is_(None))))
    assert not found.asked_anew or in_force(told).version in versions


def test_a_decision_is_kept_whole_and_logged(told: Engine) -> None:
    model = stricter()
    adopt(told, model, reason=" fewer wrong links ")
    with reading(told) as work:
        latest, first = enactments(work)
        assert (latest.text, latest.actor) == (model, "operator")
        assert latest.at > first.at
        assert latest.reason == "fewer wrong links"
        assert (first.text, first.reason) == (TEXT, room.FIRST)
        logged = work.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == "model:enacted").order_by(AuditEvent.seq)
        ).all()
        assert [each.actor for each in logged] == ["operator", "operator"]
        assert latest.digest in logged[1].detail
        said = words_of(work.session, logged[1].seq, logged[1].kind, logged[1].detail)
        assert said == {"reason": "fewer wrong links"}


def test_a_newer_file_in_the_program_changes_nothing_by_itself(
    told: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    newer = tmp_path_factory.mktemp("newer") / "model.toml"
    newer.write_text(stricter(), "utf-8")
    before = in_force(told)
    monkeypatch.setattr(room, "BROUGHT", newer)
    assert in_force(told) == before
    assert rebuild(told, keep=False) == ""


def test_what_is_no_model_or_gives_no_reason_is_refused(told: Engine) -> None:
    before = rows(told)
    with pytest.raises(Refused, match="no model file"):
        adopt(told, "version = [")
    with pytest.raises(Conflict, match="reason"):
        adopt(told, stricter(), reason=" ")
    with pytest.raises(Conflict, match="in force already"):
        adopt(told, TEXT)
    with pytest.raises(Conflict, match="`version` of its own"):
        adopt(told, f"{TEXT}\n# another content\n")
    assert rows(told) == before


def test_a_missing_child_who_was_not_named_stops_it(told: Engine) -> None:
    """Between the telling and the deed a child goes missing whom it would part."""
    model = stricter(link="1.5")
    found = tried(told, room.model_from(model))
    assert len(found.missing) == 1, "control"
    send(told, [say(FORCE, "P2", **JAYDEN, **OPEN, updated_at="2026-03-08T10:00:00+00:00")])
    before = rows(told)
    with pytest.raises(Conflict, match="C-00000"):
        adopt(told, model, found)
    assert rows(told) == before
    adopt(told, model)
    assert in_force(told).version.startswith("stricter")


def test_a_deed_that_dies_on_the_way_leaves_nothing_and_can_be_done_again(
    told: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(told)

    def die(_work: Work) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "fold_again", die)
        with pytest.raises(KeyboardInterrupt):
            adopt(told, stricter())
    assert rows(told) == before
    adopt(told, stricter())
    assert len(rows(told)["enactment"]) == 2


def test_a_model_judges_what_comes_after_it(told: Engine) -> None:
    adopt(told, stricter(link="1.5"))
    send(told, [say(OTHER_FORCE, "Q1", **JAYDEN)])
    assert all(len(group) == 1 for group in state_of(told).groups)
    assert rebuild(told, keep=False) == ""


@pytest.mark.parametrize("role", list(Role))
def test_who_may_try_and_who_may_decide(told: Engine, role: Role) -> None:
    somebody = Actor("somebody", role, AUTHORITY)
    with begin_work(told, somebody, clock=lambda: NOW) as work:
        if not is_allowed(somebody, Permission.MODEL_TRY):
            with pytest.raises(Forbidden):
                what_if(work, model_for(work))
        if not is_allowed(somebody, Permission.MODEL_ENACT):
            with pytest.raises(Forbidden):
                pipeline.adopt(work, stricter(), "because", ())
        assert work.session.query(Enactment).count() == 1


def test_control_a_model_that_can_not_be_read_is_told(told: Engine) -> None:
    with told.begin() as connection:
        connection.execute(text("UPDATE enactment SET text = 'x = 1', digest = 'other'"))
    with reading(told) as work, pytest.raises(Refused, match="The model file lacks"):
        model_for(work)
