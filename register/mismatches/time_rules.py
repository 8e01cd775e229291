"""Rules of family C: when it began and ended, and accounts that cannot both be so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from register.mismatches.case import Finding
from register.mismatches.hearing import Hearing, Matter, alone, own_side
from register.mismatches.limits import Level
from register.records.spells import Spell
from register.reports.statement import Statement, name_of
from register.reports.values import Moment
from register.terms import Category

_ENDINGS = ("found_at", "returned_at", "closed_at")


def start_differs(hearing: Hearing) -> Iterator[Finding]:
    """C1: the two sides' first accounts begin too far apart; grave by more than a day.

    A difference may be right: an authority counts from when a responsible adult last saw the
    child, police may count from the report (guide to the SSDA903 return).
    """
    thresholds = hearing.ruleset.thresholds
    hours = timedelta(hours=thresholds.start_tolerance_hours)
    for matter in hearing.matched:
        one, two = matter.police[0], matter.authority[0]
        if one.start.is_near(two.start, hours, thresholds.start_tolerance_days):
            continue
        if any("missing_at" in _impossible(hearing, own.statements[0]) for own in (one, two)):
            continue  # C6 asks for it
        apart = abs(one.start.earliest - two.start.earliest)
        yield hearing.find(
            "C1",
            two.organisation,
            matter,
            Level.GRAVE if apart > timedelta(days=1) else Level.USUAL,
            field="missing_at",
            police_report=one.statements[0].report_id,
            authority_report=two.statements[0].report_id,
            counterpart=one.organisation,
        )


def end_differs(hearing: Hearing) -> Iterator[Finding]:
    """C2: both sides have the same ending and put it too far apart.

    Found is compared with found and returned with returned; where the sides have no ending in
    common, the end of *missing* with the end of *missing*.
    """
    thresholds = hearing.ruleset.thresholds
    hours = timedelta(hours=thresholds.end_tolerance_hours)
    for matter in hearing.matched:
        if matter.episode.is_open:
            continue
        for field, one, two, police_end, authority_end in _endings(matter):
            impossible = field in _impossible(hearing, one) + _impossible(hearing, two)
            near = police_end.is_near(authority_end, hours, thresholds.end_tolerance_days)
            if not impossible and not near:
                owner = two if field != "returned_at" else one
                other = one if owner is two else two
                yield hearing.find(
                    "C2",
                    owner.organisation,
                    matter,
                    field=field,
                    police_report=one.report_id,
                    authority_report=two.report_id,
                    counterpart=other.organisation,
                )


def overlaps(hearing: Hearing) -> Iterator[Finding]:
    """C3: one organisation has two accounts at once (rule 574); same start: a duplicate, D5."""
    for matter, _, one, two in own_pairs(hearing):
        if overlap(one, two) and not same_start(hearing, one, two):
            yield hearing.find(
                "C3",
                one.organisation,
                matter,
                **own_side(one.statements[0], two.statements[0], "missing_at"),
            )


def split_or_merged(hearing: Hearing) -> Iterator[Finding]:
    """C5: one side tells as several goings-missing what the other tells as one.

    Accounts of one organisation that overlap (C3, D5) count once.
    """
    for matter in hearing.matched:
        police, authority = _most(matter.police), _most(matter.authority)
        if len(police) != len(authority):
            yield hearing.find(
                "C5",
                authority[0].organisation,
                matter,
                field="missing_at",
                police_report=police[-1].statements[0].report_id,
                authority_report=authority[-1].statements[0].report_id,
                counterpart=police[0].organisation,
                detail=f"{len(police)}:{len(authority)}",
            )


def impossible(hearing: Hearing) -> Iterator[Finding]:
    """C6: before birth, in the future, or ended before it began (rules 567, 570, 586).

    Such times are kept and marked (7.1, 7). Reported after found is legitimate.
    """
    for matter in hearing.matters:
        for statement in matter.episode.statements():
            if fields := _impossible(hearing, statement):
                held = alone(statement, fields[0])
                yield hearing.find("C6", statement.organisation, matter, **held)


def own_pairs(hearing: Hearing) -> Iterator[tuple[Matter, Matter, Spell, Spell]]:
    """Give each two accounts of one organisation, the earlier first, with their matters."""
    accounts: dict[str, list[tuple[Spell, Matter]]] = {}
    for matter in hearing.matters:
        for spell in matter.episode.spells:
            accounts.setdefault(spell.organisation, []).append((spell, matter))
    for own in (several for several in accounts.values() if len(several) > 1):
        own.sort(key=_in_order)
        for (one, matter), (two, other) in combinations(own, 2):
            yield matter, other, one, two


def overlap(one: Spell, two: Spell) -> bool:
    """Tell whether the second account begins before the first ended; the same day is no overlap."""
    if one.is_open:
        return True
    return one.end is not None and two.start.is_before(one.end)


def same_start(hearing: Hearing, one: Spell, two: Spell) -> bool:
    """Tell whether two accounts of one organisation begin together."""
    hours = timedelta(hours=hearing.ruleset.thresholds.start_tolerance_hours)
    return one.start.is_near(two.start, hours, days=0)


def _endings(matter: Matter) -> Iterator[tuple[str, Statement, Statement, Moment, Moment]]:
    police, authority = matter.police[-1], matter.authority[-1]
    common = 0
    for field in ("found_at", "returned_at"):
        one, two = _telling(police, field), _telling(authority, field)
        if one and two:
            common += 1
            yield field, one[0], two[0], one[1], two[1]
    ended, other = police.missing_until, authority.missing_until
    both_missing = {police.category, authority.category} == {Category.MISSING}
    if not common and ended and other and both_missing:
        yield "found_at", police.last, authority.last, ended, other


def _telling(spell: Spell, field: str) -> tuple[Statement, Moment] | None:
    """Give the report that tells an ending: found by the first phase, returned by the last."""
    statement = spell.statements[0] if field == "found_at" else spell.last
    moment = statement.moment(field)
    return (statement, moment) if moment else None


def _most(spells: tuple[Spell, ...]) -> list[Spell]:
    """Give the accounts of the organisation that has most of them."""
    by_organisation: dict[str, list[Spell]] = {}
    for spell in spells:
        own = by_organisation.setdefault(spell.organisation, [])
        if not own or not overlap(own[-1], spell):
            own.append(spell)
    return max(by_organisation.values(), key=len)


def _in_order(account: tuple[Spell, Matter]) -> tuple[datetime, datetime, tuple[str, ...]]:
    spell, _ = account
    end = spell.end.latest if spell.end else datetime.max.replace(tzinfo=spell.start.latest.tzinfo)
    return (spell.start.earliest, end, name_of(spell.statements[0]))


def _impossible(hearing: Hearing, statement: Statement) -> list[str]:
    """Name the fields of a report whose times cannot be."""
    start = statement.moment("missing_at")
    if start is None:
        return []
    ahead = hearing.ruleset.thresholds.clocks_apart_minutes
    known = statement.received_at + timedelta(minutes=ahead)
    birth = hearing.birth
    unborn = birth is not None and start.day < birth
    fields = ["missing_at"] if start.earliest > known or unborn else []
    for field in _ENDINGS:
        end = statement.moment(field)
        if end and (end.is_before(start) or end.earliest > known):
            fields.append(field)
    return fields
