"""The key that signs cookies: set, or made once and kept beside the embedded database."""

from pathlib import Path

from register.access.key_files import kept_key
from register.settings import Settings


def secret_key(settings: Settings) -> str:
    """Give the key of the settings; else the one kept in the instance folder, made if need be."""
    return settings.secret_key or kept_key(Path(settings.instance_dir) / "secret.key")
