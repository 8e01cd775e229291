"""What may happen to a register, act by act, each written so that it can be told again elsewhere.

An act names reports by their names and mismatches by what they are about, and bears its own time:
told in the same order to two registers, a history comes to the same numbers in both.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from register import clock, pipeline
from register.access.seal_models import RELEASED
from register.access.seals import Placed
from register.inspection.exports import EXPORTS, export
from register.inspection.wanted import Wanted
from register.linkage.models import Enactment, Judgement, Membership
from register.linkage.said import Pair, pairs_of
from register.linkage.seen import seen_of
from register.linkage.subjects import memberships
from register.mismatches.models import Mismatch
from register.mismatches.settling import Said
from register.reports.schema import Reading
from register.sealing import change_seal, seal
from register.terms import Answer, Role, SealReason
from register.work import OPERATOR, Actor, Work, begin_work
from tests.registers import AUTHORITY, Days, Name, names_of, send

NamedPair = tuple[Name, Name]
Exports = dict[tuple[str, bool], str]
"""The text of every export, by its name and by whether it holds what is closed."""


class Impossible(Exception):
    """What the act is about is not there: nobody could have done it."""


@dataclass(frozen=True)
class Sent:
    """A file came in, with `days` as an extract."""

    readings: tuple[Reading, ...]
    chunk: int = 500
    days: Days | None = None


@dataclass(frozen=True)
class Judged:
    """A person's word on pairs of reports, by one of the verbs; `words` says the pairs alone."""

    pairs: tuple[NamedPair, ...]
    verdict: str
    verb: str = "words"


@dataclass(frozen=True)
class Undone:
    """The judgement of an earlier act was taken back."""

    act: int


@dataclass(frozen=True)
class Answered:
    """A mismatch was answered, named by the reports that disagree and what they say."""

    matter: int
    fingerprint: str
    answer: str


@dataclass(frozen=True)
class AnswerUndone:
    """The answer of an earlier act was taken back."""

    act: int


@dataclass(frozen=True)
class Passed:
    """Nothing happened but time."""


@dataclass(frozen=True)
class Adopted:
    """Another model was put into force."""

    text: str


@dataclass(frozen=True)
class Sealed:
    """The child of a report was sealed, by one who may; with `apart_from` parted for good."""

    report: Name
    apart_from: Name | None = None


@dataclass(frozen=True)
class Unsealed:
    """The seal of an earlier act was released."""

    act: int


What = Sent | Judged | Undone | Answered | AnswerUndone | Passed | Adopted | Sealed | Unsealed
SEALER = Actor("officer", Role.OPERATOR, AUTHORITY)


@dataclass(frozen=True)
class Act:
    """Something that happened, at its time; others name it by its key."""

    key: int
    at: datetime
    what: What


@dataclass
class Teller:
    """Tells acts to a register, and knows what those that can be taken back are called there."""

    engine: Engine
    judged: dict[int, int] = field(default_factory=dict)
    answered: dict[int, int] = field(default_factory=dict)
    sealed: dict[int, int] = field(default_factory=dict)

    def tell(self, act: Act) -> datetime:
        """Do it; give the time up to which the register is brought then.

        Raises Conflict where it is refused, Impossible where there is nothing to do it to.
        """
        if isinstance(act.what, Sent):
            sent = list(act.what.readings)
            send(self.engine, sent, now=act.at, chunk=act.what.chunk, days=act.what.days)
            with begin_work(self.engine, writes=False) as work:
                return clock.judged_to(work)
        names = {name: number for number, name in names_of(self.engine).items()}
        with begin_work(self.engine, SEALER, clock=lambda: act.at) as work:
            self._do(work, act, names)
            return clock.judged_to(work)

    def words_of(self, act: Act) -> tuple[NamedPair, ...]:
        """Give the pairs that a judgement was kept on, which its verb worked out."""
        names = names_of(self.engine)
        with begin_work(self.engine, writes=False) as work:
            pairs = pairs_of(work, self.judged[act.key])
        return tuple((names[one], names[other]) for one, other in pairs)

    def _do(self, work: Work, act: Act, names: dict[Name, int]) -> None:
        match act.what:
            case Judged():
                pairs = [(names[one], names[other]) for one, other in act.what.pairs]
                _judge(work, act.what, pairs)
                self.judged[act.key] = (
                    work.session.scalars(
                        select(Judgement.act).order_by(Judgement.id.desc())
                    ).first()
                    or 0
                )
            case Undone():
                pipeline.withdraw(work, self.judged[act.what.act], "a slip")
            case Answered():
                row = _mismatch(work, act.what)
                said = Said(act.what.answer, _reason(act.what.answer), "as told")
                self.answered[act.key] = pipeline.settle(work, row.number, said, row.id).id
            case AnswerUndone():
                pipeline.withdraw_answer(work, self.answered[act.what.act], "a slip")
            case Passed():
                pipeline.take_turn(work)
            case Adopted():
                everyone = set(work.session.scalars(select(Membership.child_id)))
                pipeline.adopt(work, act.what.text, "tried", everyone)
            case Sealed():
                self.sealed[act.key] = _seal(work, act.what, names)
            case Unsealed():
                change_seal(work, self.sealed[act.what.act], RELEASED, "no danger")


def _seal(work: Work, said: Sealed, names: dict[Name, int]) -> int:
    reports = [names[each] for each in (said.report, said.apart_from) if each]
    owner = memberships(work, reports)
    child, *others = dict.fromkeys(owner[each][1] for each in reports)
    reason = SealReason.ADOPTION if others else SealReason.HIGH_RISK
    seen = seen_of(work, [child, *others])
    return seal(work, child, Placed(reason, "seen"), seen, *others)


def _judge(work: Work, said: Judged, pairs: list[Pair]) -> None:
    first = pairs[0]
    if said.verb == "merge":
        pipeline.merge(work, *first, "seen", seen_of(work, first))
    elif said.verb == "split":
        child = memberships(work, first)[first[0]][1]
        apart = {one for one, _ in pairs}
        pipeline.split(work, child, apart, "seen", seen_of(work, [child]))
    elif said.verb == "judge":
        children = {child for _, child in memberships(work, first).values()}
        pipeline.judge(work, first, said.verdict, "seen", seen=seen_of(work, children))
    else:
        pipeline.take_turn(work)
        pipeline._judge(work, pairs, said.verdict, "seen")


def _reason(answer: str) -> str:
    return "another_duty" if answer == Answer.BOTH_CORRECT else ""


def _mismatch(work: Work, about: Answered) -> Mismatch:
    # Time is brought to now first, as whoever opens the page is shown what it brought.
    pipeline.take_turn(work)
    row = work.session.scalars(
        select(Mismatch)
        .where(Mismatch.known_to.is_(None), Mismatch.matter == about.matter)
        .where(Mismatch.fingerprint == about.fingerprint)
        .order_by(Mismatch.number)
    ).first()
    if row is None:
        raise Impossible
    return row


def exports_at(engine: Engine, now: datetime, as_at: datetime | None = None) -> Exports:
    """Write every export out, byte for byte as the command does."""
    with begin_work(engine, OPERATOR, clock=lambda: now, writes=False, as_at=as_at) as work:
        return {
            (what, every): _text(work, what, every=every)
            for what in EXPORTS
            for every in (False, True)
        }


def _text(work: Work, what: str, *, every: bool) -> str:
    columns, rows = export(work, what, Wanted(every=every, sealed=True))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def model_in_force(work: Work) -> str:
    """Give the text of the model in force, blank before the first piece of work."""
    query = select(Enactment.text).order_by(Enactment.id.desc()).limit(1)
    return work.session.scalar(query) or ""


SHORTLY = timedelta(microseconds=1)
