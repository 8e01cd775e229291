"""Which field an unknown heading may stand for: the nearest by its name that its values allow."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from register.reports import values
from register.reports.date_orders import Orders
from register.reports.fields import BY_NAME, OneOf
from register.reports.layout_files import known_layouts
from register.reports.layouts import plain

LIKE_ENOUGH = 0.72
_ALLOWED, _TELLING = 0.5, 0.9
_BY_VALUES = ("nhs_number", "upn", "home_postcode", "risk_level", "sex", "category", "status")
"""Fields whose values tell them even under a strange heading."""
_TIMES = (values.moment, values.day)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field, and in words what speaks for it."""

    field: str
    why: str


def propose(
    heading: str, sample: Sequence[str], orders: Orders, taken: Collection[str]
) -> Proposal | None:
    """Give the field that a heading may stand for, None where nothing is near enough.

    `sample` are different values of the column, `taken` the fields that other columns fill.
    """
    for likeness, name, written in _near(heading):
        if name in taken or likeness < LIKE_ENOUGH:
            continue
        share = _share(name, sample, orders)
        if not sample:
            return Proposal(name, f"by its name, like {written!r}; the column is empty")
        if share >= _ALLOWED:
            return Proposal(name, f"by its name, like {written!r}; {share:.0%} of its values fit")
    for name in _BY_VALUES:
        share = _share(name, sample, orders)
        if name not in taken and sample and share >= _TELLING:
            return Proposal(name, f"by its values alone: {share:.0%} of them fit")
    return None


def _near(heading: str) -> list[tuple[float, str, str]]:
    """Give every field by how like the heading is to one that is known for it, best first."""
    words = _words(heading)
    best: dict[str, tuple[float, str]] = {}
    for written, name in _vocabulary():
        likeness = max(_alike(words, _words(written)), _alike(_in_order(words), _in_order(written)))
        best[name] = max(best.get(name, (0.0, "")), (likeness, written))
    return sorted(((like, name, written) for name, (like, written) in best.items()), reverse=True)


@cache
def _vocabulary() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(_known_headings())))


def _known_headings() -> Iterator[tuple[str, str]]:
    for field in BY_NAME.values():
        yield field.name, field.name
        yield field.label, field.name
    for layout in known_layouts().values():
        yield from layout.headings.items()


@cache
def _words(heading: str) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading.rpartition(".")[2] or heading)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", parted.casefold()).split())


def _in_order(heading: str) -> str:
    return " ".join(sorted(_words(heading).split()))


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _share(name: str, sample: Sequence[str], orders: Orders) -> float:
    """Give the share of the values that could be of this field, in any layout's writing."""
    if BY_NAME[name].parse in _TIMES:
        return 1.0 if orders.are_dates else 0.0
    return sum(_could_be(name, each) for each in sample) / max(len(sample), 1)


def _could_be(name: str, text: str) -> bool:
    if isinstance(BY_NAME[name].parse, OneOf) and plain(text) in _codes(name):
        return True
    try:
        return bool(BY_NAME[name].parse(text))
    except ValueError:
        return False


@cache
def _codes(name: str) -> frozenset[str]:
    """Give every code that some layout writes for this field."""
    layouts = known_layouts().values()
    return frozenset(plain(code) for each in layouts for code in each.codes.get(name, {}))
