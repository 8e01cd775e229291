"""The figures counted again one by one: children folded from their reports, mismatches exported.

Nothing of `register.inspection.figures` or of its conditions is used here, nor any of the columns
that it counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import select

from register.access.models import Reach
from register.inspection.exports import export
from register.inspection.scope import Scope
from register.inspection.wanted import Wanted
from register.linkage.models import Membership
from register.mismatches.models import Mismatch, Outlook
from register.numbers import child_number, episode_number
from register.records.ages import was_adult
from register.records.care import CareState, care_of
from register.records.service import Folded, read_children
from register.records.spells import Episode
from register.reports.organisations import current_code
from register.terms import LONDON, Sector
from register.work import Work

BETWEEN = set("A1 A2 A4 A5 A7 B1 B2 B3 B9 C1 C2 C5 E1".split())
GRADES = ("critical", "high", "medium", "low")
OPEN = {"detected", "acknowledged", "disputed", "escalated"}
SETTLED = {"both_correct", "accepted_difference", "false_positive"}
HOURS = timedelta(hours=72)
Counted = dict[str, list[tuple[int, ...]]]


@dataclass(frozen=True)
class Going:
    """One going missing with whose it is."""

    folded: Folded
    episode: Episode

    @property
    def sides(self) -> tuple[bool, bool]:
        return tuple(bool(self.episode.of(s)) for s in (Sector.POLICE, Sector.AUTHORITY))  # type: ignore[return-value]  # two

    @property
    def month(self) -> str:
        return f"{self.episode.start.earliest.astimezone(LONDON):%Y-%m}"

    @property
    def number(self) -> str:
        return episode_number(self.episode.number)


def stood(row: Any, at: datetime | None) -> bool:  # noqa: ANN401  # a row of any derived table
    if at is None:
        return row.known_to is None
    return row.known_from <= at and (row.known_to is None or row.known_to > at)


def goings(work: Work, scope: Scope) -> list[Going]:
    """The goings missing of the scope, each child folded from its reports."""
    members = work.session.execute(select(Membership)).scalars()
    children = sorted({m.child_id for m in members if stood(m, work.as_at)})
    if scope.organisation:
        code = current_code(scope.organisation)
        reach = [r for r in work.session.scalars(select(Reach)) if stood(r, work.as_at)]
        mine = {r.child for r in reach if r.organisation == code}
        children = [child for child in children if child in mine]
    return [
        Going(folded, episode)
        for folded in read_children(work, children).values()
        for episode in folded.episodes
        if scope.first <= episode.start.earliest.astimezone(LONDON).date() <= scope.last
        and not was_adult(folded.record, episode.start.earliest)
    ]


def recount(work: Work, scope: Scope) -> tuple[Counted, list[timedelta | None]]:
    """The counts of every figure, by its key, a tuple for each line; half and 90% of lengths."""
    found = goings(work, scope)
    told = [dict(row) for row in export(work, "mismatches", Wanted(every=True))[1]]
    numbers = {each.number for each in found}
    children = {child_number(each.folded.child) for each in found}
    mine = [
        row
        for row in told
        if row["severity"] != "info"
        and (row["episode"] in numbers or (not row["episode"] and row["child"] in children))
    ]
    months = [f"{month:%Y-%m}" for month in _months(scope.first, scope.last)]
    waited = sorted(_lengths(work, mine))
    counted: Counted = {
        **_agreement(found, mine, months),
        "interviews": [(count,) for count in _interviews(work, scope, found)],
        **_of_children(found, months),
        **_mismatches(work, mine),
        "settling": [(len(waited),)],
        "gaps": _gaps(work, numbers),
    }
    places = [ceil(len(waited) * share / 100) - 1 for share in (50, 90)]
    return counted, [waited[place] if waited else None for place in places]


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first.replace(day=1) + timedelta(days=40)).replace(day=1)


def _agreement(found: list[Going], mine: list[dict[str, str]], months: list[str]) -> Counted:
    def of(states: set[str]) -> set[str]:
        return {r["episode"] for r in mine if r["rule"] in BETWEEN and r["state"] in states}

    waiting, settled = of(OPEN), of(SETTLED)
    kinds = [_kind(each, waiting, settled) for each in found]
    whole = Counter(kinds)
    by_month = Counter((each.month, kind) for each, kind in zip(found, kinds, strict=True))
    names = ("agrees", "explained", "differs")
    return {
        "agreement": [(len(found),), *((whole[name],) for name in (*names, "one"))],
        "agreement-by-month": [tuple(by_month[m, name] for name in names) for m in months],
    }


def _kind(going: Going, waiting: set[str], settled: set[str]) -> str:
    if going.number in waiting:
        return "differs"
    if going.number in settled:
        return "explained"
    return "agrees" if all(going.sides) else "one"


def _interviews(work: Work, scope: Scope, found: Iterable[Going]) -> list[int]:
    counts = Counter[str]()
    for going in found:
        back, owner = _back(going), _owner(going)
        only = current_code(scope.organisation) if scope.is_authority else ""
        if back is None or not owner or back + HOURS > work.moment or only not in {"", owner}:
            continue
        own = [s for s in going.episode.statements() if current_code(s.organisation) == owner]
        offers = [m.earliest for s in own if (m := s.moment("return_interview_offered_at"))]
        held = [m.earliest for s in own if (m := s.moment("return_interview_at"))]
        last = sorted(own, key=lambda s: (s.updated_at, s.reference))
        outcome = [t for s in last if (t := s.text("return_interview_outcome"))][-1:]
        counts["owed"] += 1
        offered = min(offers, default=min(held, default=None))
        counts["offered"] += offered is not None and offered - back <= HOURS
        if held:
            counts["held" if min(held) - back <= HOURS else "late"] += 1
        else:
            counts["declined"] += outcome == ["declined"]
            counts["nothing"] += not outcome and not offers
    return [counts[n] for n in ("owed", "offered", "held", "late", "declined", "nothing")]


def _back(going: Going) -> datetime | None:
    episode = going.episode
    spells = episode.of(Sector.AUTHORITY) or episode.of(Sector.POLICE)
    if episode.is_open or {s.category for s in episode.spells} == {"away"}:
        return None
    backs = [spell.returned for spell in spells]
    if not backs or None in backs:
        return None
    return max(back.latest for back in backs if back)


def _owner(going: Going) -> str:
    care = care_of(going.folded.statements, going.episode.start.latest)
    looked_after = care.state is CareState.LOOKED_AFTER
    return current_code(care.responsible) if looked_after else care.home


def _of_children(found: list[Going], months: list[str]) -> Counted:
    by_child = Counter(each.folded.child for each in found)
    often = [count for count in by_child.values() if count >= 3]
    practice = Counter[tuple[str, str]]()
    for each in found:
        said = {spell.category.value for spell in each.episode.of(Sector.AUTHORITY)}
        if said:
            practice[each.month, "missing" if "missing" in said else "away"] += 1

    def different(month: str, side: int | None) -> int:
        mine = (e for e in found if e.month == month and (side is None or e.sides[side]))
        return len({each.folded.child for each in mine})

    return {
        "repeats": [(len(by_child),), (len(often),), (sum(often),)],
        "practice": [(practice[m, "missing"], practice[m, "away"]) for m in months],
        "children-by-month": [tuple(different(m, side) for side in (None, 0, 1)) for m in months],
    }


def _mismatches(work: Work, mine: Sequence[dict[str, str]]) -> Counted:
    still = [row for row in mine if row["state"] in OPEN]
    rules = Counter((row["rule"], row["severity"]) for row in still)
    ages = Counter(
        (_age(work.moment - datetime.fromisoformat(row["opened_at"])), row["severity"])
        for row in still
    )
    states = Counter(row["state"] for row in mine)
    outcomes = [sum(states[s] for s in OPEN)]
    outcomes += [states[s] for s in ("both_correct", "accepted_difference", "false_positive")]
    outcomes += [states[s] for s in ("corrected_by_police", "corrected_by_la", "closed")]
    return {
        "mismatches": sorted(
            (tuple(rules[rule, grade] for grade in GRADES) for rule in {rule for rule, _ in rules}),
            key=repr,
        ),
        "ages": [tuple(ages[age, grade] for grade in GRADES) for age in range(5)],
        "outcomes": [(count,) for count in outcomes],
    }


def _age(age: timedelta) -> int:
    return sum(age >= timedelta(days=days) for days in (1, 3, 7, 30))


def _lengths(work: Work, mine: Sequence[dict[str, str]]) -> list[timedelta]:
    """How long each mismatch waited that waits no more, from its own rows."""
    known: dict[int, list[Mismatch]] = {}
    for row in work.session.scalars(select(Mismatch).order_by(Mismatch.id)):
        if work.as_at is None or row.known_from <= work.as_at:
            known.setdefault(row.number, []).append(row)
    subjects = {(r["child"], r["episode"], r["rule"], r["field"], r["opened_at"]) for r in mine}
    found = []
    for rows in known.values():
        last = rows[-1]
        episode = "" if last.episode is None else episode_number(last.episode)
        opened = last.opened_at.isoformat(timespec="seconds")
        name = (child_number(last.child), episode, last.rule, last.field, opened)
        if name not in subjects or (stood(last, work.as_at) and last.state in OPEN):
            continue
        waited = [row for row in rows if row.state in OPEN]
        if waited:
            ends = [row.known_to for row in waited if row.known_to]
            found.append(max(ends) - min(row.opened_at for row in waited))
    return found


def _gaps(work: Work, numbers: set[str]) -> list[tuple[int, ...]]:
    counts = Counter[tuple[str, str]]()
    for row in work.session.scalars(select(Outlook)):
        if stood(row, work.as_at):
            for rule, episode, _, why in row.gaps:
                if episode_number(episode) in numbers:
                    counts[rule, why] += 1
    return [(count,) for _, count in sorted(counts.items())]
