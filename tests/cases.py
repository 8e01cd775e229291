"""Children as the rules see them, made of reports; every source connected unless it is said."""

from collections.abc import Collection, Mapping
from typing import Any

from register.mismatches.case import Case, Coverage, Finding, Span
from register.mismatches.judging import judge
from register.mismatches.ruleset import ruleset
from register.records.episodes import align
from register.records.reconcile import reconcile
from register.reports.fields import BY_NAME
from register.reports.statement import Statement
from register.reports.values import read_moment
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, moment

ALL_FIELDS = frozenset(BY_NAME)
ALL_YEAR = Span(
    read_moment("2025-01-01").earliest, read_moment("2026-12-31").latest, carries=ALL_FIELDS
)

NO_DUTIES = Span(ALL_YEAR.start, ALL_YEAR.end, frozenset({"missing_at"}))
"""Of sources whose layouts have no police duties and no interviews."""
CARE: dict[str, Any] = {"care_status": "looked_after", "responsible_authority": AUTHORITY}


def case(
    *statements: Statement,
    now: str = "03-09 12:00",
    silent: Collection[str] = (),
    spans: Mapping[str, tuple[Span, ...]] | None = None,
    vanished: Collection[int] = (),
    child: int = 1,
) -> Case:
    """Make a case; `silent` are organisations that never said what they are complete to."""
    told = tuple(statement for statement in statements if not statement.withdrawn)
    sources = {FORCE, OTHER_FORCE, AUTHORITY, HOST} - set(silent)
    return Case(
        child=child,
        statements=told,
        record=reconcile(told),
        episodes=align(told),
        coverage=Coverage(dict.fromkeys(sources, (ALL_YEAR,)) | dict(spans or {})),
        now=read_moment(moment(now)).earliest,
        vanished=frozenset(vanished),
    )


def findings(of: Case) -> list[Finding]:
    """Judge a case under the rule set that is shipped; what holds at its now."""
    return list(judge(of, ruleset()).findings)


def codes(of: Case) -> list[str]:
    """Give the rules that find something in a case, in the order of the table."""
    return [finding.rule for finding in findings(of)]


def bare(*statements: Statement, now: str) -> Case:
    """Make a case of sources that are complete and carry no duties."""
    spans = dict.fromkeys((FORCE, OTHER_FORCE, AUTHORITY, HOST), (NO_DUTIES,))
    return case(*statements, now=now, spans=spans)


def only(of: Case, rule: str) -> Finding:
    """Give the one finding of a rule."""
    (finding,) = [each for each in findings(of) if each.rule == rule]
    return finding


def gaps(of: Case) -> list[tuple[str, str]]:
    """Give what could not be compared: the rule, and whose silence it is."""
    return [(gap.rule, gap.organisation) for gap in judge(of, ruleset()).gaps]
