"""Children as the rules are shown them: with how far silence may be read, and who is asked."""

from collections.abc import Iterable
from datetime import datetime

from register.linkage.unsure import unsure_pairs
from register.mismatches.case import Case, Coverage, Span
from register.records.service import Folded
from register.reports.extracts import ExtractSpan, find_extracts, find_vanished
from register.work import Work


def cases_of(work: Work, folded: Iterable[Folded], now: datetime) -> list[Case]:
    """Make the cases of children, to be judged up to `now`."""
    children = list(folded)
    extracts = find_extracts(work)
    coverage = Coverage({code: _spans(spans) for code, spans in extracts.items()})
    statements = {s.report_id: s for each in children for s in each.statements}
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


def _between(child: Folded, pairs: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Give the pairs of one of the child's reports and another child's."""
    own = {each.report_id for each in child.statements}
    return frozenset(pair for pair in pairs if pair[0] in own and pair[1] not in own)


def _spans(spans: Iterable[ExtractSpan]) -> tuple[Span, ...]:
    return tuple(Span(span.start, span.end, span.carries) for span in spans)
