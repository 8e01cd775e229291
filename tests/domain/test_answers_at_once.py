"""Of two who send one answer of a security key at the same moment, one is taken."""

from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from register.access.factors import Proof, invitation, prove, question, set_up
from register.access.sessions import own_session
from register.work import begin_work
from tests.authenticator import SecurityKey
from tests.signing import DESK, ORIGIN, sign_in
from tests.web.people import add_people, hash_cheaply


@pytest.fixture
def signed_in(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Give a session of Amina's, and what a key of hers answers in it; it keeps no count."""
    hash_cheaply(monkeypatch)
    key = SecurityKey(ORIGIN, counts=False)
    with begin_work(engine) as work:
        add_people(work)
        token = sign_in(work)
        mine = own_session(work, token)
        asked, _ = invitation(work, mine, mine.user, DESK)
        set_up(work, mine, "key", Proof(answer=key.join(asked)), DESK)
    with begin_work(engine) as work:
        return token, key.sign(question(work, own_session(work, token), DESK))


def race(engine: Engine, token: str, answer: str) -> list[bool]:
    """Send one answer twice, the second while the first is looked at; tell which held."""
    held: list[bool] = []

    def send() -> None:
        with begin_work(engine) as work:
            held.append(prove(work, own_session(work, token), Proof(answer=answer), DESK))
            if len(held) == 1:
                second.start()
                second.join(0.5)
                assert second.is_alive(), "it waits until the first has committed"

    second = Thread(target=send)
    send()
    second.join()
    return held


def test_one_of_two_is_taken(engine: Engine, signed_in: tuple[str, str]) -> None:
    assert race(engine, *signed_in) == [True, False]


def test_control_where_the_session_is_not_held_both_are(
    engine: Engine, signed_in: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    refresh = Session.refresh
    monkeypatch.setattr(Session, "refresh", lambda self, row, **_: refresh(self, row))
    assert race(engine, *signed_in) == [True, True]
