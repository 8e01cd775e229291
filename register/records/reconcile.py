"""The register's view of a child: one value a field, who says so and since when."""

from dataclasses import dataclass
from datetime import datetime

from register.reports.statement import Value


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says a value: one report of one organisation, and when it last changed it."""

    report_id: int
    organisation: str
    value: Value
    since: datetime


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One field of the register's view.

    `value` is None where the sources disagree and neither is the authority on it: *disputed* is
    then the value. `origins` holds every organisation's latest word, the believed ones first.
    """

    field: str
    value: Value | None
    disputed: bool
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The single record of a child: reconciled identity fields by name."""

    values: dict[str, Reconciled]

    def text(self, field: str) -> str:
        """Give the value as text: blank where not known or disputed."""
        found = self.values.get(field)
        if found is None or found.value is None:
            return ""
        return found.value if isinstance(found.value, str) else ";".join(found.value)
