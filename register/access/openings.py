"""How many children one person is shown on a day: noted as each is shown, and refused past that."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from sqlalchemy import insert, select

from register.access.models import Opening
from register.errors import Exceeded
from register.terms import LONDON, Role
from register.work import Work

T = TypeVar("T")
NOBODY = 0
"""Stands for the child of a search that found nobody."""
_ROOM = "openings"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person, or one system, is given."""

    children_a_day: int = 200
    children_a_day_of_systems: int = 5000
    export_rows: int = 10_000


def set_limits(work: Work, limits: Limits) -> None:
    """Say what holds for this piece of work; where nobody does, the usual."""
    work.notes["limits"] = limits


def limits_of(work: Work) -> Limits:
    """Give what holds for this piece of work."""
    return cast("Limits", work.notes.get("limits", Limits()))


def spend(work: Work, children: Collection[int], how: str) -> None:
    """Note that the actor is shown these children, by `page` or `check`; none: none was found.

    Raises Exceeded where that would be more different children than one person is shown on a day
    of England's; then nothing is shown. It is looked at once more before the work commits, so
    that two requests at once are not given more than one after the other.
    """
    if work.actor.role is Role.OPERATOR:
        return
    _refuse_more(work, children)
    shown = sorted(children) or [NOBODY]
    rows = [_row(work, child, how) for child in shown]

    def keep(work: Work) -> None:
        _refuse_more(work, children)
        work.session.connection().execute(insert(Opening), rows)

    work.before_commit.append(keep)


def counted(work: Work, rows: Iterable[T]) -> Iterator[T]:
    """Pass on the rows of an export; raise Exceeded after as many as one person is given."""
    most = limits_of(work).export_rows
    for place, row in enumerate(rows):
        if place >= most and work.actor.role is not Role.OPERATOR:
            raise Exceeded(
                f"An export holds {most} rows at most: narrow it down, by days or by kind."
            )
        yield row


def day_of(work: Work) -> date:
    """Give the day it is in England."""
    return work.now.astimezone(LONDON).date()


def _refuse_more(work: Work, children: Collection[int]) -> None:
    limits = limits_of(work)
    is_system = work.actor.role is Role.MACHINE
    most = limits.children_a_day_of_systems if is_system else limits.children_a_day
    today = (Opening.who == work.actor.name) & (Opening.day == day_of(work))
    known = select(Opening.child).where(today, Opening.child != NOBODY).distinct()
    before = set(work.session.scalars(known))
    if len(before | set(children)) > most and not before.issuperset(children):
        raise Exceeded(
            f"You have looked at {most} children today, as many as one person may. Your "
            "organisation's privacy officer has been told; ask them if your work needs more."
        )


def _row(work: Work, child: int, how: str) -> dict[str, object]:
    return {
        "who": work.actor.name,
        "role": work.actor.role.value,
        "organisation": work.actor.organisation,
        "child": child,
        "how": how,
        "day": day_of(work),
        "at": work.now,
    }
