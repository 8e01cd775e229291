"""People's judgements on pairs of reports: added, superseded, taken back, never erased.

Of the words on a pair the last counts that nobody took back; taking it back lets the one before
it count again, so that what was undone is as if it had never been said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select, union_all

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Conflict, NotFound
from register.linkage.models import Judgement
from register.reports.models import Report
from register.rows import ASKED, among, ask, parts
from register.work import Work, was_known

Pair = tuple[int, int]
WITHDRAWN = "withdrawn"
_SAID = select(
    Judgement.id,
    Judgement.report_a,
    Judgement.report_b,
    Judgement.verdict,
    Judgement.withdraws,
    Judgement.at,
    ASKED.c.value,
)
_ROOM = "judgements"
_WORDS = union_all(
    *(
        _SAID.join_from(ASKED, Judgement, report == ASKED.c.value)
        for report in (Judgement.report_a, Judgement.report_b)
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word on a pair of reports; `is_standing` unless it was taken back or superseded."""

    id: int
    pair: Pair
    verdict: str
    withdraws: int | None
    at: datetime
    is_standing: bool = False


def words_on(work: Work, reports: Iterable[int]) -> list[Word]:
    """Give all that was ever said of pairs that these reports are part of, the earliest first."""
    asked = set(reports)
    known = cast("dict[int, list[Word]]", work.notes.setdefault(_ROOM, {}))
    if unknown := asked - known.keys():
        known |= {report: [] for report in unknown}
        for row in ask(work.session, _WORDS, unknown):
            if work.as_at is None or row.at <= work.as_at:
                pair = (row.report_a, row.report_b)
                word = Word(row.id, pair, row.verdict, row.withdraws, row.at)
                known[row.value].append(word)
    said = {word.id: word for report in asked for word in known[report]}
    words = [said[each] for each in sorted(said)]
    standing = _last_words(words)
    return [replace(w, is_standing=standing.get(w.pair) == w.id) for w in words]


def _last_words(words: Iterable[Word]) -> dict[Pair, int]:
    """Give, by pair, the id of the last word that nobody took back."""
    said = list(words)
    gone = {each.withdraws for each in said}
    return {
        each.pair: each.id for each in said if each.id not in gone and each.verdict != WITHDRAWN
    }


def verdicts_on(work: Work, reports: Iterable[int]) -> dict[Pair, str]:
    """Give the word that counts on every pair that these reports are part of."""
    return {each.pair: each.verdict for each in words_on(work, reports) if each.is_standing}


def evidence_when(work: Work, reports: Collection[int], verdict: str) -> dict[Pair, dict[str, str]]:
    """Give, for pairs among these reports of which this is said, what agreed when it was said.

    For each kind of evidence its level; nothing where none was kept.
    """
    known = set(reports)
    ids = [
        each.id
        for each in words_on(work, known)
        if each.is_standing and each.verdict == verdict and known >= {*each.pair}
    ]
    return {
        (each.report_a, each.report_b): each.shown.get("evidence", {}) for each in _find(work, ids)
    }


def judged_pairs(work: Work, reports: Collection[int]) -> tuple[list[Pair], list[Pair]]:
    """Give the pairs among these reports that people hold to be the same child, and different."""
    known = set(reports)
    among = {pair: word for pair, word in verdicts_on(work, known).items() if known >= {*pair}}
    same = [pair for pair, verdict in among.items() if verdict == "same"]
    return sorted(same), sorted(p for p, verdict in among.items() if verdict == "different")


def words_between(work: Work, ones: Collection[int], others: Collection[int]) -> list[Judgement]:
    """Give what counts of people's words on pairs of one of these reports and one of those."""
    ids = [
        each.id
        for each in words_on(work, {*ones, *others})
        if each.is_standing
        and any(a in ones and b in others for a, b in (each.pair, each.pair[::-1]))
    ]
    return _find(work, ids)


def history_of(work: Work, reports: Collection[int]) -> dict[int, list[Judgement]]:
    """Give every judgement on any of these reports, by the number of its act, the last act first.

    An act is what a person said at once: a merge is one pair, a split may be many.
    """
    acts: dict[int, list[Judgement]] = {}
    for each in _find(work, sorted({word.id for word in words_on(work, reports)})):
        acts.setdefault(each.act, []).append(each)
    return dict(sorted(acts.items(), reverse=True))


def partners_of(work: Work, reports: Iterable[int]) -> set[int]:
    """Give the reports that people have ever judged together with these."""
    return {report for word in words_on(work, reports) for report in word.pair}


@needs(Permission.LINK_DECIDE)
def decide(
    work: Work,
    pairs: Sequence[Pair],
    verdict: str,
    reason: str,
    shown: Mapping[str, Any] | None = None,
    evidence: Mapping[Pair, dict[str, str]] | None = None,
) -> int:
    """Keep a person's word on pairs of reports, said at once; give the number of the act.

    Raises NotFound where there is no such report, Conflict where the word contradicts what is
    known: two reports cannot be parted while a chain of judgements joins them, nor joined across
    one that parts them.
    """
    _ask_why(reason)
    ordered = sorted({(min(pair), max(pair)) for pair in pairs})
    reports = {report for pair in ordered for report in pair}
    if any(a == b for a, b in ordered) or not reports <= _known(work, reports):
        raise NotFound("There are no two such reports.")
    refuse_contradictions(work, dict.fromkeys(ordered, verdict))
    act = _next_act(work)
    for pair in ordered:
        told = {**(shown or {}), "evidence": (evidence or {}).get(pair, {})}
        _keep(work, act, pair, verdict, reason, told)
    work.session.flush()
    told_pairs = "; ".join(f"{a} and {b}" for a, b in ordered[:5])
    record(work, "link:decided", f"reports {told_pairs}", verdict=verdict, pairs=len(ordered))
    return act


@needs(Permission.LINK_DECIDE)
def withdraw(work: Work, act: int, reason: str) -> set[int]:
    """Take back what was said in one act; give the reports it was on, none if it was taken back.

    Raises NotFound, and Conflict where an earlier word, which then counts again, contradicts what
    was said since.
    """
    _ask_why(reason)
    said = list(work.session.scalars(select(Judgement).where(Judgement.act == act)))
    said = [each for each in said if each.verdict != WITHDRAWN]
    if not said:
        raise NotFound("There is no such judgement.")
    pairs = {(each.report_a, each.report_b) for each in said}
    words = words_on(work, {report for pair in pairs for report in pair})
    gone = {word.withdraws for word in words}
    left = {each.id: (each.report_a, each.report_b) for each in said if each.id not in gone}
    if not left:
        return set()
    verdicts = {word.id: word.verdict for word in words}
    again = _last_words(word for word in words if word.id not in left)
    revived = {pair: verdicts.get(again.get(pair, 0), "") for pair in pairs}
    refuse_contradictions(work, revived)
    number = _next_act(work)
    for judgement, pair in left.items():
        _keep(work, number, pair, WITHDRAWN, reason, {}, withdraws=judgement)
    work.session.flush()
    record(work, "link:withdrawn", f"judgement {act}", pairs=len(left))
    return {report for pair in pairs for report in pair}


def refuse_contradictions(work: Work, said: Mapping[Pair, str]) -> None:
    """Refuse words on pairs that, with all they are chained to, speak against each other.

    Raises Conflict with the chain: reports that are one child by people's word, two of whom are
    two children by people's word.
    """
    everyone = {report for pair in said for report in pair}
    while len(grown := partners_of(work, everyone) | everyone) > len(everyone):
        everyone = grown
    verdicts = {**verdicts_on(work, everyone), **said}
    same = sorted(pair for pair, verdict in verdicts.items() if verdict == "same")
    for one, other in sorted(pair for pair, v in verdicts.items() if v == "different"):
        if chain := _chain(one, other, same):
            joined = ", ".join(f"{a} and {b}" for a, b in chain)
            raise Conflict(
                f"That contradicts what people judged: reports {joined} to be the same child, "
                f"but reports {one} and {other} to be different children. "
                "Take one of these judgements back first."
            )


def _chain(start: int, end: int, same: Sequence[Pair]) -> list[Pair]:
    """Give the shortest chain of pairs that joins two reports; empty where none does."""
    came_by: dict[int, tuple[int, Pair] | None] = {start: None}
    edge = [start]
    while edge and end not in came_by:
        following = []
        for report in edge:
            for pair in same:
                if report in pair and (next_ := pair[pair[0] == report]) not in came_by:
                    came_by[next_] = (report, pair)
                    following.append(next_)
        edge = following
    chain: list[Pair] = []
    while step := came_by.get(end):
        end = step[0]
        chain.append(step[1])
    return chain[::-1]


def _ask_why(reason: str) -> None:
    if not reason.strip():
        raise Conflict("Say why: a judgement needs a reason.")


def _known(work: Work, reports: Collection[int]) -> set[int]:
    found: set[int] = set()
    for part in parts(sorted(reports)):
        found |= set(work.session.scalars(select(Report.id).where(among(Report.id, part))))
    return found


def _next_act(work: Work) -> int:
    return (work.session.scalar(select(func.max(Judgement.act))) or 0) + 1


def _keep(  # noqa: PLR0913  # a row's own parts
    work: Work,
    act: int,
    pair: Pair,
    verdict: str,
    reason: str,
    shown: Mapping[str, Any],
    *,
    withdraws: int | None = None,
) -> None:
    work.notes.pop(_ROOM, None)  # what was read before is no longer all
    work.session.add(
        Judgement(
            act=act,
            report_a=pair[0],
            report_b=pair[1],
            verdict=verdict,
            withdraws=withdraws,
            reason=reason.strip(),
            shown=dict(shown),
            actor=work.actor.name,
            at=work.now,
        )
    )


def _find(work: Work, ids: Sequence[int]) -> list[Judgement]:
    found: list[Judgement] = []
    for part in parts(sorted(ids)):
        query = select(Judgement).where(among(Judgement.id, part), was_known(work, Judgement.at))
        found += work.session.scalars(query.order_by(Judgement.id))
    return found
