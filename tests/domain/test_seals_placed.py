"""Placing a seal takes its turn as all else does, and an adoption's parts two children for good."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.hiding import acts_under_seal, owners_of, readers_of, seals_on
from register.access.seal_models import Seal
from register.access.seals import Placed, find_seals, get_seal
from register.errors import Conflict, NotFound
from register.linkage.models import Judgement
from register.linkage.said import never_asked
from register.linkage.seen import seen_of
from register.reports.models import Clock
from register.sealing import change_seal, seal
from register.terms import Sealed, SealReason
from register.work import OPERATOR, Work, begin_work
from tests.domain.test_seals import (
    COORDINATOR,
    DANGER,
    MANAGER,
    MINA,
    PC,
    child_of,
    place,
    sees,
)
from tests.registers import AUTHORITY, FORCE, NOW, OTHER_FORCE, judge, say, send

ADOPTED = Placed(SealReason.ADOPTION, " adopted in March ")
OWEN = {"forename": "Owen", "surname": "Pryce", "date_of_birth": "2009-01-02"}


def judged_to(work: Work) -> timedelta:
    """Give how far after NOW the register was brought."""
    return work.session.scalars(select(Clock.judged_to)).one() - NOW


def test_time_is_brought_to_now_when_a_seal_is_placed_and_when_it_is_changed(
    engine: Engine,
) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA)])
    day = timedelta(days=1)
    with begin_work(engine, MANAGER, clock=lambda: NOW + day) as work:
        child = child_of(work, "A1")
        assert judged_to(work) < day, "control"
        seal(work, child, DANGER, seen_of(work, [child]))
        assert judged_to(work) == day
    with begin_work(engine, MANAGER, clock=lambda: NOW + 2 * day) as work:
        change_seal(work, 1, "reviewed", "still so")
        assert judged_to(work) == 2 * day


def test_a_child_that_changed_since_it_was_looked_at_is_not_sealed_unseen(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA)])
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
        child, before = child_of(work, "A1"), seen_of(work, [child_of(work, "A1")])
    send(engine, [say(FORCE, "P1", **MINA)])
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work, pytest.raises(Conflict):
        seal(work, child, DANGER, before)
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
        assert find_seals(work) == []


def test_what_one_does_not_see_one_does_not_seal(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(OTHER_FORCE, "X1", **OWEN)])
    with begin_work(engine, writes=False) as work:
        hers, his = child_of(work, "A1"), child_of(work, "X1")
        seen_one, seen_both = seen_of(work, [his]), seen_of(work, [hers, his])
    for child, apart, seen in ((his, None, seen_one), (hers, his, seen_both)):
        with begin_work(engine, MANAGER, clock=lambda: NOW) as work, pytest.raises(NotFound):
            seal(work, child, DANGER, seen, apart_from=apart)
    with begin_work(engine, writes=False) as work:
        assert work.session.query(Seal).count() == 0


def test_an_adoption_keeps_the_word_that_parts_and_both_children_come_under_the_seal(
    engine: Engine,
) -> None:
    adopted = {**MINA, "surname": "Whitcombe"}
    send(engine, [say(AUTHORITY, "A1", **MINA), say(AUTHORITY, "A2", **OWEN)])
    send(engine, [say(AUTHORITY, "A3", **adopted, child_reference="new")])
    judge(engine, "A1", "A3", "different")
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
        old, new = child_of(work, "A1"), child_of(work, "A3")
        assert never_asked(work) == set()
        number = seal(work, new, ADOPTED, seen_of(work, [new, old]), apart_from=old)
        word = work.session.scalars(select(Judgement).order_by(Judgement.id.desc())).first()
        assert word is not None
        assert (word.act, word.verdict, word.reason) == (2, "different", "adopted in March")
        assert word.shown == {"rule": "adoption", "evidence": {}}
        assert acts_under_seal(work) == {2}
        assert never_asked(work) == {(1, 3)}
        standing = get_seal(work, number)
        assert standing.words == "adopted in March"
        assert standing.reports == {1: Sealed.NAMED, 3: Sealed.NAMED}
        change_seal(work, number, "released", "both wish it")
        assert acts_under_seal(work) == set()
        assert never_asked(work) == set()


def test_whose_a_seal_is_and_who_reads_it_is_told_of_each_report(engine: Engine) -> None:
    twin = {**MINA, "forename": "Sara", "nhs_number": ""}
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", **OWEN)])
    place(engine, "A1", Placed(SealReason.HIGH_RISK, "shared", frozenset({FORCE})))
    place(engine, "P1", DANGER, COORDINATOR)
    send(engine, [say(OTHER_FORCE, "X1", **twin), say(OTHER_FORCE, "X2", surname="Quill")])
    with begin_work(engine, writes=False) as work:
        assert seals_on(work, [1, 2, 3, 4]) == {1: {1}, 2: {2}, 3: {1}}
        assert owners_of(work, [1, 3]) == {AUTHORITY}
        assert owners_of(work, [2, 4]) == {FORCE}
        assert readers_of(work, [1]) == {AUTHORITY, FORCE}
        assert readers_of(work, [2]) == {FORCE}
        assert readers_of(work, [3, 4]) == set(), "what only looks so is not opened by it"
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
        assert [each.reports for each in find_seals(work)] == [{1: Sealed.NAMED, 3: Sealed.BORN}]
        change_seal(work, 1, "released", "a twin who lives elsewhere", 3)
        assert get_seal(work, 1).reports == {1: Sealed.NAMED}
        assert seals_on(work, [1, 3]) == {1: {1}}
        change_seal(work, 1, "released", "the danger is over")
        assert seals_on(work, [1, 2, 3]) == {2: {2}}
        assert readers_of(work, [1, 2]) == {FORCE}


def test_the_seal_that_is_due_first_stands_first(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(AUTHORITY, "A2", **OWEN)])
    for name in ("A1", "A2"):
        place(engine, name)
    with begin_work(engine, MANAGER, clock=lambda: NOW + timedelta(days=9)) as work:
        assert [each.id for each in find_seals(work)] == [1, 2]
        change_seal(work, 1, "reviewed", " still so ")
        assert [each.id for each in find_seals(work)] == [2, 1]


def test_two_seals_on_one_child_each_hold_until_each_is_lifted(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", **MINA)])
    place(engine, "A1", Placed(SealReason.HIGH_RISK, "shared", frozenset({FORCE})))
    place(engine, "P1", DANGER, COORDINATOR)
    with begin_work(engine, writes=False) as work:
        assert seals_on(work, [1, 2]) == {1: {1, 2}, 2: {1, 2}}
        assert owners_of(work, [1]) == {AUTHORITY, FORCE}
    assert sees(engine, COORDINATOR, "A1")
    assert not sees(engine, MANAGER, "A1"), "whom the second does not name"
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        change_seal(work, 1, "released", "the first danger is over")
    assert not sees(engine, PC, "P1")
    with begin_work(engine, COORDINATOR, clock=lambda: NOW) as work:
        change_seal(work, 2, "released", "and the second")
    assert sees(engine, PC, "P1")
