"""Who vouches for whom, and how two let in somebody who lost the way in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from register.access.factors import (
    held_by,
)
from register.access.models import Recovery, User
from register.access.recovery import (
    ask_recovery,
    confirm_recovery,
    find_recoveries,
    withdraw_recovery,
)
from register.access.service import (
    activate_user,
    attest_user,
    change_role,
    create_user,
    deactivate_user,
    find_users,
)
from register.access.sessions import (
    end_session,
    find_session,
    touch_session,
)
from register.access.signing_in import (
    begin_try,
    find_half,
    finish_try,
    may_set_up,
    try_password,
)
from register.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from register.terms import REASON_LENGTH, Role
from register.work import OPERATOR, Actor, Work
from tests.signing import EVE, FAY, HERE, SETTINGS, give_app, sign_in, step, user_of

pytestmark = pytest.mark.usefixtures("people")


def test_two_administrators_let_in_who_lost_their_way(work: Work) -> None:
    token = sign_in(work)
    give_app(work, token)
    half = step(work, second=True).token
    work.actor = EVE
    ask_recovery(work, "amina", "she rang from her desk")
    assert find_recoveries(work)["amina"].asked_by == "eve"
    assert not find_recoveries(work)["amina"].may_confirm
    with pytest.raises(Refused, match="another administrator"):
        confirm_recovery(work, "amina")
    with pytest.raises(Conflict):
        ask_recovery(work, "amina", "twice")
    assert find_session(work, token, SETTINGS), "nothing happened yet"
    work.actor = FAY
    assert find_recoveries(work)["amina"].may_confirm
    password = confirm_recovery(work, "amina")
    assert find_session(work, token, SETTINGS) is None
    assert find_half(work, half) is None
    assert held_by(work, user_of(work, "amina").id) == []
    assert find_recoveries(work) == {}
    work.actor = OPERATOR
    assert step(work).stage == "refused", "the old password"
    tried = begin_try(work, "amina", HERE)
    fits, _ = try_password(tried, password)
    half = finish_try(work, tried, fits=fits, second_factor=True).token
    found = find_half(work, half)
    assert found is not None
    assert may_set_up(work, found)
    assert found.user.password_is_given


@pytest.mark.parametrize("actor", [EVE, FAY])
def test_nobody_alone_lets_anybody_in(work: Work, actor: Actor) -> None:
    work.actor = actor
    with pytest.raises(NotFound):
        confirm_recovery(work, "amina")
    ask_recovery(work, "amina", "she rang")
    work.now += timedelta(hours=24)
    work.actor = FAY if actor is EVE else EVE
    with pytest.raises(NotFound):
        confirm_recovery(work, "amina")


def test_nobody_lets_themselves_in(work: Work) -> None:
    eve = user_of(work, "eve")
    work.actor = Actor("eve", Role.ADMINISTRATOR, user_id=eve.id)
    with pytest.raises(Refused):
        ask_recovery(work, "eve", "I lost it")
    work.actor = FAY
    ask_recovery(work, "eve", "she lost it")
    work.actor = Actor("eve", Role.ADMINISTRATOR, user_id=eve.id)
    with pytest.raises(Refused):
        confirm_recovery(work, "eve")
    for act in (deactivate_user, lambda work, name: change_role(work, name, Role.STEWARD, "")):
        with pytest.raises(Refused):
            act(work, "eve")


def test_what_was_asked_can_be_refused(work: Work) -> None:
    work.actor = EVE
    with pytest.raises(Invalid):
        ask_recovery(work, "amina", " ")
    ask_recovery(work, "amina", "she rang")
    work.actor = FAY
    withdraw_recovery(work, "amina")
    (asked,) = work.session.scalars(select(Recovery))
    assert (asked.ended_at, asked.confirmed_by) == (work.now, ""), "nobody confirmed it"
    for act in (withdraw_recovery, confirm_recovery):
        with pytest.raises(NotFound):
            act(work, "amina")


@pytest.mark.parametrize("role", [Role.STEWARD, Role.AUTHORITY_MANAGER, Role.NOBODY])
def test_only_administrators_do_any_of_this(work: Work, role: Role) -> None:
    work.actor = Actor("somebody", role, "E08000035")
    for act in (
        lambda: ask_recovery(work, "amina", "she rang"),
        lambda: confirm_recovery(work, "amina"),
        lambda: find_recoveries(work),
        lambda: change_role(work, "amina", Role.STEWARD, ""),
        lambda: attest_user(work, "amina", "Sue"),
        lambda: activate_user(work, "amina", "Sue"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_somebody_must_vouch_for_everybody_every_ninety_days(work: Work) -> None:
    work.now += timedelta(days=89)
    assert not [each for each in find_users(work) if each.is_due]
    work.now += timedelta(days=1)
    assert {each.username for each in find_users(work) if each.is_due} >= {"amina", "eve"}
    attest_user(work, "amina", "Sue Sponsor")
    deactivate_user(work, "ben")
    due = {each.username for each in find_users(work) if each.is_due}
    assert not due & {"amina", "ben"}
    with pytest.raises(Invalid):
        attest_user(work, "eve", " ")


def test_who_was_barred_is_let_in_again_when_somebody_vouches(work: Work) -> None:
    deactivate_user(work, "amina")
    assert not step(work).token
    activate_user(work, "amina", "Sue Sponsor")
    assert step(work).token


def test_an_administrator_sees_how_each_account_is_used(work: Work) -> None:
    first, _ = sign_in(work), sign_in(work)
    give_app(work, first)
    work.now += timedelta(minutes=3)
    touch_session(work, first)
    end_session(work, first)
    accounts = find_users(work)
    assert [each.username for each in accounts] == sorted(each.username for each in accounts)
    found = {each.username: each for each in accounts}
    amina, ben = found["amina"], found["ben"]
    assert (amina.sessions, amina.factors, amina.last_seen_at) == (1, 1, work.now)
    assert (ben.sessions, ben.factors, ben.last_seen_at) == (0, 0, None)
    assert (amina.role, amina.organisation, amina.active) == ("authority_user", "E08000035", True)


def test_a_name_may_be_of_120_letters_and_is_kept_without_blanks_around(work: Work) -> None:
    def add(username: str, name: str, sponsor: str = "") -> User:
        return create_user(
            work,
            username=username,
            name=name,
            role=Role.STEWARD,
            password="gravel teapot mirror",  # noqa: S106  # of nobody
            sponsor=sponsor,
            is_given=True,
        )

    user = add(" IDA ", f" {'n' * 120} ", " Sue ")
    assert user.id > 0
    assert (user.username, user.name, user.sponsor) == ("ida", "n" * 120, "Sue")
    assert (user.created_at, user.attested_at, user.enrol_until) == (
        *(work.now, work.now),
        work.now + timedelta(days=14),
    )
    assert user.password_is_given
    assert user.active
    for username, name in (("hal", "n" * 121), ("h", "Hal"), ("h" * 81, "Hal"), (".hal", "Hal")):
        with pytest.raises(Invalid):
            add(username, name)
    assert add("h" * 80, "Hal").username == "h" * 80
    attest_user(work, "ida", f" {'s' * 120} ")
    assert user.sponsor == "s" * 120
    with pytest.raises(Invalid, match="120 characters"):
        attest_user(work, "ida", "s" * 121)


def test_what_was_asked_says_who_when_and_why_and_stands_a_day(work: Work) -> None:
    work.actor = EVE
    for wrong in ("", "r" * (REASON_LENGTH + 1)):
        with pytest.raises(Invalid, match=f"{REASON_LENGTH} characters"):
            ask_recovery(work, "amina", wrong)
    ask_recovery(work, "amina", f" {'r' * REASON_LENGTH} ")
    asked = find_recoveries(work)["amina"]
    assert (asked.asked_at, asked.reason) == (work.now, "r" * REASON_LENGTH)
    work.actor = Actor("amina", Role.ADMINISTRATOR, user_id=user_of(work, "amina").id)
    assert not find_recoveries(work)["amina"].may_confirm, "not she herself"
    work.actor = FAY
    work.now += timedelta(hours=24) - timedelta(microseconds=1)
    assert find_recoveries(work)["amina"].may_confirm
    with pytest.raises(Conflict, match="asked already"):
        ask_recovery(work, "amina", "again")
    work.now += timedelta(microseconds=1)
    assert find_recoveries(work) == {}
    ask_recovery(work, "amina", "anew")
    work.actor = EVE
    confirm_recovery(work, "amina")
    anew = work.session.scalars(select(Recovery).where(Recovery.reason == "anew")).one()
    assert (anew.ended_at, anew.confirmed_by) == (work.now, "eve")
    assert user_of(work, "amina").enrol_until == work.now + timedelta(hours=24)


def test_a_role_that_cannot_be_is_refused(work: Work) -> None:
    for role, organisation in ((Role.OPERATOR, ""), (Role.FORCE_USER, ""), (Role.MACHINE, "BTP")):
        with pytest.raises(Invalid):
            change_role(work, "amina", role, organisation)
    with pytest.raises(NotFound):
        change_role(work, "nobody", Role.STEWARD, "")


def test_a_common_password_makes_no_account(work: Work) -> None:
    with pytest.raises(Invalid, match="many people choose"):
        create_user(
            work,
            username="gus",
            name="Gus Test",
            role=Role.STEWARD,
            password="Password2026!",  # noqa: S106  # of nobody
        )


def let_in(work: Work, name: str, by: Actor) -> Actor:
    """Have an administrator let in another."""
    work.actor = by
    user = create_user(
        work,
        username=name,
        name="Ivy Test",
        role=Role.ADMINISTRATOR,
        password="of nobody at all",  # noqa: S106  # nobody signs in
    )
    return Actor(name, Role.ADMINISTRATOR, user_id=user.id)


@pytest.mark.parametrize("turn", [1, -1], ids=["asks", "confirms"])
@pytest.mark.parametrize("removes", [1, 2])
def test_nobody_is_two_by_an_account_that_they_let_in(work: Work, turn: int, removes: int) -> None:
    other = EVE
    for each in range(removes):
        other = let_in(work, f"sham{each}", other)
    work.actor, second = (EVE, other)[::turn]
    ask_recovery(work, "amina", "she rang from her desk")
    work.actor = second
    with pytest.raises(Refused, match="One of you has let the other in"):
        confirm_recovery(work, "amina")
    work.actor = FAY
    assert confirm_recovery(work, "amina"), "control: she was let in by neither"


def test_who_was_let_in_long_ago_or_is_vouched_for_by_another_is_a_second(work: Work) -> None:
    ivy = let_in(work, "ivy", EVE)
    work.actor = EVE
    ask_recovery(work, "amina", "she rang from her desk")
    work.actor = OPERATOR
    deactivate_user(work, "ivy")
    activate_user(work, "ivy", "Fay")
    work.actor = ivy
    assert confirm_recovery(work, "amina"), "another has let her in again"
    joy = let_in(work, "joy", EVE)
    work.now += timedelta(days=30)
    work.actor = EVE
    ask_recovery(work, "amina", "she rang again")
    work.actor = joy
    assert confirm_recovery(work, "amina"), "she has been here for a month"


def test_two_who_let_each_other_in_are_looked_through_once(work: Work) -> None:
    ivy = let_in(work, "ivy", EVE)
    work.actor = let_in(work, "joy", ivy)
    deactivate_user(work, "ivy")
    activate_user(work, "ivy", "Sue Sponsor")
    work.actor = FAY
    ask_recovery(work, "amina", "she rang from her desk")
    work.actor = ivy
    assert confirm_recovery(work, "amina"), "Fay let in neither of them"
