"""The key that signs cookies: set, or made once and kept beside the embedded database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from register.settings import Settings


def secret_key(settings: Settings) -> str:
    """Give the key of the settings; else the one kept in the instance folder, made if need be."""
    if settings.secret_key:
        return settings.secret_key
    path = Path(settings.instance_dir) / "secret.key"
    if not path.exists():
        _make_key(path)
    return path.read_text("ascii").strip()


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name first, so that a second process never reads half a key.
    fresh = path.with_name(f"secret.{os.getpid()}.key")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
