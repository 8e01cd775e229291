"""Answering a mismatch: whose turn it is to say so, what an answer needs, how it is taken back."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from register.access.policy import SEES_ALL, Permission, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.errors import Conflict, Forbidden, Invalid, NotFound
from register.mismatches.answers import ANSWERS, answers_on
from register.mismatches.models import Mismatch, Settlement
from register.records.sight import is_in_sight
from register.reports.organisations import current_code
from register.terms import Answer, SettledReason, label
from register.work import Actor, Work

WORDS_LENGTH = 1000
BY_OWNER = frozenset({Answer.ACKNOWLEDGED})
"""Answers that only the organisation whose turn it is may give."""
NEEDS_WORDS = frozenset(Answer) - {Answer.ACKNOWLEDGED, Answer.BOTH_CORRECT, Answer.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as a person gives it; `reason` is a `SettledReason`, blank where none is needed."""

    answer: str
    reason: str = ""
    words: str = ""


@needs(Permission.MISMATCH_SETTLE)
def settle(work: Work, number: int, said: Said, seen: int) -> tuple[int, Settlement]:
    """Keep an answer to a mismatch; give its child too, whose mismatches follow from it.

    `seen` is the id of the row that was shown. Raises NotFound for one that is not within sight,
    Forbidden for an organisation that it does not concern, Invalid for an answer that lacks what
    it needs, Conflict where the mismatch ended or says something else than was shown.
    """
    row = _last(work, Mismatch.number == number)
    _ask_whose(work, row, said.answer)
    _ask_complete(said)
    if row.known_to is not None:
        raise Conflict(
            f"This mismatch ended since you were shown it: {label(row.ended)}. "
            "Your answer was not kept."
        )
    if row.id != seen and not _is_times_doing(work, row, seen):
        raise Conflict(
            "This mismatch has changed since you were shown it, so your answer was not kept. "
            f"{_difference(work, row, seen)}Look again, then answer."
        )
    settlement = _keep(work, row, said)
    record(work, "mismatch:settled", f"mismatch {row.number}", answer=said.answer)
    return row.child, settlement


@needs(Permission.MISMATCH_SETTLE)
def withdraw(work: Work, settlement_id: int, words: str) -> int | None:
    """Take an answer back; give the child it concerns, None where that was done already.

    Raises NotFound, and Forbidden for an answer that another organisation gave.
    """
    known = settlement_id <= HIGHEST_ID
    said = work.session.get(Settlement, settlement_id) if known else None
    if said is None or said.answer == Answer.WITHDRAWN:
        raise NotFound("There is no such answer.")
    # What it was given to may have ended and come again: the answer holds for that one too.
    row = _last(work, Mismatch.matter == said.matter)
    if not may_take_back(work.actor, said):
        raise Forbidden("Only the organisation that gave an answer takes it back.")
    answers = answers_on(work, [said.matter])[said.matter]
    if not all(each.standing for each in answers if each.settlement.id == said.id):
        return None
    _ask_words(words)
    _keep(work, row, Said(Answer.WITHDRAWN, "", words), withdraws=said)
    record(work, "settlement:withdrawn", f"mismatch {row.number}", answer=said.answer)
    return row.child


def _last(work: Work, which: ColumnElement[bool]) -> Mismatch:
    """Find the last row of a mismatch within the actor's sight."""
    query = select(Mismatch).where(which, is_in_sight(work, Mismatch.child))
    row = work.session.scalar(query.order_by(Mismatch.id.desc()).limit(1))
    if row is None:
        raise NotFound("There is no such mismatch, or none that you may see.")
    return row


def answers_open_to(actor: Actor, owner: str, counterpart: str) -> tuple[Answer, ...]:
    """Give what this actor may say of a mismatch between these two; nothing to anybody else."""
    own = current_code(actor.organisation)
    said = tuple(each for each in Answer if each is not Answer.WITHDRAWN)
    if actor.role in SEES_ALL or (own and own == owner):
        return said
    return (
        tuple(each for each in said if each not in BY_OWNER) if own == counterpart and own else ()
    )


def may_take_back(actor: Actor, said: Settlement) -> bool:
    """Tell whether this actor may take an answer back: whoever gave it, and their colleagues."""
    return actor.role in SEES_ALL or actor.organisation == said.organisation


def _ask_whose(work: Work, row: Mismatch, answer: str) -> None:
    allowed = answers_open_to(work.actor, row.owner, row.counterpart)
    if allowed and answer in BY_OWNER and answer not in allowed:
        raise Forbidden("Only the organisation whose turn it is says that it has seen this.")
    if not allowed:
        raise Forbidden("This mismatch is between other organisations: they answer it.")


def _ask_complete(said: Said) -> None:
    if said.answer not in frozenset(Answer) - {Answer.WITHDRAWN}:
        raise Invalid({"answer": "Choose what you answer"})
    if said.answer == Answer.BOTH_CORRECT and said.reason not in frozenset(SettledReason):
        raise Invalid({"reason": "Choose why both values are correct"})
    if said.answer in NEEDS_WORDS:
        _ask_words(said.words)


def _ask_words(words: str) -> None:
    if not words.strip():
        raise Invalid({"words": "Say why: your words are kept with the answer"})
    if len(words) > WORDS_LENGTH:
        raise Invalid({"words": f"The words must be {WORDS_LENGTH} characters or fewer"})


def _is_times_doing(work: Work, row: Mismatch, seen: int) -> bool:
    """Tell whether what was seen held until this very turn, which brought it to now.

    Nobody could have seen it otherwise, nor would by looking again: a turn that is refused
    leaves everything as it was.
    """
    before = work.session.get(Mismatch, seen)
    return before is not None and before.number == row.number and before.known_to == work.now


def _difference(work: Work, row: Mismatch, seen: int) -> str:
    before = work.session.get(Mismatch, seen)
    if before is None or before.number != row.number:
        return ""
    said = [
        f"{what} was {label(str(getattr(before, name) or 'none'))}, and is "
        f"{label(str(getattr(row, name) or 'none'))} now. "
        for name, what in (("state", "Its state"), ("severity", "How grave it is"))
        if getattr(before, name) != getattr(row, name)
    ]
    return "".join(said) or "A source says something else now. "


def _keep(work: Work, row: Mismatch, said: Said, withdraws: Settlement | None = None) -> Settlement:
    about = withdraws or row
    settlement = Settlement(
        matter=about.matter,
        fingerprint=about.fingerprint,
        answer=said.answer,
        reason=said.reason if said.answer == Answer.BOTH_CORRECT else "",
        words=said.words.strip(),
        withdraws=withdraws.id if withdraws else None,
        shown={
            "number": row.number,
            "rule": row.rule,
            "state": row.state,
            "due_at": row.due_at.isoformat() if row.due_at else "",
        },
        actor=work.actor.name,
        organisation=work.actor.organisation,
        at=work.now,
    )
    work.session.add(settlement)
    ANSWERS.note(work, found=True)
    work.session.flush()
    return settlement
