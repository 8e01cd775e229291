"""Guessing at passwords and codes: slowed down for the guesser, and for nobody else.

A guess costs a hash of 64 MiB. What is counted is how many hashes were made, so nothing here
depends on how fast a machine is.
"""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from threading import Thread
from types import MappingProxyType

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, func, select

from register.access import factors, passwords, signing_in, throttle
from register.access.factors import Proof
from register.access.models import SignInAttempt, User
from register.access.service import create_user
from register.access.signing_in import (
    Caller,
    begin_try,
    find_half,
    finish_try,
    finish_with_factor,
    finish_with_new_factor,
    try_password,
)
from register.access.throttle import BUCKETS, Bucket
from register.terms import Role
from register.work import begin_work
from tests.authenticator import code_at
from tests.registers import DRILL
from tests.signing import DAY, DESK, Door
from tests.web.conftest import Clock
from tests.web.people import hash_cheaply

PASSWORD = "a long enough phrase"  # noqa: S105  # of nobody
GUESSES, ACCOUNTS, SOURCES = (10_000, 1_000, 200) if DRILL else (2_000, 60, 12)
FEW_SOURCES = SOURCES // 4
"""So few that each would get more through than a source may, if accounts alone held them."""


@pytest.fixture
def door(engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Door:
    """Give the way in of a register where Amina and Ben have accounts."""
    hash_cheaply(monkeypatch)
    clock = Clock(now)
    with begin_work(engine, clock=clock) as work:
        for username in ("amina", "ben"):
            create_user(
                work,
                username=username,
                name="Somebody Test",
                role=Role.AUTHORITY_USER,
                password=PASSWORD,
                organisation="E08000035",
            )
    return Door(engine, clock)


def test_an_account_is_guessed_at_a_hundred_times_a_day_at_most(door: Door) -> None:
    for number in range(GUESSES):
        outcome = door.knock("amina", f"wrong number {number}", f"192.0.2.{number % 250}")
        assert not outcome.token
        door.clock.now += 2 * DAY / GUESSES
    assert 90 <= door.most_in_a_day() <= 100


@pytest.mark.parametrize("rest", [timedelta(0), timedelta(minutes=16), timedelta(minutes=61)])
def test_no_rhythm_gets_more_guesses(door: Door, rest: timedelta) -> None:
    for _ in range(150):
        outcome = door.knock("amina", "wrong wrong wrong", "192.0.2.1")
        door.clock.now += max(outcome.wait, rest)
    assert door.most_in_a_day() <= 100


def test_control_a_wider_bucket_is_found(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    wider = {**BUCKETS, "account": Bucket(10, timedelta(minutes=14))}
    monkeypatch.setattr(throttle, "BUCKETS", MappingProxyType(wider))
    for number in range(500):
        door.knock("amina", "wrong wrong wrong", f"192.0.2.{number % 250}")
        door.clock.now += 2 * DAY / 500
    assert door.most_in_a_day() > 100


def test_whoever_is_known_gets_in_while_somebody_guesses(door: Door) -> None:
    device = door.knock("amina", PASSWORD, "198.51.100.1").device
    for number in range(60):
        # The guesser sits behind the same address as all of the force.
        door.knock("amina", f"wrong number {number}", "198.51.100.1")
        door.knock(f"other{number}", "wrong wrong wrong", "198.51.100.1")
        door.clock.now += timedelta(seconds=5)
    assert door.knock("amina", PASSWORD, "198.51.100.1").wait > timedelta(0), "control: a stranger"
    assert door.knock("amina", "mistyped password", "198.51.100.1", device).wait == timedelta(0)
    assert door.knock("amina", PASSWORD, "198.51.100.1", device).token
    assert door.knock("amina", PASSWORD, "203.0.113.7", device).token, "from elsewhere too"


def test_a_device_is_known_for_its_own_people_only(door: Door) -> None:
    device = door.knock("amina", PASSWORD, "198.51.100.1").device
    for _ in range(10):
        door.knock("ben", "wrong wrong wrong", "198.51.100.1", device)
    assert door.knock("ben", PASSWORD, "198.51.100.1", device).wait > timedelta(0)
    assert door.knock("amina", PASSWORD, "198.51.100.1", device).token


def test_a_known_device_is_no_way_to_guess_without_end(door: Door) -> None:
    device = door.knock("amina", PASSWORD, "198.51.100.1").device
    door.looked_at.clear()
    for number in range(400):
        door.knock("amina", f"wrong number {number}", "198.51.100.1", device)
        door.clock.now += 2 * DAY / 400
    assert door.most_in_a_day() <= 100


@pytest.mark.parametrize("device", ["made-up", "x" * 43, "", "\x00", "\ud800"])
def test_a_device_that_nobody_was_given_is_not_known(door: Door, device: str) -> None:
    for _ in range(10):
        door.knock("amina", "wrong wrong wrong", "192.0.2.1", device)
    assert door.knock("amina", PASSWORD, "192.0.2.1", device).wait > timedelta(0)


def test_a_browser_keeps_no_token_that_somebody_planted(door: Door) -> None:
    planted = "p" * 43
    given = door.knock("amina", PASSWORD, "192.0.2.1", planted).device
    assert given != planted
    assert door.knock("ben", PASSWORD, "192.0.2.1", given).device == given, "two at one desk"


def test_a_device_that_was_not_used_for_long_is_forgotten(door: Door) -> None:
    device = door.knock("amina", PASSWORD, "192.0.2.1").device
    door.clock.now += signing_in.DEVICE_LASTS
    for _ in range(10):
        door.knock("amina", "wrong wrong wrong", "192.0.2.1", device)
    assert door.knock("amina", PASSWORD, "192.0.2.2").wait > timedelta(0)


def stuff(door: Door, sources: int) -> tuple[Counter[str], Counter[str]]:
    """Try fifteen leaked passwords an account; count what got through, by account and source."""
    random = Random(903)  # noqa: S311  # deals the cards the same each time
    tries = [f"person{number % ACCOUNTS}" for number in range(15 * ACCOUNTS)]
    random.shuffle(tries)
    by_account: Counter[str] = Counter()
    by_source: Counter[str] = Counter()
    for at, name in enumerate(tries):
        source = f"192.0.2.{at % sources}"
        outcome = door.knock(name, f"leaked number {at}", source)
        assert not outcome.token
        by_account[name] += not outcome.wait
        by_source[source] += not outcome.wait
    return by_account, by_source


def test_stuffing_from_many_addresses_gets_through_ten_an_account(door: Door) -> None:
    by_account, by_source = stuff(door, SOURCES)
    assert {*by_account.values()} == {BUCKETS["account"].burst}
    assert max(by_source.values()) < BUCKETS["source"].burst, "which hold nobody here"


def test_stuffing_from_few_addresses_gets_through_a_hundred_an_address(door: Door) -> None:
    by_account, by_source = stuff(door, FEW_SOURCES)
    assert {*by_source.values()} == {BUCKETS["source"].burst}
    assert min(by_account.values()) < BUCKETS["account"].burst, "which hold few here"


def test_one_address_cannot_spray_without_end(door: Door) -> None:
    outcomes = [
        door.knock(f"person{number}", "wrong wrong wrong", "192.0.2.1") for number in range(150)
    ]
    assert sum(not outcome.wait for outcome in outcomes) == BUCKETS["source"].burst
    assert door.knock("amina", PASSWORD, "192.0.2.2").token, "another address is free"


@pytest.mark.parametrize("username", ["amina", "nobody"])
def test_a_known_and_an_unknown_name_cost_the_same(
    door: Door, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same hashes, the same statements: what a clock could tell apart is the hash."""
    hashed = _counted(monkeypatch)
    door.knock(username, "wrong wrong wrong", "192.0.2.1")
    assert hashed == ["wrong wrong wrong"]
    for _ in range(9):
        assert door.knock(username, "wrong wrong wrong", "192.0.2.1").wait == timedelta(0)
    assert door.knock(username, "wrong wrong wrong", "192.0.2.1").wait == timedelta(minutes=16)
    assert len(hashed) == 10, "what must wait costs no hash"


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    passwords._stand_in()  # as in a program that has run for a moment
    made: list[str] = []
    plain = passwords._hasher

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            made.append(password)
            return plain.verify(kept, password)

        def check_needs_rehash(self, kept: str) -> bool:
            return plain.check_needs_rehash(kept)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    return made


def test_who_is_barred_while_the_password_is_looked_at_stays_out(door: Door) -> None:
    with begin_work(door.engine, clock=door.clock) as work:
        tried = begin_try(work, "amina", Caller("192.0.2.1"))
    with begin_work(door.engine, clock=door.clock) as work:
        user = work.session.get(User, tried.user_id)
        assert user is not None
        user.active = False
    fits, _ = try_password(tried, PASSWORD)
    assert fits
    with begin_work(door.engine, clock=door.clock) as work:
        assert not finish_try(work, tried, fits=fits, second_factor=False).token


def test_a_hash_of_another_cost_is_made_anew(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    )
    passwords._stand_in.cache_clear()
    assert door.knock("amina", PASSWORD, "192.0.2.1").token
    with begin_work(door.engine, clock=door.clock) as work:
        kept = work.session.scalars(
            select(User.password_hash).where(User.username == "amina")
        ).one()
    assert "m=16,t=2,p=1" in kept


def test_what_weighs_nothing_any_more_is_dropped(door: Door) -> None:
    for number in range(20):
        door.knock(f"person{number}", "wrong wrong wrong", "192.0.2.1")
    door.clock.now += DAY
    door.knock("amina", "wrong wrong wrong", "192.0.2.1")
    with begin_work(door.engine, clock=door.clock) as work:
        assert work.session.scalar(select(func.count()).select_from(SignInAttempt)) == 2


def race(door: Door) -> list[str]:
    """Send one code from two browsers, the second while the first is at it; tell what came."""
    stages: list[str] = []
    halves = [door.half("amina") for _ in range(3)]
    with begin_work(door.engine, clock=door.clock) as work:
        half = find_half(work, halves[2], to_finish=True)
        assert half is not None
        secret = DESK.key.derive(f"secret {half.digest} {half.challenge.hex()}", 20)
        first = Proof(code=code_at(secret, work.now))
        device = finish_with_new_factor(work, half, "app", first, DESK, Caller("192.0.2.1")).device
    door.clock.now += timedelta(minutes=2)
    proof = Proof(code=code_at(secret, door.clock.now))

    def finish(token: str, device: str) -> None:
        with begin_work(door.engine, clock=door.clock) as work:
            half = find_half(work, token, to_finish=True)
            assert half is not None
            found = finish_with_factor(work, half, proof, DESK, Caller("192.0.2.1", device))
            stages.append(found.stage)
            if len(stages) == 1:
                second.start()
                second.join(0.5)
                assert second.is_alive(), "it waits until the first has committed"

    second = Thread(target=finish, args=(halves[1], device))
    finish(halves[0], "")  # a browser that is not known: the two weigh on buckets of their own
    second.join()
    return stages


def test_of_two_who_send_one_code_at_once_one_gets_in(door: Door) -> None:
    assert race(door) == ["whole", "refused"]


def test_control_where_nobody_waits_for_the_other_both_get_in(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    if door.engine.dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    held = factors._factors
    monkeypatch.setattr(factors, "_factors", lambda *who, **_: held(*who))
    assert race(door) == ["whole", "whole"]
