"""A security key, and an app of codes: what they answer to what the register asks."""

import json
from base64 import b32encode, urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from pyotp import TOTP
from webauthn.helpers import encode_cbor

PRESENT, JOINS = 0x01, 0x40


def text_of(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class SecurityKey:
    """One key; `count` is raised with each answer, unless a test says that it counts not."""

    def __init__(self, origin: str, *, counts: bool = True) -> None:
        self.origin = origin
        self.id = token_bytes(32)
        self.step = int(counts)
        self.count = 0
        self._private = generate_private_key(SECP256R1())

    def join(self, asked: str, **said: Any) -> str:  # noqa: ANN401  # what a test changes of it
        """Answer to being set up; `said` changes what the browser adds."""
        options = json.loads(asked)
        point = self._private.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(public)
        data = self._data(options["rp"]["id"], JOINS) + attested
        whole = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], said)
        return self._answer(clientDataJSON=client, attestationObject=whole)

    def sign(self, asked: str, **said: Any) -> str:  # noqa: ANN401  # as above
        """Answer to being asked for; `said` changes what the browser adds."""
        options = json.loads(asked)
        self.count += self.step
        data = self._data(options["rpId"], 0)
        client = self._client("webauthn.get", options["challenge"], said)
        signature = self._private.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, host: str, flags: int) -> bytes:
        return (
            sha256(host.encode()).digest()
            + bytes([PRESENT | flags])
            + self.count.to_bytes(4, "big")
        )

    def _client(self, kind: str, challenge: str, said: dict[str, Any]) -> bytes:
        plain = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(plain | said).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: text_of(raw) for name, raw in parts.items()}
        name = text_of(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def code_at(secret: bytes, now: datetime) -> str:
    """Give the code that an app shows."""
    return TOTP(b32encode(secret).decode()).at(now)
