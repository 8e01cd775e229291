"""Two children compared for a judge of identity: field by field, by all that either side tells.

What is compared is all that linking compares, not the two reports alone; of a protected field only
whether it agrees is told, never its value.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from register.linkage.explanation import Explanation
from register.linkage.readings import Outcome
from register.records.agreement import agree
from register.records.reconcile import CHILD_FIELDS
from register.reports.fields import BY_NAME, Field
from register.reports.statement import Statement, Value

EVIDENCE = {
    "forename": "forename",
    "surname": "surname",
    "date_of_birth": "date of birth",
    "sex": "sex",
    "nhs_number": "NHS number",
    "upn": "unique pupil number",
    "home_office_reference": "Home Office reference",
    "home_postcode": "postcode",
    "missing_at": "going missing",
}
"""The fields that linking weighs, and the names under which it does."""
_OF_A_REPORT = tuple(BY_NAME[name] for name in ("reported_at", "category", "status"))
SHOWN = (
    *(field for field in CHILD_FIELDS if not field.protected or field.name in EVIDENCE),
    BY_NAME["missing_at"],
    *_OF_A_REPORT,
)
"""What a judge of identity is shown; of places, whether they agree (domain 7.1, 14)."""
IDENTITY = tuple(
    field
    for field in CHILD_FIELDS
    if field.name in {*EVIDENCE, "middle_names", "known_as", "date_of_birth_precision"}
    or field.name in {"ethnicity", "unaccompanied", "responsible_authority"}
)
"""What tells who a child is, wherever and whenever it went missing."""
WITHOUT_PLACES = (*(field for field in IDENTITY if not field.protected), BY_NAME["missing_at"])
"""The same, for whoever is not told whether two places are the same."""
MOST_VALUES = 5
"""Different values of one field that are shown; a child may have been missing a hundred times."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one side tells of a field: its values, the commonest first, and how many more."""

    values: tuple[Value, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both sides; a hidden one has no value. `words` say how near the two are."""

    field: Field
    one: Told
    other: Told
    outcome: Outcome
    words: str
    hidden: bool


def compare_fields(
    ones: Sequence[Statement],
    others: Sequence[Statement],
    explanation: Explanation | None = None,
    fields: Sequence[Field] = SHOWN,
) -> tuple[Compared, ...]:
    """Compare all that two sides tell; the first of each is the report that speaks for it.

    How near the two are is the explanation's word where the field weighs something; else any
    report of the one side is held against any of the other.
    """
    lines = {line.evidence: line for line in explanation.lines} if explanation else {}
    found = []
    for field in fields:
        alone = field in _OF_A_REPORT
        one, other = (_told(field, each[:1] if alone else each) for each in (ones, others))
        if not one.values and not other.values:
            continue
        line = lines.get(EVIDENCE.get(field.name, ""))
        weighs = line is not None and line.outcome is not Outcome.UNKNOWN
        outcome = line.outcome if line and weighs else _outcome(field, ones, others, alone=alone)
        words = line.words if line and weighs else ""
        if field.protected:
            one = other = Told(())
        found.append(Compared(field, one, other, outcome, words, field.protected))
    return tuple(found)


def _told(field: Field, statements: Iterable[Statement]) -> Told:
    counted: Counter[tuple[str, ...]] = Counter()
    for each in statements:
        if said := each.values.get(field.name):
            counted[(said,) if isinstance(said, str) else tuple(said)] += 1
    commonest = sorted(counted, key=lambda each: (-counted[each], each))
    values = tuple(list(each) if field.many else each[0] for each in commonest[:MOST_VALUES])
    return Told(values, max(len(commonest) - MOST_VALUES, 0))


def _outcome(
    field: Field, ones: Sequence[Statement], others: Sequence[Statement], *, alone: bool
) -> Outcome:
    """Tell whether any report of the one side says what any of the other does."""
    pairs = [(ones[0], others[0])] if alone else product(ones, others)
    found = {agree(field.name, one, other) for one, other in pairs}
    if True in found:
        return Outcome.AGREES
    return Outcome.DIFFERS if False in found else Outcome.UNKNOWN
