"""What training learns from: the reports of some files, compared as linking compares them."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b

import numpy as np

from register.linkage.columns.compare import Comparer
from register.linkage.columns.many import distinct, spread
from register.linkage.columns.nominate import in_order, nominate, silent_values
from register.linkage.columns.people import People, find_people
from register.linkage.likeness import own_names
from register.linkage.match import Model
from register.linkage.model_file import model_text
from register.linkage.training import NameCounts, Pattern, learn_names, pattern_of, train
from register.reports.coding import Flags, Ints
from register.reports.columns import Columns
from register.reports.times import read_moments

_EPOCH = date(1970, 1, 1)
ENOUGH = 300_000
"""Organisations' own children whose pairs are learnt from, where there are more."""


def learn(columns: Columns, start: Model, on: date) -> Model:
    """Learn a model from unlabelled reports, which says from what and `on` which day it was made.

    Raises Refused where there are too few.
    """
    withdrawn = columns.coded["status"].which(lambda text: text == "withdrawn")
    told = columns.take(np.flatnonzero(~withdrawn))
    people = find_people(told)
    named = learn_names(count_names(people), start)
    some = _some(people)
    patterns = _patterns(some, silent_values(people, named), named)
    written = read_moments(told.updated_at)
    days = written.day[written.known].tolist() or [(on - _EPOCH).days]
    first, last = (_EPOCH + timedelta(days=day) for day in (min(days), max(days)))
    source = (
        f"Learnt by `register train` on {on} from {len(told)} reports, written from {first} to "
        f"{last} by {len(np.unique(people.organisation))} organisations: "
        f"{patterns.total()} pairs between two organisations{_of(some, people)}, judged by nobody. "
        f"Started from version {start.version}. {start.source}"
    )
    learnt = replace(train(patterns, named), source=source)
    digest = blake2b(model_text(learnt).encode(), digest_size=2).hexdigest()
    return replace(learnt, version=f"{on}-{digest}")


def count_names(people: People) -> NameCounts:
    """Count the names as they are compared: a forename of their own; a surname, and its parts."""
    who, book = people.identities, people.identities.book
    owners = np.repeat(np.arange(len(people)), people.said.counts)
    words = book.words
    own = np.array([words.numbers[own_names(name)[0] if name else ""] for name in book.names])
    forename = own[who.forename[people.said.values]]
    known = forename > 0
    bearer, surname = book.words_of(who.surname[people.said.values])
    return NameCounts(
        _counted(owners[known], forename[known], words.listed),
        _counted(owners[bearer], surname, words.listed),
        len(people),
    )


def _counted(owners: Ints, words: Ints, listed: list[str]) -> Counter[str]:
    """Count how many owners have each word."""
    width = len(listed) or 1
    each = distinct(owners.astype(np.int64) * width + words) % width
    times = np.bincount(each, minlength=width)
    return Counter({listed[place]: int(times[place]) for place in np.flatnonzero(times).tolist()})


def _some(people: People) -> People:
    """Draw evenly so many that what is learnt of their pairs no longer changes; who has fewer, all.

    Drawing finds few of the pairs of one child and as few of those of a household: what is learnt
    are shares.
    """
    if len(people) <= ENOUGH:
        return people
    drawn = np.random.default_rng(ENOUGH).choice(len(people), ENOUGH, replace=False)
    _, rows = spread(people.rows, drawn)
    return find_people(people.columns.take(np.sort(rows)))


def _of(some: People, people: People) -> str:
    return "" if some is people else f" and of {ENOUGH} children drawn from {len(people)}"


def _patterns(people: People, silent: dict[str, Flags], model: Model) -> Counter[Pattern]:
    """Count how the nominated pairs of two organisations agree.

    What one organisation writes twice agrees better than what two write.
    """
    nominated = nominate(people, model)
    two = people.organisation[nominated.ones] != people.organisation[nominated.others]
    ones, others = in_order(people, nominated.ones[two], nominated.others[two])
    compared = Comparer(people, silent, model).compare(ones, others)
    times = np.bincount(compared.places, minlength=len(compared.distinct)).tolist()
    patterns: Counter[Pattern] = Counter()
    for each, count in zip(compared.distinct, times, strict=True):
        patterns[pattern_of(each, model)] += count
    return patterns
