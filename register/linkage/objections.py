"""What speaks against a link besides the pair itself; and the name of what decided. Pure."""

from register.linkage.compare import Comparison
from register.linkage.guards import holding
from register.linkage.match import Judged

PERSON = "A person has judged that these are two children."
TWO_OF_ONE = "One organisation holds the two as different children."
NOT_BY_ITSELF = "One organisation's own reports of the two don't fit each other."
OBJECTIONS = (PERSON, TWO_OF_ONE, NOT_BY_ITSELF)
ANOTHER_REPORT = "Another report of the child speaks against it. "
EITHER_NAME = "One side knows a child under either forename."
RIVAL = "Another known child fits as well."

NEW = "news since a judgement"
SUM = "the sum"
ANOTHER = "another report"
NAMES = {
    PERSON: "a person's judgement",
    TWO_OF_ONE: "two ids of one organisation",
    NOT_BY_ITSELF: "one organisation's own reports",
    EITHER_NAME: "either name",
    RIVAL: "rival",
}
"""What the rules are called that look at more than a pair."""

TIE_BITS = 1.0
"""Two candidates whose sums differ by less fit equally well."""


def rule_of(compared: Comparison, against: str, new: str) -> str:
    """Name the rule that sends a pair to a person: what is new, what speaks against it, a guard.

    Where none does, the sum of weights wasn't enough.
    """
    if new or against:
        return NEW if new else NAMES.get(against, ANOTHER)
    guard = holding(compared)
    return guard.name if guard and guard.sentence else SUM


def rule_of_link(compared: Comparison) -> str:
    """Name the rule that let a pair be linked."""
    guard = holding(compared)
    return guard.name if guard else SUM


def tie(one: Judged, other: Judged) -> bool:
    """Tell whether the other fits as well, with or without the day of going missing.

    Two children of one household may be missing on one day, or one of them be taken for the other.
    """
    with_event, without = other.fit - one.fit, other.eventless - one.eventless
    return max(with_event, without) > -TIE_BITS
