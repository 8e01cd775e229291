"""Telling systems what changed: every change at least once, a child's changes in their order.

What changed stands in the table of changes, written in the transaction of the change itself. From
there each subscription's changes are planned as deliveries, and each delivery is sent until the
receiver takes it. A child's next change waits until the one before it was taken; other children's
do not; those of the receiver's own feed go in their order as if they were one more child's. An
address at which nobody answers is left alone for longer and longer, and loses nothing; a message
that the receiver refuses again and again is set apart as dead, and its child's later ones wait
behind it until somebody replays it or lets it go. What waits about a child is forgotten when a seal
hides the child from the receiver.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, func, select, update

from register.audit.service import record
from register.clients.models import Client
from register.clients.service import actor_of
from register.inspection.news import FEED, News, news_behind
from register.numbers import read_number
from register.records.sight import may_be_found, reports_in_sight
from register.rows import parts
from register.underneath.roles import see_all
from register.webhooks.models import Delivery, Subscription
from register.webhooks.sending import Message, Unreachable
from register.webhooks.subscribing import DEAD, WAITING, secret_of
from register.work import OPERATOR, Actor, begin_work, utc_now

AT_ONCE = 200
MOST_TRIES = 20
"""With the waits below: a message is refused for half a day before it is dead."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
CLAIM = timedelta(minutes=15)
"""Longer than one round to one address takes; who dies in it is followed after that."""
SPELL = 20
"""Seconds for which one round goes on sending to one address: then it is the others' turn."""
Send = Callable[[Message], int]


@dataclass(slots=True)
class Told:
    """What one round came to, in messages."""

    delivered: int = 0
    refused: int = 0
    unreachable: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """One round of deliveries: from which register, by which clock and sender."""

    engine: Engine
    send: Send
    clock: Callable[[], datetime] = utc_now

    def go(self) -> Told:
        """Plan and send what is due to every address, and give what became of it."""
        told = Told()
        for number in self._due():
            if self._claim(number):
                self._plan(number)
                self._deliver(number, told)
        return told

    def _due(self) -> list[int]:
        with begin_work(self.engine, OPERATOR, clock=self.clock, writes=False) as work:
            due = (Subscription.next_try_at <= work.now) & Subscription.ended_at.is_(None)
            query = select(Subscription.id).join(Client, Client.id == Subscription.client_id)
            found = query.where(due, Client.active).order_by(Subscription.next_try_at)
            return list(work.session.scalars(found))

    def _claim(self, number: int) -> bool:
        """Take an address, so that nobody else delivers there meanwhile."""
        with begin_work(self.engine, OPERATOR, clock=self.clock) as work:
            free = (Subscription.id == number) & (Subscription.claimed_until <= work.now)
            mine = update(Subscription).where(free).values(claimed_until=work.now + CLAIM)
            return work.session.scalar(mine.returning(Subscription.id)) is not None

    def _plan(self, number: int) -> None:
        """Make a delivery of each change that the client is told of since the last plan."""
        part = None
        while part is None or part.more:
            actor, up_to = self._hearer(number)
            with begin_work(self.engine, actor, clock=self.clock, writes=False) as work:
                part = news_behind(work, up_to, AT_ONCE)
            with begin_work(self.engine, OPERATOR, clock=self.clock) as work:
                work.session.add_all(
                    Delivery(
                        subscription_id=number,
                        change=each.number,
                        child=each.child or each.kind,
                        body=_body(each),
                        next_try_at=work.now,
                    )
                    for each in part.news
                )
                work.session.get_one(Subscription, number).up_to = part.up_to

    def _deliver(self, number: int, told: Told) -> None:
        """Send what is due, a child's earliest first, for a while; then give the address back."""
        until = time.monotonic() + SPELL
        while sent := self._next(number):
            for delivery, message in sent:
                if time.monotonic() >= until or not self._hears(number):
                    self._leave(number)
                    return
                try:
                    status = self.send(message)
                except Unreachable as failure:
                    told.unreachable += 1
                    self._leave(number, str(failure))
                    return
                self._note(delivery, status, told)
        self._leave(number)

    def _hears(self, number: int) -> bool:
        """Tell whether the client is still to be told: it may be barred while others are told."""
        with begin_work(self.engine, OPERATOR, clock=self.clock, writes=False) as work:
            to = work.session.get_one(Subscription, number)
            return to.ended_at is None and to.client.active

    def _forget_hidden(self, number: int) -> None:
        """Forget what waits about children whom a seal hides from the client since."""
        actor, _ = self._hearer(number)
        mine = Delivery.subscription_id == number
        with begin_work(self.engine, actor, clock=self.clock, writes=False) as work:
            see_all(work.session)  # of a child that left, it is told that it is gone
            waiting = select(Delivery.child).where(mine, Delivery.child != FEED).distinct()
            reports = {child: read_number(child)[1] for child in work.session.scalars(waiting)}
            shown = reports_in_sight(work, reports.values(), may_be_found) if reports else set()
        hidden = sorted(child for child, report in reports.items() if report not in shown)
        for part in parts(hidden):
            with begin_work(self.engine, OPERATOR, clock=self.clock) as work:
                work.session.execute(delete(Delivery).where(mine, Delivery.child.in_(part)))

    def _next(self, number: int) -> list[tuple[int, Message]]:
        self._forget_hidden(number)
        with begin_work(self.engine, OPERATOR, clock=self.clock, writes=False) as work:
            open_ones = Delivery.state.in_([WAITING, DEAD]) & (Delivery.subscription_id == number)
            heads = select(func.min(Delivery.id)).where(open_ones).group_by(Delivery.child)
            due = (Delivery.state == WAITING) & (Delivery.next_try_at <= work.now)
            to = work.session.get_one(Subscription, number)
            query = select(Delivery).where(Delivery.id.in_(heads), due).order_by(Delivery.id)
            at, secret = int(work.now.timestamp()), secret_of(work, to)
            return [
                (each.id, Message(to.url, secret, each.change, each.body, at))
                for each in work.session.scalars(query.limit(AT_ONCE))
            ]

    def _note(self, number: int, status: int, told: Told) -> None:
        with begin_work(self.engine, OPERATOR, clock=self.clock) as work:
            delivery = work.session.get_one(Delivery, number)
            delivery.tries += 1
            delivery.last_answer = str(status)
            if status // 100 == 2:  # noqa: PLR2004  # HTTP's successes
                told.delivered += 1
                work.session.delete(delivery)
                record(work, "change:delivered", f"change {delivery.change}", to=number)
                return
            told.refused += 1
            delivery.next_try_at = work.now + wait_after(delivery.tries)
            if delivery.tries >= MOST_TRIES:
                delivery.state = DEAD

    def _leave(self, number: int, failure: str = "") -> None:
        """Give an address back; one at which nobody answered is left alone for a while."""
        with begin_work(self.engine, OPERATOR, clock=self.clock) as work:
            to = work.session.get_one(Subscription, number)
            to.failures = to.failures + 1 if failure else 0
            to.claimed_until = work.now
            to.next_try_at = work.now + (wait_after(to.failures) if failure else timedelta(0))

    def _hearer(self, number: int) -> tuple[Actor, int]:
        """Give who hears at an address, and up to which change was planned for it."""
        with begin_work(self.engine, OPERATOR, clock=self.clock, writes=False) as work:
            to = work.session.get_one(Subscription, number)
            scopes = frozenset(to.client.scopes.split())
            return replace(actor_of(to.client), scopes=scopes), to.up_to


def wait_after(tries: int) -> timedelta:
    """Give how long to wait after so many failures in a row."""
    doubled: int = 1 << min(max(tries - 1, 0), 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _body(news: News) -> str:
    told = {
        "change": news.number,
        "kind": news.kind,
        "child": news.child or None,
        "at": news.at.astimezone(UTC).isoformat(),
        "gone": news.is_gone,
        "mismatches": [{"number": each.number, "what": each.what} for each in news.mismatches],
        "faults": [{"rule": each.rule, "what": each.what} for each in news.faults],
    }
    return json.dumps(told)
