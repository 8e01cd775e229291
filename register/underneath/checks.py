"""What a PostgreSQL must be like before people are served from it, each fault as a sentence."""

from ipaddress import ip_address

from psycopg import Connection as PostgreSQLConnection
from sqlalchemy import Connection, Engine, text

from register.errors import RegisterError
from register.underneath.tables import GUARDS

FIRST_PATCHED = {13: 22, 14: 19, 15: 14, 16: 10, 17: 6}
"""Of each major version the first that tells nobody what rows they may not see are like
(CVE-2025-8713); later ones never did."""
OLDEST = min(FIRST_PATCHED)

_WHO = """
    SELECT session_user::text AS name, rolsuper AS superuser, rolbypassrls AS bypasses, EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND pg_has_role(session_user, relowner, 'MEMBER')
    ) AS owns, has_database_privilege(current_database(), 'TEMPORARY') AS passing
    FROM pg_roles WHERE rolname = session_user
"""
_UNFORCED = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname
"""
_VIEWS = """
    SELECT relname FROM pg_class
    WHERE relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce(
            (SELECT option_value::boolean FROM pg_options_to_table(reloptions)
                WHERE option_name = 'security_invoker'), false))
    ORDER BY relname
"""
_LENT = """
    SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
    ORDER BY proname
"""


def faults_of(engine: Engine) -> list[str]:
    """Find what would let somebody see, or change, more than they may; nothing on SQLite."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
        return [
            *filter(None, [fault_of_version(version), _of_wire(connection)]),
            *_of_user(connection),
            *_of_schema(connection),
        ]


def check_database(engine: Engine) -> None:
    """Raise RegisterError, naming each fault, where people's sight would not be held."""
    if faults := faults_of(engine):
        raise RegisterError(
            f"{' '.join(faults)} Nobody is served from it: mend it, or, with nobody's real data, "
            "set REGISTER_UNGUARDED_DATABASE=1."
        )


def fault_of_version(number: int) -> str:
    """Say that a server, whose version is `number` as it tells it itself, lacks a patch."""
    major, minor = divmod(number, 10_000)
    first = FIRST_PATCHED.get(major, 0)
    if major >= OLDEST and minor >= first:
        return ""
    wanted = f"{major}.{first}" if major in FIRST_PATCHED else f"{OLDEST}.{FIRST_PATCHED[OLDEST]}"
    return (
        f"PostgreSQL {major}.{minor} tells users what hidden rows are like (CVE-2025-8713): "
        f"install {wanted} or a later one."
    )


def fault_of_wire(server: str | None, sslmode: str) -> str:
    """Say that who lies between could read along or pose as the server.

    `server` is the address of the server's end, None for a socket of this machine; `sslmode` what
    the database's address asks for.
    """
    if server is None or ip_address(server).is_loopback or sslmode == "verify-full":
        return ""
    return (
        f"PostgreSQL is spoken to at {server} without its certificate being checked: add "
        "?sslmode=verify-full&sslrootcert=... to the database's address."
    )


def _of_wire(connection: Connection) -> str:
    server = connection.scalar(text("SELECT host(inet_server_addr())"))
    wire = connection.connection.driver_connection
    asked = wire.info.get_parameters() if isinstance(wire, PostgreSQLConnection) else {}
    return fault_of_wire(server, asked.get("sslmode", ""))


def _of_user(connection: Connection) -> list[str]:
    who = connection.execute(text(_WHO)).one()
    found = {
        "is a superuser": who.superuser,
        "has BYPASSRLS": who.bypasses,
        "owns tables": who.owns and not who.superuser,
        "may make temporary tables, which hide those of their name": (
            who.passing and not who.superuser
        ),
    }
    why = " and ".join(word for word, is_so in found.items() if is_so)
    return [f"The register signs in to PostgreSQL as {who.name}, who {why}."] if why else []


def _of_schema(connection: Connection) -> list[str]:
    unforced = {*connection.scalars(text(_UNFORCED))}
    open_tables = {name for name, guard in GUARDS.items() if guard.shown is None}
    faults = {
        "Row-level security is not forced on": sorted(unforced - open_tables),
        "Not with its reader's rights, but with its owner's, reads": [
            *connection.scalars(text(_VIEWS)),
            *connection.scalars(text(_LENT)),
        ],
    }
    return [f"{fault} {', '.join(names)}." for fault, names in faults.items() if names]
