"""Sealing one protected value, bound to where it stands; and fingerprints that tell nothing.

A value that is moved to another report or another field does not open there.
"""

import base64
import binascii
import hmac
import os

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


def masked(key: Opened, text: str) -> str:
    """Fingerprint a text so that nobody without the key can guess it; 64 hexadecimal digits."""
    return hmac.digest(key.masks, text.encode(), "sha256").hex()


def _bound(place: Place) -> bytes:
    return "\x1f".join(place).encode()
