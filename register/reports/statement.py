"""A statement: what one report says now, as every floor above reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from register.reports.values import Moment, read_moment
from register.terms import Kind, Sector

Value = str | list[str]
_date = lru_cache(maxsize=65536)(date.fromisoformat)


@dataclass(frozen=True, slots=True)
class Statement:
    """The current version of one report.

    `values` holds usable values only, in their normal form; `doubtful` what was sent and could
    not be used; `marks` the sentence why, by field, also for times that contradict each other.
    """

    report_id: int
    organisation: str
    sector: Sector
    reference: str
    kind: Kind
    updated_at: datetime
    received_at: datetime
    values: dict[str, Value]
    doubtful: dict[str, str]
    marks: dict[str, str]

    def text(self, field: str) -> str:
        """Give a single value, blank where it is not known."""
        value = self.values.get(field, "")
        return value if isinstance(value, str) else ";".join(value)

    def texts(self, field: str) -> list[str]:
        """Give the values of a field that may hold several."""
        value = self.values.get(field, [])
        return [value] if isinstance(value, str) else value

    def moment(self, field: str) -> Moment | None:
        """Give a time or day, None where it is not known."""
        text = self.text(field)
        return read_moment(text) if text else None

    def day(self, field: str) -> date | None:
        """Give a plain date, None where it is not known."""
        text = self.text(field)
        return _date(text) if text else None

    @property
    def withdrawn(self) -> bool:
        """Tell whether the source says that the report was entered in error."""
        return self.text("status") == "withdrawn"


def name_of(statement: Statement) -> tuple[str, str, str]:
    """Name a report: what orders reports that nothing else orders, however they arrived."""
    return (statement.organisation, statement.kind.value, statement.reference)
