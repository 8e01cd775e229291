"""Who sees which children on lists, who whole, and to whom one was given, and until when."""

from datetime import date, timedelta
from typing import cast

import pytest
from sqlalchemy import select

from register.access.models import Need, Reach, User
from register.access.needing import (
    LASTS,
    Why,
    add_inspection,
    end_inspection,
    find_inspection,
    find_person,
    give,
    inspections_of,
    inspectors_of,
    inspects_alike,
    organisations_of,
)
from register.access.policy import may_read_protected, may_send_for, sight_of
from register.access.reach import is_open_to, is_seen_by, needed_by, set_reach
from register.errors import NotFound
from register.terms import Role
from register.work import OPERATOR, Actor, Work

LEEDS, MET = "E08000035", "E23000001"
DAYS = (date(2026, 1, 1), date(2026, 3, 1))
AMINA = Actor("amina", Role.AUTHORITY_USER, LEEDS)
CORA = Actor("cora", Role.INSPECTOR)
DAN = Actor("dan", Role.STEWARD)
EVE = Actor("eve", Role.ADMINISTRATOR)


def test_whole_pages_are_open_by_reach_and_to_the_operator_alone(work: Work) -> None:
    reached = {1: frozenset({(LEEDS, "reports")}), 2: frozenset({(MET, "reports")})}
    assert set_reach(work, reached) == 2
    add_inspection(work, [LEEDS, MET], DAYS, ["cora"])

    def opened(actor: Actor) -> set[int]:
        return set(work.session.scalars(select(Reach.child).where(is_open_to(actor, Reach.child))))

    assert opened(AMINA) == {1}
    assert opened(OPERATOR) == {1, 2}
    scoped = Actor("operator", Role.OPERATOR, scopes=frozenset())
    assert opened(scoped) == set(), "what narrows an actor narrows this"
    for actor in (CORA, DAN, EVE, Actor("lost", Role.FORCE_USER)):
        assert opened(actor) == set(), actor.name


@pytest.mark.parametrize("role", [*Role])
def test_whoever_an_organisations_people_see_is_open_to_them(role: Role) -> None:
    """What `openable_of_sight` leaves unasked; to an inspector it is not so."""
    actor = Actor("amina", role, LEEDS)
    alike = str(is_open_to(actor, Reach.child)) == str(is_seen_by(actor, Reach.child))
    assert alike or not sight_of(actor).organisation
    assert alike is (role not in {Role.INSPECTOR, Role.POLICE_INSPECTOR, Role.STEWARD})


def test_who_reaches_a_child_is_kept_with_its_times_and_told_as_a_change(work: Work) -> None:
    before = {1: frozenset({(LEEDS, "reports"), (MET, "polices")}), 2: frozenset({(MET, "host")})}
    assert set_reach(work, before) == 3
    noted = cast("set[tuple[int, None]]", work.notes["changes"])
    assert noted == {(1, None), (2, None)}
    noted.clear()
    assert set_reach(work, before) == 0
    assert noted == set()
    first = work.now
    work.now += timedelta(hours=1)
    assert set_reach(work, {1: frozenset({(LEEDS, "reports"), (LEEDS, "host")})}) == 2
    rows = work.session.scalars(select(Reach).order_by(Reach.child, Reach.why))
    assert [(row.child, row.why, row.known_from, row.known_to) for row in rows] == [
        (1, "host", work.now, None),
        (1, "polices", first, work.now),
        (1, "reports", first, None),
        (2, "host", first, None),
    ]
    assert noted == {(1, None)}


def test_a_child_is_given_to_one_person_for_as_long_as_the_reason_lasts(work: Work) -> None:
    amina = User(username="amina", organisation=LEEDS)
    assigned = give(work, 1, Why.ASSIGNED, " Please look. ", to=amina)
    glass = give(work, 2, Why.GLASS, "Found.", to=amina)
    sampled = give(work, 3, Why.SAMPLED, "By lot.", to=amina)
    assert (assigned.reason, assigned.given_by, assigned.organisation) == (
        *("Please look.", "operator"),
        LEEDS,
    )
    assert (LASTS[Why.ASSIGNED], LASTS[Why.GLASS]) == (timedelta(days=90), timedelta(hours=1))
    assert Why.SAMPLED not in LASTS

    def given(actor: Actor, after: timedelta, *, acting: bool = False) -> set[int]:
        query = needed_by(actor, work.now + after, acting=acting)
        assert query is not None
        return set(work.session.scalars(query))

    second = timedelta(seconds=1)
    assert given(AMINA, timedelta(0)) == {1, 2, 3}
    assert given(AMINA, timedelta(0), acting=True) == {1}, "the rest is looked at alone"
    assert given(AMINA, timedelta(hours=1) - second) == {1, 2, 3}
    assert given(AMINA, timedelta(hours=1)) == {1, 3}
    assert given(AMINA, timedelta(days=90)) == {3}, "a sample lasts as its inspection does"
    assert given(DAN, timedelta(0)) == set()
    assert needed_by(EVE, work.now) is None, "who sees no child is given none"
    sampled.ended_at = work.now
    work.session.flush()
    assert given(AMINA, timedelta(0)) == {1, 2}
    assert glass.until == work.now + timedelta(hours=1)


def test_an_inspection_that_ends_ends_its_own_samples(work: Work) -> None:
    cora = User(username="cora", organisation="")
    one, other = (add_inspection(work, [LEEDS], DAYS, ["cora"]) for _ in range(2))
    for number, inspection in ((1, one.id), (2, other.id)):
        give(work, number, Why.SAMPLED, "By lot.", to=cora, inspection=inspection)
    give(work, 3, Why.GLASS, "Found.", to=cora)
    end_inspection(work, one)
    work.session.expire_all()
    ended = select(Need.report).where(Need.ended_at.is_not(None))
    assert list(work.session.scalars(ended)) == [1]
    first = work.session.scalars(select(Need.ended_at).where(Need.report == 1)).one()
    work.now += timedelta(hours=1)
    end_inspection(work, one)
    work.session.expire_all()
    assert work.session.scalars(select(Need.ended_at).where(Need.report == 1)).one() == first


def test_an_inspection_is_its_inspectors_and_the_open_ones_stand_first(work: Work) -> None:
    made = [add_inspection(work, [MET, LEEDS, MET], DAYS, ["pia", "cora"]) for _ in range(3)]
    others = add_inspection(work, [LEEDS], DAYS, ["pia"])
    made[2].closed_at = work.now
    work.session.flush()
    assert organisations_of(work, made[0].id) == (LEEDS, MET)
    assert inspectors_of(work, made[0].id) == ("cora", "pia")
    assert inspectors_of(work, others.id) == ("pia",)
    assert (made[0].first_day, made[0].last_day, made[0].opened_at) == (*DAYS, work.now)
    work.actor = CORA
    assert [each.id for each in inspections_of(work)] == [2, 1, 3]
    assert find_inspection(work, 2).id == 2
    for number in (others.id, 99, 10**30):
        with pytest.raises(NotFound, match="no such inspection"):
            find_inspection(work, number)


@pytest.mark.usefixtures("people")
def test_a_person_is_found_by_name_while_they_are_active(work: Work) -> None:
    found = find_person(work, " Amina ")
    assert found is not None
    assert found.username == "amina"
    found.active = False
    work.session.flush()
    assert find_person(work, "amina") is None
    assert find_person(work, "x" * 5000) is None
    cora, pia = (find_person(work, name) for name in ("cora", "pia"))
    assert cora is not None
    assert pia is not None
    assert inspects_alike(cora, Role.INSPECTOR)
    assert not inspects_alike(pia, Role.INSPECTOR)
    dan = find_person(work, "dan")
    assert dan is not None
    assert not inspects_alike(dan, Role.STEWARD), "who inspects nothing"


def test_reports_are_sent_in_ones_own_name_and_the_operators_in_any() -> None:
    assert may_send_for(OPERATOR, LEEDS)
    assert may_send_for(AMINA, LEEDS)
    assert not may_send_for(AMINA, MET)
    assert not may_send_for(Actor("lost", Role.FORCE_USER), "")
    assert not may_send_for(Actor("eve", Role.ADMINISTRATOR, LEEDS), LEEDS)


def test_a_place_is_read_by_whoever_sent_it() -> None:
    assert may_read_protected(AMINA, LEEDS)
    assert not may_read_protected(AMINA, MET)
    assert not may_read_protected(OPERATOR, LEEDS)
    for role in (Role.STEWARD, Role.INSPECTOR, Role.DATA_PROTECTION_OFFICER):
        assert not may_read_protected(Actor("x", role, LEEDS), LEEDS), "given an organisation"
    assert not may_read_protected(OPERATOR, ""), "who belongs to none reads none"
