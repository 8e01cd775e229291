"""Each act on an account, a way in, a seal or a judgement leaves the entry that tells of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from register.access.factors import Proof, held_by, remove
from register.access.models import LoginSession
from register.access.recovery import ask_recovery, confirm_recovery, withdraw_recovery
from register.access.seals import find_seals
from register.access.service import (
    activate_user,
    attest_user,
    change_own_password,
    change_role,
    create_user,
    deactivate_user,
    end_sessions_of,
)
from register.access.sessions import end_own_session, end_session, own_session
from register.access.signing_in import begin_try, find_half, finish_try, finish_with_factor
from register.access.stepping_up import Purpose, fresh_sign_in
from register.audit.models import AuditEvent
from register.audit.service import write
from register.linkage.judgements import decide, withdraw
from register.sealing import change_seal
from register.terms import Role
from register.work import Actor, Work, begin_work
from tests.domain.test_seals import MANAGER, MINA, place
from tests.registers import AUTHORITY, FORCE, NOW, OTHER_FORCE, say, send
from tests.signing import DESK, EVE, FAY, HERE, give_app, sign_in, step, user_of

Entry = tuple[str, str, dict[str, object]]
News = Callable[[], list[Entry]]
AMINA = "user amina"


def entries_of(work: Work) -> list[Entry]:
    """Give what the log says, in its order: the kind, the subject and the facts of each entry."""
    write(work)
    rows = work.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
    return [(row.kind, row.subject, row.facts) for row in rows]


@pytest.fixture
def news(work: Work, people: None) -> News:  # noqa: ARG001  # they are there before
    """Give a way to read what the log said since it was read last."""
    read = len(entries_of(work))

    def since() -> list[Entry]:
        nonlocal read
        every = entries_of(work)
        fresh, read = every[read:], len(every)
        return fresh

    return since


def test_what_an_administrator_does_to_an_account(work: Work, news: News) -> None:
    create_user(
        work,
        username="hal",
        name="Hal Test",
        role=Role.FORCE_USER,
        password="gravel teapot mirror",  # noqa: S106  # of nobody
        organisation="E23000001",
    )
    change_role(work, "hal", Role.STEWARD, "")
    attest_user(work, "hal", "Sue Sponsor")
    assert news() == [
        ("user:added", "user hal", {"role": "force_user", "organisation": "E23000001"}),
        ("user:changed", "user hal", {"role": "steward", "organisation": ""}),
        ("user:attested", "user hal", {}),
    ]
    sign_in(work), sign_in(work)
    news()
    assert end_sessions_of(work, "amina") == 2
    deactivate_user(work, "amina")
    activate_user(work, "amina", "Sue Sponsor")
    assert news() == [
        ("user:signed_out", AMINA, {"sessions": 2}),
        ("user:disabled", AMINA, {}),
        ("user:signed_out", AMINA, {"sessions": 0}),
        ("user:enabled", AMINA, {}),
        ("user:attested", AMINA, {}),
    ]


def test_how_two_let_in_who_lost_the_way(work: Work, news: News) -> None:
    give_app(work, sign_in(work))
    (app,) = held_by(work, user_of(work, "amina").id)
    news()
    work.actor = EVE
    ask_recovery(work, "amina", "she rang")
    withdraw_recovery(work, "amina")
    ask_recovery(work, "amina", "she rang again")
    work.actor = FAY
    confirm_recovery(work, "amina")
    assert news() == [
        ("user:recovery_asked", AMINA, {}),
        ("user:recovery_refused", AMINA, {}),
        ("user:recovery_asked", AMINA, {}),
        ("factor:removed", AMINA, {"factor": app.id, "means": "app"}),
        ("user:signed_out", AMINA, {"sessions": 1}),
        ("user:recovered", AMINA, {"factors": 1, "asked_by": "eve"}),
    ]


def test_each_try_to_sign_in_and_never_a_name_that_nobody_bears(work: Work, news: News) -> None:
    step(work)
    for username in ("amina", "a password typed as a name"):
        finish_try(work, begin_try(work, username, HERE), fits=False, second_factor=False)
    assert news() == [
        ("user:signed_in", AMINA, {"device": "new"}),
        ("user:refused", AMINA, {"why": "does not fit"}),
        ("user:refused", "", {"why": "does not fit"}),
    ]
    for _ in range(9):
        begin_try(work, "amina", HERE)
    assert news() == [], "control: ten may be tried"
    assert begin_try(work, "amina", HERE).wait
    assert news() == [("user:refused", "", {"why": "too many tries"})]


def test_second_steps_and_what_did_not_hold(work: Work, news: News) -> None:
    token = sign_in(work)
    news()
    give_app(work, token)
    (first,) = held_by(work, user_of(work, "amina").id)
    assert news() == [("factor:added", AMINA, {"factor": first.id, "means": "app"})]
    for _ in range(20):
        half = find_half(work, step(work, second=True).token)
        assert half is not None
        finish_with_factor(work, half, Proof(code="000000"), DESK, HERE)
    assert news() == [("user:refused", AMINA, {"why": "second step does not hold"})] * 20
    half = find_half(work, step(work, second=True).token)
    assert half is not None
    finish_with_factor(work, half, Proof(code="000000"), DESK, HERE)
    assert news() == [("user:refused", AMINA, {"why": "too many codes"})]


def test_a_second_step_that_is_taken_away(work: Work, news: News) -> None:
    token = sign_in(work)
    give_app(work, token)
    work.now = work.now.replace(minute=work.now.minute + 5)
    give_app(work, token)
    first, _ = held_by(work, user_of(work, "amina").id)
    news()
    remove(work, user_of(work, "amina"), first.id)
    assert news() == [("factor:removed", AMINA, {"factor": first.id, "means": "app"})]


def test_sessions_that_end_and_proofs_that_are_asked_anew(work: Work, news: News) -> None:
    token, other, third = sign_in(work), sign_in(work), sign_in(work)
    news()
    end_own_session(work, token, own_session(work, other).digest)
    end_session(work, third)
    end_session(work, third)
    assert news() == [("user:signed_out", AMINA, {})] * 2, "what is over does not end again"
    assert fresh_sign_in(work, token, Purpose.PLACE, holds=True)
    assert news() == [("user:confirmed", AMINA, {"purpose": "place"})]
    for _ in range(5):
        fresh_sign_in(work, token, Purpose.GLASS, holds=False)
    refused = ("user:refused", AMINA, {"why": "not confirmed", "purpose": "glass"})
    assert news() == [refused] * 5 + [("user:signed_out", AMINA, {"why": "not confirmed"})]


def test_another_password(work: Work, news: News) -> None:
    token, _ = sign_in(work), sign_in(work)
    news()
    change_own_password(work, token, "gravel teapot mirror")
    assert news() == [
        ("password:changed", AMINA, {}),
        ("user:signed_out", AMINA, {"sessions": 1}),
    ]
    running = select(LoginSession).where(LoginSession.ended_at.is_(None))
    assert [each.digest for each in work.session.scalars(running)] == [
        own_session(work, token).digest
    ]


def test_a_seal_from_its_first_day_to_its_last(engine: Engine) -> None:
    send(engine, [say(AUTHORITY, "A1", **MINA), say(FORCE, "P1", **MINA)])
    number = place(engine, "A1")
    send(engine, [say(OTHER_FORCE, "Q1", **MINA)])
    with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
        find_seals(work)
        change_seal(work, number, "reviewed", "still so")
        change_seal(work, number, "released", "the danger is over")
    with begin_work(engine) as work:
        told = [each for each in entries_of(work) if "seal" in each[0] + each[1]]
    whose, seal = {"organisation": AUTHORITY}, f"seal {number}"
    assert told == [
        ("child:sealed", seal, {"reason": "high_risk", **whose}),
        ("seal:grown", seal, {"reports": [1, 2], "how": "named"}),
        ("seal:grown", seal, {"reports": [3], "how": "joined"}),
        ("list:viewed", "seals", {"seals": [number]}),
        ("seal:reviewed", seal, {"report": None}),
        ("child:unsealed", seal, {"report": None}),
    ]


def test_a_judgement_and_that_it_was_taken_back(engine: Engine) -> None:
    send(engine, [say(FORCE, f"P{n}", surname=f"Quil{chr(97 + n)}er") for n in range(1, 8)])
    with begin_work(engine, Actor("stef", Role.STEWARD)) as work:
        before = len(entries_of(work))
        decide(work, [(1, other) for other in range(7, 1, -1)], "different", "seen")
        assert withdraw(work, 1, "not so") == set(range(1, 8))
        assert withdraw(work, 1, "not so") == set()
        told = entries_of(work)[before:]
    named = "; ".join(f"1 and {other}" for other in range(2, 7))
    assert told == [
        ("link:decided", f"reports {named}", {"verdict": "different", "pairs": 6}),
        ("link:withdrawn", "judgement 1", {"pairs": 6}),
    ]
