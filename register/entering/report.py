"""Entering a report on a page: begun from what is known, looked over, and sent once.

A correction stands on the version that counts when it is sent: what the person left alone is as it
is by then, and who was shown another version is told before anything is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.entering.beginning import base_of
from register.entering.own import number_of, own_statement, version_of
from register.errors import Conflict, Invalid, NotFound
from register.pipeline import submit, take_turn
from register.reports.boxes import Typed, box_names, fill
from register.reports.composing import Composed, changes_between, compose, values_of
from register.reports.drafts import (
    Purpose,
    content_of,
    find_draft,
    get_draft,
    keep_content,
)
from register.reports.fields import APART_FIELDS, BY_NAME
from register.reports.models import Draft, Report, ReportVersion, Submission
from register.reports.protected import whole_of
from register.reports.schema import Reading, read_report
from register.reports.service import open_submission
from register.reports.statement import Statement
from register.reports.steps import Step
from register.secrecy.keys import key_of
from register.secrecy.values import masked
from register.terms import Status
from register.work import Work

PAGE = "page"
"""The door that a submission came through."""
_SOON = timedelta(seconds=1)


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
def keep_step(work: Work, key: str, step: Step, said: Typed) -> Composed:
    """Keep what stands in the boxes of one page; give what the draft comes to."""
    draft = get_draft(work, key)
    content = content_of(work, draft)
    base = base_of(work, draft, content)
    typed = dict(content.typed)
    for each in step.fields:
        names = box_names(each)
        before = fill(each, base.get(each.name, ""))
        now = {name: said.get(name, "") for name in names}
        for name in names:
            typed.pop(name, None)
        typed |= now if now != before else {}
    keep_content(work, draft, replace(content, typed=typed))
    return compose(base, typed)


@needs(Permission.REPORT_RECEIVE)
def look(work: Work, key: str) -> Looked:
    """Give a draft as it stands; raise NotFound."""
    draft = get_draft(work, key)
    before = own_statement(work, draft.report_id) if draft.report_id else None
    known = values_of(before) if before else {}
    content = content_of(work, draft)
    composed = compose(known if before else base_of(work, draft, content), content.typed)
    names = {*composed.raw, *known} & {*BY_NAME}
    changed = changes_between(known, composed.raw, names) - {"updated_at", "reference"}
    shown = {
        "key": key,
        "purpose": Purpose(draft.purpose),
        "before": before,
        "version": version_of(work, draft.report_id) if draft.report_id else 0,
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


def _unreadable(composed: Composed, before: Statement | None) -> frozenset[str]:
    left = set(before.doubtful) - composed.changed if before else set()
    return frozenset(composed.problems) | left


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
