"""Data keys: one for each organisation's values, one for what belongs to none; made, wrapped."""

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from sqlalchemy import LargeBinary, bindparam, func, select, text, update

from register.access.policy import Permission, needs
from register.audit.service import record
from register.db import Instant
from register.keyring import KeyRing, KeysUnusable
from register.secrecy.models import DataKey
from register.turns import wait_for_turn
from register.work import Work

REGISTER = "register"
"""The owner of the key of what belongs to no organisation."""
_ROOM = "secrecy"
_ALL = select(DataKey.owner, DataKey.ring_number, DataKey.wrapped)
# Of two that make an owner's first key at once, the second waits here and takes the first's.
_ADD = text(
    "INSERT INTO data_key (owner, ring_number, wrapped, made_at) "
    "VALUES (:owner, :ring_number, :wrapped, :made_at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("wrapped", type_=LargeBinary()), bindparam("made_at", type_=Instant()))


@dataclass(frozen=True)
class Opened:
    """A data key, unwrapped, and the keys for each of its uses."""

    owner: str
    secret: bytes

    @cached_property
    def fields(self) -> AESGCM:
        """What seals values, each with a number that is used once."""
        return AESGCM(self._for("fields"))

    @cached_property
    def lines(self) -> AESSIV:
        """What seals so that the same, sealed twice, is the same."""
        return AESSIV(self._for("lines a") + self._for("lines b"))

    @cached_property
    def salt(self) -> bytes:
        """What hashes are keyed with under which subjects are found."""
        return self._for("blocking keys")

    @cached_property
    def masks(self) -> bytes:
        """What fingerprints of values are keyed with."""
        return self._for("fingerprints")

    def _for(self, use: str) -> bytes:
        return hmac.digest(self.secret, use.encode(), "sha256")


def ring(work: Work) -> KeyRing:
    """Give the ring of the database that the work is on."""
    found = work.session.connection().get_execution_options().get("field_keys")
    if not isinstance(found, KeyRing):
        raise KeysUnusable("This database was opened without the keys of its protected values.")
    return found


def key_of(work: Work, owner: str = REGISTER) -> Opened:
    """Give an owner's data key; where there is none, one under which nothing was ever sealed."""
    known = _known(work)
    return known[owner] if owner in known else _made(work, owner)


def key_for(work: Work, owner: str = REGISTER) -> Opened:
    """Give an owner's data key to seal with, which is made and kept if need be."""
    known = _known(work)
    if owner not in known:
        if not known and not _known(work, anew=True):
            ring(work).make_once()
        opened = _made(work, owner)
        number, wrapped = ring(work).wrap(owner, opened.secret)
        row = {"owner": owner, "ring_number": number, "wrapped": wrapped, "made_at": work.now}
        work.session.execute(_ADD, row)
        known = _known(work, anew=True)
    return known[owner]


@needs(Permission.KEYS_ROTATE)
def rotate(work: Work) -> tuple[int, int]:
    """Wrap every data key by the newest key of the ring; give its number, and how many.

    Where the newest wraps them all already, another is added first. Values stay as they are.
    """
    wait_for_turn(work.session)
    keys, known = ring(work), _known(work, anew=True)
    if not known:
        keys.make_once()
    numbers = set(work.session.scalars(select(DataKey.ring_number)))
    newest = keys.add() if numbers <= {keys.newest} else keys.newest
    for owner, opened in sorted(known.items()):
        number, wrapped = keys.wrap(owner, opened.secret)
        row = update(DataKey).where(DataKey.owner == owner)
        work.session.execute(row.values(ring_number=number, wrapped=wrapped))
    _known(work, anew=True)
    record(work, "key:rotated", f"key {newest}", wrapped=len(known))
    return newest, len(known)


@needs(Permission.KEYS_ROTATE)
def count_wrapped(work: Work) -> dict[int, int]:
    """Count the data keys that each number of the ring wraps; every one of them is tried."""
    _known(work, anew=True)
    rows = work.session.execute(
        select(DataKey.ring_number, func.count()).group_by(DataKey.ring_number)
    )
    return dict(iter(rows))


def _made(work: Work, owner: str) -> Opened:
    return Opened(owner, ring(work).make_key(owner))


def _known(work: Work, *, anew: bool = False) -> dict[str, Opened]:
    """Give all data keys; asked for once in a piece of work."""
    if anew or _ROOM not in work.notes:
        keys = ring(work)
        work.notes[_ROOM] = {
            owner: Opened(owner, keys.unwrap(owner, number, bytes(wrapped)))
            for owner, number, wrapped in work.session.execute(_ALL)
        }
    return cast("dict[str, Opened]", work.notes[_ROOM])
