"""What two subjects can come to at most, whatever their names are. Pure.

Most who share a key are strangers who bear one name, or one birthday and one name alone. That
nothing follows of them is told before names are compared, which takes longest.
"""

from functools import lru_cache

from register.linkage.compare import Comparison
from register.linkage.match import (
    ELSEWHERE,
    Bits,
    Model,
    probability,
    sum_up,
    together,
    weigh_all,
)
from register.linkage.names import UNLISTED_FORENAME, UNLISTED_SURNAME


@lru_cache(1 << 14)
def may_follow(beside: Comparison, model: Model) -> bool:
    """Tell whether anything may follow of two who were compared in all but their names."""
    # Bits are added up in the order of the sum itself, so that rounding makes them no less.
    highest = {**weigh_all(beside, model), **_names_at_best(model)}
    if beside.is_elsewhere:
        highest["postcode"] = _most(model, "postcode", beside.postcode, ELSEWHERE)
    return probability(together(sum_up(highest.values(), model))) >= model.review


@lru_cache(8)
def _names_at_best(model: Model) -> dict[str, Bits]:
    """Give more than any two names could weigh, under their lines of the sum."""
    forename, surname = _most(model, "forename"), _most(model, "surname")
    rare = max(UNLISTED_FORENAME, *model.forenames.values(), 0.0)
    rare_family = max(UNLISTED_SURNAME, *model.surnames.values(), 0.0)
    return {
        "forename": forename._replace(stranger=forename.stranger + rare),
        "surname": surname._replace(stranger=surname.stranger + rare_family),
        "order of the names": _most(model, "forename", "swapped"),
    }


def _most(model: Model, evidence: str, *levels: str) -> Bits:
    """Give the most that some levels, or all, weigh against each other explanation; or nothing."""
    known = model.weights[evidence]
    found = (known[level].bits for level in levels or known if level in known)
    return Bits(*map(max, zip(Bits(), *found, strict=True)))
