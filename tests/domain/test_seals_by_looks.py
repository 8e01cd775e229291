"""What looks like a sealed child comes under the seal, opens nothing, and people let it out."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from register.access.notices import Told, find_notices
from register.access.seals import find_seals
from register.errors import Conflict
from register.inspection.sealed import Held, seal_list
from register.reports.models import Report
from register.sealing import change_seal
from register.terms import Role
from register.work import Actor, Work, begin_work
from tests.domain.test_seals import (
    EVERYBODY,
    MANAGER,
    MINA,
    PC,
    STEWARD,
    child_of,
    place,
    seal_mina,
    sees,
)
from tests.registers import AUTHORITY, FORCE, HOST, NOW, OTHER_FORCE, say, send


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    return seal_mina(engine)


@pytest.mark.parametrize(
    "changed",
    [
        {"forename": "Minna"},
        {"surname": "Haddadi"},
        {"surname": "Whitcombe", "home_postcode": "BS1 2AA", "nhs_number": ""},
        {"forename": "Haddad", "surname": "Mina", "nhs_number": ""},
        {"date_of_birth": "2011-07-05", "nhs_number": ""},
        {"forename": "Amina", "nhs_number": ""},
        {"forename": "Sara", "nhs_number": ""},
        {"forename": "", "date_of_birth": ""},
        {"home_postcode": "", "nhs_number": ""},
    ],
    ids=str,
)
def test_a_report_that_may_lead_to_her_is_born_sealed(
    sealed: Engine, changed: dict[str, str]
) -> None:
    send(sealed, [say(OTHER_FORCE, "X1", **{**MINA, **changed})])
    assert not any(sees(sealed, actor, "X1") for actor in EVERYBODY)
    assert held_by_the_seal(sealed, MANAGER)["X1"].person


def held_by_the_seal(engine: Engine, actor: Actor) -> dict[str, Held]:
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        (page,) = seal_list(work)
        return {each.statement.reference: each for each in page.held}


def notices_of(engine: Engine, actor: Actor) -> list[Told]:
    with begin_work(engine, actor, writes=False) as work:
        return find_notices(work)


TWIN = {**MINA, "forename": "Sara", "nhs_number": ""}
FINDER = Actor("fin", Role.FORCE_COORDINATOR, OTHER_FORCE)


def test_what_only_looked_like_her_stays_with_the_officers_of_whoever_sent_it(
    sealed: Engine,
) -> None:
    send(sealed, [say(OTHER_FORCE, "X1", **TWIN)])
    assert sees(sealed, FINDER, "X1")
    assert not sees(sealed, replace(FINDER, role=Role.FORCE_USER), "X1")
    assert not held_by_the_seal(sealed, MANAGER)["X1"].may_open
    assert [told.matter for told in notices_of(sealed, FINDER)] == ["seal"]
    assert notices_of(sealed, replace(FINDER, organisation=HOST)) == []


def test_a_seal_on_an_invented_child_opens_no_real_one(engine: Engine) -> None:
    send(engine, [say(OTHER_FORCE, "X1", **MINA)])
    assert not sees(engine, MANAGER, "X1")
    send(engine, [say(AUTHORITY, "A1", **TWIN)])
    assert not same_child(engine, "A1", "X1")
    place(engine, "A1")
    assert not sees(engine, MANAGER, "X1")


def test_control_what_became_hers_is_opened_with_her(sealed: Engine) -> None:
    send(sealed, [say(OTHER_FORCE, "X1", **MINA)])
    assert same_child(sealed, "A1", "X1")
    assert sees(sealed, MANAGER, "X1")
    assert not sees(sealed, FINDER, "X1")


def same_child(engine: Engine, one: str, other: str) -> bool:
    with begin_work(engine, writes=False) as work:
        return child_of(work, one) == child_of(work, other)


COMPARED: list[dict[str, str]] = [
    {},
    {"surname": MINA["surname"], "home_postcode": MINA["home_postcode"]},
    {"forename": MINA["forename"], "surname": MINA["surname"]},
    {"forename": MINA["forename"], "home_postcode": MINA["home_postcode"]},
]
"""What is compared with her, for it shares a key, and does not lead to her; and a stranger."""
OWEN = {"forename": "Owen", "surname": "Pryce", "date_of_birth": "2009-01-02"}


@pytest.mark.parametrize("shared", COMPARED, ids=str)
def test_another_child_is_not(sealed: Engine, shared: dict[str, str]) -> None:
    send(sealed, [say(FORCE, "X2", **{**OWEN, **shared})])
    assert sees(sealed, PC, "X2")


def test_a_correction_lets_nothing_out(sealed: Engine) -> None:
    send(sealed, [say(OTHER_FORCE, "X1", **MINA)])
    send(sealed, [say(OTHER_FORCE, "X1", updated_at="2026-03-04T10:00:00+00:00", **OWEN)])
    assert not sees(sealed, STEWARD, "X1")


def test_an_officer_lets_out_what_only_looked_like_her(sealed: Engine) -> None:
    send(sealed, [say(OTHER_FORCE, "X1", **{**MINA, "forename": "Sara", "nhs_number": ""})])
    with begin_work(sealed, writes=False) as work:
        twin, own = (report_named(work, name) for name in ("X1", "A1"))
    with begin_work(sealed, MANAGER, clock=lambda: NOW) as work:
        seal = find_seals(work)[0]
        with pytest.raises(Conflict):
            change_seal(work, seal.id, "released", "a mistake", own)
        change_seal(work, seal.id, "released", "a twin who lives elsewhere", twin)
    assert sees(sealed, STEWARD, "X1")
    assert not sees(sealed, STEWARD, "A1")
    send(sealed, [say(OTHER_FORCE, "X1", updated_at="2026-03-05T10:00:00+00:00", forename="Sara")])
    assert sees(sealed, STEWARD, "X1")


def report_named(work: Work, reference: str) -> int:
    return work.session.scalars(select(Report.id).where(Report.reference == reference)).one()
