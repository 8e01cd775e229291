"""What a draft comes to: what was known before, and over it what a person typed.

A field whose boxes were left as they were filled in keeps its value exactly, also one that the
boxes cannot show; so a correction says what it changes, and no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from register.reports.boxes import Typed, box_names, fill, read
from register.reports.fields import APART_FIELDS, IDENTITY_FIELDS, Field
from register.reports.statement import Statement, Value
from register.reports.steps import ASKED, Step

LASTING = (
    *("child_reference", "forename", "middle_names", "surname", "known_as", "date_of_birth"),
    *("date_of_birth_precision", "sex", "ethnicity", "nhs_number", "upn"),
    *("home_office_reference", "unaccompanied", "home_postcode", "care_status", "legal_status"),
    *("responsible_authority", "host_authority", "police_force", "placement_type"),
    *("placement_urn", "placement_postcode", "placement_started_on", "placement_notified_at"),
    *("missing_from", "risk_flags", "height_cm", "build", "hair", "eyes", "marks"),
)
"""What is still so when a child goes missing again; a risk is graded anew each time."""
_NEEDED = {
    "missing_at": "Enter the day on which the child was last seen or left",
    "category": "Choose whether the child is missing or away",
}
"""The required fields that a page asks for, and what to say where they are blank."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field: a sentence, the box to go to, and whether it keeps it out."""

    text: str
    box: str
    blocks: bool


@dataclass(slots=True)
class Composed:
    """The values of a report by field as they would be sent, and what is wrong with them."""

    raw: dict[str, Value] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    boxes: dict[str, str] = field(default_factory=dict)
    """What stands in every box."""


def values_of(statement: Statement) -> dict[str, Value]:
    """Give all that a report says, also what cannot be used, as it was sent.

    Of what is shown one at a time, and never with the rest, nothing.
    """
    said = {**statement.doubtful, **statement.values}
    return {name: value for name, value in said.items() if name not in APART_FIELDS}


def lasting(values: Mapping[str, Value]) -> dict[str, Value]:
    """Give what of a going missing can be taken over to the next one."""
    return {name: values[name] for name in LASTING if name in values and name not in APART_FIELDS}


def compose(base: Mapping[str, Value], typed: Typed) -> Composed:
    """Put what was typed over what was known."""
    made = Composed()
    for each in ASKED:
        before = fill(each, base.get(each.name, ""))
        said = {name: typed.get(name, before[name]) for name in box_names(each)}
        made.boxes |= said
        if said == before:
            made.raw[each.name] = base.get(each.name, "")
        else:
            made.changed.add(each.name)
            _add(made, each, said)
    made.raw = {name: value for name, value in made.raw.items() if value}
    return made


def problems_in(made: Composed, step: Step) -> dict[str, Problem]:
    """Give what is wrong with the answers to one page, in the order of its fields."""
    names = [each.name for each in step.fields]
    found = {name: made.problems[name] for name in names if name in made.problems}
    for each in step.fields:
        if each.name in _NEEDED and each.name not in made.raw and each.name not in found:
            box = box_names(each)[0]
            found[each.name] = Problem(_NEEDED[each.name], box, blocks=True)
    if step.code == "child" and not any(name in made.raw for name in IDENTITY_FIELDS):
        why = "Say whom the report is about: a name, your reference for the child, or a number"
        found.setdefault("child_reference", Problem(why, "child_reference", blocks=True))
    return found


def changes_between(
    before: Mapping[str, Value], after: Mapping[str, Value], names: Iterable[str]
) -> set[str]:
    """Give those of the fields whose values differ."""
    return {name for name in names if before.get(name, "") != after.get(name, "")}


def _add(made: Composed, each: Field, said: Typed) -> None:
    answer = read(each, said)
    if answer.problem:
        text = f"{each.label} {answer.problem}"
        made.problems[each.name] = Problem(text, answer.box, blocks=True)
        return
    made.raw[each.name] = answer.value
    try:
        if isinstance(answer.value, list):
            made.raw[each.name] = [each.parse(part) for part in answer.value]
        elif answer.value:
            made.raw[each.name] = each.parse(answer.value)
    except ValueError as error:
        text = f"{each.label} {error}"
        made.problems[each.name] = Problem(text, box_names(each)[0], blocks=each.required)
