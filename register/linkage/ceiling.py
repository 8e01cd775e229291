"""What two subjects of two birthdays can come to at most, whatever their names are. Pure.

Under a name that many bear stand children of other birthdays and other towns. That nothing follows
of two of them is told by few comparisons, before those are made that take long.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from register.linkage.compare import (
    best_birth,
    best_postcode,
    compare_going_missing,
    compare_identifiers,
)
from register.linkage.identity import Subject
from register.linkage.levels import Level
from register.linkage.match import ELSEWHERE, Bits, Model, probability, sum_up, together
from register.linkage.names import UNLISTED_FORENAME, UNLISTED_SURNAME

_ROUNDING = 1e-6
"""Bits that a sum may be off by for being added up in another order."""


def is_ruled_out(a: Subject, b: Subject, model: Model) -> bool:
    """Tell whether nothing can follow of two subjects, were their names and their sex the same."""
    identities = list(product(a.identities, b.identities))
    if best_birth(identities) is not Level.DIFFERS:
        return False
    return not _may_follow(
        model,
        best_postcode(identities),
        compare_going_missing(a, b),
        *compare_identifiers(a, b),
    )


@lru_cache(4096)
def _may_follow(model: Model, postcode: Level, going_missing: Level, *identifiers: Level) -> bool:
    """Tell whether the highest sum is one that people would be asked about."""

    def bits(evidence: str, *levels: str) -> Iterable[Bits]:
        known = model.weights[evidence]
        return (known[level].bits for level in levels or known if level in known)

    forename = _highest(bits("forename"))
    surname = _highest(bits("surname"))
    rarest = [
        max(names.values(), default=unlisted)
        for names, unlisted in (
            (model.forenames, UNLISTED_FORENAME),
            (model.surnames, UNLISTED_SURNAME),
        )
    ]
    elsewhere = (ELSEWHERE,) if postcode is Level.DIFFERS else ()
    weights = [
        forename,
        _highest(bits("forename", "swapped")),
        surname,
        Bits(stranger=max(rarest[0], UNLISTED_FORENAME) + max(rarest[1], UNLISTED_SURNAME)),
        *bits("date_of_birth", Level.DIFFERS),
        _highest(bits("sex")),
        _either(bits("postcode", postcode, *elsewhere)),
        *bits("going_missing", going_missing),
        *(each for level in identifiers for each in bits("identifier", level)),
    ]
    return probability(together(sum_up(weights, model)) + _ROUNDING) >= model.review


def _highest(weights: Iterable[Bits]) -> Bits:
    """Give what weighs most, against each other explanation; 0 is what is not known."""
    return _either([*weights, Bits()])


def _either(weights: Iterable[Bits]) -> Bits:
    listed = list(weights)
    return Bits(*map(max, *listed, *listed)) if listed else Bits()
