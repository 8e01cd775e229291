"""How a report on a page begins: filled in with what is known, by whoever told it."""

from collections.abc import Mapping

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.entering.own import own_statement, version_of
from register.errors import Conflict, Forbidden, NotFound
from register.linkage.subjects import memberships
from register.records.models import EpisodeRow
from register.records.service import read_children
from register.records.sight import reports_in_sight, within_sight
from register.reports.composing import lasting, values_of
from register.reports.drafts import Content, Purpose, begin_draft
from register.reports.fields import PROTECTED_FIELDS
from register.reports.models import Draft, Report
from register.reports.organisations import find_organisation
from register.reports.statement import Value
from register.terms import Sector, Status
from register.work import Work, stands

_OF_THE_CASE = (
    *("missing_at", "category", "status", "reported_at"),
    *("found_at", "returned_at", "closed_reason"),
)
"""What another organisation's report of a going missing fills one's own in with."""


@needs(Permission.REPORT_RECEIVE)
def begin_report(work: Work, key: str, report_id: int | None = None) -> Draft:
    """Begin a report of a new going missing, filled in from an earlier one of one's own."""
    base: dict[str, Value] = {}
    if report_id is not None:
        base = lasting(own_statement(work, report_id).values)
    content = Content(_own_defaults(work) | base, source=report_id)
    return begin_draft(work, key, Purpose.REPORT, content)


@needs(Permission.REPORT_RECEIVE)
def begin_known(work: Work, key: str, episode: int) -> Draft:
    """Begin one's own report of a going missing that another organisation reported.

    It is filled in with what its reader may see of it. Raises NotFound where it is not within
    sight, Conflict where one's own organisation has reported it already.
    """
    return begin_draft(work, key, Purpose.REPORT, filled_in_from_others(work, episode))


@needs(Permission.REPORT_RECEIVE)
def filled_in_from_others(work: Work, episode: int) -> Content:
    """Give what one's own report of a going missing may take over from another organisation's.

    That is what its reader may see of it, and over it what one's own reports say of the child.
    """
    row = work.session.scalar(
        select(EpisodeRow).where(
            EpisodeRow.number == episode,
            stands(work, EpisodeRow),
            within_sight(work, EpisodeRow.child),
        )
    )
    if row is None:
        raise NotFound("There is no such going missing, or none that you may see.")
    folded = read_children(work, [row.child])[row.child]
    reports = {report for spell in row.spells for report in spell}
    told = [each for each in folded.statements if each.report_id in reports]
    if any(each.organisation == work.actor.organisation for each in told):
        raise Conflict("Your organisation has reported this going missing: correct that report.")
    theirs = max(told, key=lambda each: each.updated_at)
    seen = {name: v for name, v in theirs.values.items() if name not in PROTECTED_FIELDS}
    base = _own_defaults(work) | lasting(seen)
    base.pop("child_reference", None)
    base |= {name: seen[name] for name in _OF_THE_CASE if name in seen}
    own = [each for each in folded.statements if each.organisation == work.actor.organisation]
    for statement in sorted(own, key=lambda each: each.updated_at):
        base |= lasting(statement.values)
    record(work, "report:viewed", f"report {theirs.report_id}", children=[row.child])
    return Content(base, source=theirs.report_id)


@needs(Permission.REPORT_RECEIVE)
def begin_change(work: Work, key: str, report_id: int, purpose: Purpose) -> Draft:
    """Begin to correct, or to close, one's own report."""
    statement = own_statement(work, report_id)
    ends = purpose is Purpose.CLOSE
    is_open = statement.text("status") in {"", Status.OPEN, Status.LOCATED}
    typed = {"status": Status.CLOSED.value} if ends and is_open else {}
    of = (report_id, version_of(work, report_id))
    return begin_draft(work, key, purpose, Content(typed=typed), of)


def base_of(work: Work, draft: Draft, content: Content) -> Mapping[str, Value]:
    """Give what a draft stands on: the report that it changes, or what it was filled in with.

    What a report told is given only while it is one's own organisation's, or its child stays
    within sight; each time the log tells that it was.
    """
    if draft.report_id is not None:
        return values_of(own_statement(work, draft.report_id))
    if content.source is None:
        return content.base
    if not (_is_own(work, content.source) or reports_in_sight(work, [content.source])):
        return _own_defaults(work)
    (of_child,) = memberships(work, [content.source]).values()
    record(work, "report:viewed", f"report {content.source}", children=[of_child[1]])
    return content.base


def _is_own(work: Work, report: int) -> bool:
    own = (Report.id == report) & (Report.organisation == work.actor.organisation)
    return work.session.scalar(select(Report.id).where(own)) is not None


def _own_defaults(work: Work) -> dict[str, Value]:
    own = find_organisation(work.actor.organisation)
    if own is None or own.sector is Sector.OTHER:
        raise Forbidden("Only police forces and local authorities report children.")
    name = "police_force" if own.sector is Sector.POLICE else "responsible_authority"
    return {name: own.code}
