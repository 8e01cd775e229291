"""What a row of the rule table says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from register.mismatches.case import Finding
from register.mismatches.hearing import Hearing

FAMILIES = {
    "A": "Known to one side only",
    "B": "Status",
    "C": "Times",
    "D": "Identity",
    "E": "Responsibility",
    "F": "Follow-up",
    "G": "Supply of data",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, what a page calls it, who is asked, and an example of each outcome."""

    code: str
    title: str
    owner: str
    judge: Callable[[Hearing], Iterator[Finding]]
    fires: str
    silent: str

    @property
    def family(self) -> str:
        """The heading that the rule stands under."""
        return FAMILIES["A" if self.code == "ASK" else self.code[0]]
