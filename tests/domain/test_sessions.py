"""Sessions end when they should, and what is grave needs another proof."""

from datetime import timedelta

import pytest

from register.access.service import (
    change_own_password,
    change_role,
)
from register.access.sessions import (
    digest_of,
    end_all,
    end_own_session,
    end_session,
    find_session,
    left_open,
    own_session,
    own_sessions,
    touch_session,
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


def test_a_session_is_listed_for_as_long_as_it_opens_and_the_newest_first(work: Work) -> None:
    first = sign_in(work)
    started = work.now
    for _ in range(71):
        work.now += timedelta(minutes=10)
        touch_session(work, first)
    second = sign_in(work)
    listed = own_sessions(work, second, SETTINGS)
    assert [each.digest for each in listed] == [digest_of(second), digest_of(first)]
    assert [each.created_at for each in listed] == [work.now, started]
    assert [each.last_seen_at for each in listed] == [work.now, work.now]
    for beside, open_still in ((timedelta(seconds=-1), True), (timedelta(0), False)):
        work.now = started + timedelta(hours=12) + beside
        touch_session(work, first)
        touch_session(work, second)
        assert (find_session(work, first, SETTINGS) is not None) is open_still
        assert len(own_sessions(work, second, SETTINGS)) == 1 + open_still


def test_a_session_that_idled_is_left_open_for_as_long_as_any_may_last(work: Work) -> None:
    token = sign_in(work)
    began, amina = work.now, user_of(work, "amina")
    for beside, whose in ((-timedelta(microseconds=1), amina.id), (timedelta(), None)):
        work.now = began + timedelta(hours=12) + beside
        assert left_open(work, token, SETTINGS) == whose
        assert find_session(work, token, SETTINGS) is None, "it opens nothing"


@pytest.mark.parametrize(("idle", "due", "opens"), [(59, False, True), (60, True, True)])
def test_a_use_is_noted_once_a_minute(work: Work, idle: int, *, due: bool, opens: bool) -> None:
    token = sign_in(work)
    work.now += timedelta(seconds=idle)
    visit = find_session(work, token, SETTINGS)
    assert (visit is not None) is opens
    assert visit is not None
    assert visit.is_touch_due is due


def test_idle_sessions_leave_the_list_as_they_close(work: Work) -> None:
    token = sign_in(work)
    work.now += timedelta(minutes=15) - timedelta(microseconds=1)
    assert len(own_sessions(work, token, SETTINGS)) == 1
    assert find_session(work, token, SETTINGS)
    work.now += timedelta(microseconds=1)
    assert own_sessions(work, token, SETTINGS) == []
    assert find_session(work, token, SETTINGS) is None


def test_a_visit_names_its_person_and_who_must_choose_a_password(work: Work) -> None:
    token = sign_in(work)
    visit = find_session(work, token, SETTINGS)
    assert visit is not None
    assert (visit.name, visit.must_change_password) == ("Amina Test", False)
    user_of(work, "amina").password_is_given = True
    visit = find_session(work, token, SETTINGS)
    assert visit is not None
    assert visit.must_change_password
    change_own_password(work, token, "gravel teapot mirror")
    visit = find_session(work, token, SETTINGS)
    assert visit is not None
    assert not visit.must_change_password


def test_what_is_over_is_not_touched_and_opens_nothing_of_ones_own(work: Work) -> None:
    token = sign_in(work)
    mine = own_session(work, token)
    end_session(work, token)
    ended = mine.ended_at
    work.now += timedelta(minutes=1)
    touch_session(work, token)
    end_session(work, token)
    work.session.refresh(mine)
    assert mine.last_seen_at == ended == mine.ended_at
    for act in (
        lambda: own_session(work, token),
        lambda: require_confirmed(work, token, Purpose.USERS),
        lambda: own_sessions(work, token, SETTINGS),
        lambda: change_own_password(work, token, "gravel teapot mirror"),
    ):
        with pytest.raises(NotFound, match="signed out"):
            act()


def test_a_proof_that_holds_begins_the_count_of_failures_anew(work: Work) -> None:
    token = sign_in(work)
    for _ in range(2):
        for _ in range(4):
            assert fresh_sign_in(work, token, Purpose.USERS, holds=False) is False
        assert fresh_sign_in(work, token, Purpose.USERS, holds=True) is True
    assert find_session(work, token, SETTINGS)


def test_who_must_prove_is_told_for_what_and_only_after_five_minutes(work: Work) -> None:
    token = sign_in(work)
    work.now += timedelta(minutes=5) - timedelta(microseconds=1)
    require_confirmed(work, token, Purpose.FILE)
    work.now += timedelta(microseconds=1)
    with pytest.raises(ConfirmFirst) as error:
        require_confirmed(work, token, Purpose.FILE)
    assert error.value.purpose is Purpose.FILE
    assert {each.value for each in Purpose} == {"account", "users", "place", "glass", "file"}


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
