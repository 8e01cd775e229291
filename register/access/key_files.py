"""Keys that are made once and kept in the instance folder, readable by the register alone."""

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from register.once import kept
from register.settings import Settings

_NONCE = 12


class FactorKey:
    """What encrypts the secrets that people's apps share with the register, and derives new ones.

    It is kept in a file beside the database, not in it: who has a copy of the database alone can
    make no code.
    """

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self._cipher = AESGCM(self._derived("encrypt"))

    def seal(self, secret: bytes, whose: str) -> bytes:
        """Encrypt a secret, bound to the person whose it is."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, whose.encode())

    def open(self, sealed: bytes, whose: str) -> bytes | None:
        """Decrypt; None for what was sealed by another key, for another person, or changed."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], whose.encode())
        except InvalidTag:
            return None

    def derive(self, purpose: str, length: int) -> bytes:
        """Give bytes that only the holder of the key can tell, the same each time."""
        mac = HMAC(self._derived("derive"), SHA256())
        mac.update(purpose.encode())
        return mac.finalize()[:length]

    def _derived(self, use: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=f"register {use}".encode()).derive(self._text)


def factor_key(settings: Settings) -> FactorKey:
    """Give the key of second factors, made if need be."""
    return FactorKey(kept_key(Path(settings.instance_dir) / "factors.key"))


def kept_key(path: Path) -> str:
    """Give the key in a file, made if need be; raise RegisterError for a file without one."""
    return kept(path, lambda: secrets.token_urlsafe(48))
