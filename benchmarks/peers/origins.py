"""Fairness: how many children are found, by the origin of their names.

The files say nothing of origins. They are drawn before anything else of a population, so that
drawing the households again from the same seed tells them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from benchmarks.peers.bulk import Found
from benchmarks.peers.environment import Failed
from register.inspection.evaluation import Name, evaluate
from register.simulation.families import Ages, Families
from register.simulation.pairs import DAYS, FIRST
from register.simulation.places import AUTHORITIES

OVERLAP = 0.7
ENOUGH = 1000
"""True pairs from which an origin's own share means something: half a point either way at .98."""


@dataclass(frozen=True, slots=True)
class Share:
    """What was found of an origin's true pairs, in shares of 1; and all its wrong-child links."""

    origin: str
    true: int
    linked: float
    with_review: float
    wrong: int


def origins(children: int, seed: int) -> dict[str, str]:
    """Give the origin of each person's name, by the person's number in the truth.

    Draws as `write_pair` does, with its usual overlap.
    """
    rng = Random(seed)  # noqa: S311  # a simulation, no secret
    families = Families(rng, Ages(on=FIRST.date() + timedelta(days=DAYS)))
    found: dict[str, str] = {}
    while len(found) < 2 * children - round(children * OVERLAP):
        household = families.household(rng.choice(AUTHORITIES))
        found |= {child.person: child.background for child in household}
    return found


def shares(people: dict[Name, str], found: Found, origin_of: dict[str, str]) -> list[Share]:
    """Part what was found by origin, the best found first: of the pairs across the two sides.

    Raises Failed where the truth's people are not those who were drawn again.
    """
    if not set(people.values()) <= set(origin_of):
        raise Failed("The households drawn again are not those of the files.")
    whole = evaluate(people, found.children, found.reviews)
    wrong = Counter(
        origin for pair in whole.wrong for origin in {origin_of[people[report]] for report in pair}
    )
    by_origin: dict[str, dict[Name, str]] = {}
    for report, person in people.items():
        by_origin.setdefault(origin_of[person], {})[report] = person
    parted = [
        (origin, evaluate(theirs, found.children, found.reviews).across)
        for origin, theirs in by_origin.items()
    ]
    return sorted(
        (
            Share(origin, found.true, found.recall, found.recall_with_review, wrong[origin])
            for origin, found in parted
        ),
        key=lambda share: -share.with_review,
    )


def gap(several: list[Share]) -> float | None:
    """Give the gap in recall with review, in points, between origins; None where too few tell."""
    telling = [share.with_review for share in several if share.true >= ENOUGH]
    return 100 * (max(telling) - min(telling)) if len(telling) > 1 else None


def lines(ours: list[Share], theirs: list[Share]) -> Iterator[str]:
    """Give a table of the origins, what we found beside what the peer did."""
    peer = {share.origin: share for share in theirs}
    yield "| origin       | true pairs | linked | with review | wrong | Splink linked | wrong |"
    yield "|--------------|------------|--------|-------------|-------|---------------|-------|"
    for share in ours:
        other = peer[share.origin]
        yield (
            f"| {share.origin:<12} | {share.true:>10} | {share.linked:.4f} | "
            f"{share.with_review:>11.4f} | {share.wrong:>5} | {other.linked:>13.4f} | "
            f"{other.wrong:>5} |"
        )
