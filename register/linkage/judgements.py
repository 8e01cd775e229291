"""People's judgements on pairs of reports: added, superseded, taken back, never erased."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select, union_all

from register.access.policy import Permission, needs
from register.audit.service import record
from register.db import ASKED, among, ask, parts
from register.errors import Conflict, NotFound
from register.linkage.models import Judgement
from register.reports.models import Report
from register.work import Work

Pair = tuple[int, int]
_SAID = select(Judgement.id, Judgement.report_a, Judgement.report_b, Judgement.verdict)
_WORDS = union_all(
    *(
        _SAID.join_from(ASKED, Judgement, report == ASKED.c.value)
        for report in (Judgement.report_a, Judgement.report_b)
    )
)


def verdicts_on(work: Work, reports: Iterable[int]) -> dict[Pair, str]:
    """Give the last word on every pair that these reports are part of."""
    latest: dict[Pair, tuple[int, str]] = {}
    for judgement_id, a, b, verdict in ask(work.session, _WORDS, set(reports)):
        if judgement_id > latest.get((a, b), (0, ""))[0]:
            latest[a, b] = (judgement_id, verdict)
    return {pair: verdict for pair, (_, verdict) in latest.items()}


def known_when_parted(work: Work, reports: Collection[int]) -> dict[Pair, dict[str, str]]:
    """Give, for pairs among these reports that people hold to be different, what agreed then.

    For each kind of evidence its level when the last word was given; nothing where none was kept.
    """
    known = set(reports)
    latest: dict[Pair, tuple[str, dict[str, str]]] = {}
    for part in parts(sorted(known)):
        rows = work.session.execute(
            select(Judgement.report_a, Judgement.report_b, Judgement.verdict, Judgement.shown)
            .where(among(Judgement.report_a, part))
            .order_by(Judgement.id)
        )
        latest |= {(a, b): (word, shown.get("evidence", {})) for a, b, word, shown in rows}
    return {
        pair: evidence
        for pair, (word, evidence) in latest.items()
        if word == "different" and known >= {*pair}
    }


def judged_pairs(work: Work, reports: Collection[int]) -> tuple[list[Pair], list[Pair]]:
    """Give the pairs among these reports that people hold to be the same child, and different."""
    known = set(reports)
    among = {pair: word for pair, word in verdicts_on(work, known).items() if known >= {*pair}}
    same = [pair for pair, verdict in among.items() if verdict == "same"]
    return sorted(same), sorted(p for p, verdict in among.items() if verdict == "different")


def words_between(work: Work, ones: Collection[int], others: Collection[int]) -> list[Judgement]:
    """Give people's last words on pairs of one of these reports and one of those, in their order.

    What was taken back is left out.
    """
    latest: dict[Pair, Judgement] = {}
    for part in parts(sorted({*ones, *others})):
        query = select(Judgement).where(among(Judgement.report_a, part)).order_by(Judgement.id)
        for each in work.session.scalars(query):
            pair = (each.report_a, each.report_b)
            if any(a in ones and b in others for a, b in (pair, pair[::-1])):
                latest[pair] = each
    kept = [each for each in latest.values() if each.verdict != "withdrawn"]
    return sorted(kept, key=lambda each: each.id)


def partners_of(work: Work, reports: Collection[int]) -> set[int]:
    """Give the reports that people have judged together with these."""
    return {report for pair in verdicts_on(work, reports) for report in pair}


@needs(Permission.LINK_DECIDE)
def decide(
    work: Work, pair: Pair, verdict: str, reason: str, shown: dict[str, Any] | None = None
) -> Judgement:
    """Keep a person's word on two reports.

    Raises NotFound where there is no such report, Conflict where the word contradicts what is
    known: two reports cannot be parted while a chain of judgements joins them, nor joined across
    one that parts them.
    """
    a, b = sorted(pair)
    if a == b or work.session.get(Report, a) is None or work.session.get(Report, b) is None:
        message = "There are no two such reports."
        raise NotFound(message)
    if not reason.strip():
        message = "Say why: a judgement needs a reason."
        raise Conflict(message)
    if verdict in {"same", "different"}:
        _refuse_contradiction(work, (a, b), verdict)
    judgement = Judgement(
        report_a=a,
        report_b=b,
        verdict=verdict,
        reason=reason.strip(),
        shown=shown or {},
        actor=work.actor.name,
        at=work.now,
    )
    work.session.add(judgement)
    work.session.flush()
    record(work, "link:decided", f"reports {a} and {b}", verdict=verdict)
    return judgement


def _refuse_contradiction(work: Work, pair: Pair, verdict: str) -> None:
    everyone = set(pair)
    while len(grown := partners_of(work, everyone) | everyone) > len(everyone):
        everyone = grown
    same, different = judged_pairs(work, everyone)
    if verdict == "same":
        joined = _joined(pair[0], same) | _joined(pair[1], same)
        against = [each for each in different if each != pair and {*each} <= joined]
    else:
        chain = [each for each in same if each != pair]
        against = chain if pair[1] in _joined(pair[0], chain) else []
    if against:
        said = ", ".join(f"{a} and {b}" for a, b in against)
        kind = "different children" if verdict == "same" else "the same child"
        message = f"That contradicts earlier judgements: reports {said} were judged {kind}."
        raise Conflict(message)


def _joined(start: int, same: Iterable[Pair]) -> set[int]:
    found = {start}
    pairs = list(same)
    while grown := {r for pair in pairs if found & {*pair} for r in pair} - found:
        found |= grown
    return found
