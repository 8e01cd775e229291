"""Guessing at passwords is slowed down, for a username and for a network address alike."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from register.access.models import SignInAttempt
from register.work import Work

FREE_TRIES: Mapping[str, int] = {"user": 5, "address": 50}
"""How many tries in a row may fail before the next must wait. Many share one address."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def wait_before(work: Work, keys: Mapping[str, str]) -> timedelta:
    """Give how long the next try must wait, nought where it need not.

    `keys` gives the username and the address by kind. After the free tries the wait is a minute,
    and doubles with each further failure, to fifteen at most.
    """
    waits = [timedelta(0)]
    for kind, name in sorted(keys.items()):
        row = work.session.scalar(
            select(SignInAttempt).where(SignInAttempt.key == _key(kind, name)).with_for_update()
        )
        over = row.failures - FREE_TRIES[kind] if row else -1
        if row is None or over < 0 or work.now - row.last_at >= FORGOTTEN_AFTER:
            continue
        wait = min(timedelta(minutes=2 ** min(over, 10)), LONGEST_WAIT)
        waits.append(row.last_at + wait - work.now)
    return max(waits)


def count_failure(work: Work, keys: Mapping[str, str]) -> None:
    """Count one failure for each key; failures of long ago no longer count."""
    name = work.session.get_bind().dialect.name
    insert = postgresql.insert if name == "postgresql" else sqlite.insert
    stale = SignInAttempt.last_at <= work.now - FORGOTTEN_AFTER
    work.session.execute(delete(SignInAttempt).where(stale))
    for kind, text in sorted(keys.items()):
        first = insert(SignInAttempt).values(key=_key(kind, text), failures=1, last_at=work.now)
        again = {"failures": SignInAttempt.failures + 1, "last_at": work.now}
        work.session.execute(
            first.on_conflict_do_update(index_elements=[SignInAttempt.key], set_=again)
        )


def forget_failures(work: Work, kind: str, name: str) -> None:
    """Begin again at nought, after a success."""
    work.session.execute(delete(SignInAttempt).where(SignInAttempt.key == _key(kind, name)))


def _key(kind: str, name: str) -> str:
    return sha256(f"{kind}:{name}".encode(errors="replace")).hexdigest()
