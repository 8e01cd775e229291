"""Figures of mismatches: what disagrees, for how long, what became of it, what was not compared."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select

from register.inspection.figure import Figure, Length, Line, Share
from register.inspection.portable import elements_of, number_of, part_of, seconds_between
from register.inspection.scope import Scope, concerning, goings, is_of
from register.mismatches.models import Mismatch, Outlook
from register.mismatches.rules import RULES
from register.mismatches.standing import last_said, waiting
from register.records.models import EpisodeRow
from register.terms import SETTLED, WAITING, MismatchState, Severity, label
from register.work import Work, stands, was_known

SEVERITIES = tuple(each for each in Severity if each is not Severity.INFO)
AGES = {1: "Up to a day", 3: "1 to 3 days", 7: "3 to 7 days", 30: "7 to 30 days"}
OLDER = "Over 30 days"
"""Ages of what is open, by their last day."""
_CORRECTED = (MismatchState.CORRECTED_BY_POLICE, MismatchState.CORRECTED_BY_AUTHORITY)


def mismatch_figures(work: Work, scope: Scope) -> Iterable[Figure]:
    """Give every figure of the mismatches on the goings missing of a scope."""
    mine = concerning(work, scope)
    yield _by_rule(work, mine)
    yield _by_age(work, mine)
    yield _outcomes(work, mine)
    yield _settling(work, mine)
    yield _gaps(work, scope)


def _by_rule(work: Work, mine: ColumnElement[bool]) -> Figure:
    query = (
        select(Mismatch.rule, Mismatch.severity, func.count())
        .where(waiting(work), mine)
        .group_by(Mismatch.rule, Mismatch.severity)
    )
    found = {(rule, grade): count for rule, grade, count in work.session.execute(query)}
    rules = [code for code in RULES if any(rule == code for rule, _ in found)]
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
                tuple(found.get((code, grade), 0) for grade in SEVERITIES),
                f"mismatches&rule={code}",
            )
            for code in rules
        ),
    )


def _by_age(work: Work, mine: ColumnElement[bool]) -> Figure:
    ages = [
        (Mismatch.opened_at > work.moment - timedelta(days=days), place)
        for place, days in enumerate(AGES)
    ]
    age = case(*ages, else_=len(ages)).label("age")
    query = (
        select(age, Mismatch.severity, func.count())
        .where(waiting(work), mine)
        .group_by(age, Mismatch.severity)
    )
    found = {(age, grade): count for age, grade, count in work.session.execute(query)}
    return Figure(
        "ages",
        "How old the open mismatches are",
        "The same by how long ago the register noticed them.",
        "Noticed",
        _grades(),
        tuple(
            Line(name, tuple(found.get((place, grade), 0) for grade in SEVERITIES))
            for place, name in enumerate((*AGES.values(), OLDER))
        ),
    )


def _outcomes(work: Work, mine: ColumnElement[bool]) -> Figure:
    state = case((stands(work, Mismatch), Mismatch.state), else_=Mismatch.ended).label("outcome")
    query = select(state, func.count()).where(last_said(work), mine).group_by(state)
    found: dict[str, int] = dict(iter(work.session.execute(query)))
    still = sum(found.get(each, 0) for each in WAITING)
    explained = sum(found.get(each, 0) for each in SETTLED)
    known = [(label(each), found.get(each, 0)) for each in (*_states(SETTLED), *_CORRECTED)]
    lines = [("open, nobody has said why", still), *known]
    lines.append(("over for another reason", found.get(MismatchState.CLOSED, 0)))
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
    """Take of each mismatch that waits no longer the last time at which it did."""
    over = select(Mismatch.number).where(last_said(work), mine, ~waiting(work))
    waited = (
        select(
            func.min(Mismatch.opened_at).label("opened"),
            func.max(Mismatch.known_to).label("settled"),
        )
        .where(
            Mismatch.number.in_(over),
            Mismatch.state.in_(sorted(WAITING)),
            was_known(work, Mismatch.known_from),
        )
        .group_by(Mismatch.number)
        .subquery()
    )
    length = seconds_between(waited.c.opened, waited.c.settled)
    count = work.session.scalar(select(func.count()).select_from(waited)) or 0

    def quantile(hundredths: int) -> timedelta | None:
        place = max(0, -(-count * hundredths // 100) - 1)
        query = select(waited.c.opened, waited.c.settled).order_by(length).limit(1).offset(place)
        row = work.session.execute(query).one_or_none()
        return _between(*row) if row else None

    return Figure(
        "settling",
        "Time to settle",
        "From when the register noticed a mismatch until it waited for nobody any more: settled "
        "with a reason, corrected at its source, or over. What is still open has no such time.",
        "Mismatches",
        ("Number",),
        (Line("Mismatches that wait for nobody any more", (count,)),),
        lengths=(
            Length("Half of them within", quantile(50), count),
            Length("Nine in ten within", quantile(90), count),
        ),
    )


def _between(opened: datetime, settled: datetime) -> timedelta:
    return settled - opened


def _gaps(work: Work, scope: Scope) -> Figure:
    gap = elements_of(Outlook.gaps, "gap")
    rule, why = part_of(gap.c.value, 0).label("rule"), part_of(gap.c.value, 3).label("why")
    numbers = select(EpisodeRow.number).where(goings(work, scope))
    query = (
        select(rule, why, func.count())
        .select_from(Outlook)
        .join(gap, gap.c.value.is_not(None))
        .where(
            stands(work, Outlook),
            is_of(work, scope, Outlook.child),
            number_of(gap.c.value, 1).in_(numbers),
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
