"""What inspectors ask an organisation, and its replies, each question on a clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from register.access.models import Reach
from register.access.policy import Permission, is_allowed, needs
from register.audit.service import record
from register.db import HIGHEST_ID, stood
from register.errors import Forbidden, Invalid, NotFound
from register.inspection.children import find_child
from register.inspection.models import Question, Reply
from register.linkage.models import Membership
from register.mismatches.clocks import ends, read_clock
from register.mismatches.ruleset import ruleset
from register.numbers import child_number
from register.records.sight import may_be_found, within_sight
from register.reports.organisations import current_code, find_organisation
from register.terms import Sector
from register.work import Work

CLOCKS = ("1 working day", "3 working days", "5 working days", "10 working days")
WORDS_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """One reply."""

    words: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question with its replies, the earliest first; `child` is a number, or blank."""

    number: int
    organisation: str
    child: str
    words: str
    actor: str
    role: str
    asked_at: datetime
    clock: str
    due_at: datetime
    replies: tuple[Said, ...]
    is_overdue: bool

    @property
    def is_late(self) -> bool:
        """Whether the first reply came after the time that was given."""
        return bool(self.replies) and self.replies[0].at > self.due_at


@needs(Permission.QUESTION_ASK)
def ask_question(work: Work, organisation: str, words: str, clock: str, child: str = "") -> int:
    """Ask an organisation; give the question's number. Raises Invalid, by field.

    Of a child, the asked organisation must be able to see it, or it could not answer.
    """
    asked = find_organisation(current_code(organisation)) if organisation else None
    problems = {}
    if asked is None or asked.sector is Sector.OTHER:
        problems["organisation"] = "Choose the authority or force that you ask"
    if clock not in CLOCKS:
        problems["clock"] = "Choose how long they have"
    problems |= _word_problems(words, "Write your question")
    number = None
    if child.strip():
        try:
            number = find_child(work, child)
        except NotFound as unknown:
            problems["child"] = str(unknown)
        if number is not None and asked is not None and not _sees(work, asked.code, number):
            problems["child"] = f"{asked.name} does not see this child, and could not answer"
    if problems or asked is None:
        raise Invalid(problems)
    question = Question(
        organisation=asked.code,
        child=number,
        words=words.strip(),
        actor=work.actor.name,
        actor_role=work.actor.role.value,
        asked_at=work.now,
        clock=clock,
        due_at=ends(read_clock(clock), work.now, ruleset().holidays),
    )
    work.session.add(question)
    work.session.flush()
    record(work, "question:asked", f"question {question.id}", organisation=asked.code)
    return question.id


@needs(Permission.QUESTION_READ)
def list_questions(work: Work) -> Sequence[AskedQuestion]:
    """Give the questions that the reader may see: unanswered first, the earliest due on top."""
    rows = work.session.scalars(select(Question).where(_mine(work)).order_by(Question.due_at)).all()
    found = _with_replies(work, rows)
    record(work, "list:viewed", "questions")
    return sorted(found, key=lambda each: bool(each.replies))


@needs(Permission.QUESTION_READ)
def find_question(work: Work, number: int) -> AskedQuestion:
    """Give one question; raise NotFound."""
    wanted = (Question.id == number) & _mine(work)
    row = None
    if 0 < number <= HIGHEST_ID:
        row = work.session.scalar(select(Question).where(wanted))
    if row is None:
        raise NotFound("There is no such question, or none that you may see.")
    record(work, "inspection:viewed", f"question {number}")
    return _with_replies(work, [row])[0]


@needs(Permission.QUESTION_ANSWER)
def reply(work: Work, number: int, words: str) -> None:
    """Reply to a question of one's own organisation; raise NotFound, Forbidden or Invalid."""
    question = find_question(work, number)
    if current_code(work.actor.organisation) != question.organisation:
        raise Forbidden("Only the organisation that was asked may reply.")
    problems = _word_problems(words, "Write your reply")
    if problems:
        raise Invalid(problems)
    work.session.add(
        Reply(
            question_id=number,
            words=words.strip(),
            actor=work.actor.name,
            organisation=work.actor.organisation,
            at=work.now,
        )
    )
    record(work, "question:answered", f"question {number}")


def _mine(work: Work) -> ColumnElement[bool]:
    """Inspectors see the questions of inspectors of their kind, others those put to them.

    One about a child that a seal hides, or that no inspection of the reader's reaches, is not seen.
    """
    asked = is_allowed(work.actor, Permission.QUESTION_ANSWER)
    may = may_be_found if asked else within_sight
    of_today = (Membership.report_id == Question.child) & stood(Membership, None)
    seen: ColumnElement[bool] = Question.child.is_(None) | exists().where(
        of_today, may(work, Membership.child_id)
    )
    if asked and work.actor.organisation:
        return seen & (Question.organisation == current_code(work.actor.organisation))
    return seen if asked else seen & (Question.actor_role == work.actor.role.value)


def _sees(work: Work, organisation: str, child: int) -> bool:
    reach = select(Reach.id).where(
        Reach.child == child, Reach.organisation == organisation, stood(Reach, None)
    )
    return work.session.scalar(reach.limit(1)) is not None


def _word_problems(words: str, lacking: str) -> dict[str, str]:
    if not words.strip():
        return {"words": lacking}
    if len(words) > WORDS_LENGTH:
        return {"words": f"It must be {WORDS_LENGTH} characters or fewer"}
    return {}


def _with_replies(work: Work, rows: Sequence[Question]) -> list[AskedQuestion]:
    numbers = [row.id for row in rows]
    replies: dict[int, list[Said]] = {}
    query = select(Reply).where(Reply.question_id.in_(numbers)).order_by(Reply.id)
    for each in work.session.scalars(query):
        replies.setdefault(each.question_id, []).append(Said(each.words, each.actor, each.at))
    children = _children_today(work, [row.child for row in rows if row.child])
    return [
        AskedQuestion(
            number=row.id,
            organisation=row.organisation,
            child=children.get(row.child or 0, ""),
            words=row.words,
            actor=row.actor,
            role=row.actor_role,
            asked_at=row.asked_at,
            clock=row.clock,
            due_at=row.due_at,
            replies=tuple(replies.get(row.id, ())),
            is_overdue=row.id not in replies and row.due_at <= work.moment,
        )
        for row in rows
    ]


def _children_today(work: Work, reports: Sequence[int]) -> dict[int, str]:
    """Give the number of the child that each of these reports is of today."""
    query = select(Membership.report_id, Membership.child_id).where(
        Membership.report_id.in_(reports), stood(Membership, None)
    )
    return {report: child_number(child) for report, child in work.session.execute(query)}
