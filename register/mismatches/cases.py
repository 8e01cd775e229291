"""Children as the rules are shown them: with how far silence may be read, and who is asked."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from register.linkage.unsure import unsure_pairs
from register.mismatches.case import Case, Coverage, Span
from register.records.service import Folded
from register.reports.extracts import ExtractSpan, find_extracts, find_vanished
from register.reports.organisations import authorities_of, current_code, force_for
from register.reports.statement import Statement
from register.work import Work


def cases_of(work: Work, folded: Iterable[Folded], now: datetime) -> list[Case]:
    """Make the cases of children, to be judged up to `now`."""
    children = list(folded)
    statements = {s.report_id: s for each in children for s in each.statements}
    extracts = find_extracts(work, askable(statements.values()))
    coverage = Coverage({code: _spans(spans) for code, spans in extracts.items()})
    vanished = find_vanished(work, statements, extracts)
    unsure = unsure_pairs(work, statements)
    return [
        Case(
            child=each.child,
            statements=each.statements,
            record=each.record,
            episodes=each.episodes,
            coverage=coverage,
            now=now,
            vanished=vanished & {s.report_id for s in each.statements},
            unsure=_between(each, unsure),
        )
        for each in children
    ]


def askable(statements: Iterable[Statement]) -> set[str]:
    """Give every organisation of whose silence a rule may ask about a child of these reports.

    Who reports it, who is named as responsible or as host, and who polices them or is policed.
    """
    named = {
        code
        for each in statements
        for code in (
            each.organisation,
            each.text("responsible_authority"),
            each.text("host_authority"),
        )
    }
    return {code for each in named if each for code in _around(each)}


@cache
def _around(code: str) -> frozenset[str]:
    policed = authorities_of(code)
    own = {code, current_code(code), *(policed if len(policed) == 1 else ())}
    forces = {force for each in own if (force := force_for(each))}
    return frozenset(own | forces | {current_code(each) for each in forces})


def _between(child: Folded, pairs: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Give the pairs of one of the child's reports and another child's."""
    own = {each.report_id for each in child.statements}
    return frozenset(pair for pair in pairs if pair[0] in own and pair[1] not in own)


def _spans(spans: Iterable[ExtractSpan]) -> tuple[Span, ...]:
    return tuple(Span(span.start, span.end, span.carries) for span in spans)
