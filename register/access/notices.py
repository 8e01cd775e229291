"""What the privacy officers of an organisation must look at: told by a reference, nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select, true

from register.access.models import Notice
from register.access.openings import day_of
from register.access.policy import Permission, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.errors import NotFound
from register.work import Actor, Work

MOST = 50
"""Notices shown on the page; what was seen and is older is in the log."""


class Matter(StrEnum):
    """What a notice is about."""

    GLASS = "glass"
    LIMIT = "limit"
    INSPECTION = "inspection"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Told:
    """One notice; `seen_by` is blank until somebody has looked at it."""

    id: int
    organisation: str
    matter: Matter
    reference: str
    at: datetime
    seen_by: str
    seen_at: datetime | None


def tell(work: Work, organisations: Iterable[str], matter: Matter, reference: str) -> None:
    """Put a notice before the privacy officers of each organisation, once for one reference."""
    codes = {*organisations} - {""} or {""}
    same = (Notice.kind == matter.value) & (Notice.reference == reference)
    told = set(work.session.scalars(select(Notice.organisation).where(same)))
    for code in sorted(codes - told):
        work.session.add(
            Notice(organisation=code, kind=matter.value, reference=reference, at=work.now)
        )


def tell_exceeded(work: Work) -> None:
    """Tell an organisation's privacy officers that one of its people asked for too much today."""
    reference = f"{day_of(work)} user {work.actor.user_id or 'of a system'}"
    tell(work, [work.actor.organisation], Matter.LIMIT, reference)


def officer_of(actor: Actor) -> str:
    """Give the organisation whose privacy officer the actor is; blank for the register's own."""
    return actor.organisation


@needs(Permission.PRIVACY_REVIEW)
def find_notices(work: Work) -> list[Told]:
    """Give the notices to the reader's organisation, those that nobody has seen first."""
    query = (
        select(Notice)
        .where(_own(work.actor))
        .order_by(Notice.seen_at.is_not(None), Notice.id.desc())
        .limit(MOST)
    )
    return [
        Told(
            each.id,
            each.organisation,
            Matter(each.kind),
            each.reference,
            each.at,
            each.seen_by,
            each.seen_at,
        )
        for each in work.session.scalars(query)
    ]


@needs(Permission.PRIVACY_REVIEW)
def mark_seen(work: Work, notice: int) -> None:
    """Keep that somebody has looked into a notice; raise NotFound."""
    query = select(Notice).where(Notice.id == min(notice, HIGHEST_ID), _own(work.actor))
    found = work.session.scalar(query)
    if found is None:
        raise NotFound("There is no such notice, or none that you may see.")
    if found.seen_at is None:
        found.seen_by, found.seen_at = work.actor.name, work.now
        record(work, "notice:seen", f"notice {found.id}")


def _own(actor: Actor) -> ColumnElement[bool]:
    own = officer_of(actor)
    return Notice.organisation == own if own else true()
