"""Figures of mismatches: what disagrees, for how long, what became of it, what was not compared."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, case, func, select, true

from register.inspection.figure import Figure, Length, Line, Share
from register.inspection.gone import concerning, those_gone
from register.inspection.portable import elements_of, number_of, part_of, seconds_between
from register.inspection.scope import Scope
from register.mismatches.models import Mismatch, Outlook
from register.mismatches.rules import RULES
from register.mismatches.standing import last_said, waiting
from register.terms import SETTLED, WAITING, MismatchState, Severity, label
from register.work import Work, stands, was_known

SEVERITIES = tuple(each for each in Severity if each is not Severity.INFO)
AGES = {1: "Up to a day", 3: "1 to 3 days", 7: "3 to 7 days", 30: "7 to 30 days"}
OLDER = "Over 30 days"
"""Ages of what is open, by their last day."""
_CORRECTED = (MismatchState.CORRECTED_BY_POLICE, MismatchState.CORRECTED_BY_AUTHORITY)


@dataclass(frozen=True, slots=True)
class _Tally:
    """So many mismatches of one rule and severity, as they stand, or as they ended."""

    rule: str
    severity: str
    state: str
    age: int
    """The place of its age among `AGES`; only of what is open it is told."""
    count: int


def mismatch_figures(work: Work, scope: Scope) -> Iterable[Figure]:
    """Give every figure of the mismatches on the goings missing of a scope."""
    mine = concerning(work, scope)
    tallies = _tally(work, mine)
    still = [each for each in tallies if each.state in WAITING]
    yield _by_rule(still)
    yield _by_age(still)
    yield _outcomes(tallies)
    yield _settling(work, mine)
    yield _gaps(work, scope)


def _tally(work: Work, mine: ColumnElement[bool]) -> list[_Tally]:
    """Go through the mismatches once for all that is counted of them."""
    state = case((stands(work, Mismatch), Mismatch.state), else_=Mismatch.ended).label("outcome")
    ages = [
        (Mismatch.opened_at > work.moment - timedelta(days=days), place)
        for place, days in enumerate(AGES)
    ]
    age = case(*ages, else_=len(ages)).label("age")
    columns = (Mismatch.rule, Mismatch.severity, state, age)
    query = select(*columns, func.count()).where(last_said(work), mine).group_by(*columns)
    return [_Tally(*row) for row in work.session.execute(query)]


def _by_rule(still: Sequence[_Tally]) -> Figure:
    found = Counter[tuple[str, str]]()
    for each in still:
        found[each.rule, each.severity] += each.count
    told = {rule for rule, _ in found}
    return Figure(
        "mismatches",
        "Open mismatches by rule and severity",
        "Mismatches that wait for somebody: on the goings missing of the period, and on who their "
        "children are. What is information only is left out.",
        "What disagrees",
        _grades(),
        tuple(
            Line(
                RULES[code].title,
                tuple(found[code, grade] for grade in SEVERITIES),
                f"mismatches&rule={code}",
            )
            for code in RULES
            if code in told
        ),
    )


def _by_age(still: Sequence[_Tally]) -> Figure:
    found = Counter[tuple[int, str]]()
    for each in still:
        found[each.age, each.severity] += each.count
    return Figure(
        "ages",
        "How old the open mismatches are",
        "The same by how long they have held: from when the register noticed them, or from the "
        "instant at which time alone brought them.",
        "Held for",
        _grades(),
        tuple(
            Line(name, tuple(found[place, grade] for grade in SEVERITIES))
            for place, name in enumerate((*AGES.values(), OLDER))
        ),
    )


def _outcomes(tallies: Sequence[_Tally]) -> Figure:
    found = Counter[str]()
    for each in tallies:
        found[each.state] += each.count
    still = sum(found[each] for each in WAITING)
    explained = sum(found[each] for each in SETTLED)
    known = [(label(each), found[each]) for each in (*_states(SETTLED), *_CORRECTED)]
    lines = [("open, nobody has said why", still), *known]
    lines.append(("over for another reason", found[MismatchState.CLOSED]))
    return Figure(
        "outcomes",
        "What became of the mismatches",
        "Every mismatch that was noticed on the goings missing of the period and on who their "
        "children are. Unexplained are those that still differ and that nobody has settled with "
        "a reason, of all that still differ.",
        "Outcome",
        ("Mismatches",),
        tuple(Line(name[0].upper() + name[1:], (count,)) for name, count in lines),
        (Share("Still differ, unexplained", still, still + explained),),
    )


def _settling(work: Work, mine: ColumnElement[bool]) -> Figure:
    count, half, most = _lengths(work, mine)
    return Figure(
        "settling",
        "Time to settle",
        "From when a mismatch began to hold until it waited for nobody any more: settled with a "
        "reason, corrected at its source, or over. What is still open has no such time.",
        "Mismatches",
        ("Number",),
        (Line("Mismatches that wait for nobody any more", (count,)),),
        lengths=(
            Length("Half of them within", half, count),
            Length("Nine in ten within", most, count),
        ),
    )


def _lengths(
    work: Work, mine: ColumnElement[bool]
) -> tuple[int, timedelta | None, timedelta | None]:
    """Give how many wait no longer, and half and nine tenths of how long they did.

    Of each the last time counts at which it did wait.
    """
    over = select(Mismatch.number).where(last_said(work), mine, ~waiting(work))
    opened, settled = func.min(Mismatch.opened_at), func.max(Mismatch.known_to)
    waited = (
        select(opened.label("opened"), settled.label("settled"))
        .where(
            Mismatch.number.in_(over),
            Mismatch.state.in_(sorted(WAITING)),
            was_known(work, Mismatch.known_from),
        )
        .group_by(Mismatch.number)
        .subquery()
    )
    length = seconds_between(waited.c.opened, waited.c.settled)
    place = func.row_number().over(order_by=(length, waited.c.opened)).label("place")
    whole = func.count().over().label("whole")
    ranked = select(waited.c.opened, waited.c.settled, place, whole).subquery()
    half, most = ((ranked.c.whole * share + 99) // 100 for share in (50, 90))
    query = select(ranked).where(ranked.c.place.in_([half, most])).order_by(ranked.c.place)
    rows = work.session.execute(query).all()
    lengths = [row.settled - row.opened for row in rows]
    return (rows[0].whole, lengths[0], lengths[-1]) if rows else (0, None, None)


def _gaps(work: Work, scope: Scope) -> Figure:
    gap = elements_of(Outlook.gaps, "gap")
    rule, why = part_of(gap.c.value, 0).label("rule"), part_of(gap.c.value, 3).label("why")
    is_theirs, is_gone = those_gone(work, scope)
    # All of England's are gone through; of an organisation's children only those who went missing.
    is_asked_of = is_gone(Outlook.child) if scope.organisation else true()
    query = (
        select(rule, why, func.count())
        .select_from(Outlook)
        .join(gap, gap.c.value.is_not(None))
        .where(
            stands(work, Outlook),
            is_asked_of,
            is_theirs(number_of(gap.c.value, 1)),
        )
        .group_by(rule, why)
        .order_by(rule, why)
    )
    rows = work.session.execute(query).all()
    return Figure(
        "gaps",
        "What could not be compared, and why",
        "How often a rule could not be judged, because silence told nothing: the source was not "
        "complete to that time, or nobody knows whose word is lacking. Never counted as agreement "
        "or as disagreement.",
        "What was asked, and why nothing can be said",
        ("Times",),
        tuple(Line(f"{RULES[code].title}: {why}", (count,)) for code, why, count in rows),
    )


def _grades() -> tuple[str, ...]:
    return tuple(each.value.capitalize() for each in SEVERITIES)


def _states(states: Iterable[MismatchState]) -> list[MismatchState]:
    return [each for each in MismatchState if each in states]
