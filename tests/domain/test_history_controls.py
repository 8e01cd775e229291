"""Controls of what is tested by random histories: one plain history, and each test made to fail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, Engine, select

from register.db import Derived
from register.inspection import exports
from register.mismatches import service
from register.mismatches.finding_rows import Row
from register.mismatches.models import Mismatch
from register.rebuilding import rebuild
from register.terms import MismatchState
from register.work import Work, begin_work
from tests.acts import Act, Answered, Exports, Judged, Sent, Teller, Undone, What, exports_at
from tests.domain.test_histories_any_order import in_another_order
from tests.registers import AUTHORITY, FORCE, NOW, empty, say, state_of
from tests.standing import standing_rows

ADA = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04"}
P1, L1 = (FORCE, "missing", "P1"), (AUTHORITY, "missing", "L1")
SENT = Sent((say(FORCE, "P1", **ADA, sex="male"), say(AUTHORITY, "L1", **ADA, sex="female")))
CORRECTED = Sent((say(FORCE, "P1", **ADA, sex="male", hair="red", updated_at="2026-03-06"),))
PARTED = Judged(((P1, L1),), "different", "split")
HISTORY: tuple[What, ...] = (SENT, PARTED, CORRECTED, Undone(2))


def tell(engine: Engine, history: Sequence[What]) -> tuple[list[datetime], list[Exports]]:
    """Tell a history, an act an hour; give the times, and what was exported at each."""
    teller, moments, shown = Teller(engine), [], []
    for hour, what in enumerate(history, start=1):
        moments.append(teller.tell(Act(hour, NOW + timedelta(hours=hour), what)))
        shown.append(exports_at(engine, moments[-1]))
    return moments, shown


def known_before(work: Work, table: type[Derived]) -> ColumnElement[bool]:
    """Find what was known by then, whether or not it held no longer."""
    return table.known_from <= work.moment


def test_control_an_export_blind_to_what_ended_is_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments, shown = tell(engine, HISTORY)
    again = [exports_at(engine, moments[-1], at) for at in moments]
    assert again == shown
    monkeypatch.setattr(exports, "stands", known_before)
    assert exports_at(engine, moments[-1], moments[1]) != shown[1]


def test_control_an_act_later_something_else_is_shown(engine: Engine) -> None:
    moments, shown = tell(engine, HISTORY)
    for place in range(len(shown) - 1):
        assert exports_at(engine, moments[-1], moments[place + 1]) != shown[place]


def test_control_what_is_not_taken_back_is_found(engine: Engine) -> None:
    tell(engine, (SENT, CORRECTED))
    wanted = standing_rows(engine)
    empty(engine)
    tell(engine, HISTORY)
    assert standing_rows(engine) == wanted
    empty(engine)
    tell(engine, HISTORY[:-1])
    left = standing_rows(engine)
    assert {table for table in wanted if left[table] != wanted[table]} >= {
        *("membership", "child", "episode", "reach", "mismatch")
    }


def test_control_a_word_that_is_not_said_in_another_order_is_found(engine: Engine) -> None:
    acts = [Act(key, NOW, what) for key, what in enumerate(HISTORY[:3], start=1)]
    told = in_another_order(acts, [1, 2, 0])
    assert [act.what for act in told] == [CORRECTED, SENT, PARTED], "after what it speaks of"
    tell(engine, [act.what for act in told])
    wanted = state_of(engine)
    empty(engine)
    tell(engine, [SENT, CORRECTED])
    assert state_of(engine) != wanted


def test_control_a_forgotten_answer_is_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(engine, [SENT])
    with begin_work(engine, writes=False) as work:
        columns = select(Mismatch.matter, Mismatch.fingerprint)
        matter, fingerprint = work.session.execute(columns.where(Mismatch.rule == "D6")).one()

    def state(history: What) -> str:
        Teller(engine).tell(Act(9, NOW + timedelta(hours=9), history))
        with begin_work(engine, writes=False) as work:
            standing = Mismatch.known_to.is_(None) & (Mismatch.rule == "D6")
            return work.session.scalars(select(Mismatch.state).where(standing)).one()

    def forgotten(_work: Work, rows: Sequence[Row]) -> list[MismatchState]:
        return [MismatchState.DETECTED] * len(rows)

    assert state(Answered(matter, fingerprint, "both_correct")) == "both_correct"
    assert state(CORRECTED) == "both_correct"
    assert rebuild(engine, keep=False) == ""
    monkeypatch.setattr(service, "states_of", forgotten)
    assert rebuild(engine, keep=False) == "1 mismatches changed, 1 outlooks"
