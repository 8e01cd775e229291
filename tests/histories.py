"""Histories drawn act by act, each from what the register holds by then: what people could do."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from register.errors import Conflict
from register.linkage.enactments import BROUGHT
from register.linkage.models import Membership, Review
from register.mismatches.models import Mismatch
from register.terms import Answer
from register.work import begin_work
from tests.acts import (
    Act,
    Adopted,
    Answered,
    AnswerUndone,
    Judged,
    Passed,
    Sealed,
    Sent,
    Teller,
    Undone,
    Unsealed,
    What,
    model_in_force,
)
from tests.likenesses import readings
from tests.registers import DRILL, YEAR, Days, Name, names_of

STARTS = (
    datetime(2026, 3, 3, 12, tzinfo=UTC),
    datetime(2026, 3, 9, 12, tzinfo=UTC),
    datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
)
STEPS = tuple(
    timedelta(minutes=each) for each in (1, 20, 5 * 60, 26 * 60, 3 * 24 * 60, 31 * 24 * 60)
)
FEED: Days = (YEAR[0], None)
ANSWERS = tuple(sorted(set(Answer) - {Answer.WITHDRAWN}))
_BROUGHT = BROUGHT.read_text("utf-8")
_BEFORE, _LINK = _BROUGHT.split("link = ", 1)
STRICTER = (
    _BEFORE.replace('version = "', 'version = "stricter ', 1)
    + "link = 0.9999999\n"
    + _LINK.split("\n", 1)[1]
)
"""A model that links fewer."""


def drawn(histories: int) -> settings:
    """Draw so many histories on each database for `make drill`, a fifth of them elsewhere."""
    return settings(
        deadline=None,
        max_examples=histories if DRILL else histories // 5,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )


@dataclass
class Author:
    """Draws acts one after the other and tells each; `told` are those that were not refused."""

    data: st.DataObject
    engine: Engine
    at: datetime
    kinds: Sequence[str]
    teller: Teller = field(init=False)
    told: list[Act] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    key: int = 0
    apart: set[int] = field(default_factory=set)
    """Acts that no other act takes back."""

    def __post_init__(self) -> None:
        self.teller = Teller(self.engine)

    def goes_on(self) -> Act | None:
        """Let one more act happen; None where the register refused it."""
        self.at += self.data.draw(st.sampled_from(STEPS), label="step")
        kind = self.data.draw(st.sampled_from(self.kinds), label="kind") if self.told else "send"
        return self.happens(self._draw(kind) or self._send())

    def happens(self, what: What) -> Act | None:
        """Let this happen."""
        self.key += 1
        act = Act(self.key, self.at, what)
        with suppress(Conflict):
            self.moments.append(self.teller.tell(act))
            # Told again, a judgement is the words that were kept: what a join or a split comes to
            # depends on what was there.
            if isinstance(what, Judged):
                act = replace(act, what=Judged(self.teller.words_of(act), what.verdict))
            self.told.append(act)
            return act
        return None

    def _draw(self, kind: str) -> What | None:
        drawers: dict[str, Callable[[], What | None]] = {
            "judge": self._judge,
            "merge": self._merge,
            "split": self._split,
            "undo": lambda: self._undo(Judged, Undone),
            "answer": self._answer,
            "undo answer": lambda: self._undo(Answered, AnswerUndone),
            "pass": Passed,
            "adopt": self._adopt,
            "seal": self._seal,
            "unseal": self._unseal,
        }
        return drawers[kind]() if kind in drawers else None

    def _adopt(self) -> Adopted:
        with begin_work(self.engine, writes=False) as work:
            return Adopted(_BROUGHT if model_in_force(work) == STRICTER else STRICTER)

    def _send(self) -> Sent:
        least = 1 if self.told else 3
        sent = self.data.draw(st.lists(readings(), min_size=least, max_size=5), label="sent")
        extract = "extract" in self.kinds and not self.data.draw(st.integers(0, 3), label="extract")
        days = self.data.draw(st.sampled_from((YEAR, FEED))) if extract else None
        return Sent(tuple(sent), self.data.draw(st.integers(1, 3), label="chunk"), days)

    def _judge(self) -> Judged | None:
        names = list(names_of(self.engine).values())
        with begin_work(self.engine, writes=False) as work:
            asked = select(Review.report_a, Review.report_b).where(Review.known_to.is_(None))
            numbers = sorted((a, b) for a, b in work.session.execute(asked))
        by_question = self.data.draw(st.booleans(), label="what is asked")
        if numbers and by_question:
            known = names_of(self.engine)
            a, b = self.data.draw(st.sampled_from(numbers), label="asked")
            pair = (known[a], known[b])
        elif len(names) > 1:
            two = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
            one, other = self.data.draw(two, label="pair")
            pair = (one, other)
        else:
            return None
        verdict = self.data.draw(st.sampled_from(("same", "different", "unclear")))
        return Judged((pair,), verdict, "judge")

    def _merge(self) -> Judged | None:
        firsts = [reports[0] for reports in self.children()]
        if len(firsts) < 2:
            return None
        two = st.lists(st.sampled_from(firsts), min_size=2, max_size=2, unique=True)
        one, other = self.data.draw(two, label="merged")
        return Judged(((one, other),), "same", "merge")

    def _split(self) -> Judged | None:
        whole = [reports for reports in self.children() if len(reports) > 1]
        if not whole:
            return None
        reports = self.data.draw(st.sampled_from(whole), label="child")
        some = st.lists(
            st.sampled_from(reports), min_size=1, max_size=len(reports) - 1, unique=True
        )
        apart = self.data.draw(some, label="apart")
        rest = [each for each in reports if each not in apart]
        return Judged(tuple(product(apart, rest)), "different", "split")

    def _undo(
        self, done: type[Judged | Answered], undoing: type[Undone | AnswerUndone]
    ) -> Undone | AnswerUndone | None:
        done_before = (each.key for each in self.told if isinstance(each.what, done))
        keys = [key for key in done_before if key not in self.apart]
        return undoing(self.data.draw(st.sampled_from(keys), label="undone")) if keys else None

    def _answer(self) -> Answered | None:
        with begin_work(self.engine, writes=False) as work:
            columns = select(Mismatch.matter, Mismatch.fingerprint)
            query = columns.where(Mismatch.known_to.is_(None)).order_by(Mismatch.number)
            rows = [(row[0], row[1]) for row in work.session.execute(query)]
        if not rows:
            return None
        matter, fingerprint = self.data.draw(st.sampled_from(rows), label="mismatch")
        answer = self.data.draw(st.sampled_from(ANSWERS), label="answer")
        return Answered(matter, fingerprint, answer)

    def _seal(self) -> Sealed:
        firsts = [reports[0] for reports in self.children()]
        other = st.none() | st.sampled_from(firsts)
        return Sealed(
            self.data.draw(st.sampled_from(firsts), label="sealed"),
            self.data.draw(other, label="parted from"),
        )

    def _unseal(self) -> Unsealed | None:
        gone = {each.what.act for each in self.told if isinstance(each.what, Unsealed)}
        keys = [each.key for each in self.told if isinstance(each.what, Sealed)]
        left = [key for key in keys if key not in gone]
        return Unsealed(self.data.draw(st.sampled_from(left), label="unsealed")) if left else None

    def children(self) -> list[list[Name]]:
        """Give the children that stand, each by the names of its reports, the earliest first."""
        names = names_of(self.engine)
        found: dict[int, list[int]] = {}
        with begin_work(self.engine, writes=False) as work:
            columns = select(Membership.child_id, Membership.report_id)
            standing = columns.where(Membership.known_to.is_(None))
            for child, report in work.session.execute(standing):
                found.setdefault(child, []).append(report)
        return [[names[each] for each in sorted(found[child])] for child in sorted(found)]
