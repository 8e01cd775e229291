"""A child in a few words: the name and the age, as far as the reports agree on them."""

from dataclasses import dataclass
from datetime import datetime

from register.records.ages import ages_of, is_adult
from register.records.reconcile import Reconciled, Record
from register.terms import Precision


@dataclass(frozen=True, slots=True)
class Person:
    """Who a child is, on a list. `age` is words; `ages` all that it may be."""

    name: str
    name_is_disputed: bool
    age: str
    ages: tuple[int, ...]

    @property
    def is_adult(self) -> bool:
        """Tell whether the person is 18 or over by every date of birth that is given."""
        return is_adult(self.ages)


def person_of(record: Record, at: datetime) -> Person:
    """Tell who the child is, and how old at that time."""
    names = [record.values.get(name) for name in ("forename", "surname")]
    written = " ".join(_word(name) for name in names if name is not None)
    disputed = any(name.disputed for name in names if name is not None)
    ages = ages_of(record, at)
    return Person(written or "Name not known", disputed, _age(record, ages), ages)


def _word(found: Reconciled) -> str:
    value = found.origins[0].value if found.value is None else found.value
    return value if isinstance(value, str) else " ".join(value)


def _age(record: Record, ages: tuple[int, ...]) -> str:
    if not ages:
        return "not known"
    text = " or ".join(str(age) for age in ages)
    if record.values["date_of_birth"].disputed:
        return f"{text} (date of birth disputed)"
    precision = record.text("date_of_birth_precision")
    if precision == Precision.DISPUTED:
        return f"{text} (age disputed)"
    return f"about {text}" if precision not in {"", Precision.EXACT} else text
