"""Why two reports were judged as they are: what the register's model makes of them now."""

from dataclasses import dataclass

from sqlalchemy import case, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import NotFound
from register.linkage.enactments import model_for
from register.linkage.explanation import Explanation, explain
from register.linkage.pairs import judge_reports
from register.linkage.subjects import memberships
from register.numbers import child_number
from register.records.sight import unhidden
from register.reports.models import Report
from register.terms import Kind
from register.work import Work


@dataclass(frozen=True, slots=True)
class Explained:
    """Two reports, the children they belong to now, and why the register judges them as it does."""

    numbers: tuple[str, str]
    explanation: Explanation


@needs(Permission.PLACE_COMPARE)
def explain_reports(work: Work, one: tuple[str, str], other: tuple[str, str]) -> Explained:
    """Explain how two reports, each by organisation and reference, are judged; raise NotFound."""
    a, b = _find(work, *one), _find(work, *other)
    if a == b:
        raise NotFound("That is one report: name two.")
    pair = (min(a, b), max(a, b))
    found = explain(judge_reports(work, pair, model_for(work)).compared, model_for(work))
    owners = memberships(work, pair)
    children = {child for _, child in owners.values()}
    if not unhidden(work, children) >= children:
        raise NotFound("There are no two such reports, or none that you may see.")
    what = f"reports {pair[0]} and {pair[1]}"
    record(work, "report:viewed", what, children=children, reports=list(pair))
    return Explained((child_number(owners[a][1]), child_number(owners[b][1])), found)


def _find(work: Work, organisation: str, reference: str) -> int:
    """Find a report: of a going missing before a line of a list, where both bear the reference."""
    listed = case((Report.kind == Kind.MISSING.value, 0), else_=1)
    query = select(Report.id).where(
        Report.organisation == organisation, Report.reference == reference
    )
    found = work.session.scalar(query.order_by(listed).limit(1))
    if found is None:
        raise NotFound(f"There is no report {reference} of {organisation}.")
    return found
