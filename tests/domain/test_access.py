"""Accounts, sessions and sight: what opens, what no longer opens, and what tells nothing."""

from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from register.access.models import LoginSession, Reach, User
from register.access.needing import add_inspection
from register.access.policy import ROLES, Permission, sight_of
from register.access.reach import is_seen_by, set_reach
from register.access.service import create_user, deactivate_user, end_sessions_of, find_users
from register.access.sessions import end_session, find_session, touch_session
from register.access.signing_in import Caller, Outcome, begin_try, finish_try, try_password
from register.errors import Conflict, Forbidden, Invalid
from register.settings import Settings
from register.terms import Role
from register.work import OPERATOR, Actor, Work
from tests.web.people import hash_cheaply

PASSWORD = "a long enough phrase"  # noqa: S105  # of nobody
SETTINGS = Settings()


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply: these tests count tries, they don't withstand an attacker."""
    hash_cheaply(monkeypatch)


def sign_in(work: Work, username: str, password: str, address: str, device: str = "") -> Outcome:
    """Sign in by the password alone, as where there is no second step."""
    tried = begin_try(work, username, Caller(address, device))
    if tried.wait:
        return Outcome(wait=tried.wait)
    fits, rehashed = try_password(tried, password)
    return finish_try(work, tried, rehashed, fits=fits, second_factor=False)


def test_passwords_are_hashed_at_the_cost_the_standard_advises() -> None:
    """RFC 9106, section 4, second recommended option."""
    hasher = PasswordHasher()
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 65536, 4)


def add_amina(work: Work) -> User:
    return create_user(
        work,
        username="amina",
        name="Amina Test",
        role=Role.AUTHORITY_USER,
        password=PASSWORD,
        organisation="E08000035",
    )


def test_a_session_opens_and_ends_at_the_server(work: Work) -> None:
    user = add_amina(work)
    token = sign_in(work, " Amina ", PASSWORD, "192.0.2.1").token
    visit = find_session(work, token, SETTINGS)
    assert visit is not None
    assert visit.actor == Actor("amina", Role.AUTHORITY_USER, "E08000035", user.id)
    assert not visit.is_touch_due
    end_session(work, token)
    assert find_session(work, token, SETTINGS) is None


def test_the_database_holds_no_token_and_no_password(work: Work) -> None:
    add_amina(work)
    token = sign_in(work, "amina", PASSWORD, "192.0.2.1").token
    session = work.session.scalars(select(LoginSession)).one()
    assert len(token) >= 43
    assert token not in session.digest
    assert session.user.password_hash.startswith("$argon2id$")


def test_each_sign_in_has_a_token_of_its_own(work: Work) -> None:
    add_amina(work)
    tokens = {sign_in(work, "amina", PASSWORD, "192.0.2.1").token for _ in range(3)}
    assert len(tokens) == 3
    work.actor = OPERATOR
    assert end_sessions_of(work, "amina") == 3
    assert all(find_session(work, token, SETTINGS) is None for token in tokens)


def test_a_session_ends_idle_or_old(work: Work) -> None:
    add_amina(work)
    token = sign_in(work, "amina", PASSWORD, "192.0.2.1").token
    work.now += timedelta(minutes=14)
    visit = find_session(work, token, SETTINGS)
    assert visit is not None
    assert visit.is_touch_due
    touch_session(work, token)
    work.now += timedelta(minutes=14)
    assert find_session(work, token, SETTINGS) is not None
    work.now += timedelta(minutes=1)
    assert find_session(work, token, SETTINGS) is None, "idle for 15 minutes"


def test_a_session_that_is_used_ends_after_twelve_hours(work: Work) -> None:
    add_amina(work)
    token = sign_in(work, "amina", PASSWORD, "192.0.2.1").token
    for _ in range(71):
        work.now += timedelta(minutes=10)
        assert find_session(work, token, SETTINGS) is not None
        touch_session(work, token)
    work.now += timedelta(minutes=10)
    assert find_session(work, token, SETTINGS) is None


def test_a_barred_user_is_out_at_once(work: Work) -> None:
    add_amina(work)
    token = sign_in(work, "amina", PASSWORD, "192.0.2.1").token
    work.actor = OPERATOR
    deactivate_user(work, "amina")
    assert find_session(work, token, SETTINGS) is None
    assert sign_in(work, "amina", PASSWORD, "192.0.2.1").token == ""


@pytest.mark.parametrize("username", ["amina", "nobody", "", "\x00", "x" * 5000, "'; --"])
@pytest.mark.parametrize("password", ["", "wrong wrong wrong", "\x00", "\ud800" * 12, "x" * 500])
def test_what_does_not_fit_opens_nothing(work: Work, username: str, password: str) -> None:
    add_amina(work)
    assert sign_in(work, username, password, "192.0.2.1").token == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "Ä b"}, "username"),
        ({"name": " "}, "name"),
        ({"password": "short"}, "password"),
        ({"role": Role.OPERATOR}, "role"),
        ({"organisation": ""}, "organisation"),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_field(
    work: Work, change: dict[str, str], field: str
) -> None:
    good = {
        "username": "ben",
        "name": "Ben Test",
        "role": Role.FORCE_USER,
        "password": PASSWORD,
        "organisation": "E23000001",
    }
    with pytest.raises(Invalid) as caught:
        create_user(work, **{**good, **change})  # type: ignore[arg-type]  # a table of bad values
    assert list(caught.value.problems) == [field]


def test_a_taken_username_is_refused(work: Work) -> None:
    add_amina(work)
    with pytest.raises(Conflict, match="amina is taken"):
        add_amina(work)


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_may_manage_users_do(work: Work, role: Role) -> None:
    work.actor = Actor("somebody", role, "E08000035")
    if Permission.USER_MANAGE in ROLES[role]:
        assert find_users(work) == []
    else:
        with pytest.raises(Forbidden):
            find_users(work)


def test_sight_is_by_reach_and_follows_it(work: Work) -> None:
    leeds = Actor("amina", Role.AUTHORITY_USER, "E08000035")
    met = Actor("ben", Role.FORCE_USER, "E23000001")
    inspector, steward = Actor("cora", Role.INSPECTOR), Actor("stef", Role.STEWARD)
    administrator = Actor("dan", Role.ADMINISTRATOR)
    set_reach(
        work,
        {
            1: frozenset({("E08000035", "reports"), ("E23000001", "polices")}),
            2: frozenset({("E23000001", "reports")}),
        },
    )

    def seen(actor: Actor) -> set[int]:
        return set(work.session.scalars(select(Reach.child).where(is_seen_by(actor, Reach.child))))

    assert seen(leeds) == {1}
    assert seen(met) == {1, 2}
    assert seen(steward) == {1, 2}
    assert seen(inspector) == set(), "nothing is assigned to this inspector"
    made = add_inspection(work, ["E08000035"], (date(2026, 1, 1), date(2026, 3, 1)), ["cora"])
    assert seen(inspector) == {1}
    assert seen(Actor("pia", Role.POLICE_INSPECTOR)) == set(), "assigned to another"
    made.closed_at = work.now
    work.session.flush()
    assert seen(inspector) == set()
    assert seen(administrator) == set()
    assert seen(Actor("lost", Role.FORCE_USER)) == set(), "nobody without organisation sees any"
    set_reach(work, {1: frozenset({("E08000035", "reports")}), 2: frozenset()})
    assert seen(leeds) == {1}
    assert seen(met) == set()


def test_sight_covers_by_organisation() -> None:
    assert sight_of(Actor("a", Role.FORCE_USER, "BTP")).covers(frozenset({"BTP"}))
    assert not sight_of(Actor("a", Role.FORCE_USER)).covers(frozenset({""}))
    assert not sight_of(Actor("a", Role.ADMINISTRATOR, "BTP")).covers(frozenset({"BTP"}))
    assert sight_of(Actor("a", Role.STEWARD)).covers(frozenset())
