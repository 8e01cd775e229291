"""What people judged of a child's reports: each act, with whether it still counts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from register.access.policy import Permission, is_allowed, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.errors import NotFound
from register.linkage.models import Judgement
from register.linkage.said import WITHDRAWN, history_of, pairs_of, standing_on
from register.linkage.subjects import memberships
from register.numbers import child_number
from register.records.sight import reports_in_sight
from register.reports.statement import Statement
from register.reports.statements import find_statements
from register.work import Actor, Work


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Who took a judgement back, when, and why."""

    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Act:
    """What a person said at once: that every report of the one side is, or is not, of the other's.

    It counts unless it was taken back, or a later word on the same reports superseded it.
    """

    number: int
    verdict: str
    actor: str
    at: datetime
    reason: str
    shown: tuple[str, ...]
    """The evidence as it was shown, in words; none where two whole children were shown."""
    one: tuple[Statement, ...]
    other: tuple[Statement, ...]
    counts: bool
    taken_back: TakenBack | None

    @property
    def reports(self) -> frozenset[int]:
        """Every report that it is on."""
        return frozenset(each.report_id for each in (*self.one, *self.other))


@dataclass(frozen=True, slots=True)
class ActPage:
    """One act, and the register numbers of the children whose reports it is on."""

    act: Act
    reports: tuple[int, ...]
    numbers: tuple[str, ...]


def acts_on(work: Work, reports: Collection[int]) -> tuple[Act, ...]:
    """Give what people judged of pairs that these reports are part of, the last act first."""
    history = history_of(work, reports)
    said = [each for judgements in history.values() for each in judgements]
    counting = {word.id for word in standing_on(work, reports).values()}
    takings = {each.withdraws: each for each in said if each.verdict == WITHDRAWN}
    named = {report for each in said for report in (each.report_a, each.report_b)}
    statements = find_statements(work, named)
    return tuple(
        _act(number, judgements, counting, takings, (statements, reports))
        for number, judgements in history.items()
        if judgements[0].verdict != WITHDRAWN
    )


def acts_between(work: Work, ones: Collection[int], others: Collection[int]) -> tuple[Act, ...]:
    """Give what counts of people's words on a report of the one child and one of the other."""
    return tuple(
        without_places(work.actor, act)
        for act in acts_on(work, ones)
        if act.counts and {each.report_id for each in (*act.one, *act.other)} & {*others}
    )


@needs(Permission.LINK_DECIDE)
def act_page(work: Work, number: int) -> ActPage:
    """Give one act; raise NotFound."""
    pairs = pairs_of(work, number) if number <= HIGHEST_ID else []
    on = {report for pair in pairs for report in pair}
    # Asked before anything of it is read: of one out of sight no more is done than of none.
    seen = reports_in_sight(work, on)
    acts = acts_on(work, sorted(on)) if on and seen == on else ()
    act = next((each for each in acts if each.number == number), None)
    if act is None:
        raise NotFound("There is no such judgement, or none that you may see.")
    act, reports = without_places(work.actor, act), sorted(act.reports)
    children = sorted({child for _, child in memberships(work, reports).values()})
    told = sorted(reports)
    record(work, "report:viewed", f"judgement {number}", children=children, reports=told)
    return ActPage(act, tuple(sorted(reports)), tuple(map(child_number, children)))


def without_places(actor: Actor, act: Act) -> Act:
    """Leave out what was shown of places, for whoever is not told whether two are the same."""
    if is_allowed(actor, Permission.PLACE_COMPARE):
        return act
    return replace(act, shown=tuple(each for each in act.shown if "postcode" not in each.lower()))


def _act(
    number: int,
    judgements: Sequence[Judgement],
    counting: Collection[int],
    takings: Mapping[int | None, Judgement],
    known: tuple[Mapping[int, Statement], Collection[int]],
) -> Act:
    statements, own = known
    first = judgements[0]
    left = [each for each in judgements if each.id not in takings]
    taken = None if left else takings[first.id]
    one, other = _sides([(each.report_a, each.report_b) for each in judgements], own)
    return Act(
        number,
        first.verdict,
        first.actor,
        first.at,
        first.reason,
        tuple(map(str, first.shown.get("reasons", ()))),
        tuple(statements[each] for each in one),
        tuple(statements[each] for each in other),
        counts=any(each.id in counting for each in judgements),
        taken_back=TakenBack(taken.actor, taken.at, taken.reason) if taken else None,
    )


def _sides(
    pairs: Iterable[tuple[int, int]], own: Collection[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the two sides of which every report of the one was judged with each of the other."""
    beside: dict[int, set[int]] = {}
    for one, other in pairs:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    first = min(each for each in beside if each in own)
    return tuple(sorted(beside.keys() - beside[first])), tuple(sorted(beside[first]))
