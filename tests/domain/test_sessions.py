"""Sessions that end when they should, signing in again, and letting in who lost their way in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from register.access.codes import code_at
from register.access.factors import (
    Desk,
    Proof,
    held_by,
    invitation,
    prove,
    question,
    remove,
    set_up,
)
from register.access.key_files import FactorKey
from register.access.models import Factor, LoginSession, User
from register.access.recovery import (
    ask_recovery,
    confirm_recovery,
    find_recoveries,
    withdraw_recovery,
)
from register.access.security_keys import Site
from register.access.service import (
    activate_user,
    attest_user,
    change_own_password,
    change_role,
    create_user,
    deactivate_user,
    find_users,
)
from register.access.sessions import (
    end_all,
    end_own_session,
    find_session,
    own_session,
    own_sessions,
)
from register.access.signing_in import (
    Caller,
    Outcome,
    begin_try,
    find_half,
    finish_try,
    finish_with_factor,
    finish_with_new_factor,
    may_set_up,
    try_password,
)
from register.access.stepping_up import ConfirmFirst, Purpose, fresh_sign_in, require_confirmed
from register.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from register.settings import Settings
from register.terms import Role
from register.work import OPERATOR, Actor, Work
from tests.authenticator import SecurityKey
from tests.web.people import PASSWORD, add_people, hash_cheaply

SETTINGS = Settings()
ORIGIN = "https://register.example"
DESK = Desk(Site(ORIGIN), FactorKey("a key of nobody"))
HERE = Caller("192.0.2.1")
EVE, FAY = Actor("eve", Role.ADMINISTRATOR, user_id=5), Actor("fay", Role.ADMINISTRATOR, user_id=99)


@pytest.fixture(autouse=True)
def people(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add one person of each kind."""
    hash_cheaply(monkeypatch)
    add_people(work)


def step(work: Work, username: str = "amina", *, second: bool = False) -> Outcome:
    """Give the password; where there is no second step that is all."""
    tried = begin_try(work, username, HERE)
    fits, rehashed = try_password(tried, PASSWORD)
    return finish_try(work, tried, rehashed, fits=fits, second_factor=second)


def sign_in(work: Work, username: str = "amina") -> str:
    token = step(work, username).token
    work.actor = OPERATOR
    return token


def user_of(work: Work, username: str) -> User:
    return work.session.scalars(select(User).where(User.username == username)).one()


def give_app(work: Work, token: str) -> bytes:
    """Set up an app in a session; give its secret."""
    mine = own_session(work, token)
    _, app = invitation(work, mine, mine.user, DESK)
    secret = DESK.key.derive(f"secret {mine.digest} {mine.challenge.hex()}", 20)
    set_up(work, mine, f"app {work.now}", Proof(code=code_at(secret, work.now)), DESK)
    assert app.link.startswith("otpauth://totp/")
    return secret


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


def test_an_address_needs_a_proof_for_this_address_and_a_reason(work: Work) -> None:
    token = sign_in(work)
    with pytest.raises(ConfirmFirst):
        require_confirmed(work, token, Purpose.ADDRESS, "4K7Q")
    for reason in ("", " ", "x" * 401):
        with pytest.raises(Invalid):
            fresh_sign_in(work, token, Purpose.ADDRESS, "4K7Q", reason, holds=True)
    assert fresh_sign_in(work, token, Purpose.ADDRESS, "4K7Q", "the carer is there", holds=True)
    confirmation = require_confirmed(work, token, Purpose.ADDRESS, "4K7Q")
    assert confirmation.reason == "the carer is there"
    assert confirmation.at == work.now
    for purpose, about in ((Purpose.ADDRESS, "9999"), (Purpose.BREAK_GLASS, "4K7Q")):
        with pytest.raises(ConfirmFirst):
            require_confirmed(work, token, purpose, about)


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


def test_half_a_sign_in_is_over_after_ten_minutes_and_after_five_codes(work: Work) -> None:
    give_app(work, sign_in(work))
    token = step(work, second=True).token
    for _ in range(5):
        half = find_half(work, token)
        assert half is not None
        assert not finish_with_factor(work, half, Proof(code="000000"), DESK, HERE).token
    assert find_half(work, token) is None
    token = step(work, second=True).token
    work.now += timedelta(minutes=10)
    assert find_half(work, token) is None


def test_half_a_sign_in_is_no_session(work: Work) -> None:
    token = step(work, second=True).token
    assert token
    assert find_session(work, token, SETTINGS) is None
    with pytest.raises(NotFound):
        own_session(work, token)


def test_codes_cannot_be_guessed_for_long(work: Work) -> None:
    """Whoever has the password: 20 codes, then one an hour, however many passwords are given."""
    secret, tried = give_app(work, sign_in(work)), 0
    for _ in range(20):
        outcome = step(work, second=True)
        half = find_half(work, outcome.token)
        while half is not None:
            tried += 1
            wait = finish_with_factor(work, half, Proof(code="000000"), DESK, HERE).wait
            half = find_half(work, outcome.token)
            if wait:
                tried -= 1
                break
    assert tried == 20
    work.now += timedelta(hours=1)
    half = find_half(work, step(work, second=True).token)
    assert half is not None
    proof = Proof(code=code_at(secret, work.now))
    assert finish_with_factor(work, half, proof, DESK, HERE).stage == "whole", "control"


def test_a_key_is_not_kept_waiting_by_whoever_guesses_codes(work: Work) -> None:
    token = sign_in(work)
    give_app(work, token)
    mine, key = own_session(work, token), SecurityKey(ORIGIN)
    asked, _ = invitation(work, mine, mine.user, DESK)
    set_up(work, mine, "key", Proof(answer=key.join(asked)), DESK)
    for _ in range(25):
        half = find_half(work, step(work, second=True).token)
        assert half is not None
        finish_with_factor(work, half, Proof(code="000000"), DESK, HERE)
    signed = key.sign(question(work, half, DESK))
    assert finish_with_factor(work, half, Proof(answer=signed), DESK, HERE).stage == "whole"


def test_a_first_second_step_is_set_up_in_the_first_days_only(work: Work) -> None:
    half = find_half(work, step(work, second=True).token)
    assert half is not None
    assert may_set_up(work, half)
    work.now += timedelta(days=14)
    half = find_half(work, step(work, second=True).token)
    assert half is not None
    assert not may_set_up(work, half)
    assert not finish_with_new_factor(work, half, "late", Proof(code="1"), DESK, HERE).token


def test_a_password_alone_sets_up_no_second_second_step(work: Work) -> None:
    give_app(work, sign_in(work))
    half = find_half(work, step(work, second=True).token)
    assert half is not None
    assert not finish_with_new_factor(work, half, "mine", Proof(code="1"), DESK, HERE).token


def test_the_last_second_step_cannot_be_taken_away(work: Work) -> None:
    token = sign_in(work)
    give_app(work, token)
    user = user_of(work, "amina")
    (first,) = held_by(work, user.id)
    with pytest.raises(Invalid, match="the only one"):
        remove(work, user, first.id)
    work.now += timedelta(minutes=1)
    give_app(work, token)
    remove(work, user, first.id)
    assert len(held_by(work, user.id)) == 1
    with pytest.raises(NotFound):
        remove(work, user_of(work, "ben"), held_by(work, user.id)[0].id)


def test_a_second_step_needs_a_name_of_its_own(work: Work) -> None:
    token = sign_in(work)
    give_app(work, token)
    mine = own_session(work, token)
    for name in ("", " ", "x" * 61, f"APP {work.now}"):
        with pytest.raises(Invalid):
            set_up(work, mine, name, Proof(code="000000"), DESK)


def test_a_secret_of_another_person_or_key_is_of_no_use(work: Work) -> None:
    secret = give_app(work, sign_in(work))
    bens = own_session(work, sign_in(work, "ben"))
    give_app(work, sign_in(work, "ben"))
    factors = {row.user_id: row for row in work.session.scalars(select(Factor))}
    amina = user_of(work, "amina")
    factors[bens.user_id].material = factors[amina.id].material
    work.now += timedelta(minutes=2)
    code = Proof(code=code_at(secret, work.now))
    assert not prove(work, bens, code, DESK), "put in the place of another's"
    mine = work.session.scalars(select(LoginSession).where(LoginSession.user_id == amina.id)).one()
    assert not prove(work, mine, code, Desk(DESK.site, FactorKey("another key")))
    assert prove(work, mine, code, DESK), "control"


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
