"""What a rule is shown: one child as both sources have it, and how far silence may be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from register.mismatches.clocks import Clock
from register.records.reconcile import Record
from register.records.spells import Episode
from register.reports.statement import Statement
from register.terms import Severity


@dataclass(frozen=True, slots=True)
class Span:
    """An organisation's files hold all it knows from `start` until `end` (aware, UTC).

    `carries` are the fields that its layout can hold: silence on any other is no statement.
    """

    start: datetime
    end: datetime
    carries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What each organisation is complete to (domain 7.1, 1: silence is not absence)."""

    spans: Mapping[str, tuple[Span, ...]]

    def is_complete(self, organisation: str, at: datetime, field: str = "missing_at") -> bool:
        """Tell whether the organisation's silence on `field` at that time means something."""
        return any(
            span.start <= at <= span.end and field in span.carries
            for span in self.spans.get(organisation, ())
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One child: the current reports (withdrawn ones left out), the episodes, the register's view.

    `now` is the time up to which time-driven rules are judged, not the reader's clock.
    `vanished` are the ids of reports that an organisation's last extract should hold and does not.
    `unsure` are pairs of which a person could not tell whether they are one child's: one of the
    child's own reports, and one that is another child's.
    """

    child: int
    statements: tuple[Statement, ...]
    record: Record
    episodes: tuple[Episode, ...]
    coverage: Coverage
    now: datetime
    vanished: frozenset[int] = frozenset()
    unsure: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, as a rule found it.

    `episode` is an episode's number, None where the child itself is meant. `field` is what is
    disagreed on. `owner` is the organisation that must answer, `counterpart` the other one that
    it concerns. `police_report` and `authority_report` are the ids of the reports whose values of
    `field` are held against each other; `other_report` is the second where both are of one side.
    `about` tells findings of one rule, field and episode apart. `clock` is the time that the owner
    has to respond (None: nothing to do). `fires_at` is the instant from which it holds, for rules
    that time brings (None: it follows from the reports alone). `asked_from` is the event from
    which the response clock should run where the owner was told in time (7.1, 5). `duty_from`,
    `duty_due_at` are the clock that guidance names, where it names one.
    """

    rule: str
    severity: Severity
    owner: str
    field: str = ""
    episode: int | None = None
    police_report: int | None = None
    authority_report: int | None = None
    other_report: int | None = None
    counterpart: str = ""
    about: str = ""
    clock: Clock | None = None
    fires_at: datetime | None = None
    asked_from: datetime | None = None
    duty_from: datetime | None = None
    duty_due_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be compared, and why: silence that may not be read (domain 7.1, 1)."""

    rule: str
    episode: int
    organisation: str
    """Whose silence it is; blank where nobody knows whose word is missing."""
    why: str
