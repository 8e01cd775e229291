"""Who has a mismatch now, by how much of the time is gone (domain 7)."""

from datetime import UTC, datetime, timedelta

import pytest

from register.mismatches.ladder import Holder, Rung, holder_at, words_for
from register.terms import SETTLED, WAITING, MismatchState, Sector

START = datetime(2026, 3, 2, 23, tzinfo=UTC)
DUE = START + timedelta(hours=4)
HALF = START + timedelta(hours=2)
SOON = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (START, Holder(Rung.TEAM, Rung.MANAGER, HALF)),
        (HALF - SOON, Holder(Rung.TEAM, Rung.MANAGER, HALF)),
        (HALF, Holder(Rung.MANAGER, Rung.SENIOR, DUE)),
        (DUE - SOON, Holder(Rung.MANAGER, Rung.SENIOR, DUE)),
        (DUE, Holder(Rung.SENIOR)),
        (DUE + timedelta(days=9), Holder(Rung.SENIOR)),
    ],
)
@pytest.mark.parametrize("state", sorted(WAITING - {MismatchState.ESCALATED}))
def test_it_goes_up_with_time(at: datetime, held: Holder, state: MismatchState) -> None:
    assert holder_at(state, START, DUE, at) == held


def test_what_somebody_escalated_is_up_at_once() -> None:
    assert holder_at(MismatchState.ESCALATED, START, DUE, START) == Holder(Rung.SENIOR)
    assert holder_at(MismatchState.ESCALATED, None, None, START) == Holder(Rung.SENIOR)


@pytest.mark.parametrize("state", sorted(set(MismatchState) - WAITING))
def test_nobody_has_what_is_settled_or_over(state: MismatchState) -> None:
    assert state in SETTLED or state.value.startswith(("corrected", "closed"))
    assert holder_at(state, START, DUE, DUE) is None


def test_nobody_has_what_is_for_information() -> None:
    assert holder_at(MismatchState.DETECTED, None, None, START) is None


def test_half_the_time_is_counted_as_it_elapses_across_the_change_of_the_clocks() -> None:
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    held = holder_at(MismatchState.DETECTED, start, start + timedelta(hours=4), start)
    assert held is not None
    assert held.next_at == start + timedelta(hours=2)


def test_each_side_has_its_own_senior() -> None:
    assert "coordinator" in words_for(Rung.SENIOR, Sector.POLICE)
    assert "senior manager" in words_for(Rung.SENIOR, Sector.AUTHORITY)
    assert words_for(Rung.SENIOR, Sector.OTHER) == "the organisation's senior manager"
    assert words_for(Rung.TEAM, Sector.POLICE) != words_for(Rung.MANAGER, Sector.POLICE)
