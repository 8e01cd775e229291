"""What the rules are told of a case beyond its reports: whose child it is, and who is silent."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypedDict, Unpack

from register.mismatches.case import Case, Finding, Gap
from register.mismatches.limits import Level, Ruleset
from register.records.ages import adult_at, was_adult
from register.records.care import Care, care_of
from register.records.spells import Episode, Spell
from register.reports.organisations import current_code, force_for
from register.reports.statement import Statement, name_of
from register.terms import Precision, RiskLevel, Sector


class Held(TypedDict, total=False):
    """What a finding holds against each other; `Finding` tells what each of them is."""

    field: str
    police_report: int | None
    authority_report: int | None
    other_report: int | None
    counterpart: str
    about: str
    fires_at: datetime | None
    asked_from: datetime | None
    duty_from: datetime | None
    duty_due_at: datetime | None
    detail: str


def alone(statement: Statement, field: str) -> Held:
    """Hold up one report by itself, to hand to `Hearing.find`."""
    police = statement.sector is Sector.POLICE
    return {
        "field": field,
        "police_report": statement.report_id if police else None,
        "authority_report": None if police else statement.report_id,
        "about": str(statement.report_id),
    }


def own_side(one: Statement, two: Statement, field: str) -> Held:
    """Hold two reports of one side against each other, to hand to `Hearing.find`."""
    held = alone(one, field)
    held |= {"other_report": two.report_id, "about": f"{one.report_id}:{two.report_id}"}
    return held


class Matter:
    """One going missing with what the rules ask about it; `police`, `authority`: each side's."""

    def __init__(self, episode: Episode, hearing: "Hearing") -> None:
        self.episode, self.hearing = episode, hearing
        self.number = episode.number
        self.start = episode.start
        self.police = episode.of(Sector.POLICE)
        self.authority = episode.of(Sector.AUTHORITY)

    @cached_property
    def care(self) -> Care:
        """Whose child it was when the going missing began."""
        return care_of(self.hearing.case.statements, self.start.latest)

    @cached_property
    def is_adult(self) -> bool:
        """Eighteen or over at the start: kept and marked, not counted among children (7.1, 12)."""
        return was_adult(self.hearing.case.record, self.start.earliest)

    @cached_property
    def risk(self) -> str:
        """The latest grading by police, blank where there is none."""
        levels = [spell.last.text("risk_level") for spell in self.police]
        return next((level for level in reversed(levels) if level), "")

    @property
    def is_high_risk(self) -> bool:
        """Graded high by police."""
        return self.risk == RiskLevel.HIGH

    @cached_property
    def place_force(self) -> str:
        """The force of the missing-from place: the host authority's, else the responsible's."""
        for code in (self.care.host, self.care.responsible):
            if code and (force := force_for(code)):
                return force
        return ""


@dataclass
class Hearing:
    """One case before the rules; `gaps` collects what could not be compared.

    `gaps_from` are the instants from which more cannot, if no report comes between.
    """

    case: Case
    ruleset: Ruleset
    gaps: list[Gap] = field(default_factory=list)
    gaps_from: list[datetime] = field(default_factory=list)

    @cached_property
    def matters(self) -> tuple[Matter, ...]:
        """Every going missing of somebody who was a child when it began."""
        matters = [Matter(episode, self) for episode in self.case.episodes]
        return tuple(matter for matter in matters if not matter.is_adult)

    @cached_property
    def matched(self) -> list[Matter]:
        """The goings missing that both sides speak of."""
        return [matter for matter in self.matters if matter.police and matter.authority]

    @cached_property
    def police_only(self) -> list[Matter]:
        """The goings missing of which no authority speaks."""
        return [matter for matter in self.matters if not matter.authority]

    @cached_property
    def authority_only(self) -> list[Matter]:
        """The goings missing of which no force speaks."""
        return [matter for matter in self.matters if not matter.police]

    @cached_property
    def newest_first(self) -> list[Statement]:
        """The child's reports by when their source last changed them."""
        return sorted(
            self.case.statements, key=lambda each: (each.updated_at, name_of(each)), reverse=True
        )

    @cached_property
    def birth(self) -> date | None:
        """The date of birth, None where it is not known, disputed by a source or between them."""
        text = self.case.record.text("date_of_birth")
        precision = self.case.record.text("date_of_birth_precision")
        return date.fromisoformat(text) if text and precision != Precision.DISPUTED else None

    @cached_property
    def adult_at(self) -> datetime | None:
        """The midnight from which the child is none; None where that is not known or disputed."""
        return adult_at(self.case.record)

    def hears(self, organisation: str, at: datetime, field: str = "missing_at") -> bool:
        """Tell whether the organisation's silence at that time means something (7.1, 1)."""
        coverage = self.case.coverage
        return coverage.is_complete(organisation, at, field) or (
            (today := current_code(organisation)) != organisation
            and coverage.is_complete(today, at, field)
        )

    def still_says(self, spell: Spell, at: datetime) -> bool:
        """Tell whether a report that stands open can be taken for the organisation's word then.

        The last extract of a source that sends them may have ended before: its *open* is old.
        """
        spans = self.case.coverage.spans.get(spell.organisation)
        return not spans or spell.last.updated_at >= at or self.hears(spell.organisation, at)

    def cannot(
        self, rule: str, matter: Matter, organisation: str, why: str, from_: datetime | None = None
    ) -> None:
        """Note what cannot be compared; with `from_` not before then, when it would be asked."""
        if from_ is None or from_ <= self.case.now:
            self.gaps.append(Gap(rule, matter.number, organisation, why))
        else:
            self.gaps_from.append(from_)

    def find(
        self,
        rule: str,
        owner: str,
        matter: Matter | None = None,
        level: Level = Level.USUAL,
        **held: Unpack[Held],
    ) -> Finding:
        """Make a finding, with the severity and the clock that the rule set gives it."""
        limit = self.ruleset.rules[rule]
        if counterpart := held.get("counterpart"):
            held["counterpart"] = current_code(counterpart)
        return Finding(
            rule,
            limit.severity_at(level),
            current_code(owner),
            episode=matter.number if matter else None,
            clock=limit.clock_at(level),
            **held,
        )
