"""A whole file through the pipeline: chunks that stay, rows set apart, all or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from register.errors import Refused
from register.intake import Figures, Intake, complete
from register.mismatches.models import Mismatch
from register.reports.fields import BY_NAME
from register.reports.models import Extract, Report, Submission
from register.reports.schema import Reading
from register.reports.source import Read, Reject
from register.work import OPERATOR, begin_work
from tests.registers import AUTHORITY, FORCE, YEAR, say

HEADINGS = ("reference",)


@dataclass
class Rows:
    """A file in memory: readings go in, a text is a row that cannot, an error breaks it off."""

    given: list[Reading | str | Exception]
    rows: int = 0
    layout: str = "register"
    sha256: str = "abc"
    carries: frozenset[str] = frozenset(BY_NAME)
    mended: bool = False
    organisations: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Read | Reject]:
        for line, row in enumerate(self.given, start=2):
            if isinstance(row, Exception):
                raise row
            if isinstance(row, str):
                yield Reject(line, "reference", row, HEADINGS, (row,))
                continue
            self.organisations.add(row.organisation)
            yield Read(line, row)


def rows(
    count_of: int, organisation: str = FORCE, start: int = 0
) -> list[Reading | str | Exception]:
    return [say(organisation, f"R{n}", surname=f"Byron{n}") for n in range(start, start + count_of)]


def intake(engine: Engine, folder: Path, *, all_or_nothing: bool = False, chunk: int = 2) -> Intake:
    return Intake(engine, OPERATOR, folder / "rejects.csv", chunk, all_or_nothing)


def count(engine: Engine, table: type[Report | Submission | Extract]) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(func.count()).select_from(table)).one()


def test_every_row_is_counted_and_progress_reaches_the_end(engine: Engine, tmp_path: Path) -> None:
    given = [*rows(3), "bad", *rows(2, start=3), "worse"]
    steps: list[int] = []
    figures = intake(engine, tmp_path).take("f.csv", Rows(given), None, steps.append)
    assert (figures.rows, figures.accepted, figures.rejected) == (7, 5, 2)
    assert sum(steps) == 7
    assert figures.organisations == {FORCE}
    assert len(figures.reports[FORCE]) == count(engine, Report) == 5
    assert figures.rejects == [tmp_path / "rejects.csv"]
    assert "worse" in (tmp_path / "rejects.csv").read_text("utf-8")


def test_without_a_bad_row_no_rejects_file_is_made(engine: Engine, tmp_path: Path) -> None:
    figures = intake(engine, tmp_path).take("f.csv", Rows(rows(1)), None, lambda _: None)
    assert figures.rejects == []
    assert not (tmp_path / "rejects.csv").exists()


def test_a_file_that_breaks_off_keeps_its_chunks_and_is_not_complete(
    engine: Engine, tmp_path: Path
) -> None:
    broken = Rows([*rows(5), OSError("the disk is gone")])
    with pytest.raises(OSError, match="disk"):
        intake(engine, tmp_path).take("f.csv", broken, YEAR, lambda _: None)
    assert (count(engine, Report), count(engine, Extract)) == (4, 0)
    figures = intake(engine, tmp_path).take("f.csv", Rows(rows(5)), YEAR, lambda _: None)
    assert (figures.unchanged, figures.accepted) == (4, 1)
    assert (count(engine, Report), count(engine, Extract)) == (5, 1)


@pytest.mark.parametrize("last", ["bad", OSError("the disk is gone")])
def test_all_or_nothing_leaves_nothing(
    engine: Engine, tmp_path: Path, last: str | Exception
) -> None:
    whole = intake(engine, tmp_path, all_or_nothing=True)
    with pytest.raises((Refused, OSError)):
        whole.take("f.csv", Rows([*rows(5), last]), YEAR, lambda _: None)
    assert (count(engine, Report), count(engine, Submission), count(engine, Extract)) == (0, 0, 0)
    whole.take("f.csv", Rows(rows(5)), YEAR, lambda _: None)
    assert (count(engine, Report), count(engine, Extract)) == (5, 1)


def test_all_or_nothing_lists_every_bad_row(engine: Engine, tmp_path: Path) -> None:
    whole = intake(engine, tmp_path, all_or_nothing=True)
    with pytest.raises(Refused, match="2 of 4 rows cannot go in"):
        whole.take("f.csv", Rows(["bad", *rows(2), "worse"]), None, lambda _: None)
    assert len((tmp_path / "rejects.csv").read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize("chunk", [0, 1, 100])
def test_any_size_of_chunk_takes_all(engine: Engine, tmp_path: Path, chunk: int) -> None:
    figures = intake(engine, tmp_path, chunk=chunk).take("f", Rows(rows(3)), None, lambda _: None)
    assert figures.accepted == count(engine, Report) == 3


def test_files_of_one_organisation_sent_together_are_one_extract(
    engine: Engine, tmp_path: Path
) -> None:
    one = intake(engine, tmp_path).take("1", Rows(rows(2)), None, lambda _: None)
    two = Rows([*rows(2, start=2), *rows(1, AUTHORITY)], sha256="def")
    taken = [one, intake(engine, tmp_path).take("2", two, None, lambda _: None)]
    complete(engine, OPERATOR, taken, YEAR)
    assert count(engine, Extract) == 2
    assert gone(engine) == 0
    complete(engine, OPERATOR, taken, YEAR)
    assert count(engine, Extract) == 2, "the same again is no new word"


def test_control_one_after_the_other_they_miss_each_others_rows(
    engine: Engine, tmp_path: Path
) -> None:
    for number, start in enumerate((0, 2)):
        file = Rows(rows(2, start=start), sha256=str(number))
        figures: Figures = intake(engine, tmp_path).take("f", file, YEAR, lambda _: None)
        assert figures.opened
    assert gone(engine) == 2


def test_rows_that_were_handed_back_are_no_extract_by_themselves(
    engine: Engine, tmp_path: Path
) -> None:
    intake(engine, tmp_path).take("1", Rows(rows(2)), YEAR, lambda _: None)
    mended = Rows(rows(1, start=2), sha256="def", mended=True)
    two = intake(engine, tmp_path).take("2", mended, YEAR, lambda _: None)
    assert (count(engine, Extract), gone(engine)) == (1, 0)
    again = intake(engine, tmp_path).take("1", Rows(rows(2), sha256="ghi"), None, lambda _: None)
    complete(engine, OPERATOR, [again, two], YEAR)
    assert (count(engine, Extract), gone(engine)) == (2, 0), "together they are one"


def test_files_that_hold_other_fields_do_not_miss_each_others_rows(
    engine: Engine, tmp_path: Path
) -> None:
    whole = Rows(rows(2))
    narrow = Rows(rows(2, start=2), sha256="def", carries=frozenset({"missing_at"}))
    for file in (whole, narrow):
        intake(engine, tmp_path).take("f", file, YEAR, lambda _: None)
    assert gone(engine) == 0


def gone(engine: Engine) -> int:
    with begin_work(engine, writes=False) as work:
        asked = select(func.count()).where(Mismatch.rule == "G5", Mismatch.known_to.is_(None))
        return work.session.scalars(asked).one()
