"""How PostgreSQL is told to go about the register's questions."""

from sqlalchemy import Connection, create_engine, text

from register.underneath.roles import APP
from tests.underneath.conftest import SignIn

OURS = {"jit": "off", "random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}


def planned(connection: Connection) -> dict[str, str]:
    """Tell what the server goes by when it plans for this connection."""
    return {name: str(connection.scalar(text(f"SHOW {name}"))) for name in OURS}


def test_no_question_is_compiled_or_spread_and_indexes_are_cheap(enter: SignIn) -> None:
    engine = enter(APP, pool_size=1)
    with engine.connect() as connection:
        assert planned(connection) == OURS
        connection.rollback()
        assert planned(connection) == OURS, "it outlasts what was asked in vain"
    with engine.connect() as connection:
        assert planned(connection) == OURS, "and who had the connection before"


def test_control_the_server_by_itself_would_plan_otherwise(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        theirs = planned(connection)
        assert all(theirs[name] != ours for name, ours in OURS.items())
    engine.dispose()
