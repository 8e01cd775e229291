"""What is new about two children since a person parted them: only then are they asked about. Pure.

New is what agrees now, of all kinds of evidence, and did not agree so well when the person judged.
That both went missing on one day is none: sisters who were told apart run away together.
"""

from collections.abc import Iterable, Mapping

from register.linkage.compare import Comparison
from register.linkage.levels import (
    BIRTH_ORDER,
    FORENAME_ORDER,
    PLAIN_ORDER,
    POSTCODE_ORDER,
    SURNAME_ORDER,
    Level,
)
from register.linkage.readings import Outcome, levels_of, reading_of

Evidence = Mapping[str, str]
"""The level of each kind of evidence, as it was when a person judged."""

_ORDERS: Mapping[str, tuple[Level, ...]] = {
    "forename": FORENAME_ORDER,
    "surname": SURNAME_ORDER,
    "date of birth": BIRTH_ORDER,
    "postcode": POSTCODE_ORDER,
    "sex": PLAIN_ORDER,
    "NHS number": PLAIN_ORDER,
    "unique pupil number": PLAIN_ORDER,
    "Home Office reference": PLAIN_ORDER,
}


def evidence_of(compared: Comparison) -> dict[str, str]:
    """Give what is kept with a judgement: how well each kind of evidence agreed."""
    levels = levels_of(compared)
    return {name: levels[name].value for name in _ORDERS}


def news(compared: Comparison, known: Iterable[Evidence]) -> str:
    """Say in a sentence what agrees better than all that people knew; blank for nothing.

    Of a judgement that kept no evidence it is taken that everything was known.
    """
    judgements = list(known)
    levels = levels_of(compared)
    said = []
    for name, order in _ORDERS.items():
        then = [_read(each.get(name, ""), order) for each in judgements]
        if reading_of(name, levels[name]).outcome is not Outcome.AGREES or None in then:
            continue
        best = min((each for each in then if each), key=order.index, default=Level.UNKNOWN)
        if order.index(levels[name]) < _rank(name, best):
            now, before = (reading_of(name, each).words for each in (levels[name], best))
            said.append(f"{name} (now {now}; then {before})")
    return f"New since a person judged that these are two children: {', '.join(said)}." * bool(said)


def _read(level: str, order: tuple[Level, ...]) -> Level | None:
    """Read a level that was kept; a later version of the register may not know it any more."""
    return Level(level) if level in order else None


def _rank(name: str, level: Level) -> int:
    order = _ORDERS[name]
    agreed = reading_of(name, level).outcome is Outcome.AGREES
    return order.index(level) if agreed else len(order)
