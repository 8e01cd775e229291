"""Figures: a small register counted by hand, and a simulated month counted again one by one."""

from datetime import UTC, date, datetime, timedelta
from inspect import unwrap
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from register.errors import Forbidden, Invalid, NotFound
from register.inspection.figures import Figures, read_figures
from register.inspection.mismatches import Wanted, mismatch_list
from register.inspection.scope import Scope
from register.intake import Intake
from register.mismatches.settling import Said
from register.pipeline import settle
from register.reports.files import open_source
from register.simulation.month import write_month
from register.terms import Role
from register.work import OPERATOR, Actor, begin_work
from tests.recount import recount
from tests.registers import AUTHORITY, FORCE, YEAR, listed, say, send

INSPECTOR = Actor("cora", Role.INSPECTOR)
DEPARTMENT = Actor("dep", Role.DEPARTMENT)
SPRING = (date(2026, 1, 1), date(2026, 3, 31))
CHILD = {"surname": "Rivers-Test", "date_of_birth": "2012-02-01", "forename": "Maya"}
FIRSTS = {"": date(2026, 9, 1), AUTHORITY: date(2026, 10, 1), FORCE: date(2026, 10, 15)}
"""Whose figures of the simulated month are counted again, and from which day on."""
OTHER = {"surname": "Okafor-Test", "date_of_birth": "2010-07-14", "forename": "Grace"}


def counts_of(found: Figures) -> dict[str, list[tuple[int | None, ...]]]:
    counted = {f.key: [line.counts for line in f.lines] for f in found.figures}
    counted["mismatches"].sort(key=repr)
    return counted


def figures(
    engine: Engine,
    organisation: str = "",
    days: tuple[date, date] = SPRING,
    *,
    actor: Actor = INSPECTOR,
    now: datetime,
    as_at: datetime | None = None,
) -> Figures:
    with begin_work(engine, actor, clock=lambda: now, writes=False, as_at=as_at) as work:
        return read_figures(work, Scope(organisation, *days))


def night(day: int, hours: float = 8, month: int = 2) -> dict[str, str]:
    begun = datetime(2026, month, day, 22, tzinfo=UTC)
    back = begun + timedelta(hours=hours)
    told = back + timedelta(hours=1)
    return {
        "missing_at": begun.isoformat(),
        "returned_at": back.isoformat(),
        "updated_at": told.isoformat(),
        "prevention_interview_at": told.isoformat(),
    }


def small_register(engine: Engine, at: datetime) -> None:
    """Maya, looked after, went missing on four nights, Grace on one.

    Night 1, 3 February: both sources agree; interview offered at once, held after 30 hours.
    Night 2, 10 February: both; held after 100 hours, so offered in time and held late.
    Night 3, 20 February: both, but the returns lie two days apart; nothing recorded.
    Night 4, 1 March: police alone, and the authority complete to then: A4.
    Grace, 5 March: the authority alone, away, for four days; police need not know.
    """
    _police_tell(engine, at)
    _authority_tells(engine, at)


def _police_tell(engine: Engine, at: datetime) -> None:
    nights = (night(3), night(10), night(20), night(1, month=3))
    told = [say(FORCE, f"P{n}", **CHILD, **each) for n, each in enumerate(nights, start=1)]
    send(engine, told, now=at, days=YEAR, name="police")


def _authority_tells(engine: Engine, at: datetime) -> None:
    maya = {**CHILD, "child_reference": "L-1", "care_status": "looked_after"}
    theirs = {**maya, "responsible_authority": AUTHORITY}
    grace = {**OTHER, "child_reference": "L-2", "care_status": "looked_after"}
    late = night(20) | {"returned_at": night(22)["returned_at"]}
    told = [
        listed(AUTHORITY, "L-1", **CHILD),
        listed(AUTHORITY, "L-2", **OTHER),
        say(AUTHORITY, "A1", **theirs, **night(3), **interview(night(3), 1, 30)),
        say(AUTHORITY, "A2", **theirs, **night(10), **interview(night(10), 72, 100)),
        say(AUTHORITY, "A3", **theirs, **late),
        say(AUTHORITY, "A5", **grace, **night(5, 96, month=3), category="away"),
    ]
    send(engine, told, now=at, days=YEAR, name="authority")


def interview(of: dict[str, str], offered: float, held: float) -> dict[str, str]:
    """A return interview, offered and held so many hours after the return."""
    back = datetime.fromisoformat(of["returned_at"])
    return {
        "return_interview_offered_at": (back + timedelta(hours=offered)).isoformat(),
        "return_interview_at": (back + timedelta(hours=held)).isoformat(),
        "return_interview_outcome": "accepted",
    }


def test_a_small_register_is_counted_as_by_hand(engine: Engine, now: datetime) -> None:
    at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    small_register(engine, at)
    found = figures(engine, AUTHORITY, now=at)
    counted = counts_of(found)
    assert counted["agreement"] == [(5,), (2,), (0,), (2,), (1,)]
    assert [share.percent for share in found.get("agreement").shares] == [50, 50]
    assert counted["agreement-by-month"] == [(0, 0, 0), (2, 0, 1), (0, 0, 1)]
    assert counted["interviews"] == [(4,), (2,), (1,), (1,), (0,), (2,)]
    assert [share.percent for share in found.get("interviews").shares] == [50, 25]
    assert counted["practice"] == [(0, 0), (3, 0), (0, 1)]
    assert counted["repeats"] == [(2,), (1,), (4,)]
    assert counted["children-by-month"] == [(0, 0, 0), (1, 1, 1), (2, 1, 1)]
    assert found.get("outcomes").shares[0].percent == 100
    assert now < at


def test_what_is_settled_with_a_reason_is_explained(engine: Engine) -> None:
    at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    small_register(engine, at)
    later = at + timedelta(days=2, hours=3)
    before = figures(engine, AUTHORITY, now=later)
    with begin_work(engine, OPERATOR, clock=lambda: later) as work:
        rows = mismatch_list(work, Wanted(rule="C2")).page.rows
        (row,) = rows
        settle(work, row.mismatch, Said("both_correct", "recorded_afterwards", "Seen."), row.id)
    found = figures(engine, AUTHORITY, now=later + timedelta(hours=1))
    assert counts_of(found)["agreement"] == [(5,), (2,), (1,), (1,), (1,)]
    assert [share.percent for share in found.get("agreement").shares] == [50, 75]
    # Those that police's file opened were over when the authority's came in.
    assert counts_of(before)["settling"] == [(4,)]
    assert counts_of(found)["settling"] == [(5,)]
    assert found.get("settling").lengths[1].length == later - row.opened_at
    again = figures(engine, AUTHORITY, now=later + timedelta(hours=1), as_at=later - timedelta(1))
    assert counts_of(again)["agreement"] == counts_of(before)["agreement"]
    assert counts_of(again)["settling"] == [(4,)]


@pytest.fixture
def month(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[datetime, dict[tuple[str, date], Figures]]]:
    """The simulated month, file after file, and what was shown after some of them."""
    shown = []
    at = datetime(2026, 11, 5, 7, tzinfo=UTC)
    for place, file in enumerate(write_month(tmp_path)):
        at += timedelta(hours=5)
        monkeypatch.setitem(unwrap(begin_work).__kwdefaults__, "clock", lambda at=at: at)
        days = (file.extract_from, file.extract_to)
        source = open_source(file.path, file.layout, file.organisation, days, at)
        intake = Intake(engine, OPERATOR, tmp_path / "rejects" / file.path.name)
        intake.take(file.path.name, source, days, lambda _: None)
        if place % 5 == 4:
            moment = at + timedelta(hours=1)
            asked = {
                (code, first): figures(engine, code, (first, date(2026, 11, 5)), now=moment)
                for code, first in FIRSTS.items()
            }
            shown.append((moment, asked))
    return shown


def test_a_month_is_counted_as_one_by_one_then_and_now(
    engine: Engine, month: list[tuple[datetime, dict[tuple[str, date], Figures]]]
) -> None:
    """One test, for the month takes a while to go in."""
    last, _ = month[-1]
    some = 0
    for moment, asked in month:
        for (code, first), before in asked.items():
            days = (first, date(2026, 11, 5))
            again = figures(engine, code, days, now=last + timedelta(days=9), as_at=moment)
            assert again.figures == before.figures, "as at is what was shown then"
            with begin_work(engine, clock=lambda: last + timedelta(9), as_at=moment) as work:
                scope = Scope(code, *days)
                told = (counts_of(again), [e.length for e in again.get("settling").lengths])
                assert told == recount(work, scope)
            some += sum(counts[0] or 0 for counts in counts_of(again)["agreement"])
    assert some > 1000, "control: there was something to count"
    differing = {repr(asked["", FIRSTS[""]].figures) for _, asked in month}
    assert len(differing) > 2, "control: what was known changed"


def test_the_keeper_is_told_no_small_numbers(engine: Engine) -> None:
    at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    small_register(engine, at)
    found = figures(engine, AUTHORITY, actor=DEPARTMENT, now=at)
    exact = figures(engine, AUTHORITY, now=at)
    assert found.is_coarse
    for coarse, whole in zip(found.figures, exact.figures, strict=True):
        for one, other in zip(coarse.lines, whole.lines, strict=True):
            for shown, counted in zip(one.counts, other.counts, strict=True):
                assert (shown is None) == (0 < (counted or 0) < 5)
            assert not one.behind
        assert all(share.percent is None for share in coarse.shares)
        assert all(length.length is None for length in coarse.lengths)
    assert any(share.percent for share in exact.get("agreement").shares), "control"


def test_only_who_may_is_told_figures(engine: Engine, now: datetime) -> None:
    for role in (Role.AUTHORITY_USER, Role.FORCE_USER, Role.STEWARD, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            figures(engine, actor=Actor("x", role, AUTHORITY), now=now)
    for role in (Role.INSPECTOR, Role.POLICE_INSPECTOR, Role.DEPARTMENT):
        figures(engine, actor=Actor("x", role), now=now)


def test_a_period_must_be_one(engine: Engine, now: datetime) -> None:
    for days in ((date(2026, 3, 2), date(2026, 3, 1)), (date(2020, 1, 1), date(2026, 1, 1))):
        with pytest.raises(Invalid):
            figures(engine, days=days, now=now)
    with pytest.raises(NotFound):
        figures(engine, "E99999999", now=now)


def test_the_database_counts_and_reads_no_child_one_by_one(engine: Engine) -> None:
    at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    figures(engine, now=at)  # the log's first entry asks for more
    asked.clear()
    figures(engine, now=at)
    empty = len(asked)
    small_register(engine, at)
    asked.clear()
    figures(engine, now=at)
    assert len(asked) == empty
