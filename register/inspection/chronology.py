"""One child's story from every source, and what was known when: each thing with both its times.

Nothing protected is told, to nobody: no place stands in it, so that it may go into a pack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.inspection.children import acts_within, find_child
from register.inspection.mismatch_history import history_between
from register.inspection.reviews import VERDICTS
from register.inspection.tellings import Change, Telling, tellings_of
from register.inspection.timeline import Timeline, draw
from register.linkage.models import Membership
from register.linkage.subjects import reports_of_children
from register.mismatches.answers import answers_on
from register.mismatches.models import Mismatch
from register.mismatches.rules import RULES
from register.numbers import child_number
from register.records.handovers import (
    ACCEPTED,
    DECLINED,
    HANDOVERS,
    OFFERED,
    TAKEN_BACK,
    offers_of,
)
from register.records.service import fold
from register.records.sight import unhidden
from register.reports.organisations import get_organisation
from register.reports.statements import find_statements
from register.reports.values import Moment
from register.terms import label
from register.work import Work, was_known

ORDERS = ("known", "happened")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing: when the register knew, when it happened (None: then), who said it, and what.

    `kind` is `report`, `link`, `judgement`, `handover` or `mismatch`. `words` are a person's own.
    """

    known_at: datetime
    happened: Moment | None
    kind: str
    who: str
    organisation: str
    what: str
    changes: tuple[Change, ...] = ()
    told_at: datetime | None = None
    """When its source says that it was written."""
    words: str = ""

    @property
    def happened_from(self) -> datetime:
        """The earliest time at which it can have happened."""
        return self.happened.earliest if self.happened else self.known_at


@dataclass(frozen=True, slots=True)
class Chronology:
    """A child's story up to a time."""

    child: int
    number: str
    moment: datetime
    entries: tuple[Entry, ...]
    organisations: tuple[str, ...]
    timeline: Timeline | None

    def ordered(self, order: str) -> tuple[Entry, ...]:
        """Give it by when it was known, or by when it happened."""
        if order == "happened":
            return tuple(sorted(self.entries, key=lambda each: each.happened_from))
        return self.entries


@needs(Permission.CHILD_READ)
def read_chronology(work: Work, number: str) -> Chronology:
    """Give a child's story as it was known to this work; raise NotFound."""
    child = find_child(work, number)
    reports = reports_of_children(work, [child])[child]
    tellings = tellings_of(work, reports)
    folded = fold(child, find_statements(work, reports).values())
    references = {each.report: each.reference for each in tellings}
    entries = [
        *map(_telling, tellings),
        *_links(work, reports, references),
        *_judgements(work, reports),
        *_handovers(work, references),
        *_mismatches(work, child),
    ]
    record(work, "child:viewed", f"child {child_number(child)}", view="chronology")
    return Chronology(
        child,
        child_number(child),
        work.moment,
        tuple(sorted(entries, key=lambda each: each.known_at)),
        tuple(sorted({each.organisation for each in tellings})),
        draw(folded.episodes, work.moment),
    )


def _telling(told: Telling) -> Entry:
    return Entry(
        known_at=told.received_at,
        happened=told.happened,
        kind="report",
        who=told.actor,
        organisation=told.organisation,
        what=f"{told.what} ({told.reference})",
        changes=told.changes,
        told_at=told.updated_at,
    )


def _links(work: Work, reports: Sequence[int], references: dict[int, str]) -> Iterator[Entry]:
    """Tell when a report that had been another child's came to be held for this one's."""
    rows = work.session.execute(
        select(Membership.report_id, Membership.child_id, Membership.known_from)
        .where(Membership.report_id.in_(reports), was_known(work, Membership.known_from))
        .order_by(Membership.report_id, Membership.id)
    )
    before: dict[int, int] = {}
    told = list(rows)
    seen = unhidden(work, {child for _, child, _ in told})
    for report, now, at in told:
        was = before.get(report, now)
        before[report] = now
        if was != now:
            what = f"Report {references.get(report, '')} is now held to be of {child_number(now)}"
            of = f"of {child_number(was)}" if was in seen else "of another"
            yield Entry(at, None, "link", "", "", f"{what}, before {of}")


def _judgements(work: Work, reports: Sequence[int]) -> Iterator[Entry]:
    for act in acts_within(work, find_statements(work, reports)):
        sides = (", ".join(each.reference for each in side) for side in (act.one, act.other))
        what = f"Judged: {VERDICTS[act.verdict].lower()} ({' and '.join(sides)})"
        yield Entry(act.at, None, "judgement", act.actor, "", what, words=act.reason)
        if act.taken_back:
            taken = act.taken_back
            words = f"Took that judgement of {act.actor} back"
            yield Entry(taken.at, None, "judgement", taken.actor, "", words, words=taken.reason)


def _handovers(work: Work, references: Mapping[int, str]) -> Iterator[Entry]:
    """Tell what forces said of whose case it is: of this child's reports alone, so all is shown."""
    offers = offers_of(work, references) if HANDOVERS.is_any(work) else []
    for offer in offers:
        taker = get_organisation(offer.taker).name
        whats = {
            OFFERED: (offer.giver, f"Offered the case to {taker}"),
            ACCEPTED: (offer.taker, "Took the case over"),
            DECLINED: (offer.taker, "Declined the case"),
            TAKEN_BACK: (offer.giver, f"Took back the offer of the case to {taker}"),
        }
        for said in filter(None, (offer.offered, offer.answer)):
            force, what = whats[said.said]
            what = f"{what} ({references[offer.report]})"
            yield Entry(said.at, None, "handover", said.actor, force, what, words=said.words)


def _mismatches(work: Work, child: int) -> Iterator[Entry]:
    known = was_known(work, Mismatch.known_from)
    numbers = select(Mismatch.number).where(Mismatch.child == child, known)
    query = select(Mismatch).where(Mismatch.number.in_(numbers), known)
    by_number: dict[int, list[Mismatch]] = {}
    for row in work.session.scalars(query.order_by(Mismatch.number, Mismatch.id)):
        by_number.setdefault(row.number, []).append(row)
    said = answers_on(work, {row.matter for rows in by_number.values() for row in rows})
    for rows in by_number.values():
        answers = [each for matter in {row.matter for row in rows} for each in said.get(matter, ())]
        title = RULES[rows[-1].rule].title
        events = history_between(rows, answers, work.as_at, lambda _: False)
        began = Moment(rows[0].opened_at, rows[0].opened_at, day_only=False)
        for place, event in enumerate(events):
            reason = f": {label(event.reason)}" if event.reason else ""
            what = f"{title}: {event.what[:1].lower()}{event.what[1:]}{reason}"
            yield Entry(
                known_at=event.at,
                happened=began if place == 0 and began.earliest < event.at else None,
                kind="mismatch",
                who=event.actor,
                organisation=event.organisation,
                what=what,
                words=event.words,
            )
