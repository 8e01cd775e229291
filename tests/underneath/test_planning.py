"""How PostgreSQL is told to go about the register's questions."""

from sqlalchemy import Connection, create_engine, text

from register.underneath.roles import APP
from tests.underneath.conftest import SignIn

OURS = ("off", "1.1")


def planned(connection: Connection) -> tuple[str, str]:
    """Tell whether questions are compiled, and what a page costs that is read out of order."""
    shown = [str(connection.scalar(text(f"SHOW {name}"))) for name in ("jit", "random_page_cost")]
    return (shown[0], shown[1])


def test_no_question_is_compiled_and_indexes_are_cheap(enter: SignIn) -> None:
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
        assert planned(connection) != OURS
    engine.dispose()
