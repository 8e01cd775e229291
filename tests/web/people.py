"""One person of each kind, who may sign in where the pages are tested."""

from datetime import date

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from register.access import passwords
from register.access.models import User
from register.access.needing import Why, add_inspection, give
from register.access.service import create_user
from register.linkage.models import Membership
from register.terms import Role
from register.work import Work

PASSWORD = "a long enough phrase"  # noqa: S105  # of nobody
LEEDS, MET = "E08000035", "E23000001"
BARKING, WEST_YORKSHIRE = "E09000002", "E23000010"
PEOPLE = {
    "amina": (Role.AUTHORITY_USER, LEEDS),
    "ben": (Role.FORCE_USER, MET),
    "cora": (Role.INSPECTOR, ""),
    "dan": (Role.STEWARD, ""),
    "eve": (Role.ADMINISTRATOR, ""),
    "mel": (Role.AUTHORITY_MANAGER, LEEDS),
    "fay": (Role.FORCE_COORDINATOR, MET),
    "gus": (Role.FORCE_COORDINATOR, WEST_YORKSHIRE),
    "pia": (Role.POLICE_INSPECTOR, ""),
    "kim": (Role.DEPARTMENT, ""),
    "dot": (Role.DATA_PROTECTION_OFFICER, ""),
}
DAYS = (date(2026, 1, 1), date(2026, 3, 31))
INSPECTED = {"cora": (LEEDS, BARKING), "pia": (WEST_YORKSHIRE,)}
"""The organisations that each inspector's open inspection is of."""


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
    for username, organisations in INSPECTED.items():
        add_inspection(work, organisations, DAYS, [username])


def show_whole(work: Work, username: str) -> None:
    """Give every child there is to somebody, to be seen whole."""
    person = User(username=username, organisation="")
    for child in sorted(set(work.session.scalars(select(Membership.child_id)))):
        give(work, child, Why.SAMPLED, "For a test", to=person)


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost next to nothing."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    passwords._stand_in.cache_clear()
