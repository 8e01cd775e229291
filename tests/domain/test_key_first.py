"""A key before the password: a question stands ten minutes, and for one answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from register.access.factors import Proof, held_by, invitation, set_up
from register.access.key_first import ask_key, asked_of_key, know_by_key
from register.access.models import Factor, KeyFirst
from register.access.sessions import own_session
from register.access.signing_in import Caller, begin_try
from register.access.throttle import BUCKETS
from register.audit.models import AuditEvent
from register.audit.service import write
from register.work import Work
from tests.authenticator import SecurityKey
from tests.signing import DESK, HERE, ORIGIN, give_app, sign_in, user_of

pytestmark = pytest.mark.usefixtures("people")
TEN_MINUTES, TICK = timedelta(minutes=10), timedelta(microseconds=1)


def key_of(work: Work, username: str) -> SecurityKey:
    """Set up a security key for somebody; give it."""
    key, mine = SecurityKey(ORIGIN), own_session(work, sign_in(work, username))
    asked, _ = invitation(work, mine, mine.user, DESK)
    set_up(work, mine, "key", Proof(answer=key.join(asked)), DESK)
    return key


def test_whom_a_key_knows_is_told_in_the_log_and_its_count_is_kept(work: Work) -> None:
    key = key_of(work, "amina")
    work.now += timedelta(hours=1)
    token = ask_key(work, HERE)
    device = know_by_key(work, token, key.sign(asked_of_key(work, token, DESK)), DESK, HERE)
    assert device
    (held,) = held_by(work, user_of(work, "amina").id)
    assert held.used_at == work.now
    assert work.session.scalars(select(Factor.counter)).one() == key.count == 1
    write(work)
    last = work.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert last is not None
    assert (last.kind, last.subject, last.facts) == (
        *("device:known", "user amina"),
        {"factor": held.id},
    )
    assert begin_try(work, "amina", Caller("192.0.2.1", device)).weighs_on.keys() == {"device"}
    assert begin_try(work, "ben", Caller("192.0.2.1", device)).weighs_on.keys() == {
        *("account", "source")
    }


@pytest.mark.parametrize(("after", "stands"), [(TEN_MINUTES - TICK, True), (TEN_MINUTES, False)])
def test_a_question_stands_for_ten_minutes(work: Work, after: timedelta, *, stands: bool) -> None:
    key = key_of(work, "amina")
    token = ask_key(work, HERE)
    asked = asked_of_key(work, token, DESK)
    work.now += after
    assert (asked_of_key(work, token, DESK) == asked) is stands
    assert bool(know_by_key(work, token, key.sign(asked), DESK, HERE)) is stands
    assert asked_of_key(work, token, DESK) == "", "it was answered"


def test_questions_that_are_over_are_dropped(work: Work) -> None:
    ask_key(work, HERE)
    work.now += TEN_MINUTES - TICK
    ask_key(work, HERE)
    assert work.session.query(KeyFirst).count() == 2
    work.now += TICK
    ask_key(work, HERE)
    assert work.session.query(KeyFirst).count() == 2


def test_a_key_of_somebody_barred_or_an_apps_row_knows_nobody(work: Work) -> None:
    key = key_of(work, "amina")
    user_of(work, "amina").active = False
    work.session.flush()
    token = ask_key(work, HERE)
    assert know_by_key(work, token, key.sign(asked_of_key(work, token, DESK)), DESK, HERE) == ""
    give_app(work, sign_in(work, "ben"))
    token = ask_key(work, HERE)
    asked = asked_of_key(work, token, DESK)
    assert know_by_key(work, token, SecurityKey(ORIGIN).sign(asked), DESK, HERE) == ""
    assert know_by_key(work, "made up", key.sign(asked), DESK, HERE) == ""


def test_one_address_asks_so_often_and_no_more(work: Work) -> None:
    tokens = [ask_key(work, HERE) for _ in range(BUCKETS["source"].burst + 1)]
    assert all(tokens[:-1])
    assert tokens[-1] == ""
    assert asked_of_key(work, tokens[-1], DESK) == ""
    assert ask_key(work, Caller("192.0.2.2")), "control: another address"
