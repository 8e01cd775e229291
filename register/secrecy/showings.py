"""Showings of protected values: each kept with its reason, and told to whose value it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Invalid
from register.secrecy.keys import key_for, key_of
from register.secrecy.models import Showing
from register.secrecy.values import Place, seal, unseal
from register.work import Work

WORDS_LENGTH = 400


class ShowingReason(StrEnum):
    """What a place is needed for."""

    LOOK = "look_for_the_child"
    VISIT = "visit_the_child"
    RETURN = "bring_the_child_back"
    ASSESS = "assess_the_risk"
    CORRECT = "correct_a_record"


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody wants to be shown a value: a code, and words of their own."""

    reason: str
    words: str

    def problems(self) -> dict[str, str]:
        """Say what is lacking, by field."""
        found = {}
        if self.reason not in set(ShowingReason):
            found["reason"] = "Choose why you need it"
        if not self.words:
            found["words"] = "Say what you need it for: whoever recorded it may ask"
        elif len(self.words) > WORDS_LENGTH:
            found["words"] = f"What you write must be {WORDS_LENGTH} characters or fewer"
        return found


@dataclass(frozen=True, slots=True)
class What:
    """What is shown: a field of a report on a child, and the organisation that sent it."""

    child: str
    report: int
    owner: str
    field: str


@needs(Permission.PLACE_REVEAL)
def keep_showing(work: Work, what: What, why: Why) -> None:
    """Keep that a value is shown now; raise Invalid for a reason that is none.

    The words may tell of the child: they are kept sealed, and no log holds them.
    """
    if problems := why.problems():
        raise Invalid(problems)
    place = _place(what.report, what.field)
    work.session.add(
        Showing(
            report_id=what.report,
            field=what.field,
            owner=what.owner,
            actor=work.actor.name,
            organisation=work.actor.organisation,
            reason=why.reason,
            words=seal(key_for(work), place, why.words),
            at=work.now,
        )
    )
    record(
        work,
        "place:shown",
        f"child {what.child}",
        report=what.report,
        field=what.field,
        reason=why.reason,
    )


@needs(Permission.NOTICE_READ)
def count_notices(work: Work) -> int:
    """Count what the reader's organisation has been told."""
    own = Showing.owner == work.actor.organisation
    return work.session.scalar(select(func.count()).select_from(Showing).where(own)) or 0


@needs(Permission.NOTICE_READ)
def shown_of(work: Work, first: int, most: int) -> Sequence[Showing]:
    """Give the showings of what the reader's organisation sent, the newest first."""
    own = Showing.owner == work.actor.organisation
    newest = select(Showing).where(own).order_by(Showing.id.desc())
    return work.session.scalars(newest.offset(first).limit(most)).all()


@needs(Permission.SHOWING_READ)
def count_showings(work: Work) -> int:
    """Count all showings."""
    return work.session.scalar(select(func.count()).select_from(Showing)) or 0


@needs(Permission.SHOWING_READ)
def all_showings(work: Work, first: int, most: int) -> Sequence[Showing]:
    """Give showings of whatever organisation's values, the newest first."""
    newest = select(Showing).order_by(Showing.id.desc()).offset(first).limit(most)
    return work.session.scalars(newest).all()


@needs(Permission.SHOWING_READ)
def words_of(work: Work, showing: Showing) -> str:
    """Give the words in which a showing was asked for."""
    return unseal(key_of(work), _place(showing.report_id, showing.field), showing.words)


def _place(report: int, field: str) -> Place:
    return ("showing", str(report), field)
