"""Up to when the register has been brought, and what every turn begins with.

Time moves in one place only: whoever takes a turn brings it to now.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select, update

from register.access.hiding import SEALS
from register.db import Instant
from register.linkage.enactments import LATEST_DIGEST, enact_first, note_model
from register.mismatches.answers import ANSWERS
from register.mismatches.service import FIRST_DUE
from register.records.handovers import HANDOVERS
from register.reports.models import Clock
from register.turns import wait_for_turn
from register.work import Work

_JUDGED_TO = "judged to"
_LAST = select(Clock.judged_to)
_NOW = update(Clock).values(judged_to=bindparam("now", type_=Instant()))
_TURN = select(
    Clock.judged_to,
    FIRST_DUE.label("first_due"),
    LATEST_DIGEST.label("model"),
    SEALS.asked.label("seals"),
    ANSWERS.asked.label("answers"),
    HANDOVERS.asked.label("handovers"),
)
"""What every turn asks, all at once."""


def begin_turn(work: Work) -> bool:
    """Wait for one's turn and bring time to now; tell whether something fell due since the last."""
    wait_for_turn(work.session)
    turn = work.session.connection().execute(_TURN).one_or_none()
    work.now = max(work.now, _just_after(turn.judged_to if turn else None))
    work.notes[_JUDGED_TO] = work.now
    if turn is None:  # the first piece of work ever
        work.session.add(Clock(id=1, judged_to=work.now))
        enact_first(work)
        return False
    work.session.connection().execute(_NOW, {"now": work.now})
    note_model(work, turn.model)
    SEALS.note(work, found=turn.seals)
    ANSWERS.note(work, found=turn.answers)
    HANDOVERS.note(work, found=turn.handovers)
    return turn.first_due is not None and turn.first_due <= work.now


def judged_to(work: Work) -> datetime:
    """Tell up to when the register has been brought."""
    if isinstance(known := work.notes.get(_JUDGED_TO), datetime):
        return known
    return work.session.scalar(_LAST) or work.now


def _just_after(last: datetime | None) -> datetime:
    # Whoever waited for a turn is later than whoever had it, whatever the clocks said.
    return last + timedelta(microseconds=1) if last else datetime.min.replace(tzinfo=UTC)
