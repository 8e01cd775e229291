"""Who wants to hear what changed, and where; and what could not be delivered, by hand."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from register.access.policy import ROLES, Permission, needs
from register.audit.service import record
from register.changes.models import Change
from register.clients.models import Client
from register.clients.service import get_client
from register.errors import Conflict, Invalid, NotFound
from register.secrecy.keys import key_for, key_of
from register.secrecy.values import seal, unseal
from register.terms import Role
from register.webhooks.models import Delivery, Subscription
from register.webhooks.sending import check_address
from register.work import Work

DEAD, WAITING, LET_GO = "dead", "waiting", "let go"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was refused too often, and how many of its child wait behind it."""

    number: int
    client: str
    url: str
    child: str
    tries: int
    last_answer: str
    behind: int


@needs(Permission.USER_MANAGE)
def subscribe(work: Work, name: str, url: str, *, to_private: bool) -> str:
    """Have a client hear of every change from now on; give the secret that signs, told this once.

    Raises NotFound, Invalid for an address that is none, Conflict where it hears there already.
    """
    client = get_client(work, name)
    check_address(url, to_private=to_private)
    may = Permission.CHILD_READ in ROLES[Role(client.role)]
    if not may or Permission.CHILD_READ.value not in client.scopes.split():
        raise Invalid({"client": f"{name} lacks the scope child:read"})
    if _running(work, client, url) is not None:
        raise Conflict(f"{name} hears of changes at that address already.")
    secret = secrets.token_urlsafe(32)
    row = Subscription(
        client_id=client.id,
        url=url,
        secret=seal(key_for(work), _place(name, url), secret),
        up_to=work.session.scalar(select(func.max(Change.id))) or 0,
        created_at=work.now,
        next_try_at=work.now,
        claimed_until=work.now,
    )
    work.session.add(row)
    record(work, "client:changed", f"client {name}", subscribed=1)
    return secret


def secret_of(work: Work, to: Subscription) -> str:
    """Open the secret that signs what is sent to an address."""
    return unseal(key_of(work), _place(to.client.name, to.url), to.secret)


def _place(name: str, url: str) -> tuple[str, ...]:
    return ("subscription", name, url)


@needs(Permission.USER_MANAGE)
def unsubscribe(work: Work, name: str, url: str) -> None:
    """Have a client hear no more at an address; raise NotFound."""
    row = _running(work, get_client(work, name), url)
    if row is None:
        raise NotFound(f"{name} hears of no changes at that address.")
    row.ended_at = work.now
    record(work, "client:changed", f"client {name}", subscribed=0)


@needs(Permission.USER_MANAGE)
def dead_letters(work: Work) -> list[DeadLetter]:
    """Give what was refused too often, the earliest first."""
    query = select(Delivery, Subscription).join(
        Subscription, Subscription.id == Delivery.subscription_id
    )
    rows = work.session.execute(query.where(Delivery.state == DEAD).order_by(Delivery.id)).all()
    return [
        DeadLetter(
            each.id,
            to.client.name,
            to.url,
            each.child,
            each.tries,
            each.last_answer,
            _behind(work, each),
        )
        for each, to in rows
    ]


@needs(Permission.USER_MANAGE)
def replay(work: Work, numbers: Collection[int]) -> int:
    """Send dead letters again, all where none is named; give how many there are."""
    return _free(work, numbers, {"state": WAITING, "tries": 0, "next_try_at": work.now})


@needs(Permission.USER_MANAGE)
def let_go(work: Work, numbers: Collection[int]) -> int:
    """Never send these dead letters again, so that what waits behind them goes out."""
    return _free(work, numbers, {"state": LET_GO}) if numbers else 0


def _free(work: Work, numbers: Collection[int], values: dict[str, str | int | datetime]) -> int:
    which = Delivery.state == DEAD
    if numbers:
        which &= Delivery.id.in_(sorted(numbers))
    query = update(Delivery).where(which).values(values).returning(Delivery.id)
    found = work.session.scalars(query).all()
    record(work, "client:changed", deliveries=list(found))
    return len(found)


def _behind(work: Work, dead: Delivery) -> int:
    same = (Delivery.subscription_id == dead.subscription_id) & (Delivery.child == dead.child)
    waiting = same & (Delivery.state == WAITING) & (Delivery.id > dead.id)
    return work.session.scalar(select(func.count()).select_from(Delivery).where(waiting)) or 0


def _running(work: Work, client: Client, url: str) -> Subscription | None:
    mine = (Subscription.client_id == client.id) & (Subscription.url == url)
    return work.session.scalar(select(Subscription).where(mine, Subscription.ended_at.is_(None)))
