"""How PostgreSQL is told to go about the register's questions."""

from sqlalchemy import create_engine, text

from register.underneath.roles import APP
from tests.underneath.conftest import SignIn

COMPILED = text("SHOW jit")


def test_no_question_is_compiled(enter: SignIn) -> None:
    engine = enter(APP, pool_size=1)
    with engine.connect() as connection:
        assert connection.scalar(COMPILED) == "off"
        connection.rollback()
        assert connection.scalar(COMPILED) == "off", "it outlasts what was asked in vain"
    with engine.connect() as connection:
        assert connection.scalar(COMPILED) == "off", "and who had the connection before"


def test_control_the_server_by_itself_would_compile(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(COMPILED) == "on"
    engine.dispose()
