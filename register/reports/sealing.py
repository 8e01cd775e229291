"""What of a report is sealed before it is kept, and opened when it is read."""

from collections.abc import Mapping
from typing import Any

from register.reports.digest import HALF, halves
from register.reports.fields import APART_FIELDS
from register.reports.schema import Reading
from register.secrecy.keys import Opened
from register.secrecy.values import masked, seal, unseal

HELD = "held"
"""What begins that which stands for a value that is shown one at a time alone."""
Halves = Mapping[str, Mapping[str, Any]]
_PARTS = ("content", "doubtful")


def kept_digest(fingerprint: str, key: Opened) -> str:
    """Give the digest under which a version is kept: of what is protected nobody can guess it.

    A plain one could be tried with each of 1.7 million postcodes, all else being readable.
    """
    plain, whole = fingerprint[:HALF], fingerprint[HALF:]
    return plain + masked(key, whole)[:HALF]


def sealed_halves(reading: Reading, key: Opened) -> tuple[Halves, Halves]:
    """Give what is kept of a report: what is not protected, and what is, sealed value by value."""
    plain, hidden = (dict(zip(_PARTS, half, strict=True)) for half in halves(reading))
    name = (reading.organisation, reading.kind.value, reading.reference)
    sealed = {
        part: {field: seal(key, (*name, part, field), str(value)) for field, value in told.items()}
        for part, told in hidden.items()
    }
    return plain, sealed


def opened(sealed: Halves, name: tuple[str, str, str], key: Opened, part: str) -> dict[str, str]:
    """Open the values of a report, but those that are shown one at a time: they stay `held`."""
    return {
        field: held(name) if field in APART_FIELDS else unseal(key, (*name, part, field), value)
        for field, value in sealed[part].items()
    }


def opened_all(sealed: Halves, name: tuple[str, str, str], key: Opened) -> dict[str, str]:
    """Open every value of a report, as it is used or as it was sent."""
    return {
        field: unseal(key, (*name, part, field), value)
        for part in _PARTS
        for field, value in sealed[part].items()
    }


def held(name: tuple[str, str, str]) -> str:
    """Give what stands in a statement for a value that was not opened.

    It names its report, so that no two are held to be the same, or to have stood for long.
    """
    return f"{HELD} {' '.join(name)}"
