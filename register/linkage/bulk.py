"""The same judgement on many reports at once, without a database: what an analyst runs first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from register.linkage.columns.children import Grouper
from register.linkage.columns.compare import Compared, Comparer
from register.linkage.columns.naming import Naming
from register.linkage.columns.nominate import nominate, silent_values
from register.linkage.columns.people import People, find_people
from register.linkage.grouping import Pair
from register.linkage.match import Model
from register.reports.coding import Flags, Ints
from register.reports.columns import Columns


@dataclass(frozen=True, slots=True)
class LinkedRows:
    """For each row the least row of its child, and the pairs of rows that go to review.

    `crowded` counts the keys that too many bear for them to nominate anybody.
    """

    child: Ints
    reviews: list[tuple[Pair, float, tuple[str, ...]]]
    crowded: int


@dataclass(frozen=True, slots=True)
class Met:
    """Pairs of subjects who share a key, compared; those of which nothing follows may be left out.

    `crowded` counts the keys that too many bear for them to nominate anybody.
    """

    ones: Ints
    others: Ints
    compared: Compared
    crowded: int


Meet = Callable[[People, dict[str, Flags], Model], Met]
"""Nominates and compares; what of each field is up in the flags is silent and isn't compared."""


def meet_here(people: People, silent: dict[str, Flags], model: Model) -> Met:
    """Nominate and compare in this process."""
    with ThreadPoolExecutor(1) as aside:
        naming = aside.submit(Naming, people.identities, model)
        nominated = nominate(people, model)
        comparer = Comparer(people, silent, model, naming.result)
        rows, compared = comparer.compare_telling(nominated.ones, nominated.others)
    return Met(nominated.ones[rows], nominated.others[rows], compared, nominated.crowded)


def link_columns(columns: Columns, model: Model, meet: Meet = meet_here) -> LinkedRows:
    """Link reports with nothing known before: compared and judged as on arrival."""
    people = find_people(columns)
    silent = silent_values(people, model)
    met = meet(people, silent, model)
    children = Grouper(people, silent, met.ones, met.others, met.compared, model).run()
    child = np.empty(len(columns), np.int64)
    child[people.rows.values] = np.repeat(people.first[children.child], people.rows.counts)
    asked = children.proposals
    ones, others = (people.telling[[each.pair[side] for each in asked]] for side in (0, 1))
    pairs = zip(ones.tolist(), others.tolist(), strict=True)
    reviews = [
        (pair, each.probability, each.reasons) for pair, each in zip(pairs, asked, strict=True)
    ]
    return LinkedRows(child, reviews, met.crowded)
