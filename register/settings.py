"""Settings: one typed line each, read from `config/settings.toml` and `REGISTER_*` variables."""

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG_DIR = Path(os.environ.get("REGISTER_CONFIG_DIR", ROOT / "config"))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ from one deployment to another."""

    database_url: str = ""
    """SQLAlchemy address; blank means an SQLite file in `instance_dir`."""
    unguarded_database: bool = False
    """Serve from a PostgreSQL that would show people more than they may see: nobody's real data."""
    instance_dir: str = str(ROOT / "instance")
    """Where the embedded database, the secret key and the rejects files live."""
    field_keys: str = ""
    """The file of the keys that wrap what protected values are sealed with, best kept on another
    disk than the database; blank means one made once and kept in `instance_dir`."""
    secret_key: str = ""
    """Signs cookies; blank means a key made once and kept in `instance_dir`."""
    banner: str = ""
    """A sentence on top of every page, such as the demonstration's warning."""
    secure_cookies: bool = True
    """Off only where the pages are served on loopback without TLS."""
    origin: str = ""
    """Where browsers find the pages, such as `https://register.example`: security keys are bound
    to it, and no other name is answered. Blank means whatever name was asked for."""
    second_factor: bool = True
    """Off only in a demonstration: everybody proves to hold something besides a password."""
    trusted_proxies: int = 0
    """How many proxies of one's own stand before the pages: whose word on addresses is taken."""
    upload_megabytes: int = 64
    """The largest request that the pages take, its files together."""
    chunk_rows: int = 500
    """Rows of a file that are received, linked and folded in one transaction."""
    idle_minutes: int = 15
    """A session that was not used for so long has ended."""
    session_hours: int = 12
    """A session ends after so long, used or not."""
    api_per_second: int = 40
    """Requests a second that each system may make, and four times as many at once."""
    api_at_once: int = 6
    """Requests of systems that are worked on at once; more are sent away to come again."""
    webhooks_to_private: bool = False
    """Whether changes may be told inside a private network, and without TLS: on loopback only."""
    children_a_day: int = 200
    """How many different children one person is shown on one day."""
    children_a_day_of_systems: int = 5000
    """The same for a force's or an authority's own system."""
    export_rows: int = 10_000
    """The longest export that one person is given."""
    figures_wait: int = 100
    """Milliseconds that a page waits for figures of all England that nobody has found yet."""

    witnesses: str = ""
    """Folders to which the log's checkpoints are handed, parted by `;`: on other machines."""

    @property
    def witness_folders(self) -> tuple[Path, ...]:
        """The folders of `witnesses`."""
        return tuple(Path(part.strip()) for part in self.witnesses.split(";") if part.strip())

    @property
    def database(self) -> str:
        """The address of the database in use."""
        return self.database_url or f"sqlite:///{Path(self.instance_dir) / 'register.sqlite3'}"


def load_settings(**overrides: object) -> Settings:
    """Read the settings: defaults, then the file, then the environment, then `overrides`."""
    file = CONFIG_DIR / "settings.toml"
    values: dict[str, object] = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    kinds = {field.name: field.type for field in fields(Settings)}
    for name, kind in kinds.items():
        text = os.environ.get(f"REGISTER_{name.upper()}")
        if text is not None:
            values[name] = _typed(text, kind)
    return replace(Settings(), **{**values, **overrides})  # type: ignore[arg-type]  # checked by name in kinds


def _typed(text: str, kind: object) -> object:
    if kind is bool:
        return text.strip().lower() in {"1", "true", "yes", "on"}
    return int(text) if kind is int else text
