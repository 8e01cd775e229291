"""What PostgreSQL's own catalogue says of the register: who owns, who may, what is forced."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from register.db import Base
from register.errors import RegisterError
from register.underneath.checks import check_database, fault_of_version, fault_of_wire, faults_of
from register.underneath.roles import APP, BACKUP, MATCHER, OWNER, PAST
from register.underneath.security import put_up, roles_sql
from register.underneath.tables import GUARDS
from tests.schema import load_models
from tests.underneath.conftest import SignIn

NO_CHILD = {
    *("submission", "enactment", "crowded_key", "clock", "app_user", "login_session"),
    *("sign_in_attempt", "factor", "recovery", "key_first", "half_sign_in", "known_device"),
    *("client", "client_secret", "client_token", "subscription", "draft", "search", "data_key"),
    *("need", "seal", "seal_reader", "sealed_report", "seal_change", "opening", "notice"),
    *("inspection", "inspected", "inspector", "showing", "alembic_version"),
    *("audit_event", "audit_head", "audit_checkpoint", "audit_node", "audit_subject_key"),
}
"""Tables that tell nothing of a feed, and of a child but a number that the log needs.

All others are guarded.
"""
PASSING = {
    *("blocking_key", "crowded_key", "subject", "sign_in_attempt", "draft", "search", "factor"),
    *("key_first", "half_sign_in", "known_device", "audit_subject_key", "delivery"),
}
"""Tables from which rows may go: what can be made anew, what passes, and keys that are erased."""
FACTS = ("submission", "report_version", "extract", "extract_report", "judgement", "settlement")
LOG = ("audit_event", "audit_checkpoint")
UNDOING = ("UPDATE", "DELETE", "TRUNCATE")


def ask(engine: Engine, question: str, **said: object) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.scalars(text(question), said))


def refused(engine: Engine, statement: str) -> str:
    """Give what the database says when it refuses, for the matcher where it is named."""
    with pytest.raises(ProgrammingError) as refusal, engine.begin() as connection:
        connection.execute(text(statement))
    return str(refusal.value.orig)


def test_every_table_has_a_line_of_its_own() -> None:
    load_models()
    assert {*Base.metadata.tables} | {"alembic_version"} == {*GUARDS}


def test_every_table_of_children_is_forced_to_show_no_more(above: Engine) -> None:
    forced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    assert {*ask(above, forced)} == {*GUARDS} - NO_CHILD


def test_the_app_owns_nothing_and_can_pass_by_nothing(above: Engine) -> None:
    roles = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'register\\_%' AND "
    assert ask(above, f"{roles} rolsuper") == []
    assert ask(above, f"{roles} rolbypassrls") == [BACKUP]
    assert ask(above, f"{roles} (rolcreaterole OR rolcreatedb OR rolinherit)") == []
    assert ask(above, f"{roles} NOT rolcanlogin ORDER BY rolname") == [MATCHER, PAST]
    owners = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"
    assert ask(above, owners) == [OWNER]


def test_the_app_enters_the_matcher_but_does_not_have_its_rights(above: Engine) -> None:
    may = "SELECT pg_has_role(:role, :other, :how)"
    for other in (PAST, MATCHER):
        assert ask(above, may, role=APP, other=other, how="USAGE") == [False]
        assert ask(above, may, role=APP, other=other, how="MEMBER") == [True]
    for other in (OWNER, BACKUP):
        assert ask(above, may, role=APP, other=other, how="MEMBER") == [False]


@pytest.mark.parametrize("role", [APP, PAST, MATCHER])
def test_nobody_who_serves_people_may_undo_a_fact_or_the_log(above: Engine, role: str) -> None:
    for table in (*FACTS, *LOG):
        for how in UNDOING:
            question = "SELECT has_table_privilege(:role, :table, :how)"
            assert ask(above, question, role=role, table=table, how=how) == [False]
        question = "SELECT has_any_column_privilege(:role, :table, 'UPDATE')"
        assert ask(above, question, role=role, table=table) == [False]
    for table in {*GUARDS} - PASSING:
        question = "SELECT has_table_privilege(:role, :table, 'DELETE, TRUNCATE')"
        assert ask(above, question, role=role, table=table) == [False]


@pytest.mark.parametrize("role", [APP, PAST, MATCHER])
@pytest.mark.parametrize("table", [*FACTS, *LOG])
def test_it_is_refused_when_it_is_tried(enter: SignIn, role: str, table: str) -> None:
    app = enter(APP)
    for undoing in ("DELETE FROM", "TRUNCATE"):
        assert "permission denied" in refused(app, f"SET LOCAL ROLE {role}; {undoing} {table}")


def test_the_app_adds_to_children_only_where_it_has_the_turn(enter: SignIn) -> None:
    app = enter(APP)
    for table in ("report", "report_version", "membership", "reach", "child", "settlement"):
        assert "permission denied" in refused(app, f"INSERT INTO {table} DEFAULT VALUES")


def test_the_app_changes_no_table_no_role_and_no_setting_of_others(enter: SignIn) -> None:
    app = enter(APP)
    for statement in (
        "ALTER TABLE report NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY shown ON report",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE sealed_report (report_id int)",
        f"SET ROLE {OWNER}",
        f"SET ROLE {BACKUP}",
        f"ALTER ROLE {APP} BYPASSRLS",
    ):
        assert "denied" in refused(app, statement) or "owner" in refused(app, statement)


def test_it_is_served_as_the_app_only(enter: SignIn, above: Engine) -> None:
    check_database(enter(APP))
    for engine, said in ((above, "is a superuser"), (enter(OWNER), "owns tables")):
        with pytest.raises(RegisterError, match=said):
            check_database(engine)
    assert "has BYPASSRLS" in " ".join(faults_of(enter(BACKUP)))


@pytest.mark.usefixtures("apart")
def test_it_is_not_served_where_tables_may_be_hidden(enter: SignIn, above: Engine) -> None:
    app = enter(APP)
    assert faults_of(app) == []
    with above.begin() as connection:
        granted = "GRANT TEMPORARY ON DATABASE ' || quote_ident(current_database()) || ' TO PUBLIC"
        connection.execute(text(f"DO $$ BEGIN EXECUTE '{granted}'; END $$"))
    (fault,) = faults_of(app)
    assert "may make temporary tables" in fault


@pytest.mark.parametrize(
    "slip",
    [
        "CREATE VIEW everyone AS SELECT * FROM report",
        "CREATE VIEW everyone WITH (security_invoker = false) AS SELECT * FROM report",
        "CREATE MATERIALIZED VIEW everyone AS SELECT * FROM report",
        "CREATE FUNCTION everyone() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN 7",
        "ALTER TABLE child NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE child DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE everyone (child int)",
    ],
)
@pytest.mark.usefixtures("apart")
def test_control_a_slip_is_found_before_anybody_is_served(
    enter: SignIn, above: Engine, slip: str
) -> None:
    app = enter(APP)
    assert faults_of(app) == []
    with above.begin() as connection:
        connection.execute(text(slip))
    (fault,) = faults_of(app)
    assert "everyone" in fault or "child" in fault


@pytest.mark.usefixtures("apart")
def test_a_view_with_its_readers_rights_is_none(enter: SignIn, above: Engine) -> None:
    with above.begin() as connection:
        view = "CREATE VIEW mine WITH (security_invoker) AS SELECT * FROM report"
        connection.execute(text(view))
        connection.execute(text(f"GRANT SELECT ON mine TO {APP}"))
    assert faults_of(enter(APP)) == []
    assert ask(enter(APP), "SELECT count(*) FROM mine") == [0]


@pytest.mark.usefixtures("apart")
def test_control_a_view_with_its_owners_rights_shows_everything(
    enter: SignIn, above: Engine
) -> None:
    with above.begin() as connection:
        connection.execute(text("CREATE VIEW leak AS SELECT * FROM report"))
        connection.execute(text(f"GRANT SELECT ON leak TO {APP}"))
    assert ask(enter(APP), "SELECT count(*) FROM leak")[0] > 0


@pytest.mark.parametrize("number", [130022, 140019, 150014, 160010, 170006, 170010, 180000])
def test_a_patched_server_is_served_from(number: int) -> None:
    assert fault_of_version(number) == ""


@pytest.mark.parametrize("number", [90624, 120022, 130021, 140018, 150013, 160009, 170005])
def test_a_server_that_lacks_the_patch_is_told(number: int) -> None:
    assert "install 1" in fault_of_version(number)


@pytest.mark.parametrize(
    ("server", "sslmode"),
    [(None, ""), ("127.0.0.1", "prefer"), ("::1", ""), ("10.0.0.7", "verify-full")],
)
def test_a_wire_that_nobody_else_can_touch_is_served_from(server: str | None, sslmode: str) -> None:
    assert fault_of_wire(server, sslmode) == ""


@pytest.mark.parametrize("sslmode", ["", "disable", "prefer", "require", "verify-ca"])
def test_a_wire_on_which_somebody_could_pose_as_the_server_is_told(sslmode: str) -> None:
    assert "at 10.0.0.7 without its certificate" in fault_of_wire("10.0.0.7", sslmode)


def test_making_the_roles_again_changes_nothing(above: Engine) -> None:
    members = "SELECT roleid::regrole || ' in ' || member::regrole FROM pg_auth_members"
    before = sorted(ask(above, members))
    with above.begin() as connection:
        connection.execute(text(roles_sql()))
    assert sorted(ask(above, members)) == before


@pytest.mark.usefixtures("apart")
def test_a_table_that_nothing_is_said_of_stops_the_upgrade(above: Engine) -> None:
    with above.begin() as connection:
        connection.execute(text("CREATE TABLE note (child int)"))
    with pytest.raises(RegisterError, match="note"), above.begin() as connection:
        put_up(connection)
