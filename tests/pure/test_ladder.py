"""Who has a mismatch now, by how much of the time is gone (domain 7)."""

from datetime import UTC, datetime, timedelta

import pytest

from register.mismatches.ladder import Held, Rung, held_by, words_for
from register.terms import SETTLED, WAITING, MismatchState, Sector

START = datetime(2026, 3, 2, 23, tzinfo=UTC)
DUE = START + timedelta(hours=4)
HALF = START + timedelta(hours=2)
SOON = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (START, Held(Rung.TEAM, Rung.MANAGER, HALF)),
        (HALF - SOON, Held(Rung.TEAM, Rung.MANAGER, HALF)),
        (HALF, Held(Rung.MANAGER, Rung.SENIOR, DUE)),
        (DUE - SOON, Held(Rung.MANAGER, Rung.SENIOR, DUE)),
        (DUE, Held(Rung.SENIOR)),
        (DUE + timedelta(days=9), Held(Rung.SENIOR)),
    ],
)
@pytest.mark.parametrize("state", sorted(WAITING - {MismatchState.ESCALATED}))
def test_it_goes_up_with_time(at: datetime, held: Held, state: MismatchState) -> None:
    assert held_by(state, START, DUE, at) == held


def test_what_somebody_escalated_is_up_at_once() -> None:
    assert held_by(MismatchState.ESCALATED, START, DUE, START) == Held(Rung.SENIOR)
    assert held_by(MismatchState.ESCALATED, None, None, START) == Held(Rung.SENIOR)


@pytest.mark.parametrize("state", sorted(set(MismatchState) - WAITING))
def test_nobody_has_what_is_settled_or_over(state: MismatchState) -> None:
    assert state in SETTLED or state.value.startswith(("corrected", "closed"))
    assert held_by(state, START, DUE, DUE) is None


def test_nobody_has_what_is_for_information() -> None:
    assert held_by(MismatchState.DETECTED, None, None, START) is None


def test_half_the_time_is_counted_as_it_elapses_across_the_change_of_the_clocks() -> None:
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    held = held_by(MismatchState.DETECTED, start, start + timedelta(hours=4), start)
    assert held is not None
    assert held.next_at == start + timedelta(hours=2)


def test_each_side_has_its_own_senior() -> None:
    assert "coordinator" in words_for(Rung.SENIOR, Sector.POLICE)
    assert "senior manager" in words_for(Rung.SENIOR, Sector.AUTHORITY)
    assert words_for(Rung.SENIOR, Sector.OTHER) == "the organisation's senior manager"
    assert words_for(Rung.TEAM, Sector.POLICE) != words_for(Rung.MANAGER, Sector.POLICE)
