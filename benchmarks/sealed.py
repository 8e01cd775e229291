"""Seals, without which no register is for long."""

from sqlalchemy import Engine, func, select

from register.access.hiding import SEALS
from register.access.models import Reach
from register.access.seals import Placed
from register.db import count_rows
from register.linkage.seen import seen_of
from register.sealing import seal
from register.terms import Role, SealReason
from register.work import Actor, begin_work

SEALED = 60
"""Children, of as many authorities."""


def seal_some(engine: Engine) -> None:
    """Seal children of the largest authorities, unless some are: every question then asks for them.

    A register without a seal leaves that out, and no register is without one for long.
    """
    with begin_work(engine) as work:
        if SEALS.is_any(work):
            return
        mine = (Reach.why == "responsible") & Reach.known_to.is_(None)
        place = func.row_number().over(partition_by=Reach.organisation, order_by=Reach.child)
        each = select(Reach.organisation, Reach.child, place.label("place")).where(mine).subquery()
        some = select(each.c.organisation, each.c.child).where(each.c.place == 1).limit(SEALED)
        children = list(work.session.execute(some))
    for organisation, child in children:
        manager = Actor("manager", Role.AUTHORITY_MANAGER, organisation)
        with begin_work(engine, manager) as work:
            seal(work, child, Placed(SealReason.HIGH_RISK, "drawn"), seen_of(work, [child]))
    count_rows(engine)
