"""Second steps: good for one person, one time, and not for long to whoever guesses."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from register.access.factors import (
    Desk,
    Proof,
    has_app,
    held_by,
    invitation,
    prove,
    question,
    remove,
    set_up,
)
from register.access.key_files import FactorKey, factor_key
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
from register.settings import Settings
from register.work import Work
from tests.authenticator import SecurityKey, code_at, text_of
from tests.signing import DESK, HERE, ORIGIN, SETTINGS, give_app, sign_in, step, user_of

pytestmark = pytest.mark.usefixtures("people")


def refused(work: Work, mine: LoginSession, name: str, proof: Proof) -> list[str]:
    """Try to set up what is refused; give the fields that it is refused for."""
    with pytest.raises(Invalid) as error:
        set_up(work, mine, name, proof, DESK)
    return list(error.value.problems)


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
        assert refused(work, mine, name, Proof(code="000000")) == ["app_name"]
    allowed = f" {'x' * 60} "
    assert refused(work, mine, allowed, Proof(code="000000")) == ["code"], "control"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\u0661" * 6, "-12345"])
def test_what_is_not_six_digits_is_no_code_and_blanks_between_them_are_nothing(
    work: Work, typed: str
) -> None:
    token = sign_in(work)
    secret, mine = give_app(work, token), own_session(work, token)
    work.now += timedelta(minutes=2)
    assert not prove(work, mine, Proof(code=typed), DESK)
    code = code_at(secret, work.now)
    assert prove(work, mine, Proof(code=f" {code[:3]} {code[3:]} "), DESK), "control"


@pytest.mark.parametrize(("off", "holds"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(work: Work, off: int, *, holds: bool) -> None:
    token = sign_in(work)
    secret, mine = give_app(work, token), own_session(work, token)
    work.now += timedelta(minutes=10)
    code = code_at(secret, work.now + timedelta(seconds=off))
    assert prove(work, mine, Proof(code=code), DESK) is holds


def test_what_proves_nothing_sets_up_nothing_and_says_why_by_field(work: Work) -> None:
    token = sign_in(work)
    mine, key = own_session(work, token), SecurityKey(ORIGIN)
    asked, _ = invitation(work, mine, mine.user, DESK)
    for proof, field in (
        (Proof(code="000000"), "code"),
        (Proof(answer="{}"), "key"),
        (Proof(answer=key.join(asked)), "key"),  # the answer before used its challenge up
    ):
        assert refused(work, mine, "mine", proof) == [field]
    assert held_by(work, mine.user_id) == []
    asked, _ = invitation(work, mine, mine.user, DESK)
    set_up(work, mine, "mine", Proof(answer=key.join(asked)), DESK)
    asked, _ = invitation(work, mine, mine.user, DESK)
    with pytest.raises(Invalid, match="set up already"):
        set_up(work, mine, "mine again", Proof(answer=key.join(asked)), DESK)
    assert refused(work, mine, "MINE ", Proof(answer="{}")) == ["key_name"]


def test_ten_second_steps_are_enough(work: Work) -> None:
    token = sign_in(work)
    secrets = set()
    for _ in range(10):
        secrets.add(give_app(work, token))
        work.now += timedelta(minutes=1)
    assert len(secrets) == 10, "each app has a secret of its own"
    mine = own_session(work, token)
    with pytest.raises(Invalid) as error:
        set_up(work, mine, "an eleventh", Proof(code="000000"), DESK)
    assert error.value.problems == {"app_name": "would be one too many: 10 are enough"}


def test_a_key_is_told_of_those_that_are_held_and_asked_to_verify_where_it_can(work: Work) -> None:
    mine, key = own_session(work, sign_in(work)), SecurityKey(ORIGIN)
    assert question(work, mine, DESK) == "", "no key, no question"
    asked, app = invitation(work, mine, mine.user, DESK)
    told = json.loads(asked)
    assert told["rp"] == {"id": "register.example", "name": "Register of missing children"}
    assert told["user"]["name"] == "amina"
    assert told["excludeCredentials"] == []
    assert told["authenticatorSelection"]["userVerification"] == "preferred"
    assert re.fullmatch(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", app.spelled)
    assert app.spelled.replace(" ", "") in app.link
    assert "Register%20of%20missing%20children:amina" in app.link
    set_up(work, mine, " blue key ", Proof(answer=key.join(asked)), DESK)
    again = json.loads(invitation(work, mine, mine.user, DESK)[0])
    assert [each["id"] for each in again["excludeCredentials"]] == [text_of(key.id)]
    assert again["user"]["id"] == told["user"]["id"], "one person, one handle"
    signing = json.loads(question(work, mine, DESK))
    assert [each["id"] for each in signing["allowCredentials"]] == [text_of(key.id)]
    (held,) = held_by(work, mine.user_id)
    assert (held.kind, held.name, held.added_at, held.used_at) == (
        *("key", "blue key"),
        *(work.now, work.now),
    )
    work.now += timedelta(minutes=3)
    assert prove(work, mine, Proof(answer=key.sign(question(work, mine, DESK))), DESK)
    assert held_by(work, mine.user_id)[0].used_at == work.now


def test_a_key_answers_for_its_own_person_and_once(work: Work) -> None:
    keys = {}
    for name in ("amina", "ben"):
        mine, keys[name] = own_session(work, sign_in(work, name)), SecurityKey(ORIGIN)
        asked, _ = invitation(work, mine, mine.user, DESK)
        set_up(work, mine, "key", Proof(answer=keys[name].join(asked)), DESK)
    hers = own_session(work, sign_in(work))
    asked = question(work, hers, DESK)

    def holds(answer: str) -> bool:
        found = prove(work, hers, Proof(answer=answer), DESK)
        work.session.flush()  # as when a request is over
        return found

    assert holds(keys["ben"].sign(asked)) is False
    assert holds(keys["amina"].sign(asked)) is False, "one answer used it up"
    again = keys["amina"].sign(question(work, hers, DESK))
    assert holds(again) is True, "control"
    assert holds(again) is False, "it counts once"
    assert not has_app(work, hers.user_id)
    give_app(work, sign_in(work))
    assert has_app(work, hers.user_id)
    assert not has_app(work, user_of(work, "ben").id)


def test_the_key_of_secrets_is_made_once_beside_the_database(tmp_path: Path) -> None:
    settings = Settings(instance_dir=str(tmp_path))
    sealed = factor_key(settings).seal(b"a secret", "user 1")
    assert factor_key(settings).open(sealed, "user 1") == b"a secret"
    text = (tmp_path / "factors.key").read_text("ascii").strip()
    assert len(text) >= 64, "as many letters as 48 bytes need"


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
