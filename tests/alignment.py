"""What alignment makes of some reports, told by their references."""

from itertools import islice, permutations

from register.records.episodes import align
from register.records.spells import Episode
from register.reports.statement import Statement

Shape = list[set[str]]
ORDERS = 130
"""Orders tried: all of five reports, some of more."""


def shape(episodes: tuple[Episode, ...]) -> Shape:
    """Give the references of each episode."""
    return [{each.reference for each in episode.statements()} for episode in episodes]


def aligned(*statements: Statement) -> Shape:
    """Align in many orders and give the one result."""
    results = [shape(align(order)) for order in islice(permutations(statements), ORDERS)]
    assert all(result == results[0] for result in results)
    return results[0]
