"""What a try to sign in weighs, leaves behind and ends, to the minute."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from register.access.factors import Proof
from register.access.models import HalfSignIn, KnownDevice, LoginSession
from register.access.passwords import hash_of
from register.access.service import deactivate_user, end_sessions_of
from register.access.sessions import own_session
from register.access.signing_in import (
    Caller,
    begin_try,
    find_half,
    finish_try,
    finish_with_factor,
    finish_with_new_factor,
    know_device,
    may_set_up,
    must_set_up,
)
from register.access.throttle import BUCKETS, NOT_AT_ALL
from register.errors import Invalid
from register.work import OPERATOR, Work
from tests.authenticator import code_at
from tests.signing import DESK, HERE, give_app, sign_in, step, user_of

pytestmark = pytest.mark.usefixtures("people")
TICK = timedelta(microseconds=1)


def half_of(work: Work) -> HalfSignIn:
    """Give a new half sign-in of Amina's."""
    half = find_half(work, step(work, second=True).token)
    assert half is not None
    return half


def test_buckets_are_as_wide_as_was_worked_out() -> None:
    minute, second = timedelta(minutes=1), timedelta(seconds=1)
    assert {kind: (each.burst, each.interval) for kind, each in BUCKETS.items()} == {
        "account": (10, 16 * minute),
        "device": (10, 16 * minute),
        "source": (100, 20 * second),
        "code": (20, 60 * minute),
    }
    assert timedelta(0) == NOT_AT_ALL


def test_a_password_that_fits_weighs_on_nothing(work: Work) -> None:
    for _ in range(30):
        assert step(work, second=True).stage == "half"
    for _ in range(30):
        assert step(work).stage == "whole"


def test_a_whole_sign_in_empties_the_browsers_bucket(work: Work) -> None:
    here = Caller("192.0.2.1", step(work).device)
    for _ in range(2):
        for _ in range(9):
            assert not begin_try(work, "amina", here).wait
        tried = begin_try(work, "amina", here)
        assert not tried.wait
        assert begin_try(work, "amina", here).wait == timedelta(minutes=16)
        assert finish_try(work, tried, fits=True, second_factor=False).stage == "whole"


def test_codes_of_a_browser_that_is_known_weigh_on_it_alone(work: Work) -> None:
    secret = give_app(work, sign_in(work))
    known = Caller("192.0.2.1", step(work).device)
    work.now += timedelta(minutes=5)
    while not finish_with_factor(work, half_of(work), Proof(code="000000"), DESK, HERE).wait:
        pass
    right = Proof(code=code_at(secret, work.now))
    assert finish_with_factor(work, half_of(work), right, DESK, HERE).wait
    found = finish_with_factor(work, half_of(work), right, DESK, known)
    assert (found.stage, found.device) == ("whole", known.device)


def test_codes_that_hold_weigh_on_nothing(work: Work) -> None:
    secret = give_app(work, sign_in(work))
    for _ in range(25):
        work.now += timedelta(minutes=2)
        proof = Proof(code=code_at(secret, work.now))
        assert finish_with_factor(work, half_of(work), proof, DESK, HERE).stage == "whole"


def test_half_sign_ins_last_ten_minutes_and_are_dropped(work: Work) -> None:
    token = step(work, second=True).token
    work.now += timedelta(minutes=10) - TICK
    assert find_half(work, token)
    step(work, second=True)
    assert work.session.query(HalfSignIn).count() == 2
    work.now += TICK
    assert find_half(work, token) is None
    step(work, second=True)
    assert work.session.query(HalfSignIn).count() == 2, "the first was dropped"
    assert find_half(work, "made up") is None


def test_half_a_sign_in_of_somebody_barred_is_over(work: Work) -> None:
    token = step(work, second=True).token
    user_of(work, "amina").active = False
    assert find_half(work, token) is None


def test_a_first_factor_ends_the_first_days(work: Work) -> None:
    user = user_of(work, "amina")
    until = user.enrol_until
    assert until is not None
    started, half = work.now, half_of(work)
    assert must_set_up(work, half)
    work.now = until - TICK
    assert may_set_up(work, half)
    work.now = until
    assert not may_set_up(work, half)
    work.now = started
    with pytest.raises(Invalid):
        finish_with_new_factor(work, half, "app", Proof(code="000000"), DESK, HERE)
    assert may_set_up(work, half)
    secret = DESK.key.derive(f"secret {half.digest} {half.challenge.hex()}", 20)
    proof = Proof(code=code_at(secret, work.now))
    assert finish_with_new_factor(work, half, "app", proof, DESK, HERE).stage == "whole"
    assert user.enrol_until is None
    assert work.session.query(HalfSignIn).count() == 0
    half = half_of(work)
    assert not must_set_up(work, half)
    assert not may_set_up(work, half)
    user.enrol_until = until
    assert not may_set_up(work, half), "a second is set up by who has the first"


def test_a_password_that_was_changed_meanwhile_fits_no_more(work: Work) -> None:
    tried = begin_try(work, "amina", HERE)
    user = user_of(work, "amina")
    user.password_hash = hash_of("gravel teapot mirror")
    assert finish_try(work, tried, fits=True, second_factor=False).stage == "refused"
    again = begin_try(work, "amina", HERE)
    found = finish_try(work, again, "a new hash", fits=True, second_factor=True)
    assert (found.stage, user.password_hash) == ("half", "a new hash")


def test_who_is_barred_or_unknown_is_given_no_hash_to_try(work: Work) -> None:
    assert begin_try(work, " AMINA ", HERE).kept
    user_of(work, "amina").active = False
    tried = begin_try(work, "amina", HERE)
    assert (tried.kept, tried.user_id) == (None, user_of(work, "amina").id)
    tried = begin_try(work, "nobody", HERE)
    assert (tried.kept, tried.user_id) == (None, None)
    assert tried.weighs_on == {"account": "nobody", "source": HERE.address}


def test_a_known_browser_is_known_from_its_first_day_to_its_last(work: Work) -> None:
    first = work.now
    device = step(work).device
    work.now += timedelta(days=180) - TICK
    user = user_of(work, "amina")
    here = Caller("192.0.2.1", device)
    assert begin_try(work, "amina", here).weighs_on.keys() == {"device"}
    assert know_device(work, user, here) == device
    kept = work.session.scalars(select(KnownDevice)).one()
    assert (kept.first_at, kept.last_at) == (first, work.now)
    work.now += timedelta(days=180)
    assert begin_try(work, "amina", here).weighs_on.keys() == {"account", "source"}


@pytest.mark.parametrize("end", [end_sessions_of, deactivate_user])
def test_whose_sessions_are_ended_has_no_known_browser(
    work: Work, end: Callable[[Work, str], object]
) -> None:
    step(work)
    assert work.session.scalars(select(KnownDevice)).all(), "control"
    work.actor = OPERATOR
    end(work, "amina")
    assert not work.session.scalars(select(KnownDevice)).all()


def test_a_session_says_from_where_it_came_and_who_acts_from_then_on(work: Work) -> None:
    tried = begin_try(work, "amina", Caller("9" * 100))
    token = finish_try(work, tried, fits=True, second_factor=False).token
    assert work.actor.name == "amina"
    work.actor = OPERATOR
    mine = own_session(work, token)
    assert (mine.address, mine.failures, mine.ended_at) == ("9" * 64, 0, None)
    assert mine.created_at == mine.last_seen_at == mine.confirmed_at == work.now
    assert len(mine.challenge) == 32
    other = own_session(work, sign_in(work))
    assert other.challenge != mine.challenge
    assert work.session.query(LoginSession).count() == 2
