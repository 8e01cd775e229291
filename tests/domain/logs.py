"""A log to write, to prove and to tamper with."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from register.audit.checkpoints import checkpoint
from register.audit.keys import ORIGIN
from register.audit.models import AuditCheckpoint, AuditEvent
from register.audit.note import LOG, Note, Signer
from register.audit.service import Entry, record, record_many
from register.audit.verification import Kept, Verified, verify
from register.terms import Role
from register.work import Actor, Work, begin_work

OFFICER = Actor("a.officer", Role.FORCE_USER, "police-01", user_id=7)
SIGNER = Signer(ORIGIN, LOG, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SIZE = 23
CHECKED = 13
"""Entries that the log had at its first checkpoint."""


def add(engine: Engine, *subjects: str) -> None:
    with begin_work(engine, OFFICER) as work:
        record_many(work, [Entry("report:received", subject) for subject in subjects])


def act(engine: Engine, *kinds: str, last: Callable[[Work], None] | None = None) -> None:
    """Change something, log it as entries of these kinds, and do what is last before the commit."""
    with begin_work(engine, OFFICER) as work:
        add_checkpoint(work)
        record_many(work, map(Entry, kinds))
        work.before_commit += [last] if last else []


def fill(engine: Engine) -> Engine:
    """Make a log of 23 entries, checked at 13."""
    add(engine, *(f"report {number}" for number in range(CHECKED)))
    with begin_work(engine) as work:
        checkpoint(work, SIGNER)
    for number in range(CHECKED, SIZE):
        with begin_work(engine, OFFICER) as work:
            record(work, "export:disclosed", f"export {number}", rows=number, recipient="Ærø")
    return engine


def sign(engine: Engine, *signed: Note) -> Note:
    """Sign a checkpoint of a log that grew."""
    with begin_work(engine) as work:
        note = checkpoint(work, SIGNER, signed)
    assert note is not None
    return note


def prove(engine: Engine, *kept: Note) -> Verified:
    with begin_work(engine, writes=False) as work:
        return verify(work.session, SIGNER.key, [Kept("a folder", note) for note in kept])


def change(engine: Engine, *statements: str) -> None:
    """Act as someone who holds the database, and leaves out the register."""
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def count(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def add_checkpoint(work: Work) -> None:
    work.session.add(AuditCheckpoint(size=999, note=""))


def checkpoints(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return sorted(session.scalars(select(AuditCheckpoint.size)))
