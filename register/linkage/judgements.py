"""People's judgements on pairs of reports: added, superseded, taken back, never erased."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Conflict, NotFound
from register.linkage.models import Judgement
from register.linkage.said import (
    WITHDRAWN,
    Pair,
    chained_to,
    last_words,
    never_asked,
    note_said,
    verdicts_on,
    words_on,
)
from register.linkage.subjects import memberships
from register.work import Work


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
    if any(a == b for a, b in ordered) or not reports <= memberships(work, reports).keys():
        raise NotFound("There are no two such reports.")
    _refuse_sealed(work, ordered, verdict)
    refuse_contradictions(work, dict.fromkeys(ordered, verdict))
    act = _next_act(work)
    told = {pair: {**(shown or {}), "evidence": (evidence or {}).get(pair, {})} for pair in ordered}
    words = [_word(work, act, pair, verdict, reason, told[pair]) for pair in ordered]
    _keep(work, words)
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
    _refuse_sealed(work, pairs)
    words = words_on(work, {report for pair in pairs for report in pair})
    gone = {word.withdraws for word in words}
    left = {each.id: (each.report_a, each.report_b) for each in said if each.id not in gone}
    if not left:
        return set()
    again = last_words([word for word in words if word.id not in left])
    revived = {pair: again[pair].verdict if pair in again else "" for pair in pairs}
    refuse_contradictions(work, revived)
    number = _next_act(work)
    words_back = [
        _word(work, number, pair, WITHDRAWN, reason, {}, withdraws=judgement)
        for judgement, pair in left.items()
    ]
    _keep(work, words_back)
    record(work, "link:withdrawn", f"judgement {act}", pairs=len(left))
    return {report for pair in pairs for report in pair}


def _refuse_sealed(work: Work, pairs: Collection[Pair], verdict: str = WITHDRAWN) -> None:
    if verdict != "different" and not never_asked(work).isdisjoint(pairs):
        raise Conflict(
            "A seal keeps these two apart. Whoever owns the seal must release it first, with a "
            "reason; nothing was changed."
        )


def refuse_contradictions(work: Work, said: Mapping[Pair, str]) -> None:
    """Refuse words on pairs that, with all they are chained to, speak against each other.

    Raises Conflict with the chain: reports that are one child by people's word, two of whom are
    two children by people's word.
    """
    everyone = chained_to(work, {report for pair in said for report in pair})
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


def _next_act(work: Work) -> int:
    return (work.session.scalar(select(func.max(Judgement.act))) or 0) + 1


def _keep(work: Work, words: Sequence[Judgement]) -> None:
    work.session.add_all(words)
    work.session.flush()
    note_said(work, words)


def _word(  # noqa: PLR0913  # a row's own parts
    work: Work,
    act: int,
    pair: Pair,
    verdict: str,
    reason: str,
    shown: Mapping[str, Any],
    *,
    withdraws: int | None = None,
) -> Judgement:
    return Judgement(
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
