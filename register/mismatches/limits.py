"""The figures a person may tune: thresholds, and each rule's severity and clock."""

from dataclasses import dataclass
from enum import Enum

from register.mismatches.clocks import Clock, Holidays
from register.terms import Severity


class Level(Enum):
    """How a rule's finding stands to the rule's usual case; each rule says when it is which."""

    USUAL = "usual"
    GRAVE = "grave"
    MILD = "mild"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a difference is a mismatch; hours are elapsed, days are days of London."""

    start_tolerance_hours: int
    start_tolerance_days: int
    end_tolerance_hours: int
    end_tolerance_days: int
    clocks_apart_minutes: int
    away_hours: int
    repeat_count: int
    repeat_days: int
    interview_hours: int
    interview_covers_days: int
    unit_hours: int
    circulation_hours: int
    prevention_hours: int
    host_notice_days: int
    codes_everything_missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Limit:
    """One rule's severity and response clock; blanks fall back to the usual ones."""

    severity: Severity
    clock: Clock | None = None
    grave_severity: Severity | None = None
    grave_clock: Clock | None = None
    mild_severity: Severity | None = None

    def severity_at(self, level: Level) -> Severity:
        """Give the severity of a finding at this level."""
        others = {Level.GRAVE: self.grave_severity, Level.MILD: self.mild_severity}
        return others.get(level) or self.severity

    def clock_at(self, level: Level) -> Clock | None:
        """Give the response clock of a finding at this level; None for information."""
        if self.severity_at(level) is Severity.INFO:
            return None
        return self.grave_clock if level is Level.GRAVE and self.grave_clock else self.clock


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rule set in force."""

    thresholds: Thresholds
    rules: dict[str, Limit]
    holidays: Holidays
