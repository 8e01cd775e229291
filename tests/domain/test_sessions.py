"""Sessions end when they should, and what is grave needs another proof."""

from datetime import timedelta

import pytest

from register.access.service import (
    change_own_password,
    change_role,
)
from register.access.sessions import (
    end_all,
    end_own_session,
    find_session,
    own_session,
    own_sessions,
)
from register.access.signing_in import (
    find_half,
)
from register.access.stepping_up import ConfirmFirst, Purpose, fresh_sign_in, require_confirmed
from register.errors import Invalid, NotFound
from register.terms import Role
from register.work import OPERATOR, Work
from tests.signing import SETTINGS, sign_in, step, user_of

pytestmark = pytest.mark.usefixtures("people")


def test_ids_of_sessions_are_long_and_new_each_time(work: Work) -> None:
    tokens = {sign_in(work) for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43, "256 bits in base64url"


def test_a_session_that_is_ended_is_over_at_once(work: Work) -> None:
    token, other = sign_in(work), sign_in(work)
    assert end_all(work, user_of(work, "amina"), besides=own_session(work, other).digest) == 1
    assert find_session(work, token, SETTINGS) is None
    assert find_session(work, other, SETTINGS), "control: the one that was left"


def test_another_role_holds_from_the_next_request(work: Work) -> None:
    token = sign_in(work)
    change_role(work, "amina", Role.FORCE_USER, "E23000001")
    visit = find_session(work, token, SETTINGS)
    assert visit is not None
    assert (visit.actor.role, visit.actor.organisation) == (Role.FORCE_USER, "E23000001")


def test_people_end_their_own_sessions_and_nobody_elses(work: Work) -> None:
    token, other, bens = sign_in(work), sign_in(work), sign_in(work, "ben")
    found = own_sessions(work, token, SETTINGS)
    assert [each.is_this for each in found].count(True) == 1
    assert len(found) == 2
    assert {each.address for each in found} == {"192.0.2.1"}
    end_own_session(work, token, own_session(work, other).digest)
    assert find_session(work, other, SETTINGS) is None
    for digest in (own_session(work, bens).digest, "made up", ""):
        with pytest.raises(NotFound):
            end_own_session(work, token, digest)
    assert find_session(work, bens, SETTINGS)


def test_sessions_that_ran_out_are_not_listed(work: Work) -> None:
    sign_in(work)
    work.now += timedelta(minutes=15)
    assert len(own_sessions(work, sign_in(work), SETTINGS)) == 1


def test_what_is_grave_needs_a_proof_of_the_last_five_minutes(work: Work) -> None:
    token = sign_in(work)
    require_confirmed(work, token, Purpose.USERS)
    work.now += timedelta(minutes=5)
    with pytest.raises(ConfirmFirst):
        require_confirmed(work, token, Purpose.USERS)
    assert fresh_sign_in(work, token, Purpose.USERS, holds=True)
    require_confirmed(work, token, Purpose.USERS)


def test_a_session_that_cannot_prove_itself_ends(work: Work) -> None:
    token = sign_in(work)
    for _ in range(4):
        assert not fresh_sign_in(work, token, Purpose.USERS, holds=False)
    assert find_session(work, token, SETTINGS)
    assert not fresh_sign_in(work, token, Purpose.USERS, holds=False)
    assert find_session(work, token, SETTINGS) is None


def test_another_password_ends_every_other_session(work: Work) -> None:
    token, other = sign_in(work), sign_in(work)
    half = step(work, second=True).token
    work.actor = OPERATOR
    change_own_password(work, token, "gravel teapot mirror")
    assert find_session(work, token, SETTINGS)
    assert find_session(work, other, SETTINGS) is None
    assert find_half(work, half) is None, "half a sign-in by the old password"
    assert not step(work).token
    with pytest.raises(Invalid, match="many people choose"):
        change_own_password(work, token, "Password2026!")
