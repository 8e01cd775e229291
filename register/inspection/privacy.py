"""What an organisation's privacy officer looks into: glass that was broken, looks nothing explains.

Register numbers stand here, no names: an officer may be nobody who may see the child.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, true

from register.access.models import Need, Opening, Reach
from register.access.needing import Why
from register.access.notices import Told, find_notices, officer_of
from register.access.policy import Permission, needs
from register.access.suspicion import SIGNS, suspicions
from register.audit.service import record
from register.db import stood
from register.inspection.accesses import read_accesses
from register.linkage.models import Membership
from register.numbers import child_number
from register.records.sight import unhidden
from register.work import Work

LOOKED_BACK = timedelta(days=28)
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Glass:
    """One glass that was broken: by whom, of which child, why, and until when it was open."""

    reference: str
    who: str
    organisation: str
    number: str
    reason: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Odd:
    """One look at a child, or search, that the data does not explain; `signs` in words."""

    who: str
    organisation: str
    number: str
    """The child's; blank for a search that found nobody."""
    at: datetime
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """All that waits for an officer; `unexplained` and `looks` count the last 28 days."""

    notices: tuple[Told, ...]
    glass: tuple[Glass, ...]
    odd: tuple[Odd, ...]
    looks: int
    unexplained: int


@needs(Permission.PRIVACY_REVIEW)
def privacy_page(work: Work) -> PrivacyPage:
    """Give what waits for the officer: of their people, and of their children."""
    own = officer_of(work.actor)
    since = work.now - LOOKED_BACK
    accesses = read_accesses(work, (Opening.at >= since) & _concerns(own))
    odd = suspicions(accesses)[:MOST_SHOWN]
    glass = _glass(work, own, since)
    seen = unhidden(work, {each.access.child for each in odd if each.access.child})
    record(work, "log:viewed", "privacy", children=seen, odd=len(odd), glass=len(glass))
    return PrivacyPage(
        notices=tuple(find_notices(work)),
        glass=glass,
        odd=tuple(
            Odd(
                each.access.who,
                each.access.organisation,
                child_number(each.access.child) if each.access.child in seen else "",
                each.access.at,
                tuple(SIGNS[name][0] for name in each.signs),
            )
            for each in odd
        ),
        looks=sum(1 for each in accesses if each.child),
        unexplained=sum(1 for each in accesses if each.child and not each.explained),
    )


def _concerns(own: str) -> ColumnElement[bool]:
    if not own:
        return true()
    reached = exists().where(
        Reach.child == Opening.child, Reach.organisation == own, stood(Reach, None)
    )
    return (Opening.organisation == own) | reached


def _glass(work: Work, own: str, since: datetime) -> tuple[Glass, ...]:
    broken = (Need.why == Why.GLASS.value) & (Need.at >= since)
    of_today = (Membership.report_id == Need.report) & stood(Membership, None)
    query = select(Need, Membership.child_id).join(Membership, of_today).where(broken)
    if own:
        reached = exists().where(
            Reach.child == Membership.child_id, Reach.organisation == own, stood(Reach, None)
        )
        query = query.where((Need.organisation == own) | reached)
    rows = work.session.execute(query.order_by(Need.id.desc()).limit(MOST_SHOWN)).all()
    seen = unhidden(work, {child for _, child in rows})
    return tuple(
        Glass(
            f"need {need.id}",
            need.who,
            need.organisation,
            child_number(child) if child in seen else "",
            need.reason if child in seen else "",
            need.at,
            need.until,
        )
        for need, child in rows
    )
