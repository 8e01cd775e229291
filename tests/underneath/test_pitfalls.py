"""The ways in which row-level security has failed others, each tried on the register."""

import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from register.access import policy
from register.terms import Role
from register.underneath import roles
from register.underneath.roles import APP, BACKUP, OWNER, Asks, stand_as
from register.underneath.tables import GUARDS
from register.work import Actor, begin_work
from tests.postgres import as_server, server_program
from tests.registers import DRILL
from tests.underneath.children import TENANTS, reporters_shown, shown
from tests.underneath.conftest import SignIn

CHILDREN = sorted(name for name, guard in GUARDS.items() if guard.shown is not None)
READ_BY_THE_APP = [name for name in CHILDREN if GUARDS[name].app]
MINE, OTHER = TENANTS[0], TENANTS[1]
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
REQUESTS = 10_000 if DRILL else 2_000


def person(organisation: str, role: Role = Role.AUTHORITY_USER) -> Actor:
    return Actor("ada", role, organisation)


def asks(role: Role = Role.AUTHORITY_USER) -> Asks:
    code = MINE if role is Role.AUTHORITY_USER else ""
    return Asks("ada", role, code, datetime(2026, 3, 9, tzinfo=UTC))


@pytest.mark.parametrize("table", READ_BY_THE_APP)
def test_who_does_not_say_who_asks_is_shown_nothing(
    enter: SignIn, above: Engine, table: str
) -> None:
    with enter(APP).connect() as connection:
        assert shown(connection, table) == 0
        for name in ("organisation", "organisations", "given", "as_at"):
            said = {"name": f"register.{name}"}
            connection.execute(text("SELECT set_config(:name, '', true)"), said)
        assert shown(connection, table) == 0
    with above.connect() as connection:
        assert shown(connection, table), "the control: there is what is hidden"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.NOBODY])
def test_who_may_see_no_child_is_shown_none(enter: SignIn, role: Role) -> None:
    with begin_work(enter(APP), person("", role), writes=False) as work:
        assert [shown(work.session.connection(), table) for table in READ_BY_THE_APP] == [0] * len(
            READ_BY_THE_APP
        )


def test_everybody_is_shown_their_own_and_nobody_elses(enter: SignIn) -> None:
    app = enter(APP)
    for number, code in enumerate(TENANTS):
        with begin_work(app, person(code), writes=False) as work:
            reporters = reporters_shown(work.session.connection())
            standing = text("SELECT count(*) FROM child WHERE known_to IS NULL")
            children = work.session.connection().scalar(standing)
        others = {each for each in reporters if each in TENANTS} - {code}
        assert others == set()
        assert code in reporters
        assert children == 1
        assert (len(reporters) == 2) is (number % 5 == 0)


def test_who_sees_all_is_shown_all(enter: SignIn) -> None:
    with begin_work(enter(APP), person("", Role.STEWARD), writes=False) as work:
        assert reporters_shown(work.session.connection()) > {*TENANTS}


def _fail_here(_connection: Connection) -> None:
    raise ZeroDivisionError


def _fail_there(connection: Connection) -> None:
    connection.execute(text("SELECT 1 / 0"))


_ENDS: Sequence[Callable[[Connection], object]] = (repr, repr, repr, _fail_here, _fail_there)


def _foreign_rows(engine: Engine, requests: int) -> int:
    """Ask as one authority after another over one connection, some breaking off; count others'."""
    chance = random.Random(9)  # noqa: S311  # chooses who asks
    foreign, processes = 0, set()
    for _ in range(requests):
        code, writes = chance.choice(TENANTS), chance.random() < 0.3
        broken_off = suppress(ZeroDivisionError, DBAPIError)
        with broken_off, begin_work(engine, person(code), writes=writes) as work:
            connection = work.session.connection()
            processes.add(connection.scalar(text("SELECT pg_backend_pid()")))
            foreign += len({*TENANTS} & reporters_shown(connection) - {code})
            chance.choice(_ENDS)(connection)
        with engine.connect() as connection:  # the next one forgets to say who asks
            foreign += len(reporters_shown(connection))
    assert len(processes) == 1, "the pool opened another connection"
    return foreign


def test_nobody_is_shown_a_row_of_who_asked_before(enter: SignIn) -> None:
    assert _foreign_rows(enter(APP, pool_size=1, max_overflow=0), REQUESTS) == 0


def test_control_a_plain_set_outlives_its_transaction(
    enter: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand_for_good(connection: Connection, asks: Asks) -> None:
        outlives = text("SELECT set_config('register.organisations', :codes, false)")
        connection.execute(outlives, {"codes": f"{{{asks.organisation}}}"})

    monkeypatch.setattr("register.work.stand_as", stand_for_good)
    assert _foreign_rows(enter(APP, pool_size=1, max_overflow=0), 50) > 0


@pytest.mark.usefixtures("apart")
def test_the_owner_is_shown_nothing_either(enter: SignIn, above: Engine) -> None:
    owner = enter(OWNER)
    with owner.connect() as connection:
        assert [shown(connection, table) for table in CHILDREN] == [0] * len(CHILDREN)
    with above.begin() as connection:
        connection.execute(text("ALTER TABLE report NO FORCE ROW LEVEL SECURITY"))
    with owner.connect() as connection:
        assert shown(connection, "report") > 0, "the control: not forced, the owner sees all"


def _refusal(engine: Engine, statement: str, **said: object) -> str:
    with engine.connect() as connection:
        stand_as(connection, asks())
        with pytest.raises(DBAPIError) as refusal:
            connection.execute(text(statement), said)
    return str(refusal.value.orig)


_ADD = (
    "INSERT INTO report (organisation, kind, reference, received_at) "
    "VALUES (:code, 'missing', :reference, :at)"
)
_HOLD = "INSERT INTO extract_report (extract_id, report_id) VALUES (1, :number)"


def _hidden(above: Engine) -> object:
    with above.connect() as connection:
        of_other = text("SELECT min(id) FROM report WHERE organisation = :code")
        return connection.scalar(of_other, {"code": OTHER})


def test_a_unique_key_tells_nobody_what_others_have(enter: SignIn, now: datetime) -> None:
    there = _refusal(enter(APP), _ADD, code=OTHER, reference="A-1", at=now)
    absent = _refusal(enter(APP), _ADD, code=OTHER, reference="nobody's", at=now)
    assert there == absent
    assert "permission denied" in there


def test_a_foreign_key_tells_nobody_what_others_have(enter: SignIn, above: Engine) -> None:
    there = _refusal(enter(APP), _HOLD, number=_hidden(above))
    assert there == _refusal(enter(APP), _HOLD, number=-1)
    assert "permission denied" in there


@pytest.mark.usefixtures("apart")
def test_control_who_may_add_is_told_by_either_key(
    enter: SignIn, above: Engine, now: datetime
) -> None:
    """What the keys would tell if the app could add: so it cannot."""
    with enter(APP).connect() as connection:
        stand_as(connection, asks(Role.OPERATOR))
        connection.execute(text(_ADD), {"code": OTHER, "reference": "nobody's", "at": now})
        with pytest.raises(DBAPIError, match="duplicate key"):
            connection.execute(text(_ADD), {"code": OTHER, "reference": "A-1", "at": now})
        connection.rollback()
        stand_as(connection, asks(Role.OPERATOR))
        connection.execute(text(_HOLD), {"number": _hidden(above)})
        with pytest.raises(DBAPIError, match="foreign key"):
            connection.execute(text(_HOLD), {"number": -1})


QUESTIONS = {
    "by its name": (
        "SELECT id FROM report WHERE organisation = 'X' AND kind = 'missing' AND reference = 'Y'"
    ),
    "by its number": "SELECT id FROM report WHERE id = 7",
    "its versions": "SELECT id FROM report_version WHERE report_id = 7",
    "a child": "SELECT id FROM child WHERE number = 7 AND known_to IS NULL",
    "its reports": "SELECT report_id FROM membership WHERE child_id = 7 AND known_to IS NULL",
    "its episodes": "SELECT id FROM episode WHERE child = 7 AND known_to IS NULL",
    "what disagrees": "SELECT id FROM mismatch WHERE owner = 'X' AND known_to IS NULL",
}


def _plan(engine: Engine, question: str) -> str:
    with engine.connect() as connection:
        stand_as(connection, asks())
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return "\n".join(connection.scalars(text(f"EXPLAIN {question}")))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_what_is_asked_of_a_row_finds_it_by_its_index(enter: SignIn, question: str) -> None:
    plan = _plan(enter(APP), question)
    assert "Seq Scan" not in re.sub(r"Disabled.*", "", plan), plan
    assert "Index" in plan


@pytest.mark.usefixtures("apart")
def test_control_what_is_not_leakproof_finds_nothing_by_an_index(
    enter: SignIn, above: Engine
) -> None:
    with above.begin() as connection:
        connection.execute(text("CREATE INDEX lower_reference ON report (lower(reference))"))
    assert "lower_reference" not in _plan(
        enter(APP), "SELECT id FROM report WHERE lower(reference) = 'a-1'"
    )


def test_a_plan_that_is_kept_shows_each_only_their_own(enter: SignIn) -> None:
    app = enter(APP, pool_size=1, max_overflow=0)

    @event.listens_for(app, "connect")
    def keep_every_plan(raw: psycopg.Connection, _record: object) -> None:
        raw.prepare_threshold = 0

    for code, role in [
        (MINE, Role.AUTHORITY_USER),
        (OTHER, Role.AUTHORITY_USER),
        ("", Role.STEWARD),
    ] * 20:
        with begin_work(app, person(code, role), writes=False) as work:
            seen = reporters_shown(work.session.connection()) & {*TENANTS}
        assert seen == ({code} if code else {*TENANTS})


def test_what_remains_injected_words_can_name_another_organisation(enter: SignIn) -> None:
    """The net lies under the queries; who can put words of their own into one cuts it."""
    with begin_work(enter(APP), person(MINE), writes=False) as work:
        connection = work.session.connection()
        connection.execute(
            text(f"SELECT set_config('register.organisations', '{{{OTHER}}}', true)")
        )
        assert OTHER in reporters_shown(connection)


def _dump(url: str, *how: str) -> subprocess.CompletedProcess[str]:
    address = url.replace("postgresql+psycopg://", "postgresql://")
    return subprocess.run(
        [server_program("pg_dump"), "--data-only", "--dbname", address, *how],
        capture_output=True,
        text=True,
        check=False,
        **as_server() | {"stdin": subprocess.DEVNULL},
    )


_COPIED = re.compile(r'^COPY public\."?(\w+)"? [^\n]*\n(.*?)^\\\.$', re.MULTILINE | re.DOTALL)


def _rows_of(dump: str) -> Counter[str]:
    rows: Counter[str] = Counter()
    for table, body in _COPIED.findall(dump):
        rows[table] = body.count("\n")
    return rows


def _rows_there(above: Engine) -> Counter[str]:
    with above.connect() as connection:
        return Counter({name: shown(connection, name) for name in GUARDS})


def test_a_backup_is_whole(url: str, above: Engine) -> None:
    dumped = _dump(url, f"--role={BACKUP}")
    assert dumped.returncode == 0, dumped.stderr
    assert +_rows_of(dumped.stdout) == +_rows_there(above)


def test_control_a_backup_as_the_owner_fails_or_lacks_rows(url: str, above: Engine) -> None:
    refused = _dump(url, f"--role={OWNER}")
    assert refused.returncode != 0
    assert "row-level security" in refused.stderr
    partial = _dump(url, f"--role={OWNER}", "--enable-row-security")
    assert partial.returncode == 0
    assert _rows_of(partial.stdout)["report"] == 0
    assert _rows_there(above)["report"] > 0


def test_the_net_and_the_wall_say_the_same() -> None:
    assert roles.SEES_ALL == policy.SEES_ALL
    assert {*policy.INSPECTS} == roles.INSPECTS
