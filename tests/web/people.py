"""One person of each kind, who may sign in where the pages are tested."""

import pytest
from argon2 import PasswordHasher

from register.access import passwords
from register.access.service import create_user
from register.terms import Role
from register.work import Work

PASSWORD = "a long enough phrase"  # noqa: S105  # of nobody
LEEDS, MET = "E08000035", "E23000001"
PEOPLE = {
    "amina": (Role.AUTHORITY_USER, LEEDS),
    "ben": (Role.FORCE_USER, MET),
    "cora": (Role.INSPECTOR, ""),
    "dan": (Role.STEWARD, ""),
    "eve": (Role.ADMINISTRATOR, ""),
}


def add_people(work: Work) -> None:
    """Make an account for each of PEOPLE."""
    for username, (role, organisation) in PEOPLE.items():
        create_user(
            work,
            username=username,
            name=f"{username.title()} Test",
            role=role,
            password=PASSWORD,
            organisation=organisation,
        )


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost next to nothing."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    passwords._stand_in.cache_clear()
