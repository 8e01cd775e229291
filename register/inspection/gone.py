"""The goings missing of a scope, gone through once for all that is counted of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, case, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from register.inspection.measures import MEASURES
from register.inspection.scope import Scope, goings
from register.mismatches.models import Mismatch
from register.records.models import EpisodeRow
from register.rows import among, asked_once, is_found
from register.work import Work

Number = InstrumentedAttribute[Any] | ColumnElement[int]
IsOne = Callable[[Number], ColumnElement[bool]]
TOLD = ("all", "police", "authority")
"""The measures by which children are counted too."""
_NONE: ColumnElement[int] = literal_column("0")
_AT_ONCE = 10_000
"""So many goings missing of all England are held at once."""
Gone = tuple[int, int, int]
"""A going missing: its child, the place of its month, the bits of what counts it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of the goings missing of a scope."""

    months: dict[str, list[int]]
    """By measure the goings missing of each month."""
    children: list[tuple[int, ...]]
    """By month the children, and those of whom each side told."""
    times: dict[int, int]
    """How many children went missing so often."""


def count_goings(work: Work, scope: Scope, names: Sequence[str]) -> Counted:
    """Go through the goings missing, child by child; count them by `TOLD` and these measures."""
    bits = {name: 1 << place for place, name in enumerate((*TOLD, *names))}
    of_month, children, times = (Counter[Any]() for _ in range(3))
    for _, theirs in groupby(_goings(work, scope, bits), itemgetter(0)):
        told: dict[int, int] = {}
        often = 0
        for _, month, counts in theirs:
            of_month[month, counts] += 1
            told[month] = told.get(month, 0) | counts
            often += 1
        times[often] += 1
        children.update(told.items())
    places = range(len(scope.months))
    in_months = {name: _by_month(of_month, bit, places) for name, bit in bits.items()}
    by_side = (_by_month(children, bits[name], places) for name in TOLD)
    return Counted(in_months, list(zip(*by_side, strict=True)), times)


def _by_month(counted: Counter[tuple[int, int]], bit: int, places: Sequence[int]) -> list[int]:
    found = dict.fromkeys(places, 0)
    for (month, counts), count in counted.items():
        if counts & bit:
            found[month] += count
    return list(found.values())


def _goings(work: Work, scope: Scope, bits: Mapping[str, int]) -> Iterable[Gone]:
    told = [
        case((MEASURES[name].condition(work, scope), literal_column(str(bit))), else_=_NONE)
        for name, bit in bits.items()
    ]
    counts = sum(told[1:], start=told[0]).label("counts")
    columns = (EpisodeRow.child, _month_of(scope), counts)
    query = select(*columns).where(goings(work, scope)).order_by(EpisodeRow.child)
    options = {} if scope.organisation else {"yield_per": _AT_ONCE}
    return cast("Iterable[Gone]", work.session.execute(query, execution_options=options))


def _month_of(scope: Scope) -> ColumnElement[int]:
    """Give the place of the month in which a going missing began, as London's calendar has it."""
    months = scope.months
    ends: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [
        (EpisodeRow.started_at < month.ends, literal_column(str(place)))
        for place, month in enumerate(months[:-1])
    ]
    last: ColumnElement[int] = literal_column(str(len(months) - 1))
    return case(*ends, else_=last).label("month") if ends else last


def those_gone(work: Work, scope: Scope) -> tuple[IsOne, IsOne]:
    """Give how to ask whether a number is one of those goings missing', a child one of those gone.

    Of an organisation they are few, and are found once, whatever is then asked of them; of all
    England each question finds them for itself.
    """
    gone = select(EpisodeRow.child, EpisodeRow.number).where(goings(work, scope))
    if not scope.organisation:
        found = asked_once(gone)
        children, numbers = (found.with_only_columns(each) for each in found.selected_columns)
        return partial(_is_asked, numbers), partial(_is_asked, children)
    known = work.known_in("gone")
    if scope not in known:
        rows = work.session.execute(gone).all()
        known[scope] = [sorted({row[place] for row in rows}) for place in range(2)]
    those, listed = known[scope]
    return partial(_is_listed, listed), partial(_is_listed, those)


def _is_listed(numbers: list[int], number: Number) -> ColumnElement[bool]:
    """Ask by the index of a column, where it is one and no part of a list kept as JSON."""
    by_index = isinstance(number, InstrumentedAttribute)
    return among(number, numbers) if by_index else is_found(number, lambda: numbers)


def _is_asked(found: Select[int], number: Number) -> ColumnElement[bool]:
    return number.in_(found)


def concerning(work: Work, scope: Scope) -> ColumnElement[bool]:
    """Give the condition that a mismatch is one of those goings missing, or of their children.

    What is information only is nobody's to answer, and is left out. They are found once, however
    much is counted of them.
    """
    known = work.known_in("concerning")
    if scope not in known:
        is_theirs, is_gone = those_gone(work, scope)
        # Two questions, each with an index: asked in one, they would be asked of every mismatch.
        of_them = select(Mismatch.id).where(is_theirs(Mismatch.episode))
        whole_child = select(Mismatch.id).where(Mismatch.episode.is_(None), is_gone(Mismatch.child))
        known[scope] = list(work.session.scalars(union_all(of_them, whole_child)))
    return (Mismatch.severity != "info") & among(Mismatch.id, cast("list[int]", known[scope]))
