"""What of an entry is hashed: every column but the hash itself, as canonical JSON."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring as quoted
from typing import Any

from register.audit.merkle import hash_leaf

COLUMNS = ("seq", "at", "kind", "actor", "role", "organisation", "subject", "detail")
"""What is hashed of an entry; in JSON the names are sorted."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(content: object) -> str:
    """Write JSON in the one way it is hashed in: keys sorted, no spaces, characters as they are."""
    return _ENCODER.encode(content)


def stated_time(at: datetime) -> str:
    """Write a time as it is hashed, and as it lies in SQLite: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def content_of(columns: Sequence[Any]) -> str:
    """Write an entry, given its `COLUMNS`, the time as `stated_time` writes it.

    `detail` goes in as the text that lies in the table, so that no byte of it can change unseen.
    It is `canonical` of all by name, written out because a million entries are hashed at a time.
    """
    seq, at, kind, actor, role, organisation, subject, detail = columns
    return (
        f'{{"actor":{quoted(actor)},"at":{quoted(at)},"detail":{quoted(detail)},'
        f'"kind":{quoted(kind)},"organisation":{quoted(organisation)},"role":{quoted(role)},'
        f'"seq":{seq},"subject":{quoted(subject)}}}'
    )


def leaf_of(columns: Sequence[Any]) -> bytes:
    """Hash an entry, as `content_of` writes it."""
    return hash_leaf(content_of(columns).encode())
