"""The ring of numbered keys that wrap the register's data keys; a file apart from the database.

A data key seals values; what lies in the database is the data key wrapped by a key of the ring, and
the ring's number. So keys of the ring can be changed without sealing any value again, and a
copy of the database without the ring opens nothing.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from register.errors import RegisterError
from register.once import write_once, write_over
from register.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12
_WHERE = "the file that the setting field_keys names"


class KeysUnusable(RegisterError):
    """What is sealed cannot be opened: a key is missing, or is another one. Nothing is shown."""


def fresh_key(_owner: str) -> bytes:
    """Make a data key."""
    return secrets.token_bytes(KEY_BYTES)


class KeyRing:
    """Numbered keys of 256 bits, one a line (`1 BASE64`); the last number wraps what is new.

    The file is read when a key is first asked for, and again when one is asked for that was not
    in it, since another process may have added it.
    """

    def __init__(self, path: Path, make_key: Callable[[str], bytes] = fresh_key) -> None:
        self.path = path
        self.make_key = make_key
        self._keys: dict[int, bytes] = {}
        self._opened: dict[bytes, bytes] = {}

    @property
    def newest(self) -> int:
        """Give the number that wraps what is new; raise KeysUnusable where there is no file."""
        return max(self._read())

    def make_once(self) -> None:
        """Make the file with its first key, unless there is one."""
        if not self.path.exists():
            self._write({1: secrets.token_bytes(KEY_BYTES)}, is_first=True)

    def add(self) -> int:
        """Add a key and give its number."""
        keys = self._read()
        number = max(keys) + 1
        self._write({**keys, number: secrets.token_bytes(KEY_BYTES)})
        return number

    def wrap(self, owner: str, data_key: bytes) -> tuple[int, bytes]:
        """Wrap an owner's data key with the newest key; give its number and what is to be kept."""
        number = self.newest
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._keys[number]).encrypt(nonce, data_key, _named(owner, number))
        return number, nonce + sealed

    def unwrap(self, owner: str, number: int, wrapped: bytes) -> bytes:
        """Give an owner's data key; raise KeysUnusable where the ring does not hold its key."""
        if wrapped not in self._opened:
            key = self._keys.get(number) or self._read().get(number)
            if key is None:
                raise KeysUnusable(
                    f"Key {number} is not in {_WHERE}, and protected values are sealed under it: "
                    "put the right file back. Nothing was shown or changed."
                )
            nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
            try:
                opened = AESGCM(key).decrypt(nonce, sealed, _named(owner, number))
            except InvalidTag as error:
                raise KeysUnusable(
                    f"Key {number} in {_WHERE} is not the one under which this register's "
                    "protected values are sealed: put the right file back. "
                    "Nothing was shown or changed."
                ) from error
            self._opened[wrapped] = opened
        return self._opened[wrapped]

    def _read(self) -> dict[int, bytes]:
        try:
            text = self.path.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise KeysUnusable(
                f"The keys of protected values cannot be read from {_WHERE}. "
                "Nothing was shown or changed."
            ) from error
        lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
        try:
            keys = {int(number): base64.b64decode(key, validate=True) for number, key in lines}
        except (ValueError, binascii.Error):
            keys = {}
        if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
            raise KeysUnusable(
                f"There are no keys of protected values in {_WHERE}: each line must hold a number "
                "and 32 bytes in base64. Nothing was shown or changed."
            )
        self._keys = keys
        return keys

    def _write(self, keys: dict[int, bytes], *, is_first: bool = False) -> None:
        lines = [f"{number} {base64.b64encode(key).decode()}\n" for number, key in keys.items()]
        write = write_once if is_first else write_over
        try:
            write(self.path, "".join(lines))
        except RegisterError as error:
            said = f"A key cannot be written into {_WHERE}: add a line by hand."
            raise KeysUnusable(said) from error


def ring_of(settings: Settings) -> KeyRing:
    """Give the ring that the settings name; else the one in the instance folder."""
    return KeyRing(Path(settings.field_keys or Path(settings.instance_dir) / "field.keys"))


def _named(owner: str, number: int) -> bytes:
    return f"{number} {owner}".encode()
