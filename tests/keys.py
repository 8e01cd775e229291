"""Keys of protected values for tests: data keys follow from their owners.

Registers that are held against each other row by row must hash, and seal lines, alike.
"""

import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

from register.keyring import KeyRing
from register.secrecy.keys import REGISTER, Opened


def owners_key(owner: str) -> bytes:
    """Give an owner's data key, the same in every test."""
    return sha256(f"for tests only: {owner}".encode()).digest()


REGISTERS_KEY = Opened(REGISTER, owners_key(REGISTER))
"""The key of what belongs to no organisation."""


def known_ring() -> KeyRing:
    """Give a ring whose data keys follow from their owners."""
    ring = KeyRing(_folder() / "field.keys", owners_key)
    ring.make_once()
    return ring


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="register-keys-"))
