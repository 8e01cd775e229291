"""Entering a report on a page: begun from what is known, looked over, and sent once.

A correction stands on the version that counts when it is sent: what the person left alone is as it
is by then, and who was shown another version is told before anything is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Conflict, Forbidden, Invalid, NotFound
from register.linkage.subjects import memberships
from register.pipeline import submit, take_turn
from register.records.models import EpisodeRow
from register.records.numbers import child_number
from register.records.service import read_children
from register.records.sight import within_sight
from register.reports.boxes import Typed, box_names, fill
from register.reports.composing import Composed, changes_between, compose, lasting, values_of
from register.reports.drafts import Purpose, begin_draft, find_draft, get_draft
from register.reports.fields import APART_FIELDS, BY_NAME, PROTECTED_FIELDS
from register.reports.models import Draft, Report, ReportVersion, Submission
from register.reports.organisations import find_organisation
from register.reports.protected import whole_of
from register.reports.schema import Reading, read_report
from register.reports.service import find_statements, open_submission
from register.reports.statement import Statement, Value
from register.reports.steps import Step
from register.secrecy.keys import key_of
from register.secrecy.values import masked
from register.terms import Kind, Sector, Status
from register.work import Work, stands

PAGE = "page"
"""The door that a submission came through."""
_SOON = timedelta(seconds=1)
_OF_THE_CASE = (
    *("missing_at", "category", "status", "reported_at"),
    *("found_at", "returned_at", "closed_reason"),
)
"""What another organisation's report of a going missing fills one's own in with."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft as it stands: what is known and typed, and what the one validator says of it.

    `before` is what counts now of the report that is changed, None for a new one; `version` names
    it. `changed` are the fields that would change, `doubtful` those that would be kept as written
    and not used; `refused` says why it cannot be sent, by field.
    """

    key: str
    purpose: Purpose
    before: Statement | None
    version: int
    composed: Composed
    changed: frozenset[str]
    doubtful: frozenset[str] = frozenset()
    marks: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the report, its reference, and the register number of its child."""

    report_id: int
    reference: str
    number: str
    again: bool
    """It had been sent before: nothing was kept a second time."""


@needs(Permission.REPORT_RECEIVE)
def begin_report(work: Work, key: str, report_id: int | None = None) -> Draft:
    """Begin a report of a new going missing, filled in from an earlier one of one's own."""
    base: dict[str, Value] = {}
    if report_id is not None:
        base = lasting(own_statement(work, report_id).values)
    return begin_draft(work, key, Purpose.REPORT, _own_defaults(work) | base)


@needs(Permission.REPORT_RECEIVE)
def begin_known(work: Work, key: str, episode: int) -> Draft:
    """Begin one's own report of a going missing that another organisation reported.

    It is filled in with what its reader may see of it. Raises NotFound where it is not within
    sight, Conflict where one's own organisation has reported it already.
    """
    return begin_draft(work, key, Purpose.REPORT, filled_in_from_others(work, episode))


@needs(Permission.REPORT_RECEIVE)
def filled_in_from_others(work: Work, episode: int) -> dict[str, Value]:
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
    (folded,) = read_children(work, [row.child])
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
    record(work, "report:viewed", f"report {theirs.report_id}")
    return base


@needs(Permission.REPORT_RECEIVE)
def begin_change(work: Work, key: str, report_id: int, purpose: Purpose) -> Draft:
    """Begin to correct, or to close, one's own report."""
    statement = own_statement(work, report_id)
    draft = begin_draft(work, key, purpose, {}, (report_id, _version(work, report_id)))
    if purpose is Purpose.CLOSE and statement.text("status") in {"", Status.OPEN, Status.LOCATED}:
        draft.typed = {"status": Status.CLOSED.value}
    work.session.flush()
    return draft


@needs(Permission.REPORT_RECEIVE)
def keep_step(work: Work, key: str, step: Step, said: Typed) -> Composed:
    """Keep what stands in the boxes of one page; give what the draft comes to."""
    draft = get_draft(work, key)
    base = _base(work, draft)
    typed = dict(draft.typed)
    for each in step.fields:
        names = box_names(each)
        before = fill(each, base.get(each.name, ""))
        now = {name: said.get(name, "") for name in names}
        for name in names:
            typed.pop(name, None)
        typed |= now if now != before else {}
    draft.typed, draft.kept_at = typed, work.now
    work.session.flush()
    return compose(base, typed)


@needs(Permission.REPORT_RECEIVE)
def look(work: Work, key: str) -> Looked:
    """Give a draft as it stands; raise NotFound."""
    draft = get_draft(work, key)
    before = own_statement(work, draft.report_id) if draft.report_id else None
    known = values_of(before) if before else {}
    composed = compose(known if before else draft.base, draft.typed)
    names = {*composed.raw, *known} & {*BY_NAME}
    changed = changes_between(known, composed.raw, names) - {"updated_at", "reference"}
    shown = {
        "key": key,
        "purpose": Purpose(draft.purpose),
        "before": before,
        "version": _version(work, draft.report_id) if draft.report_id else 0,
        "composed": composed,
        "changed": frozenset(changed),
        "doubtful": _unreadable(composed, before),
    }
    if composed.problems and any(each.blocks for each in composed.problems.values()):
        blocking = {
            name: each.text.removeprefix(f"{BY_NAME[name].label} ")
            for name, each in composed.problems.items()
            if each.blocks
        }
        return Looked(**shown, refused=blocking)  # type: ignore[arg-type]  # by its own names
    try:
        reading = _read(work, draft, composed, before)
    except Invalid as refusal:
        return Looked(**shown, refused=refusal.problems)  # type: ignore[arg-type]  # as above
    shown["doubtful"] |= frozenset(reading.doubtful)  # type: ignore[operator]  # a set of names
    return Looked(**shown, marks=reading.marks)  # type: ignore[arg-type]  # as above


@needs(Permission.REPORT_RECEIVE)
def send(work: Work, key: str, version: int = 0) -> Sent:
    """Send a draft as one version of one report; a second time gives what the first one gave.

    `version` is the one that was shown to who corrects it. Raises NotFound, Invalid where it
    lacks what a report needs, Conflict where nothing would change or another version counts now.
    """
    take_turn(work)
    draft = find_draft(work, key)
    if draft is None:
        return _sent_before(work, key)
    looked = look(work, key)
    if looked.refused:
        raise Invalid(dict(looked.refused))
    if looked.before is not None and version != looked.version:
        raise Conflict(
            "This report was changed since you were shown it, so nothing was kept. "
            "Look at it as it is now, then send it again."
        )
    if looked.before is not None and not looked.changed:
        raise Conflict("Nothing would change: there is nothing to send.")
    reading = _read(work, draft, looked.composed, looked.before)
    if looked.before is None and _is_taken(work, reading):
        raise Invalid({"reference": "is that of another report of yours: correct that one instead"})
    submission = open_submission(work, PAGE, draft.purpose, key)
    outcome = submit(work, submission.id, [reading])
    (report_id,) = outcome.received.reports[reading.organisation]
    work.session.delete(draft)
    return Sent(report_id, reading.reference, number_of(work, report_id), again=False)


def own_statement(work: Work, report_id: int | None) -> Statement:
    """Give a report of one's own organisation as it counts now; raise NotFound."""
    found = find_statements(work, [report_id] if report_id else []).get(report_id or 0)
    own = found is not None and found.organisation == work.actor.organisation
    if found is None or not own or found.kind is not Kind.MISSING:
        raise NotFound("There is no such report, or it is not your organisation's.")
    record(work, "report:viewed", f"report {report_id}")
    return found


def _own_defaults(work: Work) -> dict[str, Value]:
    own = find_organisation(work.actor.organisation)
    if own is None or own.sector is Sector.OTHER:
        raise Forbidden("Only police forces and local authorities report children.")
    name = "police_force" if own.sector is Sector.POLICE else "responsible_authority"
    return {name: own.code}


def _unreadable(composed: Composed, before: Statement | None) -> frozenset[str]:
    left = set(before.doubtful) - composed.changed if before else set()
    return frozenset(composed.problems) | left


def _base(work: Work, draft: Draft) -> Mapping[str, Value]:
    if draft.report_id is None:
        return draft.base
    return values_of(own_statement(work, draft.report_id))


def _read(work: Work, draft: Draft, composed: Composed, before: Statement | None) -> Reading:
    raw: dict[str, object] = dict(composed.raw)
    raw["organisation"] = work.actor.organisation
    raw.setdefault("status", Status.OPEN.value)
    if before is None:
        raw.setdefault("reference", f"PAGE-{draft.begun_at:%Y%m%d}-{draft.key[:8].upper()}")
        raw["updated_at"] = work.now.isoformat()
    else:
        # What is never shown with the rest is sent again as it was, unless it was typed anew.
        kept = whole_of(work, before)
        raw |= {name: kept[name] for name in (APART_FIELDS & kept.keys()) - composed.changed}
        raw["reference"] = before.reference
        # A source that tells only the day of its changes is ahead of the clock until midnight.
        raw["updated_at"] = max(work.now, before.updated_at + _SOON).isoformat()
    return read_report(raw, now=work.now)


def _is_taken(work: Work, reading: Reading) -> bool:
    same = (Report.organisation == reading.organisation) & (Report.kind == reading.kind.value)
    query = select(Report.id).where(same, Report.reference == reading.reference)
    return work.session.scalar(query) is not None


def _version(work: Work, report_id: int) -> int:
    query = select(Report.current_version_id).where(Report.id == report_id)
    return work.session.scalar(query) or 0


def _sent_before(work: Work, key: str) -> Sent:
    digest = masked(key_of(work), key)  # as `open_submission` keeps it
    query = (
        select(Report.id, Report.reference)
        .join(ReportVersion, ReportVersion.report_id == Report.id)
        .join(Submission, Submission.id == ReportVersion.submission_id)
        .where(Submission.source == PAGE, Submission.digest == digest)
        .where(Report.organisation == work.actor.organisation)
    )
    row = work.session.execute(query).first()
    if row is None:
        raise NotFound("There is no such draft: it was sent, thrown away, or is another person's.")
    return Sent(row[0], row[1], number_of(work, row[0]), again=True)


def number_of(work: Work, report_id: int) -> str:
    """Give the register number of the child that a report speaks of."""
    return child_number(memberships(work, [report_id])[report_id][1])
