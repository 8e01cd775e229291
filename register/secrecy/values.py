"""Sealing one protected value, bound to where it stands; and fingerprints that tell nothing.

A value that is moved to another report or another field does not open there.
"""

import base64
import binascii
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag

from register.keyring import NONCE_BYTES, KeysUnusable
from register.secrecy.keys import Opened

Place = tuple[str, ...]
"""Where a sealed value stands: organisation, kind, reference, part, field."""


def seal(key: Opened, place: Place, value: str) -> str:
    """Seal a value with AES-256-GCM under its owner's key, bound to its place; as base64."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = key.fields.encrypt(nonce, value.encode(), _bound(place))
    return base64.b64encode(nonce + sealed).decode("ascii")


def unseal(key: Opened, place: Place, sealed: str) -> str:
    """Open a sealed value; raise KeysUnusable where it was sealed otherwise, or was moved here."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        opened = key.fields.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(place))
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise KeysUnusable(
            f"A protected value of {key.owner} cannot be opened: it was changed, or sealed under a "
            "key that this register does not have. Nothing was shown."
        ) from error
    return opened.decode()


def seal_file(key: Opened, path: Path, target: Path) -> None:
    """Keep a file sealed under the target's name, for nobody but who runs the register to read."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = key.fields.encrypt(nonce, path.read_bytes(), _bound(("file", target.name)))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(nonce + sealed)


def unseal_file(key: Opened, path: Path) -> bytes:
    """Open a sealed file; raise KeysUnusable where it was changed, or is another's."""
    raw = path.read_bytes()
    try:
        return key.fields.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(("file", path.name)))
    except (InvalidTag, ValueError) as error:
        raise KeysUnusable(
            f"{path.name} cannot be opened: it was changed, or sealed under another key."
        ) from error


def masked(key: Opened, text: str) -> str:
    """Fingerprint a text so that nobody without the key can guess it; 64 hexadecimal digits."""
    return hmac.digest(key.masks, text.encode(), "sha256").hex()


def _bound(place: Place) -> bytes:
    return "\x1f".join(place).encode()
