"""People's judgements: everything follows from them, and nothing that arrives undoes them."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register import pipeline
from register.access.policy import Permission, is_allowed
from register.errors import Conflict, Forbidden, NotFound
from register.linkage.models import Judgement
from register.mismatches.models import Mismatch
from register.rebuilding import rebuild
from register.terms import Role
from register.work import OPERATOR, Actor, begin_work
from tests.registers import (
    AUTHORITY,
    FORCE,
    HOST,
    NOW,
    OTHER_FORCE,
    empty,
    judge,
    names_of,
    say,
    send,
    state_of,
)

ADA = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04", "sex": "female"}
ANNA = {"forename": "Annabella", "surname": "Milbanke", "date_of_birth": "2011-12-13"}


def groups(engine: Engine) -> set[frozenset[str]]:
    """Give the groups by the references of their reports, which here are all different."""
    assert rebuild(engine, keep=False) == ""
    return {frozenset(name[2] for name in group) for group in state_of(engine).groups}


def together(*references: str) -> frozenset[str]:
    return frozenset(references)


def test_same_joins_what_nothing_else_would(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ANNA)])
    assert groups(engine) == {together("P1"), together("L1")}
    judge(engine, "P1", "L1", "same")
    assert groups(engine) == {together("P1", "L1")}
    judge(engine, "L1", "P1", "withdrawn")
    assert groups(engine) == {together("P1"), together("L1")}


def test_different_parts_what_linking_joined(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ADA)])
    assert groups(engine) == {together("P1", "L1")}
    judge(engine, "P1", "L1", "different")
    assert groups(engine) == {together("P1"), together("L1")}
    assert not state_of(engine).reviews, "what was judged is not asked again"
    judge(engine, "P1", "L1", "withdrawn")
    assert groups(engine) == {together("P1", "L1")}


def test_a_later_word_supersedes_and_the_earlier_is_kept(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ANNA)])
    judge(engine, "P1", "L1", "same")
    judge(engine, "P1", "L1", "different")
    assert groups(engine) == {together("P1"), together("L1")}
    with begin_work(engine, writes=False) as work:
        verdicts = list(work.session.scalars(select(Judgement.verdict).order_by(Judgement.id)))
    assert verdicts == ["same", "different"]


def test_reports_that_come_later_join_the_judged_child_and_do_not_undo_it(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ANNA)])
    judge(engine, "P1", "L1", "same")
    # Alike to one half only: the other half must not be left behind.
    send(engine, [say(OTHER_FORCE, "Q1", **ANNA)])
    assert together("P1", "L1") <= next(g for g in groups(engine) if "P1" in g)
    send(engine, [say(HOST, "H1", **ADA)])
    assert together("P1", "L1") <= next(g for g in groups(engine) if "P1" in g)


def test_a_correction_does_not_undo_a_judgement(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ADA)])
    judge(engine, "P1", "L1", "different")
    corrected = say(FORCE, "P1", **ADA, home_postcode="LS1 4AP", updated_at="2026-03-05")
    send(engine, [corrected])
    assert groups(engine) == {together("P1"), together("L1")}


def test_the_group_inherits_a_parting(engine: Engine) -> None:
    """Two children parted by one pair stay parted, whatever else each of them gathers."""
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ADA)])
    judge(engine, "P1", "L1", "different")
    send(engine, [say(OTHER_FORCE, "Q1", **ADA), say(HOST, "H1", **ADA)])
    found = groups(engine)
    assert not any(together("P1", "L1") <= group for group in found)


def test_a_contradiction_is_refused_and_shows_the_chain(engine: Engine) -> None:
    people = (ADA, ANNA, ADA | {"forename": "Augusta"})
    organisations = (FORCE, AUTHORITY, HOST)
    send(
        engine,
        [say(o, f"R{n}", **p) for n, (o, p) in enumerate(zip(organisations, people, strict=True))],
    )
    judge(engine, "R0", "R1", "same")
    judge(engine, "R1", "R2", "same")
    with pytest.raises(Conflict, match="the same child") as refusal:
        judge(engine, "R0", "R2", "different")
    numbers = {name[2]: number for number, name in names_of(engine).items()}
    assert f"{numbers['R0']} and {numbers['R1']}" in str(refusal.value)
    assert f"{numbers['R1']} and {numbers['R2']}" in str(refusal.value)
    assert groups(engine) == {together("R0", "R1", "R2")}
    judge(engine, "R1", "R2", "withdrawn")
    judge(engine, "R0", "R2", "different")
    with pytest.raises(Conflict, match="different children"):
        judge(engine, "R1", "R2", "same")
    assert groups(engine) == {together("R0", "R1"), together("R2")}


def test_reports_under_one_id_can_be_parted(engine: Engine) -> None:
    """Same organisation and same id is the same child, unless a person says otherwise."""
    rows = [
        say(FORCE, reference, **ADA, child_reference="c1", missing_at=f"2026-03-0{day}")
        for day, reference in enumerate(("P1", "P2"), start=1)
    ]
    send(engine, rows)
    assert groups(engine) == {together("P1", "P2")}
    judge(engine, "P1", "P2", "different")
    assert groups(engine) == {together("P1"), together("P2")}
    send(engine, [say(FORCE, "P3", **ADA, child_reference="c1", missing_at="2026-03-07")])
    found = groups(engine)
    assert not any(together("P1", "P2") <= group for group in found)
    judge(engine, "P1", "P2", "withdrawn")
    assert groups(engine) == {together("P1", "P2", "P3")}


def test_a_moved_id_leaves_its_parting_behind(engine: Engine) -> None:
    rows = [say(FORCE, name, **ADA, child_reference="c1") for name in ("P1", "P2", "P3")]
    send(engine, rows)
    judge(engine, "P1", "P2", "different")
    moved = say(FORCE, "P2", **ANNA, child_reference="c2", updated_at="2026-03-05")
    send(engine, [moved])
    assert groups(engine) == {together("P1", "P3"), together("P2")}


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_order_of_reports_and_judgements_does_not_matter(engine: Engine, verdict: str) -> None:
    first = [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ADA)]
    later = [
        say(OTHER_FORCE, "Q1", **ADA),
        say(HOST, "H1", **ANNA),
        say(AUTHORITY, "L2", **ANNA, child_reference="c1"),
    ]
    send(engine, first)
    judge(engine, "P1", "L1", verdict)
    send(engine, later, chunk=1)
    wanted = state_of(engine)
    empty(engine)
    send(engine, later)
    send(engine, first, chunk=1)
    judge(engine, "P1", "L1", verdict)
    assert state_of(engine) == wanted


def test_a_judgement_needs_two_reports_and_a_reason(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ANNA)])
    with pytest.raises(NotFound):
        judge(engine, "P1", "P1", "same")
    with pytest.raises(Conflict, match="reason"):
        judge(engine, "P1", "L1", "same", reason=" ")
    with begin_work(engine, writes=False) as work:
        assert work.session.scalars(select(Judgement)).first() is None


@pytest.mark.parametrize(
    "role", [role for role in Role if not is_allowed(Actor("a", role), Permission.LINK_DECIDE)]
)
def test_who_may_not_judge_changes_nothing(engine: Engine, role: Role) -> None:
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ANNA)])
    numbers = sorted(names_of(engine))
    with begin_work(engine, Actor("a", role)) as work, pytest.raises(Forbidden):
        pipeline.judge(work, (numbers[0], numbers[1]), "same", "because")
    assert groups(engine) == {together("P1"), together("L1")}


def test_what_a_judgement_ends_was_corrected_by_nobody(engine: Engine) -> None:
    """Two reports by police are one child's, and again are not: neither says anything new."""
    send(engine, [say(FORCE, "P1", **ADA), say(OTHER_FORCE, "Q1", **ANNA)])
    judge(engine, "P1", "Q1", "same")
    judge(engine, "P1", "Q1", "withdrawn")
    with begin_work(engine, writes=False) as work:
        ends = select(Mismatch.ended).where(Mismatch.closed_because == "holds_no_longer")
        assert set(work.session.scalars(ends)) == {"closed"}


def test_what_fell_due_is_opened_at_its_instant(engine: Engine) -> None:
    """Time is brought to now before a judgement, so that nothing is judged by an older clock."""
    send(engine, [say(FORCE, "P1", **ADA), say(AUTHORITY, "L1", **ANNA)])
    with begin_work(engine, OPERATOR, clock=lambda: NOW + timedelta(days=40)) as work:
        pipeline.take_turn(work)
    assert rebuild(engine, keep=False) == ""
