"""What is grouped, and what comes of it: pairs that were judged, groups, links, and questions."""

from dataclasses import dataclass, field

from register.linkage.compare import Comparison
from register.linkage.match import Judged

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that was compared and judged; `pair` holds the ids of the two subjects."""

    pair: Pair
    compared: Comparison
    judged: Judged

    def partner(self, subject_id: int) -> int:
        """Give the other of the two."""
        return self.pair[self.pair[0] == subject_id]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that goes to review, by the name of the rule that sends it there."""

    pair: Pair
    probability: float
    reasons: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two subjects that were joined, by the name of the rule that let them."""

    pair: Pair
    rule: str


@dataclass(slots=True)
class Grouping:
    """Groups of subjects, each one child, and the pairs that a person must judge.

    `links` are the pairs that joined the groups, as few as do it.
    """

    groups: list[frozenset[int]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
