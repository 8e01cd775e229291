"""The tables as the models state them; tests/migrations holds the revisions equal to that."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Engine

import register
from register.db import Base
from register.underneath.security import put_up


def load_models() -> None:
    """Import the models of every domain, so that the metadata knows all tables."""
    for models in sorted(Path(register.__path__[0]).glob("*/*models.py")):
        import_module(f"register.{models.parent.name}.{models.stem}")


def make_schema(engine: Engine) -> None:
    """Make every table, and on PostgreSQL what guards it."""
    load_models()
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        put_up(connection)
