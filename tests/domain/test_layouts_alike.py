"""A month through any layout makes the register that our own columns make of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.intake import Intake
from register.reports.files import open_source
from register.reports.layout_files import known_layouts
from register.reports.layouts import Layout
from register.simulation.files import write_reports
from register.simulation.layout_export import write_in
from register.work import OPERATOR
from tests.months import SECTORS, Sent, sent_by, write_own
from tests.registers import State, empty, state_of

ARRIVED = datetime(2026, 11, 5, 7, tzinfo=UTC)
DAYS = (date(2026, 10, 5), date(2026, 11, 4))
CASES = 24


@pytest.fixture(scope="module", name="month")
def _month() -> dict[str, list[Sent]]:
    return sent_by(CASES)


def fill(
    engine: Engine,
    folder: Path,
    month: dict[str, list[Sent]],
    layout: Layout,
    write: Callable[[Layout, Path, list[Sent]], None],
) -> State:
    """Fill an empty register: this layout's side by `write`, the other by our own columns."""
    empty(engine)
    folder.mkdir()
    for code, said in month.items():
        ours = code.startswith("E23") is not (SECTORS[layout.name] == "police")
        path = folder / f"{code}.{'json' if layout.name == 'dfe-api' and not ours else 'csv'}"
        if ours:
            write_reports(path, said, UTC, "utf-8")
        else:
            write(layout, path, said)
        source = open_source(path, None, code, DAYS, ARRIVED)
        intake = Intake(engine, OPERATOR, folder / f"{code}-rejects.csv")
        assert intake.take(path.name, source, DAYS, lambda _: None).rejected == 0
    return state_of(engine)


@pytest.mark.parametrize("name", sorted(SECTORS))
def test_the_same_month_makes_the_same_register(
    engine: Engine, tmp_path: Path, month: dict[str, list[Sent]], name: str
) -> None:
    layout = known_layouts()[name]

    def write_as_csv(layout: Layout, path: Path, said: list[Sent]) -> None:
        write_own(layout, path.with_suffix(".csv"), said)
        if path.suffix != ".csv":
            path.write_bytes(path.with_suffix(".csv").read_bytes())

    theirs = fill(engine, tmp_path / "theirs", month, layout, write_in)
    ours = fill(engine, tmp_path / "ours", month, layout, write_as_csv)
    assert len(theirs.groups) > 12
    assert theirs == ours


def test_a_day_more_is_another_register(
    engine: Engine, tmp_path: Path, month: dict[str, list[Sent]]
) -> None:
    """The control: one end lost on the way, and the registers differ."""
    layout = known_layouts()["ssd-missing"]

    def write_without_ends(layout: Layout, path: Path, said: list[Sent]) -> None:
        for each in said:
            each.values |= {"found_at": "", "returned_at": ""}
        write_in(layout, path, said)

    theirs = fill(engine, tmp_path / "theirs", month, layout, write_in)
    copies = sent_by(CASES)
    lost = fill(engine, tmp_path / "lost", copies, layout, write_without_ends)
    assert theirs != lost
