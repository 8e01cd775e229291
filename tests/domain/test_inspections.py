"""An inspection shows its own inspectors the children of its own organisations, and no others."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.models import Inspection, Need
from register.access.needing import add_inspection, inspectors_of
from register.access.service import change_role, create_user
from register.audit.models import AuditEvent
from register.errors import NotFound
from register.inspection.children import find_child
from register.inspection.inspections import close_inspection, sample
from register.inspection.missing import missing_now
from register.inspection.samples import draw_sample, find_sample, list_samples
from register.inspection.scope import Scope
from register.linkage.models import Membership
from register.numbers import child_number
from register.reports.models import Report
from register.terms import Role
from register.work import OPERATOR, Actor, Work, begin_work
from tests.domain.test_seals import MINA
from tests.registers import AUTHORITY, HOST, NOW, say, send

DAYS = (date(2026, 3, 1), date(2026, 3, 31))
CORA = Actor("cora", Role.INSPECTOR)


@pytest.fixture
def inspected(engine: Engine) -> Engine:
    """Give a register in which cora and dot inspect an authority, and cora alone another."""
    other = {"forename": "Ivo", "surname": "Nobody", "date_of_birth": "2012-01-09", "sex": "male"}
    told = [say(AUTHORITY, "A1", status="open", **MINA), say(HOST, "B1", status="open", **other)]
    send(engine, told)
    with begin_work(engine, clock=lambda: NOW) as work:
        for name in ("cora", "dot"):
            create_user(
                work,
                username=name,
                name=name,
                role=Role.INSPECTOR,
                password="of nobody at all",  # noqa: S106  # nobody signs in
            )
        add_inspection(work, [AUTHORITY], DAYS, ["cora", "dot"])
        add_inspection(work, [HOST], DAYS, ["cora"])
    return engine


def number_of(work: Work, reference: str) -> str:
    query = select(Membership.child_id).join(Report, Report.id == Membership.report_id)
    of_it = (Report.reference == reference) & Membership.known_to.is_(None)
    return child_number(work.session.scalars(query.where(of_it)).one())


def take(engine: Engine, inspection: int, reference: str) -> str:
    with begin_work(engine, writes=False) as work:
        number = number_of(work, reference)
    with begin_work(engine, CORA, clock=lambda: NOW) as work:
        return sample(work, inspection, number, "Drawn by lot.")


def opens(engine: Engine, actor: Actor, number: str) -> bool:
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        try:
            find_child(work, number)
        except NotFound:
            return False
    return True


def lists(engine: Engine, actor: Actor) -> int:
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        return len(missing_now(work).page.rows)


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(Role.FORCE_USER, "E23000001"), (Role.POLICE_INSPECTOR, ""), (Role.INSPECTOR, "")],
    ids=["a force", "the other side", "control: no change"],
)
def test_who_has_another_role_inspects_no_more(
    inspected: Engine, role: Role, organisation: str
) -> None:
    with begin_work(inspected, clock=lambda: NOW) as work:
        change_role(work, "dot", role, organisation)
    number, dot = take(inspected, 1, "A1"), Actor("dot", role, organisation)
    assert opens(inspected, CORA, number)
    stays = role is Role.INSPECTOR
    assert opens(inspected, dot, number) is stays
    assert lists(inspected, dot) == int(stays)
    with begin_work(inspected, clock=lambda: NOW) as work:
        change_role(work, "dot", Role.INSPECTOR, "")
    back = Actor("dot", Role.INSPECTOR)
    assert opens(inspected, back, number) is stays
    assert lists(inspected, back) == int(stays)


def test_an_inspection_that_is_left_with_nobody_is_closed(inspected: Engine) -> None:
    numbers = [take(inspected, 1, "A1"), take(inspected, 2, "B1")]
    with begin_work(inspected, clock=lambda: NOW) as work:
        change_role(work, "cora", Role.POLICE_INSPECTOR, "")
    with begin_work(inspected, writes=False) as work:
        shared, alone = work.session.scalars(select(Inspection).order_by(Inspection.id))
        assert (shared.closed_at, alone.closed_at) == (None, NOW), "dot goes on with the first"
        last = work.session.scalars(select(Need.ended_at).where(Need.inspection == alone.id))
        assert set(last) == {NOW}
        told = select(AuditEvent.kind, AuditEvent.subject).where(AuditEvent.at == NOW)
        assert ("inspection:closed", f"inspection {alone.id}") in list(
            map(tuple, work.session.execute(told))
        )
    assert not opens(inspected, CORA, numbers[1])
    assert opens(inspected, Actor("dot", Role.INSPECTOR), numbers[0])


def test_an_inspection_that_was_closed_before_stays_as_it_was(inspected: Engine) -> None:
    with begin_work(inspected, CORA, clock=lambda: NOW) as work:
        close_inspection(work, 2)
    with begin_work(inspected, clock=lambda: NOW + timedelta(days=1)) as work:
        change_role(work, "cora", Role.POLICE_INSPECTOR, "")
        closed = work.session.scalars(select(Inspection).where(Inspection.id == 2)).one()
        assert (closed.closed_at, inspectors_of(work, 2)) == (NOW, ("cora",))
        assert inspectors_of(work, 1) == ("dot",), "control: of what was open she is no more"


def test_a_child_of_another_inspection_is_not_given_to_colleagues_of_this_one(
    inspected: Engine,
) -> None:
    with pytest.raises(NotFound):
        take(inspected, 1, "B1")
    number = take(inspected, 2, "B1")
    assert opens(inspected, CORA, number), "control: it is taken where it belongs"
    assert not opens(inspected, Actor("dot", Role.INSPECTOR), number)


def test_a_sample_is_seen_by_whoever_inspects_those_it_is_of(inspected: Engine) -> None:
    scope, dot = Scope(HOST, *DAYS), Actor("dot", Role.INSPECTOR)
    with begin_work(inspected, CORA, clock=lambda: NOW) as work:
        theirs = draw_sample(work, scope, {"mismatched": 1}, "abc")
        shared = draw_sample(work, replace(scope, organisation=AUTHORITY), {"all": 1}, "abc")
    both = {theirs, shared}
    for actor, seen in ((CORA, both), (dot, {shared}), (OPERATOR, both)):
        with begin_work(inspected, actor, clock=lambda: NOW) as work:
            assert {each.number for each in list_samples(work)} == seen
            assert find_sample(work, shared).children
    with begin_work(inspected, dot, clock=lambda: NOW) as work, pytest.raises(NotFound):
        find_sample(work, theirs)
