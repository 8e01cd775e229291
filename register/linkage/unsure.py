"""Pairs of which a person could not tell: not asked again for the same evidence, but the sources.

Whoever sent one of the two reports is asked about it (rule D4) until it says something new; the
pair comes back to the register's people when the evidence is another.
"""

from collections.abc import Mapping

from register.linkage.candidates import Neighbourhood
from register.linkage.group import ordered
from register.linkage.grouping import Pair
from register.linkage.news import evidence_of
from register.linkage.said import evidence_when, standing_on
from register.reports.statement import Statement
from register.work import Work

UNCLEAR = "unclear"


def still_unsure(work: Work, reached: Neighbourhood) -> set[Pair]:
    """Give the pairs of subjects of which a person could not tell, on the evidence of today."""
    if UNCLEAR not in reached.verdicts.values():
        return set()
    owner = {each: s.subject_id for s in reached.subjects.values() for each in s.reports}
    known = {
        ordered(owner[a], owner[b]): evidence
        for (a, b), evidence in evidence_when(work, owner, UNCLEAR).items()
    }
    return {
        pair
        for pair in known.keys() & reached.candidates.keys()
        if known[pair] == evidence_of(reached.candidates[pair].compared)
    }


def unsure_pairs(work: Work, statements: Mapping[int, Statement]) -> set[tuple[int, int]]:
    """Give the pairs, first a report of these, whose source is still to say something new."""
    found = set()
    for pair, word in standing_on(work, statements).items():
        if word.verdict == UNCLEAR:
            for own, other in (pair, pair[::-1]):
                if own in statements and statements[own].updated_at <= word.at:
                    found.add((own, other))
    return found
