"""The whole story in calls: reports come in, are linked, folded, held against each other.

Every verb here takes its turn first: one writer at a time changes what follows from the reports,
and time is brought to now before anything else, so that nothing is judged by an older clock.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from register.access.policy import Permission, needs
from register.clock import begin_turn, judged_to
from register.errors import Conflict, NotFound
from register.linkage.enactments import enact, model_for
from register.linkage.judgements import decide
from register.linkage.judgements import withdraw as withdraw_judgement
from register.linkage.pairs import evidence_between
from register.linkage.said import Pair, judged_pairs, pairs_of
from register.linkage.sealing import seal_what_follows
from register.linkage.seen import refuse_changed, versions_seen
from register.linkage.service import Regrouped, relink, relink_all
from register.linkage.subjects import memberships, read_ahead
from register.linkage.what_if import changes, standing_children
from register.mismatches.cases import cases_of
from register.mismatches.models import Settlement
from register.mismatches.service import (
    Detected,
    children_compared,
    children_due,
    detect,
)
from register.mismatches.settling import Said
from register.mismatches.settling import settle as settle_mismatch
from register.mismatches.settling import withdraw as withdraw_settlement
from register.mismatches.supply import count_rejects, hear
from register.numbers import child_number
from register.records.service import (
    children_of,
    children_standing,
    fold_children,
    missing_children,
    read_children,
)
from register.records.sight import ask_sight, may_act_on, reports_in_sight, unhidden
from register.reports.extracts import Held, record_extract
from register.reports.organisations import authorities_of, force_for
from register.reports.schema import Reading
from register.reports.service import Received, count_versions_again, receive
from register.rows import parts
from register.turns import wait_for_turn
from register.work import Work

CHILDREN_AT_ONCE = 1000
_UNSPENT = "a turn of which nothing has come yet"


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
    work.notes.pop(_UNSPENT, None)
    received = receive(work, submission_id, readings)
    hear(work, received.reports)
    outcome = Outcome(received, opened=detected.opened, closed=detected.closed)
    if received.changed:
        follow(work, received.changed, outcome, received.changed)
    return outcome


@needs(Permission.REPORT_RECEIVE)
def end_file(work: Work, senders: Collection[str], rows: int, rejected: int) -> None:
    """Note that a whole file came; with one sender, hold its rejects against what may be."""
    take_turn(work)
    hear(work, senders)
    if len(senders) == 1:
        [sender] = senders
        count_rejects(work, sender, rows, rejected)


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
    work: Work,
    pair: Pair,
    verdict: str,
    reason: str,
    shown: dict[str, object] | None = None,
    seen: str | None = None,
) -> Outcome:
    """Keep a person's word on two reports and let everything follow from it.

    `seen` is what was shown of their children (`seen_of`); raises Conflict where that changed.
    """
    take_turn(work)
    if not reports_in_sight(work, pair, may_act_on):
        raise NotFound("There are no two such reports, or none that you may see.")
    children = {child for _, child in memberships(work, pair).values()}
    if not unhidden(work, children) >= children:
        raise NotFound("There are no two such reports, or none that you may see.")
    if seen is not None:
        refuse_changed(work, children, seen)
    return _judge(work, [pair], verdict, reason, shown)


@needs(Permission.LINK_DECIDE)
def merge(work: Work, one: int, other: int, reason: str, seen: str) -> Outcome:
    """Make one child of two, by a person's word that their first reports are about one.

    So are any two of their reports that people held to be different children's until now.
    """
    take_turn(work)
    ask_sight(work, {one, other})
    refuse_changed(work, {one, other}, seen)
    if one == other:
        raise Conflict("That is one child already: nothing was changed.")
    apart = judged_pairs(work, versions_seen(seen))[1]
    return _judge(work, [(one, other), *apart], "same", reason)


@needs(Permission.LINK_DECIDE)
def split(work: Work, child: int, apart: Collection[int], reason: str, seen: str) -> Outcome:
    """Part some of a child's reports from the rest, by a person's word on every such pair."""
    take_turn(work)
    ask_sight(work, {child})
    refuse_changed(work, {child}, seen)
    reports = set(versions_seen(seen))
    rest = reports - set(apart)
    if not (rest and apart and set(apart) <= reports):
        raise Conflict("Choose at least one of the child's reports, and leave it at least one.")
    pairs = [(one, other) for one in sorted(apart) for other in sorted(rest)]
    return _judge(work, pairs, "different", reason)


@needs(Permission.LINK_DECIDE)
def withdraw(work: Work, act: int, reason: str) -> Outcome | None:
    """Take back what was said in one act, as if it had never been; None where it was already."""
    take_turn(work)
    said_of = {report for pair in pairs_of(work, act) for report in pair}
    ask_sight(work, said_of)
    read_ahead(work, said_of)
    if not (reports := withdraw_judgement(work, act, reason)):
        return None
    outcome = Outcome()
    follow(work, reports, outcome)
    return outcome


def _judge(
    work: Work,
    pairs: Sequence[Pair],
    verdict: str,
    reason: str,
    shown: dict[str, object] | None = None,
) -> Outcome:
    model = model_for(work)
    read_ahead(work, {report for pair in pairs for report in pair})
    evidence = {(min(pair), max(pair)): evidence_between(work, pair, model) for pair in pairs}
    decide(work, pairs, verdict, reason, shown, evidence)
    outcome = Outcome()
    follow(work, {report for pair in pairs for report in pair}, outcome)
    return outcome


@needs(Permission.MISMATCH_SETTLE)
def settle(work: Work, number: int, said: Said, seen: int) -> Settlement:
    """Keep a person's answer to a mismatch and let its state follow from it."""
    take_turn(work)
    child, settlement = settle_mismatch(work, number, said, seen)
    _compare_again(work, [child])
    return settlement


@needs(Permission.MISMATCH_SETTLE)
def withdraw_answer(work: Work, settlement: int, words: str) -> bool:
    """Take an answer to a mismatch back; False where that was done already."""
    take_turn(work)
    child = withdraw_settlement(work, settlement, words)
    _compare_again(work, [] if child is None else [child])
    return child is not None


@needs(Permission.REGISTER_REBUILD)
def fold_again(work: Work) -> Outcome:
    """Fold everything that follows from the reports and judgements again, at the same time."""
    wait_for_turn(work.session)
    work.now = max(work.now, judged_to(work))
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
    """Wait for one's turn and bring time to now: what fell due since the last time is opened.

    Whoever has it and has changed nothing since has it still: what must not change between looking
    and acting is looked at after this.
    """
    if work.notes.get(_UNSPENT):
        return Detected()
    due = children_due(work, work.now) if begin_turn(work) else ()
    detected = _compare_again(work, due)
    work.notes[_UNSPENT] = True
    return detected


def follow(
    work: Work, touched: Collection[int], outcome: Outcome, new: Collection[int] = ()
) -> None:
    """Bring everything that follows from these reports up to date; `new` say something new."""
    regrouped = relink(work, touched)
    seal_what_follows(work, regrouped.reports | set(touched), model_for(work))
    _refold(work, regrouped, outcome, new)


def _refold(work: Work, regrouped: Regrouped, outcome: Outcome, new: Collection[int] = ()) -> None:
    work.notes.pop(_UNSPENT, None)
    # What goes over from one child to another is seen where both are looked at together.
    others = sorted(regrouped.children.keys() - regrouped.regrouped)
    gone: Collection[int] = regrouped.gone
    outcome.regrouped = regrouped
    for children in (sorted(regrouped.regrouped), *parts(others, CHILDREN_AT_ONCE)):
        if not (children or gone):
            continue
        reports = {each: regrouped.children[each] for each in children}
        folding = fold_children(work, reports, gone, regrouped.statements)
        detected = detect(work, cases_of(work, folding.children, judged_to(work)), gone, new)
        gone = ()
        outcome.rows_changed += folding.changed
        outcome.outlooks_changed += detected.outlooks
        outcome.opened += detected.opened
        outcome.closed += detected.closed
        outcome.changed += detected.changed


def _compare_again(work: Work, children: Iterable[int]) -> Detected:
    work.notes.pop(_UNSPENT, None)
    detected = Detected()
    for part in parts(sorted(set(children)), CHILDREN_AT_ONCE):
        folded = read_children(work, part).values()
        detected += detect(work, cases_of(work, folded, judged_to(work)))
    return detected
