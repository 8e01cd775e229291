"""How migrations run: on the database of the settings, or on an engine that is handed over."""

from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic import context as alembic
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, Engine

import register
from register.db import Base, Instant, make_engine
from register.settings import load_settings
from register.underneath.security import put_up, take_down

for models in sorted(Path(register.__path__[0]).glob("*/*models.py")):
    import_module(f"register.{models.parent.name}.{models.stem}")


def render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401  # Alembic's own signature
    """Write our own column types as plain ones: a revision outlives the code it was made from."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def migrate(connection: Connection) -> None:
    """Run what was asked for in one transaction, on both databases."""
    alembic.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with alembic.begin_transaction():
        # Between revisions only the owner sees a table; at the newest all is put up again.
        take_down(connection)
        alembic.run_migrations()
        if {*alembic.get_context().get_current_heads()} == {*alembic.script.get_heads()}:
            put_up(connection)
        if connection.dialect.name == "sqlite":
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if orphans:
                raise ValueError(f"rows would be left without what they refer to: {orphans[:5]}")


def run(engine: Engine) -> None:
    """Connect and migrate; SQLite rebuilds tables, which its foreign keys must not notice."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            migrate(connection)
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            migrate(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


if alembic.is_offline_mode():
    raise SystemExit("migrations need a database: SQLite's tables are rebuilt from what they hold")
run(alembic.config.attributes.get("engine") or make_engine(load_settings().database))
