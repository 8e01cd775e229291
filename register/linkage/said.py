"""What people said of pairs of reports, as it counts: the last word that nobody took back.

Taking a word back lets the one before it count again, so that what was undone is as if it had never
been said.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all

from register.access.hiding import SEALS, acts_under_seal
from register.linkage.models import Judgement
from register.rows import ASKED, among, ask, parts
from register.work import Work, was_known

Pair = tuple[int, int]
WITHDRAWN = "withdrawn"
TELLING = frozenset({"same", "different"})
"""Words that tell whose two reports are."""
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

_SHOWN = select(Judgement.report_a, Judgement.report_b, Judgement.shown).join_from(
    ASKED, Judgement, Judgement.id == ASKED.c.value
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word on a pair of reports, taken back and superseded ones among them."""

    id: int
    pair: Pair
    verdict: str
    withdraws: int | None
    at: datetime


def words_on(work: Work, reports: Iterable[int]) -> list[Word]:
    """Give all that was ever said of pairs that these reports are part of, the earliest first."""
    asked = set(reports)
    known = _known(work)
    if unknown := asked - known.keys():
        known |= {report: [] for report in unknown}
        for row in ask(work.session, _WORDS, unknown):
            if work.as_at is None or row.at <= work.as_at:
                pair = (row.report_a, row.report_b)
                word = Word(row.id, pair, row.verdict, row.withdraws, row.at)
                known[row.value].append(word)
    said = {word.id: word for report in asked for word in known[report]}
    return [said[each] for each in sorted(said)]


def note_said(work: Work, said: Iterable[Judgement]) -> None:
    """Add what has just been said to what this work knows of both reports, which it read before."""
    known = _known(work)
    for each in said:
        pair = (each.report_a, each.report_b)
        word = Word(each.id, pair, each.verdict, each.withdraws, each.at)
        for report in pair:
            known[report].append(word)


def _known(work: Work) -> dict[int, list[Word]]:
    return work.known_in(_ROOM)


def last_words(words: Collection[Word]) -> dict[Pair, Word]:
    """Give, by pair, the last word that nobody took back."""
    gone = {each.withdraws for each in words}
    return {each.pair: each for each in words if each.id not in gone and each.verdict != WITHDRAWN}


def standing_on(work: Work, reports: Iterable[int]) -> dict[Pair, Word]:
    """Give the word that counts on every pair that these reports are part of."""
    return last_words(words_on(work, reports))


def verdicts_on(work: Work, reports: Iterable[int]) -> dict[Pair, str]:
    """Give what the word says that counts, on every pair that these reports are part of."""
    return {pair: word.verdict for pair, word in standing_on(work, reports).items()}


def evidence_when(work: Work, reports: Collection[int], verdict: str) -> dict[Pair, dict[str, str]]:
    """Give, for pairs among these reports of which this is said, what agreed when it was said.

    For each kind of evidence its level; nothing where none was kept.
    """
    known = set(reports)
    ids = [
        word.id
        for pair, word in standing_on(work, known).items()
        if word.verdict == verdict and known.issuperset(pair)
    ]
    shown = ask(work.session, _SHOWN, ids)
    return {(each.report_a, each.report_b): each.shown.get("evidence", {}) for each in shown}


def judged_pairs(work: Work, reports: Collection[int]) -> tuple[list[Pair], list[Pair]]:
    """Give the pairs among these reports that people hold to be the same child, and different."""
    known = set(reports)
    among = {p: verdict for p, verdict in verdicts_on(work, known).items() if known.issuperset(p)}
    same = [pair for pair, verdict in among.items() if verdict == "same"]
    return sorted(same), sorted(p for p, verdict in among.items() if verdict == "different")


def history_of(work: Work, reports: Collection[int]) -> dict[int, list[Judgement]]:
    """Give every judgement on any of these reports, by the number of its act, the last act first.

    An act is what a person said at once: a merge is one pair, a split may be many.
    """
    acts: dict[int, list[Judgement]] = {}
    for each in _find(work, sorted({word.id for word in words_on(work, reports)})):
        acts.setdefault(each.act, []).append(each)
    return dict(sorted(acts.items(), reverse=True))


def pairs_of(work: Work, act: int) -> list[Pair]:
    """Give the pairs of reports that were judged in one act."""
    pair = select(Judgement.report_a, Judgement.report_b)
    query = pair.where(Judgement.act == act, was_known(work, Judgement.at))
    return [(a, b) for a, b in work.session.execute(query.order_by(Judgement.id))]


def never_asked(work: Work) -> set[Pair]:
    """Give the pairs that an adoption parted, while its seal stands: nothing may join them."""
    acts = acts_under_seal(work) if SEALS.is_any(work) else ()
    return {pair for act in acts for pair in pairs_of(work, act)}


def chained_to(work: Work, reports: Iterable[int]) -> set[int]:
    """Give these reports and all that people tell, one after the other, to be one child or two.

    What was said and counts no more chains nobody: both its reports are asked about when it ends.
    """
    everyone, asked = set(reports), set[int]()
    while unasked := everyone - asked:
        asked |= unasked
        verdicts = verdicts_on(work, unasked).items()
        everyone |= {each for pair, verdict in verdicts if verdict in TELLING for each in pair}
    return everyone


def _find(work: Work, ids: Sequence[int]) -> list[Judgement]:
    found: list[Judgement] = []
    for part in parts(sorted(ids)):
        query = select(Judgement).where(among(Judgement.id, part), was_known(work, Judgement.at))
        found += work.session.scalars(query.order_by(Judgement.id))
    return found
