"""Rules of family D: who the child is. Ethnicity is never compared, nor anything protected.

What is compared is the latest report of each organisation that tells the field.
"""

from collections.abc import Callable, Iterator
from itertools import combinations, product

from register.mismatches.case import Finding
from register.mismatches.hearing import Hearing, alone, own_side
from register.mismatches.limits import Level
from register.mismatches.time_rules import overlap, own_pairs, same_start
from register.records.ages import adult_from
from register.records.agreement import agree
from register.reports.fields import FIELDS
from register.reports.statement import Statement, name_of
from register.terms import Precision, Sector

Pair = tuple[Statement, Statement]
_IDENTIFIERS = tuple(field.name for field in FIELDS if field.rule == "D3" and not field.protected)


def birth_differs(hearing: Hearing) -> Iterator[Finding]:
    """D1: dates of birth differ; grave where the child is 18 by one and not by the other."""
    yield from _differences(hearing, "D1", lambda pair: _band_differs(hearing, pair))


def name_differs(hearing: Hearing) -> Iterator[Finding]:
    """D2: forenames or surnames differ, other names that the child is known by considered."""
    yield from _differences(hearing, "D2")


def sex_differs(hearing: Hearing) -> Iterator[Finding]:
    """D6: sex differs; *unknown* is no statement."""
    yield from _differences(hearing, "D6")


def identifier_in_doubt(hearing: Hearing) -> Iterator[Finding]:
    """D3: two different numbers of one kind for one child, or one that fails its check."""
    for field in _IDENTIFIERS:
        words = _latest(hearing, field)
        for one, two in combinations(words, 2):
            if agree(field, one, two) is False:
                yield _numbers_differ(hearing, field, one, two)
        for statement in _latest(hearing):
            if field in statement.doubtful:
                held = alone(statement, field)
                held |= {"about": f"check:{statement.organisation}"}
                yield hearing.find("D3", statement.organisation, **held)


def duplicates(hearing: Hearing) -> Iterator[Finding]:
    """D5: one organisation knows the child under two ids, or the going missing under two reports.

    Two accounts of one going missing begin together and overlap; two on one day that do not are
    two goings-missing (7.1, 6). Grave while one of them is open.
    """
    by_id: dict[tuple[str, str], Statement] = {}
    for statement in sorted(hearing.case.statements, key=name_of):
        if reference := statement.text("child_reference"):
            by_id.setdefault((statement.organisation, reference), statement)
    for one, two in combinations(by_id.values(), 2):
        if one.organisation == two.organisation:
            yield hearing.find("D5", one.organisation, **own_side(one, two, "child_reference"))
    for matter, _, first, second in own_pairs(hearing):
        if overlap(first, second) and same_start(hearing, first, second):
            yield hearing.find(
                "D5",
                first.organisation,
                matter,
                Level.GRAVE if first.is_open or second.is_open else Level.USUAL,
                **own_side(first.statements[0], second.statements[0], "missing_at"),
            )


def source_asked(hearing: Hearing) -> Iterator[Finding]:
    """D4: a person could not tell whether the child is another's; the sources are asked.

    Each is asked about its own report only, so that neither learns what the other said. What is
    corrected or added goes back to the register's people as new evidence.
    """
    is_open = any(episode.is_open for episode in hearing.case.episodes)
    for statement in hearing.case.statements:
        for own, other in sorted(hearing.case.unsure):
            if own == statement.report_id:
                held = alone(statement, "")
                held |= {"about": f"{own}:{other}"}
                level = Level.GRAVE if is_open else Level.USUAL
                yield hearing.find("D4", statement.organisation, level=level, **held)


def age_disputed(hearing: Hearing) -> Iterator[Finding]:
    """D7: a source says that the date of birth is disputed: a child until it is decided."""
    for statement in _latest(hearing, "date_of_birth_precision"):
        if statement.text("date_of_birth_precision") == Precision.DISPUTED:
            held = alone(statement, "date_of_birth")
            held |= {"about": statement.organisation}
            yield hearing.find("D7", statement.organisation, **held)


def _differences(
    hearing: Hearing, rule: str, is_grave: Callable[[Pair], bool] = lambda _: False
) -> Iterator[Finding]:
    """Compare each force's latest word with each authority's, on the fields that name the rule."""
    for field in FIELDS:
        if field.rule != rule or field.protected:
            continue
        words = _latest(hearing, field.name)
        police = [each for each in words if each.sector is Sector.POLICE]
        authority = [each for each in words if each.sector is Sector.AUTHORITY]
        for one, two in product(police, authority):
            if agree(field.name, one, two) is False:
                yield hearing.find(
                    rule,
                    two.organisation,
                    level=Level.GRAVE if is_grave((one, two)) else Level.USUAL,
                    field=field.name,
                    police_report=one.report_id,
                    authority_report=two.report_id,
                    counterpart=one.organisation,
                    about=one.organisation,
                )


def _numbers_differ(hearing: Hearing, field: str, one: Statement, two: Statement) -> Finding:
    """Ask the authority, or the first of two; both hold a number that passes its check."""
    if one.sector is two.sector:
        held = own_side(one, two, field)
    else:
        one, two = (one, two) if one.sector is Sector.AUTHORITY else (two, one)
        held = {
            "field": field,
            "police_report": two.report_id,
            "authority_report": one.report_id,
        }
    held |= {"about": two.organisation, "counterpart": two.organisation}
    return hearing.find("D3", one.organisation, **held)


def _latest(hearing: Hearing, field: str = "") -> list[Statement]:
    """Give each organisation's latest report, that tells the field if one is named."""
    latest: dict[str, Statement] = {}
    for statement in hearing.newest_first:
        if not field or statement.values.get(field):
            latest.setdefault(statement.organisation, statement)
    return [latest[code] for code in sorted(latest)]


def _band_differs(hearing: Hearing, pair: Pair) -> bool:
    """Tell whether the two dates of birth stand on both sides of 18 at a going missing."""
    births = [day for each in pair if (day := each.day("date_of_birth"))]
    turns = [adult_from(birth) for birth in births]
    starts = [episode.start.earliest for episode in hearing.case.episodes]
    return any(min(turns) <= start < max(turns) for start in starts)
