"""Guessing is slowed down, by account and by source; whoever is known here is let through.

Each try weighs on a bucket for a while. A bucket takes `burst` tries at once, and then one for
each interval: at most burst + 24 h / interval in any 24 hours, whatever the guesser's rhythm.
Nothing is ever locked: tries from browsers that a person has signed in from before weigh on a
bucket of that browser alone, which nobody else can fill.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.access.models import SignInAttempt
from register.work import Work


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many tries are free at once, and after how long each weighs no more."""

    burst: int
    interval: timedelta


BUCKETS: Mapping[str, Bucket] = {
    # 10 + 90: no account is guessed at more than 100 times in any 24 hours (safety 4.2, 14).
    "account": Bucket(10, timedelta(minutes=16)),
    "device": Bucket(10, timedelta(minutes=16)),
    # A whole force may stand behind one address.
    "source": Bucket(100, timedelta(seconds=20)),
    # Six digits, of which three are good at a time: 43 tries a day hit once in 20 years.
    "code": Bucket(20, timedelta(hours=1)),
}
NOT_AT_ALL = timedelta(0)


def source_of(address: str) -> str:
    """Give whose an address is: of IPv6 a whole /64, which one customer has to choose from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network(f"{found}/64", strict=False)) if not found.scope_id else address
    return str(found)


def wait_before(weighs_until: datetime, now: datetime, bucket: Bucket) -> timedelta:
    """Give how long the next try must wait for its place in the bucket; nought where it is free."""
    weight = max(weighs_until - now, NOT_AT_ALL)
    return max(weight - (bucket.burst - 1) * bucket.interval, NOT_AT_ALL)


def weigh(work: Work, names: Mapping[str, str]) -> timedelta:
    """Let one try weigh on each bucket; or, where one is full, on none, and give the wait.

    `names` gives by kind of bucket whose it is. Two tries at once are taken one after the other.
    """
    rows = {kind: _locked(work, kind, name) for kind, name in sorted(names.items())}
    wait = max(
        (wait_before(row.weighs_until, work.now, BUCKETS[kind]) for kind, row in rows.items()),
        default=NOT_AT_ALL,
    )
    if not wait:
        for kind, row in rows.items():
            row.weighs_until = max(row.weighs_until, work.now) + BUCKETS[kind].interval
    return wait


def take_back(work: Work, names: Mapping[str, str]) -> None:
    """Let the last try weigh no more: it was no guess."""
    for kind, name in sorted(names.items()):
        row = _locked(work, kind, name)
        row.weighs_until -= BUCKETS[kind].interval


def empty(work: Work, kind: str, name: str) -> None:
    """Let nothing weigh on a bucket any more."""
    work.session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key == _key(kind, name))
        .values(weighs_until=work.now)
    )


def forget_light(work: Work) -> None:
    """Drop what weighs nothing any more, but what somebody else is just trying on."""
    light = select(SignInAttempt.key).where(SignInAttempt.weighs_until < work.now)
    idle = light.with_for_update(skip_locked=True)
    work.session.execute(
        delete(SignInAttempt)
        .where(SignInAttempt.key.in_(idle))
        .execution_options(synchronize_session=False)
    )


def _locked(work: Work, kind: str, name: str) -> SignInAttempt:
    dialect = work.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    key = _key(kind, name)
    # One statement makes the row or locks it: between two it could be dropped as too light.
    made = insert(SignInAttempt).values(key=key, weighs_until=work.now)
    row = made.on_conflict_do_update(
        index_elements=[SignInAttempt.key], set_={"weighs_until": SignInAttempt.weighs_until}
    ).returning(SignInAttempt)
    return work.session.scalars(row.execution_options(populate_existing=True)).one()


def _key(kind: str, name: str) -> str:
    return sha256(f"{kind}:{name}".encode(errors="replace")).hexdigest()
