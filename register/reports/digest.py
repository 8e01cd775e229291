"""The fingerprint of what a report says: the same content twice is one report."""

import json
from collections.abc import Mapping
from hashlib import sha256

from register.reports.fields import PROTECTED_FIELDS
from register.reports.schema import Reading
from register.reports.statement import Value

HALF = 32
"""Hexadecimal digits of either half of a digest."""
Content = Mapping[str, Value]


def digest(reading: Reading) -> str:
    """Give the fingerprint of a report; it can be guessed, so it is not what is kept.

    Its first half is of what is not protected: so that of two reports of one time, the register,
    which keeps the second half masked, and linking without a register hold the same for the last.
    """
    plain, hidden = halves(reading)
    told = sha256(_text(reading.kind.value, reading.organisation, reading.reference, *plain))
    first = told.hexdigest()[:HALF]
    told.update(_text(*hidden))
    return first + told.hexdigest()[:HALF]


def halves(reading: Reading) -> tuple[tuple[Content, Content], tuple[Content, Content]]:
    """Part what is not protected from what is, each as usable values and those in doubt."""
    content, doubtful = reading.content, reading.doubtful
    hidden = PROTECTED_FIELDS.intersection(content), PROTECTED_FIELDS.intersection(doubtful)
    return (
        (_left(content, hidden[0]), _left(doubtful, hidden[1])),
        ({name: content[name] for name in hidden[0]}, {name: doubtful[name] for name in hidden[1]}),
    )


def _left(told: Content, hidden: frozenset[str]) -> Content:
    return {name: value for name, value in told.items() if name not in hidden} if hidden else told


def _text(*parts: object) -> bytes:
    return json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
