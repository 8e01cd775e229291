"""The log's own keys: made once, and kept beside the database, never in it."""

import os
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from register.audit.note import LOG, WITNESS, Signer
from register.errors import RegisterError

ORIGIN = "register/log"
"""What the log calls itself in its notes."""
_BYTES = 32


def log_signer(instance: Path) -> Signer:
    """Give what signs this register's checkpoints; its key lies in the instance folder."""
    return Signer(ORIGIN, LOG, Ed25519PrivateKey.from_private_bytes(kept_key(instance / "log.key")))


def witness_signer(path: Path, name: str) -> Signer:
    """Give what signs for a witness, by the key in a file of its own."""
    return Signer(name, WITNESS, Ed25519PrivateKey.from_private_bytes(kept_key(path)))


def kept_key(path: Path) -> bytes:
    """Give the 32 bytes that a file keeps for its owner alone, made by chance if need be."""
    if not path.exists():
        _make_key(path)
    try:
        key = b64decode(path.read_text("ascii"), validate=False)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise RegisterError(f"{path.name} holds no key: restore it from where a copy is kept")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name first, so that a second process never reads half a key.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as out:
        out.write(b64encode(secrets.token_bytes(_BYTES)).decode("ascii") + "\n")
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
