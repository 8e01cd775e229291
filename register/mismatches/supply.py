"""What is amiss with the supply of data itself: senders fallen silent, files with many rejects."""

from collections.abc import Collection

from sqlalchemy import select, update

from register.access.policy import Permission, needs
from register.audit.service import record
from register.changes.service import note_feed
from register.mismatches.clocks import ends
from register.mismatches.feeds import REJECTS, SILENT, feeds
from register.mismatches.models import Feed, FeedFault
from register.work import Work


@needs(Permission.REPORT_RECEIVE)
def hear(work: Work, senders: Collection[str]) -> None:
    """Note that something came from these senders; who was silent is so no longer."""
    for sender in sorted(feeds().senders.keys() & set(senders)):
        feed = work.session.get(Feed, sender)
        if feed is None:
            work.session.add(Feed(organisation=sender, heard_at=work.now))
        else:
            feed.heard_at = max(feed.heard_at, work.now)
        _close(work, sender, SILENT)


@needs(Permission.REPORT_RECEIVE)
def count_rejects(work: Work, sender: str, rows: int, rejected: int) -> None:
    """Hold a file's rejects against what may be; the next file that is better closes what stood."""
    if not feeds().rejects_too_many(rows, rejected):
        _close(work, sender, REJECTS)
        return
    said = f"{rejected} of {rows} rows rejected"
    standing = _standing(work, sender, REJECTS)
    if standing is not None and standing.detail == said:
        return
    # Worse or better, it is the same fault until a file is good: its clock runs on.
    opened = standing.opened_at if standing else work.now
    if standing:
        standing.known_to = work.now
        work.session.flush()
    clock = feeds().rejects_clock
    fault = FeedFault(
        organisation=sender,
        rule=REJECTS,
        severity=feeds().rejects.value,
        clock=str(clock),
        detail=said,
        opened_at=opened,
        due_at=ends(clock, opened, feeds().holidays),
        known_from=work.now,
    )
    _open(work, fault, logged=standing is None)


@needs(Permission.REPORT_RECEIVE)
def find_silent(work: Work) -> int:
    """Open what fell due: each sender of whom nothing came for longer than agreed; how many."""
    agreed = feeds()
    heard = {feed.organisation: feed.heard_at for feed in work.session.scalars(select(Feed))}
    opened = 0
    for sender, agreement in agreed.senders.items():
        at = agreed.silent_from(sender, heard.get(sender))
        if at is None or at > work.now or _standing(work, sender, SILENT) is not None:
            continue
        last = heard.get(sender)
        due = agreed.silence_due(sender, at)
        fault = FeedFault(
            organisation=sender,
            rule=SILENT,
            severity=agreed.silence.value,
            clock=str(agreement.every),
            detail=f"nothing since {last:%Y-%m-%d %H:%M} UTC" if last else "nothing yet",
            opened_at=at,
            due_at=due,
            known_from=work.now,
        )
        _open(work, fault, logged=True)
        opened += 1
    return opened


def _standing(work: Work, sender: str, rule: str) -> FeedFault | None:
    return work.session.scalar(
        select(FeedFault).where(
            FeedFault.organisation == sender,
            FeedFault.rule == rule,
            FeedFault.known_to.is_(None),
        )
    )


def _open(work: Work, fault: FeedFault, *, logged: bool) -> None:
    work.session.add(fault)
    note_feed(work, fault.organisation)
    if logged:
        record(work, "feed:fault", fault.organisation, rule=fault.rule, owner=fault.organisation)


def _close(work: Work, sender: str, rule: str) -> None:
    ended = work.session.scalars(
        update(FeedFault)
        .where(
            FeedFault.organisation == sender,
            FeedFault.rule == rule,
            FeedFault.known_to.is_(None),
        )
        .values(known_to=work.now)
        .returning(FeedFault.id)
    )
    if ended.all():
        note_feed(work, sender)
        record(work, "feed:mended", sender, rule=rule, owner=sender)
