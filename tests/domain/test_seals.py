"""Seals: a sealed child is hidden, so is whatever may lead to it, and only people let it out."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from register import pipeline
from register.access.hiding import SEALS
from register.access.policy import ROLES, Permission
from register.access.seals import Placed, find_seals, get_seal
from register.errors import Conflict, Forbidden, Invalid, NotFound
from register.inspection.children import child_page, find_child
from register.inspection.exports import EXPORTS, export
from register.inspection.mismatches import Wanted as Narrowed
from register.inspection.mismatches import mismatch_list
from register.inspection.missing import missing_now
from register.inspection.sealed import seal_list
from register.inspection.wanted import Wanted
from register.linkage.models import Membership
from register.linkage.seen import seen_of
from register.numbers import child_number
from register.reports.models import Report
from register.sealing import change_seal, seal
from register.terms import Role, SealReason
from register.work import OPERATOR, Actor, Work, begin_work
from tests.registers import AUTHORITY, FORCE, HOST, NOW, say, send, state_of

MANAGER = Actor("mo", Role.AUTHORITY_MANAGER, AUTHORITY)
CLERK = Actor("ada", Role.AUTHORITY_USER, AUTHORITY)
COORDINATOR = Actor("cleo", Role.FORCE_COORDINATOR, FORCE)
PC = Actor("pat", Role.FORCE_USER, FORCE)
INSPECTOR = Actor("iris", Role.INSPECTOR)
STEWARD = Actor("stef", Role.STEWARD)
EVERYBODY = (CLERK, COORDINATOR, PC, INSPECTOR, STEWARD)
SEEING = (CLERK, COORDINATOR, PC, STEWARD)
"""Who sees a child of both without a seal; the inspector has no inspection of theirs."""
DANGER = Placed(SealReason.HIGH_RISK, "the father looks for her")
MINA = {
    "forename": "Mina",
    "surname": "Haddad",
    "date_of_birth": "2011-05-07",
    "sex": "female",
    "home_postcode": "LS1 4AP",
    "nhs_number": "9434765919",
}


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    return seal_mina(engine)


def seal_mina(engine: Engine) -> Engine:
    """Give a register in which Mina, missing now and known to both, is sealed by the authority."""
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA), say(FORCE, "P1", **MINA)])
    place(engine, "A1")
    return engine


def place(engine: Engine, reference: str, placed: Placed = DANGER, actor: Actor = MANAGER) -> int:
    with begin_work(engine, actor, clock=lambda: NOW) as work:
        child = child_of(work, reference)
        return seal(work, child, placed, seen_of(work, [child]))


def child_of(work: Work, reference: str) -> int:
    query = (
        select(Membership.child_id)
        .join(Report, Report.id == Membership.report_id)
        .where(Report.reference == reference, Membership.known_to.is_(None))
    )
    return work.session.scalars(query).one()


def sees(engine: Engine, actor: Actor, reference: str) -> bool:
    """Tell whether somebody sees the child of a report, in any of the ways there are."""
    with begin_work(engine, writes=False) as work:
        number = child_number(child_of(work, reference))
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        try:
            find_child(work, number)
        except NotFound:
            found = False
        else:
            found = True
        listed = [each.number for each in missing_now(work).page.rows]
        listed += [each.number for each in mismatch_list(work, Narrowed()).page.rows if each.person]
        assert found or number not in listed
    return found


def test_a_sealed_child_is_seen_by_those_who_may_open_the_seal_alone(sealed: Engine) -> None:
    assert sees(sealed, MANAGER, "A1")
    assert sees(sealed, OPERATOR, "A1")
    assert not any(sees(sealed, actor, "A1") for actor in EVERYBODY)


def test_control_without_the_seal_they_see_it(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA), say(FORCE, "P1", **MINA)])
    assert all(sees(engine, actor, "A1") for actor in SEEING)


def test_a_named_reader_may_open_it(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA), say(FORCE, "P1", **MINA)])
    place(engine, "A1", Placed(SealReason.HIGH_RISK, "shared", frozenset({FORCE})))
    assert sees(engine, COORDINATOR, "A1")
    assert not sees(engine, PC, "A1")


def test_a_reader_opens_the_seal_and_does_not_lift_it(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", **MINA)])
    number = place(engine, "A1", Placed(SealReason.HIGH_RISK, "shared", frozenset({FORCE})))
    with begin_work(engine, COORDINATOR, clock=lambda: NOW) as work:
        assert get_seal(work, number).readers == tuple(sorted([AUTHORITY, FORCE]))
        for kind in ("released", "reviewed"):
            with pytest.raises(NotFound, match="no such seal"):
                change_seal(work, number, kind, "why not")
    assert not sees(engine, PC, "P1")
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        change_seal(work, number, "released", "for the owner, who called")
    assert sees(engine, PC, "P1"), "control"


def test_what_is_absent_and_what_is_sealed_read_alike(sealed: Engine) -> None:
    with begin_work(sealed, writes=False) as work:
        number = child_number(child_of(work, "A1"))
    said = []
    for each in (number, child_number(4711)):
        with begin_work(sealed, PC, writes=False) as work, pytest.raises(NotFound) as error:
            child_page(work, each)
        said.append(str(error.value).replace(repr(each), "N"))
    assert said[0] == said[1]


def test_what_was_here_before_comes_under_the_seal_too(engine: Engine) -> None:
    renamed = {**MINA, "surname": "Whitcombe", "home_postcode": "BS1 2AA", "nhs_number": ""}
    send(engine, [say(AUTHORITY, "A1", **MINA), say(HOST, "H1", **renamed)])
    host = Actor("hal", Role.AUTHORITY_USER, HOST)
    assert sees(engine, host, "H1")
    place(engine, "A1")
    assert not sees(engine, host, "H1")


def test_a_release_opens_the_child_again(sealed: Engine) -> None:
    with begin_work(sealed, MANAGER, clock=lambda: NOW) as work:
        change_seal(work, find_seals(work)[0].id, "released", "the danger is over")
    assert all(sees(sealed, actor, "A1") for actor in SEEING)


def test_only_the_owner_releases_and_only_with_a_reason(sealed: Engine) -> None:
    with begin_work(sealed, COORDINATOR) as work, pytest.raises(NotFound):
        change_seal(work, 1, "released", "why not")
    with begin_work(sealed, PC) as work, pytest.raises(Forbidden):
        change_seal(work, 1, "released", "why not")
    with begin_work(sealed, MANAGER) as work, pytest.raises(Conflict):
        change_seal(work, 1, "released", " ")


def test_a_seal_that_is_not_there_is_not_opened_and_only_its_two_changes_are_made(
    sealed: Engine,
) -> None:
    nobodys = Actor("mo", Role.AUTHORITY_MANAGER)
    with begin_work(sealed, nobodys) as work:
        assert find_seals(work) == []
        with pytest.raises(NotFound, match="no such seal"):
            get_seal(work, 1)
    with begin_work(sealed, MANAGER, clock=lambda: NOW) as work:
        with pytest.raises(NotFound, match="no such seal"):
            get_seal(work, 2)
        with pytest.raises(Conflict, match="reviewed, or it is released"):
            change_seal(work, 1, "lifted", "why not")
        (seal,) = find_seals(work)
        assert (seal.id, seal.organisation, seal.words) == (1, AUTHORITY, DANGER.words)
        assert (seal.readers, len(seal.reports)) == ((AUTHORITY,), 2)
        assert seal.review_due_at == seal.placed_at + timedelta(days=90)
        change_seal(work, 1, "released", "the danger is over")
        with pytest.raises(NotFound):
            get_seal(work, 1)
        assert find_seals(work) == []


def test_a_seal_needs_a_reason_and_an_end_to_come(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA)])
    with pytest.raises(Invalid) as error:
        place(engine, "A1", Placed(SealReason.STAFF, "", expires_on=date(2026, 3, 9)))
    assert error.value.problems.keys() == {"words", "expires_on"}
    with begin_work(engine, writes=False) as work:
        assert not SEALS.is_any(work)


def test_a_seal_whose_time_is_over_holds_and_is_due(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", **MINA)])
    number = place(
        engine, "A1", Placed(SealReason.STAFF, "a cousin works here", frozenset(), date(2026, 4, 1))
    )
    late = NOW + timedelta(days=100)
    with begin_work(engine, MANAGER, clock=lambda: late) as work:
        seal = get_seal(work, number)
        assert seal.review_due_at < late
        assert seal.expires_on is not None
        assert seal.expires_on < late.date()
        change_seal(work, number, "reviewed", "still so")
        assert get_seal(work, number).review_due_at == late + timedelta(days=90)
    assert not sees(engine, PC, "P1")


@pytest.mark.parametrize(
    ("expires_on", "days", "due"),
    [
        (None, 89, False),
        (None, 91, True),
        (date(2026, 4, 1), 1, False),
        (date(2026, 4, 1), 40, True),
        (date(2027, 4, 1), 91, True),
    ],
)
def test_a_seal_is_due_when_its_review_or_its_end_has_come(
    engine: Engine, expires_on: date | None, days: int, *, due: bool
) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA)])
    place(engine, "A1", Placed(SealReason.STAFF, "a cousin works here", frozenset(), expires_on))
    with begin_work(engine, MANAGER, clock=lambda: NOW + timedelta(days=days)) as work:
        assert [each.is_due for each in seal_list(work)] == [due]


def test_a_sealed_child_is_hidden_in_the_past_too(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", status="open", **MINA)])
    with begin_work(engine, writes=False) as work:
        number = child_number(child_of(work, "A1"))
    place(engine, "A1")
    with begin_work(engine, CLERK, clock=lambda: NOW + timedelta(1), as_at=NOW) as work:
        assert missing_now(work).missing == 0
        with pytest.raises(NotFound):
            find_child(work, number)


def test_what_an_adoption_parted_is_never_joined_nor_asked_again(engine: Engine) -> None:
    adopted = {**MINA, "surname": "Whitcombe", "home_postcode": "LS1 4AP"}
    send(engine, [say(AUTHORITY, "A1", **MINA), say(HOST, "H1", **adopted)])
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        pipeline.judge(work, (1, 2), "different", "adopted")
    work_now = NOW + timedelta(hours=1)
    with begin_work(engine, OPERATOR, clock=lambda: work_now) as work:
        old, new = (child_of(work, name) for name in ("A1", "H1"))
        placed = Placed(SealReason.ADOPTION, "adopted in March")
        seal(work, new, placed, seen_of(work, [new, old]), apart_from=old)
    # The same number and home, new to both, would else be asked about again.
    news = {**MINA, "upn": "A123456789012", "known_as": "Mina Whitcombe"}
    send(engine, [say(AUTHORITY, "A1", updated_at="2026-03-05T10:00:00+00:00", **news)])
    send(engine, [say(HOST, "H1", updated_at="2026-03-05T10:00:00+00:00", **news)])
    send(engine, [say(FORCE, "P1", **news)])
    state = state_of(engine)
    assert not any({"A1", "H1"} <= {name[2] for name in group} for group in state.groups)
    assert not [each for each in state.reviews if "A1" in str(each) and "H1" in str(each)]
    with begin_work(engine, OPERATOR, clock=lambda: work_now) as work, pytest.raises(Conflict):
        pipeline.judge(work, (1, 2), "same", "they are one")


def test_control_without_the_seal_news_is_asked_about(engine: Engine) -> None:
    adopted = {**MINA, "surname": "Whitcombe", "nhs_number": ""}
    plain = {**MINA, "nhs_number": ""}
    send(engine, [say(AUTHORITY, "A1", **plain), say(HOST, "H1", **adopted)])
    with begin_work(engine, OPERATOR, clock=lambda: NOW) as work:
        pipeline.judge(work, (1, 2), "different", "adopted")
    news = {**MINA}
    send(engine, [say(AUTHORITY, "A1", updated_at="2026-03-05T10:00:00+00:00", **news)])
    send(engine, [say(HOST, "H1", updated_at="2026-03-05T10:00:00+00:00", **news)])
    assert [each for each in state_of(engine).reviews if "A1" in str(each) and "H1" in str(each)]


def test_exports_leave_the_sealed_out_unless_asked_for(sealed: Engine) -> None:
    send(sealed, [say(FORCE, "P2", forename="Owen", surname="Pryce", date_of_birth="2009-01-02")])
    with begin_work(sealed, writes=False) as work:
        number = child_number(child_of(work, "A1"))
        for what in EXPORTS:
            rows = str(list(export(work, what)[1]))
            assert number not in rows
            assert "A1" not in rows
        assert number in str(list(export(work, "children", Wanted(sealed=True))[1]))


def test_who_may_seal() -> None:
    may = {role for role, held in ROLES.items() if Permission.SEAL_PLACE in held}
    assert may == {Role.AUTHORITY_MANAGER, Role.FORCE_COORDINATOR, Role.OPERATOR}
