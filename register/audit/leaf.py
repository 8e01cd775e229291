"""What of an entry is hashed: every column but the hash itself, as canonical JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from register.audit.merkle import hash_leaf

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(content: object) -> str:
    """Write JSON in the one way it is hashed in: keys sorted, no spaces, characters as they are."""
    return _ENCODER.encode(content)


def stated_time(at: datetime) -> str:
    """Write a time as it is hashed, and as it lies in SQLite: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def leaf_of(columns: Mapping[str, object]) -> bytes:
    """Hash an entry, given all its columns but the hash, `at` as `stated_time` writes it.

    `detail` goes in as the text that lies in the table, so that no byte of it can change unseen.
    """
    return hash_leaf(canonical(columns).encode())
