"""Putting up what PostgreSQL holds the register to, and taking it down while tables change."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from register.errors import RegisterError
from register.underneath.roles import APP, BACKUP, MATCHER, OWNER, PAST
from register.underneath.tables import GUARDS, Guard

_LOGIN = "LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
_ENTERED_ONLY = _LOGIN.replace("LOGIN", "NOLOGIN") + " NOBYPASSRLS"
_MADE = {
    OWNER: f"{_LOGIN} NOBYPASSRLS",
    APP: f"{_LOGIN} NOBYPASSRLS",
    PAST: _ENTERED_ONLY,
    MATCHER: _ENTERED_ONLY,
    BACKUP: f"{_LOGIN} BYPASSRLS",
}
_ENTERED = ((PAST, APP), (MATCHER, APP), (APP, OWNER), (PAST, OWNER), (MATCHER, OWNER))
"""Which role may be entered by which: without inheriting it, so only where the code says so."""
_NO_PASSING_TABLES = """
DO $$ BEGIN
EXECUTE 'REVOKE TEMPORARY ON DATABASE ' || quote_ident(current_database()) || ' FROM PUBLIC';
END $$;
""".strip()
"""A temporary table hides the one of its name from whoever is served over the connection next."""
_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
_POLICIES = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"


def roles_sql() -> str:
    """Give what an administrator of the database runs once, or again: it changes nothing then."""
    return "\n".join(
        [
            *(
                _if_lacking(_no_role(name), f"CREATE ROLE {name} {how}")
                for name, how in _MADE.items()
            ),
            *(_if_lacking(_not_in(*each), f"GRANT {each[0]} TO {each[1]}") for each in _ENTERED),
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
            _NO_PASSING_TABLES,
            f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};",
        ]
    )


def _no_role(name: str) -> str:
    return f"SELECT FROM pg_roles WHERE rolname = '{name}'"  # a name of ours


def _not_in(role: str, member: str) -> str:
    return (
        "SELECT FROM pg_auth_members "  # names of ours
        f"WHERE roleid = '{role}'::regrole AND member = '{member}'::regrole"
    )


def _if_lacking(found: str, command: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS ({found}) THEN {command}; END IF;\n"
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"
    )


def make_roles(connection: Connection) -> None:
    """Run what an administrator runs, where whoever is connected is one.

    Raises RegisterError where nobody is and roles are lacking; what else is lacking in a database
    that was made since, or restored, is found before anybody is served from it.
    """
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        connection.exec_driver_sql(roles_sql())
    elif lacking := lacking_roles(connection):
        raise RegisterError(
            f"The database has no role {', '.join(lacking)}. Run what `register database roles` "
            "prints as the database's administrator, then this again."
        )


def lacking_roles(connection: Connection) -> list[str]:
    """Give the names of the roles that the database does not have yet."""
    there = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    return [name for name in _MADE if name not in there]


def put_up(connection: Connection) -> None:
    """Grant each role what it may do, and force row-level security upon every child's table.

    Raises RegisterError for a table of which `GUARDS` says nothing, and where roles are lacking.
    """
    if connection.dialect.name != "postgresql":
        return
    make_roles(connection)
    names = list(connection.scalars(text(_TABLES)))
    if unknown := [name for name in names if name not in GUARDS]:
        raise RegisterError(
            f"Nothing says who may see the table {', '.join(unknown)}: give it a line in "
            "register/underneath/tables.py."
        )
    _run(connection, _grants_to_all())
    for name in names:
        _run(connection, _guarded(name, GUARDS[name]))


def take_down(connection: Connection) -> None:
    """Take all of it away, so that tables may be changed, and rows moved by their owner."""
    if connection.dialect.name != "postgresql":
        return
    for table, policy in connection.execute(text(_POLICIES)).all():
        _run(connection, [f'DROP POLICY "{policy}" ON "{table}"'])
    there = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    for name in connection.scalars(text(_TABLES)).all():
        _run(connection, [f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY'])
        _run(connection, [f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY'])
        roles = sorted(there & {APP, PAST, MATCHER})
        _run(connection, [f'REVOKE ALL ON "{name}" FROM {role}' for role in roles])


def _grants_to_all() -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {PAST}, {MATCHER}, {BACKUP}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {PAST}, {MATCHER}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP}"


def _guarded(name: str, guard: Guard) -> Iterator[str]:
    for role, privileges in ((f"{APP}, {PAST}", guard.app), (MATCHER, guard.matcher)):
        if privileges:
            yield f'GRANT {privileges} ON "{name}" TO {role}'
    if guard.shown is not None:
        select = f'ON "{name}" FOR SELECT TO'
        yield f"CREATE POLICY shown {select} {APP}, {PAST} USING ({guard.shown})"
        if "INSERT" in guard.app:
            added = f'ON "{name}" FOR INSERT TO {APP}'
            yield f"CREATE POLICY added {added} WITH CHECK ({guard.shown})"
        if guard.then:
            yield f"CREATE POLICY shown_then {select} {PAST} USING ({guard.then})"
        yield f'CREATE POLICY follows ON "{name}" TO {MATCHER} USING (true) WITH CHECK (true)'
        yield f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY'


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
