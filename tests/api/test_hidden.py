"""What a seal hides from everybody else is hidden from systems too, and the net beneath holds."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from register.access.seals import Placed
from register.app import create_app
from register.clients.service import create_client
from register.db import make_engine, upgrade_database
from register.linkage.seen import seen_of
from register.numbers import read_number
from register.sealing import seal
from register.settings import Settings
from register.terms import Role, SealReason
from register.underneath.roles import APP, OWNER
from register.underneath.security import roles_sql
from register.webhooks.service import Round
from register.webhooks.subscribing import subscribe
from register.work import OPERATOR, Actor, begin_work
from tests.api.conftest import Clock
from tests.api.speaking import CLIENTS, LEEDS, OPEN, WEST_YORKSHIRE, Speaker
from tests.api.test_webhooks import Receiver
from tests.conftest import Postgres
from tests.underneath.conftest import sign_in

Speak = Callable[[str], Speaker]
OFFICER = Actor("an officer", Role.AUTHORITY_MANAGER, LEEDS)


def test_of_a_child_that_is_sealed_a_system_is_told_nothing(
    engine: Engine, clock: Clock, speak: Speak
) -> None:
    police, leeds = speak("police"), speak("leeds")
    first = police.put(WEST_YORKSHIRE, "W1").get_json()
    theirs = leeds.put(LEEDS, "L1", date_of_birth="2011-06-30").get_json()
    assert police.ask("GET", f"/reports/{WEST_YORKSHIRE}/W1").get_json()["decision"] == "linked"
    _, child = read_number(theirs["child"])
    with begin_work(engine, OFFICER, clock=clock) as work:
        placed = Placed(SealReason.WITNESS, "a witness")
        seal(work, child, placed, seen_of(work, [child]))
    later = {"updated_at": "2026-03-02T22:30:00+00:00"}
    for said in (
        police.ask("GET", f"/reports/{WEST_YORKSHIRE}/W1").get_json(),
        police.put(WEST_YORKSHIRE, "W1", **later).get_json(),
    ):
        assert (said["decision"], said["mismatches"], said["reviews"]) == ("alone", [], [])
        assert (said["child"], said["episode"]) == (first["child"], first["episode"])
    assert police.ask("GET", "/missing").get_json()["missing"] == []
    assert police.ask("GET", "/mismatches").get_json()["mismatches"] == []


@pytest.fixture
def guarded(postgres: Postgres) -> Iterator[Engine]:
    """Give a register as the pages find it where the database holds them to their sight."""
    url = postgres.make("api_guarded")
    with ExitStack() as stack:
        above, owner, app = make_engine(url), sign_in(url, OWNER), sign_in(url, APP)
        for each in (above, owner, app):
            stack.callback(each.dispose)
        with above.begin() as connection:
            connection.execute(text(roles_sql()))
        upgrade_database(owner)
        yield app
    postgres.drop("api_guarded")


def test_over_a_guarded_database_everything_goes_its_way(
    guarded: Engine, clock: Clock, tmp_path: Path
) -> None:
    with begin_work(guarded, OPERATOR, clock=clock) as work:
        keys = {
            name: create_client(work, name, *CLIENTS[name][:2], CLIENTS[name][2])
            for name in ("leeds", "police")
        }
        subscribe(work, "leeds", "https://receiver.example", to_private=False)
    told = {"secret_key": "-", "secure_cookies": False, "instance_dir": str(tmp_path)}
    app = create_app(Settings(**told), guarded, clock=clock)  # type: ignore[arg-type]  # by name
    police, leeds = (Speaker(app, name, keys[name]) for name in ("police", "leeds"))
    assert police.put(WEST_YORKSHIRE, "W1").status_code == 201
    key = {"headers": {"Idempotency-Key": "1"}}
    body = {**OPEN, "date_of_birth": "2011-06-30"}
    path = f"/reports/{LEEDS}/L1"
    first = leeds.ask("PUT", path, json=body, **key)
    assert first.get_json()["decision"] == "linked"
    assert leeds.ask("PUT", path, json=body, **key).data == first.data
    assert leeds.ask("PUT", path, json={**body, "sex": "female"}, **key).status_code == 422
    for each in (path, "/feed", "/missing", "/mismatches", "/changes"):
        assert leeds.ask("GET", each).status_code == 200, each
    assert leeds.ask("GET", "/changes").get_json()["changes"]
    assert leeds.ask("POST", f"{path}/withdraw", json={}).status_code == 200
    receiver = Receiver()
    Round(guarded, receiver, clock).go()
    assert receiver.taken
