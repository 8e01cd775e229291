"""Second steps: good for one person, one time, and not for long to whoever guesses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

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
from register.access.models import Factor, LoginSession
from register.access.sessions import (
    find_session,
    own_session,
)
from register.access.signing_in import (
    find_half,
    finish_with_factor,
    finish_with_new_factor,
    may_set_up,
)
from register.errors import Invalid, NotFound
from register.work import Work
from tests.authenticator import SecurityKey, code_at
from tests.signing import DESK, HERE, ORIGIN, SETTINGS, give_app, sign_in, step, user_of

pytestmark = pytest.mark.usefixtures("people")


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
    half = find_half(work, step(work, second=True).token)
    assert half is not None
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
