"""What seals do, beside the same without one: to what an adoption parted, and to exports."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from register import pipeline
from register.access.seals import Placed
from register.errors import Conflict
from register.inspection.exports import EXPORTS, export
from register.inspection.wanted import ALL, Wanted
from register.linkage.seen import seen_of
from register.numbers import child_number
from register.sealing import change_seal, seal
from register.terms import SealReason
from register.work import OPERATOR, begin_work
from tests.domain.test_seals import MANAGER, MINA, child_of, place
from tests.registers import AUTHORITY, FORCE, HOST, NOW, say, send, state_of

LATER = NOW + timedelta(hours=1)
CORRECTED = "2026-03-05T10:00:00+00:00"
BEFORE = MINA | {"nhs_number": ""}
ADOPTED = BEFORE | {"surname": "Whitcombe"}
LIKE = BEFORE | {"forename": "Nina", "date_of_birth": "2011-05-06"}


@pytest.fixture(params=[True, False], ids=["sealed", "control: not sealed"])
def is_sealed(request: pytest.FixtureRequest, engine: Engine) -> bool:
    """Give a register where a person parted two reports; an adoption, with its seal, or none."""
    send(engine, [say(AUTHORITY, "A1", **BEFORE), say(HOST, "H1", **ADOPTED)])
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        pipeline.judge(work, (1, 2), "different", "adopted")
    if request.param:
        with begin_work(engine, OPERATOR, clock=lambda: LATER) as work:
            old, new = (child_of(work, name) for name in ("A1", "H1"))
            placed = Placed(SealReason.ADOPTION, "adopted in March")
            seal(work, new, placed, seen_of(work, [new, old]), apart_from=old)
    return bool(request.param)


def is_asked(engine: Engine) -> bool:
    return any("A1" in str(each) and "H1" in str(each) for each in state_of(engine).reviews)


def test_news_of_both_is_not_asked_about(engine: Engine, *, is_sealed: bool) -> None:
    for organisation, reference in ((AUTHORITY, "A1"), (HOST, "H1")):
        send(engine, [say(organisation, reference, updated_at=CORRECTED, **MINA)])
    assert is_asked(engine) is not is_sealed


def test_nobody_may_judge_the_two_to_be_one(engine: Engine, *, is_sealed: bool) -> None:
    with begin_work(engine, OPERATOR, clock=lambda: LATER) as work:
        try:
            pipeline.judge(work, (1, 2), "same", "they are one")
        except Conflict:
            refused = True
        else:
            refused = False
    assert refused is is_sealed


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Give a register in which there is something of Mina in every export."""
    send(
        engine,
        [
            say(AUTHORITY, "A1", status="open", **MINA),
            say(FORCE, "P1", **MINA),
            say(HOST, "H1", **LIKE),
            say(FORCE, "P2", forename="Owen", surname="Pryce", date_of_birth="2009-01-02"),
        ],
    )
    return engine


def rows(engine: Engine, what: str, wanted: Wanted = ALL) -> list[dict[str, str]]:
    with begin_work(engine, OPERATOR, clock=lambda: LATER) as work:
        return export(work, what, wanted)[1]


def are_hers(engine: Engine, found: list[dict[str, str]]) -> list[bool]:
    """Tell of each row whether it tells of Mina."""
    with begin_work(engine, writes=False) as work:
        number = child_number(child_of(work, "A1"))
    return [bool({number, "A1", "P1"} & {*row.values()}) for row in found]


@pytest.mark.parametrize("what", sorted(EXPORTS.keys() - {"feeds"}))  # which tell of no child
def test_an_export_leaves_out_what_is_sealed_and_nothing_else(told: Engine, what: str) -> None:
    every = rows(told, what)
    hers = are_hers(told, every)
    assert any(hers), "the control: without a seal there is something of her"
    number = place(told, "A1")
    assert not any(are_hers(told, rows(told, what)))
    assert rows(told, what, Wanted(sealed=True)) == every
    with begin_work(told, MANAGER, clock=lambda: LATER) as work:
        change_seal(work, number, "released", "she is safe")
    assert rows(told, what) == every
