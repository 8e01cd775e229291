"""The register set up and used by its commands, each as the role that is meant for it."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from register.db import make_engine
from register.underneath.roles import APP, OWNER
from register.underneath.security import roles_sql
from tests.cli.conftest import Program
from tests.conftest import Postgres
from tests.report_files import GOOD, lines


@pytest.fixture
def administered(postgres: Postgres) -> str:
    """Give the address of an empty database whose administrator has made the roles."""
    if postgres.address.password:
        pytest.skip("the server that was named wants passwords, and roles of ours have none")
    url = postgres.make("administered")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(roles_sql())
    engine.dispose()
    return url


def program(url: str, role: str, folder: Path) -> Program:
    address = make_url(url).set(username=role)
    return Program(address.render_as_string(hide_password=False), folder)


def test_the_owner_upgrades_and_the_app_does_all_the_rest(
    administered: str, tmp_path: Path
) -> None:
    owner, app = (program(administered, role, tmp_path) for role in (OWNER, APP))
    assert "upgrade" in app.refuse("import", tmp_path)
    owner.do("database", "upgrade")
    owner.do("database", "upgrade")
    assert "no more than they may see" in app.do("database", "check")
    assert "owns tables" in owner.refuse("database", "check")
    file = tmp_path / "police.csv"
    file.write_text(lines(GOOD.format(1), GOOD.format(2)))
    assert "2 accepted" in app.do("import", file)
    app.do("rebuild", "--check")
    assert "The log is whole" in app.do("audit", "verify")
    assert len(app.rows("children")) == 2
    assert "must be owner of" in app.refuse("database", "upgrade")
