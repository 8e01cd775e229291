"""What is amiss with senders' feeds, as each may see it: their own, those inspected, all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from register.access.policy import INSPECTS, Permission, is_allowed, needs
from register.access.reach import inspected_by
from register.inspection.scope import Scope
from register.mismatches.feeds import TITLES, feeds
from register.mismatches.models import Feed, FeedFault
from register.terms import Severity
from register.work import Work, stands, was_known


@dataclass(frozen=True, slots=True)
class Fault:
    """Something amiss with a sender's feed: `opened_at` it began, None as `ended_at`: it stands."""

    organisation: str
    rule: str
    severity: Severity
    detail: str
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    is_overdue: bool

    @property
    def title(self) -> str:
        """What its rule is called."""
        return TITLES[self.rule]

    @property
    def is_open(self) -> bool:
        """Whether it stands."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """A sender's own feed; blank and None where nothing is agreed, or nothing came yet.

    It is silent from `silent_from` on, unless something comes before.
    """

    organisation: str
    agreed_since: datetime | None
    every: str
    heard_at: datetime | None
    silent_from: datetime | None
    percent_rejected: float
    faults: Sequence[Fault]


@needs(Permission.REPORT_RECEIVE)
def own_faults(work: Work) -> list[Fault]:
    """Give what stands amiss with the feed of one's own organisation, the gravest first."""
    return _faults(work, _is_own(work) & stands(work, FeedFault))


@needs(Permission.MISMATCH_READ)
def faults_to_answer(work: Work) -> list[Fault]:
    """Give the same to whoever sends; to whoever does not, none."""
    return own_faults(work) if is_allowed(work.actor, Permission.REPORT_RECEIVE) else []


@needs(Permission.REPORT_RECEIVE)
def own_feed(work: Work) -> OwnFeed:
    """Give what is agreed of the feed of one's own organisation, and how it stands."""
    own, agreed = work.actor.organisation, feeds()
    agreement, feed = agreed.senders.get(own), work.session.get(Feed, own)
    heard = feed.heard_at if feed else None
    return OwnFeed(
        own,
        agreement.since if agreement else None,
        str(agreement.every) if agreement else "",
        heard,
        agreed.silent_from(own, heard),
        agreed.percent,
        own_faults(work),
    )


@needs(Permission.FIGURES_READ)
def faults_during(work: Work, scope: Scope) -> list[Fault] | None:
    """Give what was amiss at some time in the period, as known now or then.

    Of the organisations that one inspects, or of one's own; None to whoever has neither.
    """
    whose: ColumnElement[bool]
    if work.actor.role in INSPECTS:
        whose = FeedFault.organisation.in_(inspected_by(work.actor.name))
    elif work.actor.organisation:
        whose = _is_own(work)
    else:
        return None
    if scope.organisation:
        whose &= FeedFault.organisation == scope.code
    found = _faults(work, whose & (FeedFault.opened_at < scope.ends))
    return [each for each in found if each.ended_at is None or each.ended_at > scope.starts]


@needs(Permission.REGISTER_EXPORT)
def all_faults(work: Work) -> list[Fault]:
    """Give what stands amiss with every sender's feed, the gravest first."""
    return _faults(work, stands(work, FeedFault))


def _is_own(work: Work) -> ColumnElement[bool]:
    return FeedFault.organisation == work.actor.organisation


def _faults(work: Work, condition: ColumnElement[bool]) -> list[Fault]:
    query = select(FeedFault).where(condition, was_known(work, FeedFault.known_from))
    rows = work.session.scalars(query.order_by(FeedFault.id))
    # Worse or better it is the same fault, and the last that was said of it counts.
    last = {(row.organisation, row.rule, row.opened_at): row for row in rows}
    found = [_fault(work, row) for row in last.values()]
    order = list(Severity)
    return sorted(
        found, key=lambda each: (order.index(each.severity), each.due_at, each.organisation)
    )


def _fault(work: Work, row: FeedFault) -> Fault:
    ended = row.known_to if row.known_to and row.known_to <= work.moment else None
    return Fault(
        row.organisation,
        row.rule,
        Severity(row.severity),
        row.detail,
        row.opened_at,
        row.due_at,
        ended,
        row.due_at <= (ended or work.moment),
    )
