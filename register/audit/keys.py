"""The log's own keys: made once, and kept beside the database, never in it."""

import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from register.audit.note import LOG, WITNESS, Signer
from register.errors import RegisterError
from register.once import kept

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
    text = kept(path, lambda: b64encode(secrets.token_bytes(_BYTES)).decode("ascii") + "\n")
    try:
        key = b64decode(text, validate=False)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise RegisterError(f"{path.name} holds no key: restore it from where a copy is kept.")
    return key
