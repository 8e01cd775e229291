"""A register with a system for each side, and a way to speak as each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from register.app import create_app
from register.clients.service import create_client
from register.settings import Settings
from register.work import OPERATOR, begin_work
from tests.api.speaking import CLIENTS, Speaker


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.step = timedelta(0)

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    """Give the clock of the application under test."""
    return Clock(now)


@pytest.fixture
def keys(engine: Engine, clock: Clock) -> dict[str, str]:
    """Make a client of each kind, and give their secrets by name."""
    with begin_work(engine, OPERATOR, clock=clock) as work:
        return {
            name: create_client(work, name, role, organisation, scopes)
            for name, (role, organisation, scopes) in CLIENTS.items()
        }


@pytest.fixture
def app(engine: Engine, clock: Clock, tmp_path: Path, keys: dict[str, str]) -> Flask:
    """Give the application."""
    del keys
    settings = Settings(
        secret_key="for tests only",  # noqa: S106  # signs nothing of worth
        secure_cookies=False,
        instance_dir=str(tmp_path),
    )
    return create_app(settings, engine, clock=clock)


@pytest.fixture
def speak(app: Flask, keys: dict[str, str]) -> Callable[[str], Speaker]:
    """Give a way to be one of CLIENTS, with a token."""

    def begin(name: str) -> Speaker:
        return Speaker(app, name, keys[name])

    return begin
