"""The whole story in calls: reports come in, are linked, folded, held against each other.

Every verb here takes its turn first: one writer at a time changes what follows from the reports,
and time is brought to now before anything else, so that nothing is judged by an older clock.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, select, text, update

from register.access.policy import Permission, needs
from register.db import Instant, parts
from register.errors import Conflict
from register.linkage.enactments import enact, enact_first, model_for
from register.linkage.judgements import Pair, decide
from register.linkage.pairs import evidence_between
from register.linkage.service import Regrouped, relink, relink_all
from register.linkage.what_if import changes, standing_children
from register.mismatches.case import Case, Coverage, Span
from register.mismatches.service import Detected, children_compared, children_due, detect
from register.records.numbers import child_number
from register.records.service import (
    Folded,
    children_of,
    children_standing,
    fold_children,
    missing_children,
    read_children,
)
from register.reports.extracts import (
    ExtractSpan,
    Held,
    find_extracts,
    find_vanished,
    record_extract,
)
from register.reports.models import Clock
from register.reports.organisations import authorities_of, force_for
from register.reports.schema import Reading
from register.reports.service import Received, count_versions_again, receive
from register.work import Work

CHILDREN_AT_ONCE = 500


@dataclass(slots=True)
class Outcome:
    """What the register made of some reports."""

    received: Received = field(default_factory=Received)
    regrouped: Regrouped = field(default_factory=Regrouped)
    rows_changed: int = 0
    opened: int = 0
    closed: int = 0
    changed: int = 0
    outlooks_changed: int = 0
    versions_changed: int = 0


@needs(Permission.REPORT_RECEIVE)
def submit(work: Work, submission_id: int, readings: Sequence[Reading]) -> Outcome:
    """Receive what was read and bring everything that follows from it up to date."""
    detected = take_turn(work)
    outcome = Outcome(received=receive(work, submission_id, readings))
    outcome.opened, outcome.closed = detected.opened, detected.closed
    if outcome.received.changed:
        follow(work, outcome.received.changed, outcome)
    return outcome


@needs(Permission.REPORT_RECEIVE)
def complete(work: Work, days: tuple[date, date | None], held: Iterable[Held]) -> Detected:
    """Keep the word that submissions held all between two days, and read silence accordingly."""
    detected = take_turn(work)
    new = {each.organisation for each in held if record_extract(work, days, each)}
    near = {*new}
    for code in new:
        near |= {force_for(code) or code, *authorities_of(code)}
    return detected + _compare_again(work, children_of(work, near))


@needs(Permission.LINK_DECIDE)
def judge(
    work: Work, pair: Pair, verdict: str, reason: str, shown: dict[str, object] | None = None
) -> Outcome:
    """Keep a person's word on two reports and let everything follow from it."""
    take_turn(work)
    evidence = evidence_between(work, pair, model_for(work))
    decide(work, pair, verdict, reason, {**(shown or {}), "evidence": evidence})
    outcome = Outcome()
    follow(work, set(pair), outcome)
    return outcome


@needs(Permission.REGISTER_REBUILD)
def fold_again(work: Work) -> Outcome:
    """Fold everything that follows from the reports and judgements again, at the same time."""
    work.session.scalar(select(Clock).with_for_update())
    outcome = Outcome(versions_changed=count_versions_again(work))
    regrouped = relink_all(work)
    # What stands of a child that no report makes can only be found from its own side.
    regrouped.gone |= {*children_standing(work), *children_compared(work)} - {*regrouped.children}
    _refold(work, regrouped, outcome)
    return outcome


@needs(Permission.MODEL_ENACT)
def adopt(work: Work, text: str, reason: str, named: Collection[int]) -> Outcome:
    """Put a model into force and let everything follow from it, in this one piece of work.

    `named` are the children of whom it was shown that they would change. Raises Conflict where
    another child who is missing now would: reports came in since it was shown.
    """
    take_turn(work)
    missing, before = missing_children(work), standing_children(work)
    enact(work, text, reason)
    outcome = fold_again(work)
    changed = {child for each in changes(before, standing_children(work)) for child in each.before}
    if unnamed := sorted(changed & missing - set(named)):
        numbers = ", ".join(child_number(each) for each in unnamed)
        raise Conflict(
            "Nothing was changed. Children who are missing now and were not named before would "
            f"change too: {numbers}. Look at `register what-if --model` again."
        )
    return outcome


def take_turn(work: Work) -> Detected:
    """Wait for one's turn and bring time to now: what fell due since the last time is opened."""
    clock = work.session.scalar(select(Clock).with_for_update())
    if clock is None:
        # The first piece of work ever. Of two that come at once the second waits for the first.
        first = text("INSERT INTO clock (id, judged_to) VALUES (1, :now) ON CONFLICT DO NOTHING")
        work.session.execute(first.bindparams(bindparam("now", work.now, Instant)))
        clock = work.session.scalars(select(Clock).with_for_update()).one()
        enact_first(work)
    if clock.judged_to >= work.now:
        return Detected()
    work.session.execute(update(Clock).values(judged_to=work.now))
    return _compare_again(work, children_due(work, work.now))


def judged_to(work: Work) -> datetime:
    """Tell up to when the register has been brought."""
    found = work.session.scalar(select(Clock.judged_to))
    return found or work.now


def follow(work: Work, changed: Collection[int], outcome: Outcome) -> None:
    """Bring everything that follows from these reports up to date."""
    _refold(work, relink(work, changed), outcome)


def _refold(work: Work, regrouped: Regrouped, outcome: Outcome) -> None:
    folding = fold_children(work, regrouped.children, regrouped.gone)
    detected = detect(work, cases_of(work, folding.children), regrouped.gone)
    outcome.regrouped = regrouped
    outcome.rows_changed = folding.changed
    outcome.outlooks_changed = detected.outlooks
    outcome.opened += detected.opened
    outcome.closed += detected.closed
    outcome.changed += detected.changed


def _compare_again(work: Work, children: Iterable[int]) -> Detected:
    detected = Detected()
    for part in parts(sorted(set(children)), CHILDREN_AT_ONCE):
        detected += detect(work, cases_of(work, read_children(work, part)))
    return detected


def cases_of(work: Work, folded: Iterable[Folded]) -> list[Case]:
    """Show each child to the rules, with how far silence may be read."""
    children = list(folded)
    extracts = find_extracts(work)
    coverage = Coverage({code: _spans(spans) for code, spans in extracts.items()})
    statements = {s.report_id: s for each in children for s in each.statements}
    vanished = find_vanished(work, statements, extracts)
    now = judged_to(work)
    return [
        Case(
            child=each.child,
            statements=each.statements,
            record=each.record,
            episodes=each.episodes,
            coverage=coverage,
            now=now,
            vanished=vanished & {s.report_id for s in each.statements},
        )
        for each in children
    ]


def _spans(spans: Iterable[ExtractSpan]) -> tuple[Span, ...]:
    return tuple(Span(span.start, span.end, span.carries) for span in spans)
