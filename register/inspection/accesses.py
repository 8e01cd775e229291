"""Who looked at which child, with what explains it: read from the data, not from what was typed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, func, or_, select

from register.access.models import Need, Opening, Reach, User
from register.access.needing import Why
from register.access.openings import NOBODY
from register.access.suspicion import Access
from register.linkage.identity import read_names
from register.linkage.models import Membership, Review
from register.linkage.names import surname_bits
from register.linkage.subjects import find_subjects
from register.mismatches.models import Mismatch
from register.records.models import EpisodeRow
from register.reports.models import ReportVersion, Submission
from register.rows import among, parts
from register.underneath.roles import see_all
from register.work import Work

RARE = 8.0
"""Bits of a surname that fewer than one child in 256 bears: sharing it is no chance."""
Span = tuple[datetime, datetime | None]


@dataclass(slots=True)
class _Known:
    """What explains that somebody looks at a child, by child."""

    today: dict[int, int] = field(default_factory=dict)
    """Whose a number is today."""
    given: dict[tuple[str, int], list[tuple[str, Span]]] = field(default_factory=dict)
    sent: set[tuple[str, int]] = field(default_factory=set)
    mismatched: dict[tuple[str, int], list[Span]] = field(default_factory=dict)
    reviewed: dict[int, list[Span]] = field(default_factory=dict)
    missing: dict[int, list[Span]] = field(default_factory=dict)
    reached: set[tuple[int, str]] = field(default_factory=set)
    surnames: dict[int, set[str]] = field(default_factory=dict)
    news: dict[int, datetime] = field(default_factory=dict)


def read_accesses(work: Work, condition: ColumnElement[bool]) -> list[Access]:
    """Give the looks at children that meet a condition, in order, each with what explains it."""
    see_all(work.session)  # what explains a look may be another organisation's word
    query = select(Opening).where(condition).order_by(Opening.at, Opening.id)
    opened = work.session.scalars(query).all()
    known = _learn(work, {each.child for each in opened} - {NOBODY})
    people = {each.who for each in opened}
    named = select(User.username, User.name).where(User.username.in_(sorted(people)))
    surnames = {
        username: {*read_names(name)[-1:]} for username, name in work.session.execute(named)
    }
    return [_access(each, known, surnames.get(each.who, set())) for each in opened]


def _access(opened: Opening, known: _Known, surname: set[str]) -> Access:
    child = known.today.get(opened.child, opened.child)
    explained, how = _explain(opened, child, known)
    shared = surname & known.surnames.get(child, set())
    telling = any(surname_bits(each) >= RARE for each in shared)
    news = known.news.get(child)
    return Access(
        number=opened.id,
        who=opened.who,
        organisation=opened.organisation,
        child=child,
        at=opened.at,
        how=how,
        explained=explained,
        namesake=telling or bool(shared and not explained),
        reaches=(child, opened.organisation) in known.reached or not opened.organisation,
        quiet=max((opened.at - news) // timedelta(days=1), 0) if news else 0,
    )


def _explain(opened: Opening, child: int, known: _Known) -> tuple[str, str]:
    """Say what explains a look, blank for nothing, and whether the glass was broken for it."""
    at, who, place = opened.at, opened.who, opened.organisation
    given = [why for why, span in known.given.get((who, child), ()) if _within(at, [span])]
    how = "glass" if Why.GLASS in given else opened.how
    reaches = (child, place) in known.reached
    reasons = {
        "given to this person": bool(set(given) - {Why.GLASS}),
        "this person sent a report": (who, child) in known.sent,
        "a mismatch to answer": _within(at, known.mismatched.get((place, child), ())),
        "a proposed link to judge": reaches and _within(at, known.reviewed.get(child, ())),
        "missing then": reaches and _within(at, known.missing.get(child, ())),
    }
    return next((words for words, holds in reasons.items() if holds), ""), how


def _within(at: datetime, spans: Iterable[Span]) -> bool:
    return any(start <= at and (end is None or at <= end) for start, end in spans)


def _learn(work: Work, numbers: Collection[int]) -> _Known:
    known = _Known()
    for part in parts(sorted(numbers)):
        owned = among(Membership.report_id, part) & Membership.known_to.is_(None)
        query = select(Membership.report_id, Membership.child_id).where(owned)
        known.today |= dict(iter(work.session.execute(query)))
    for part in parts(sorted({known.today.get(each, each) for each in numbers})):
        _learn_needs(work, part, known)
        _learn_cases(work, part, known)
        _learn_people(work, part, known)
    return known


def _learn_needs(work: Work, children: Sequence[int], known: _Known) -> None:
    own = among(Membership.child_id, children) & Membership.known_to.is_(None)
    needs = select(Need, Membership.child_id).join(Membership, Membership.report_id == Need.report)
    given: dict[tuple[str, int], list[tuple[str, Span]]] = defaultdict(list)
    for need, child in work.session.execute(needs.where(own)):
        ends = [each for each in (need.until, need.ended_at) if each is not None]
        given[need.who, child].append((need.why, (need.at, min(ends, default=None))))
    known.given |= given
    sent = (
        select(Submission.actor, Membership.child_id)
        .join(ReportVersion, ReportVersion.submission_id == Submission.id)
        .join(Membership, Membership.report_id == ReportVersion.report_id)
    )
    known.sent |= {(who, child) for who, child in work.session.execute(sent.where(own).distinct())}


def _learn_cases(work: Work, children: Sequence[int], known: _Known) -> None:
    mismatched: dict[tuple[str, int], list[Span]] = defaultdict(list)
    columns = (Mismatch.child, Mismatch.owner, Mismatch.counterpart)
    rows = select(*columns, Mismatch.known_from, Mismatch.known_to)
    for child, owner, counterpart, start, end in work.session.execute(
        rows.where(among(Mismatch.child, children))
    ):
        for place in {owner, counterpart} - {""}:
            mismatched[place, child].append((start, end))
    known.mismatched |= mismatched
    side = or_(Membership.report_id == Review.report_a, Membership.report_id == Review.report_b)
    own = among(Membership.child_id, children) & Membership.known_to.is_(None)
    reviews = select(Membership.child_id, Review.known_from, Review.known_to).join(Review, side)
    known.reviewed |= _spans(work.session.execute(reviews.where(own)))
    open_ones = among(EpisodeRow.child, children) & EpisodeRow.is_open
    episodes = select(EpisodeRow.child, EpisodeRow.known_from, EpisodeRow.known_to)
    known.missing |= _spans(work.session.execute(episodes.where(open_ones)))


def _learn_people(work: Work, children: Sequence[int], known: _Known) -> None:
    reached = select(Reach.child, Reach.organisation).where(among(Reach.child, children))
    known.reached |= {(child, place) for child, place in work.session.execute(reached)}
    own = among(Membership.child_id, children) & Membership.known_to.is_(None)
    subjects = select(Membership.subject_id, Membership.child_id).where(own).distinct()
    owner = dict(iter(work.session.execute(subjects)))
    for subject, stored in find_subjects(work, owner).items():
        tokens = {name for each in stored.subject.identities for name in each.surname}
        known.surnames.setdefault(owner[subject], set()).update(tokens)
    news = (
        select(Membership.child_id, func.max(ReportVersion.received_at))
        .join(ReportVersion, ReportVersion.report_id == Membership.report_id)
        .group_by(Membership.child_id)
    )
    known.news |= dict(iter(work.session.execute(news.where(own))))


def _spans(rows: Iterable[Row[int, datetime, datetime | None]]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    for child, start, end in rows:
        found[child].append((start, end))
    return found
