"""Codes of six digits that an app makes from a shared secret and the time (RFC 6238)."""

import re
from base64 import b32encode
from datetime import datetime
from hmac import compare_digest

from pyotp import TOTP

STEP = 30
"""Seconds for which a code stands."""
_DRIFT = (-1, 0, 1)
"""Steps by which the clock of somebody's telephone may be off."""
_ISSUER = "Register of missing children"


def matching_step(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """Give the time step that a code is of, None for none; steps up to `after` are used up."""
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    made = _totp(secret)
    today = int(now.timestamp()) // STEP
    found = [
        step
        for step in (today + drift for drift in _DRIFT)
        if compare_digest(made.generate_otp(step), typed) and step > after
    ]
    return min(found, default=None)


def spelled(secret: bytes) -> str:
    """Write a secret as a person types it into an app: in groups of four."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def link(secret: bytes, username: str) -> str:
    """Give the address that an app on the same device opens."""
    return _totp(secret).provisioning_uri(name=username, issuer_name=_ISSUER)


def _totp(secret: bytes) -> TOTP:
    return TOTP(b32encode(secret).decode(), interval=STEP)
