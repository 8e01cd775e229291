"""How good the linking is, held against a known truth. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeVar

from register.reports.organisations import find_organisation

Name = tuple[str, str]
"""A report by its organisation and reference."""
K = TypeVar("K")


@dataclass(slots=True)
class Measure:
    """Pairs of reports of one kind: those truly of one child, those linked, and those found."""

    true: int = 0
    linked: int = 0
    found: int = 0
    found_or_asked: int = 0

    @property
    def precision(self) -> float:
        """Share of the linked pairs that are of one child; 1 where none is linked."""
        return self.found / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are linked; 1 where there is none."""
        return self.found / self.true if self.true else 1.0

    @property
    def recall_with_review(self) -> float:
        """Share of the true pairs that are linked, or that a review would join."""
        return self.found_or_asked / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Evaluation:
    """What linking came to, over pairs across the two sides and within one.

    `absent` are the reports of the truth that are not there to be linked; they count as missed.
    `wrong` lists the linked pairs that are of two children; `orphans` how many of those are of two
    children of whom each is known to one side only: no rule on names can tell such twins apart.
    """

    across: Measure = field(default_factory=Measure)
    within: Measure = field(default_factory=Measure)
    wrong: list[tuple[Name, Name]] = field(default_factory=list)
    orphans: int = 0
    queue: int = 0
    queue_true: int = 0
    absent: int = 0

    @property
    def overall(self) -> Measure:
        """All pairs together."""
        one, other = self.across, self.within
        return Measure(
            one.true + other.true,
            one.linked + other.linked,
            one.found + other.found,
            one.found_or_asked + other.found_or_asked,
        )


def evaluate(
    truth: Mapping[Name, str], children: Mapping[Name, str], reviews: Iterable[tuple[Name, Name]]
) -> Evaluation:
    """Hold `children` (report -> child) and `reviews` against `truth` (report -> person).

    Reports that the truth does not name are left out; of those that only it names, none is linked.
    """
    known = {name: (children.get(name, ""), "" if name in children else name) for name in truth}
    asked = [pair for pair in reviews if pair[0] in known and pair[1] in known]
    bridges = {frozenset((known[a], known[b])) for a, b in asked}
    result = Evaluation(queue=len(asked), queue_true=sum(truth[a] == truth[b] for a, b in asked))
    result.absent = sum(name not in children for name in truth)
    people = _gathered(truth, known)
    for members in people.values():
        for a, b in combinations(sorted(members), 2):
            measure = result.across if _side(a) != _side(b) else result.within
            measure.true += 1
            together = known[a] == known[b]
            measure.found += together
            measure.found_or_asked += together or frozenset((known[a], known[b])) in bridges
    sides = {person: {_side(name) for name in members} for person, members in people.items()}
    for members in _gathered(known, known).values():
        for a, b in combinations(sorted(members), 2):
            measure = result.across if _side(a) != _side(b) else result.within
            measure.linked += 1
            if truth[a] != truth[b]:
                result.wrong.append((a, b))
                one, other = sides[truth[a]], sides[truth[b]]
                result.orphans += len(one) == len(other) == 1 and one != other
    return result


def _gathered(labels: Mapping[Name, K], names: Iterable[Name]) -> dict[K, list[Name]]:
    gathered: dict[K, list[Name]] = defaultdict(list)
    for name in names:
        gathered[labels[name]].append(name)
    return gathered


def _side(name: Name) -> str:
    found = find_organisation(name[0])
    return found.sector if found else ""


def describe(result: Evaluation) -> str:
    """Say it in lines of figures, for a terminal."""
    lines = ["                       pairs   linked  precision  recall      F1  with review"]
    for title, measure in (
        ("across the two sides", result.across),
        ("within one side", result.within),
        ("all", result.overall),
    ):
        lines.append(
            f"{title:<20}{measure.true:>8}{measure.linked:>9}{measure.precision:>11.4f}"
            f"{measure.recall:>8.4f}{measure.f1:>8.4f}{measure.recall_with_review:>13.4f}"
        )
    lines.append(
        f"Wrong-child links: {len(result.wrong) - result.orphans}, and {result.orphans} of orphan "
        "twins (each known to one side only)."
    )
    lines += [f"  {a[0]} {a[1]}  with  {b[0]} {b[1]}" for a, b in sorted(result.wrong)]
    lines.append(
        f"Review queue: {result.queue} pairs, {result.queue_true} of them truly one child."
    )
    if result.absent:
        lines.append(f"{result.absent} reports of the truth are not there; they count as missed.")
    return "\n".join(lines)
