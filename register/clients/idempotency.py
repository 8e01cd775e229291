"""Idempotency keys: the same request again is answered as the first was, and has no other effect.

Keys are a client's own, so that nobody tries another's; they do not expire, since a sender may
keep what it could not deliver for as long as it likes.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from sqlalchemy import func, select

from register.clients.models import KeptAnswer
from register.errors import Conflict, Refused
from register.secrecy.keys import key_for
from register.secrecy.values import masked, seal, unseal
from register.underneath.roles import see_all
from register.work import Work

_BUSY = "A request with this Idempotency-Key is being answered: wait, then send it again."
_in_flight: set[tuple[int, str]] = set()
_door = Lock()
_PLACE = "kept answer"


class Reused(Refused):
    """The key was used for another request."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request. Nothing was changed; both requests "
            "are kept, so that it can be found out which was meant."
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it is kept: status, body, and the headers that are part of it."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under a key: whose, and the SHA-256 of its method, address and content."""

    client: int
    key: str
    digest: str


@contextmanager
def in_flight(asked: Asked) -> Iterator[None]:
    """Answer one request at a time under a key, within this process; raise Conflict."""
    name = (asked.client, asked.key)
    with _door:
        if name in _in_flight:
            raise Conflict(_BUSY)
        _in_flight.add(name)
    try:
        yield
    finally:
        with _door:
            _in_flight.discard(name)


def recall(work: Work, asked: Asked) -> Reply | None:
    """Give what was answered to the same request, None where the key is new.

    Raises Conflict where another process is answering it, Reused where it was another request.
    """
    _hold(work, asked)
    mine = (KeptAnswer.client_id == asked.client) & (KeptAnswer.key == asked.key)
    first = work.session.scalar(select(KeptAnswer).where(mine).order_by(KeptAnswer.id).limit(1))
    if first is None:
        return None
    if first.digest != _masked(work, asked):
        raise Reused
    return Reply(first.status, first.answer, first.headers)


def keep(work: Work, asked: Asked, reply: Reply) -> None:
    """Keep the answer in the transaction of what it tells of."""
    _add(work, asked, reply, "")


def keep_refused(work: Work, asked: Asked, body: str) -> None:
    """Keep what came under a key that was used for something else, once."""
    see_all(work.session)
    same = (KeptAnswer.client_id == asked.client) & (KeptAnswer.key == asked.key)
    held = select(KeptAnswer.id).where(same, KeptAnswer.digest == _masked(work, asked))
    if work.session.scalar(held) is None:
        _add(work, asked, Reply(422, ""), body)


def _add(work: Work, asked: Asked, reply: Reply, refused: str) -> None:
    row = KeptAnswer(
        client_id=asked.client,
        key=asked.key,
        digest=_masked(work, asked),
        at=work.now,
        status=reply.status,
        headers=dict(reply.headers),
        answer=reply.body,
        refused=refused and seal(key_for(work), (_PLACE, str(asked.client), asked.key), refused),
    )
    work.session.add(row)


def refused_body(work: Work, row: KeptAnswer) -> str:
    """Open what was refused, for whoever must find out what was meant."""
    return unseal(key_for(work), (_PLACE, str(row.client_id), row.key), row.refused)


def _masked(work: Work, asked: Asked) -> str:
    return masked(key_for(work), asked.digest)


def _hold(work: Work, asked: Asked) -> None:
    """Hold the key against other processes; on SQLite one writes at a time anyway."""
    see_all(work.session)  # what was asked under a key is nobody's to read
    connection = work.session.connection()
    if connection.dialect.name != "postgresql":
        return
    name = sha256(f"{asked.client}:{asked.key}".encode()).digest()
    number = int.from_bytes(name[:8], signed=True)
    if not work.session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise Conflict(_BUSY)
