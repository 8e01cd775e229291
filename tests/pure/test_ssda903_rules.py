"""The return's rules by number: for each, rows that break it and near ones that do not."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from register.reports.files import open_source
from register.reports.source import Read, SourceReader
from register.reports.ssda903_return import collection_year
from register.reports.ssda903_rules import RULES, eighteenth_birthday

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
YEAR = (date(2025, 4, 1), date(2026, 3, 31))
TABLES = {
    "header": (
        "CHILD,SEX,DOB,ETHNIC,UPN\nC1,F,04/05/2012,WBRI,\nC2,F,01/10/2007,WBRI,\n"
        "C3,F,01/01/2010,WBRI,\n"
    ),
    "episodes": (
        "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\n"
        "C1,01/02/2024,S,V2,U1,01/09/2025,X1\n"
        "C1,01/09/2025,L,C2,U1,20/09/2025,X1\n"
        "C1,20/09/2025,P,C2,K2,10/01/2026,E4A\n"
        "C2,01/02/2024,S,V2,U1,01/10/2025,E17\n"
        "C3,01/02/2025,P,V2,U1,,\n"
    ),
}


def read(folder: Path, rows: str, previous: str = "") -> SourceReader:
    heading = "CHILD,MISSING,MIS_START,MIS_END\n"
    tables = TABLES | {"missing": heading + rows}
    if previous:
        (folder / "previous").mkdir()
        tables["previous/missing"] = heading + previous
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return open_source(folder, organisation="E08000035", extract=YEAR, now=NOW)


def broken(reader: SourceReader) -> list[set[tuple[str, str]]]:
    """Give the rules that each row of the return is marked with, and the field they stand at."""
    return [
        {
            (part.split(":")[0].removeprefix("rule "), name)
            for name, marks in item.reading.marks.items()
            for part in marks.split("; ")
            if part.startswith("rule ")
        }
        for item in reader
        if isinstance(item, Read) and item.reading.kind == "missing"
    ]


@pytest.mark.parametrize(
    ("number", "field", "row", "near"),
    [
        ("567", "found_at", "C1,M,05/06/2025,04/06/2025", "C1,M,05/06/2025,05/06/2025"),
        ("567", "returned_at", "C1,A,05/06/2025,04/06/2025", "C1,A,05/06/2025,05/06/2025"),
        ("570", "missing_at", "C3,M,01/04/2026,", "C3,M,31/03/2026,"),
        ("571", "found_at", "C3,M,01/03/2025,31/03/2025", "C3,M,01/03/2025,01/04/2025"),
        ("571", "found_at", "C3,M,01/03/2026,01/04/2026", "C3,M,01/03/2026,31/03/2026"),
        ("575", "status", "C1,M,05/09/2025,", "C1,M,05/09/2025,06/09/2025"),
        ("577", "status", "C1,M,05/12/2025,", "C1,M,05/12/2025,10/01/2026"),
        ("577", "found_at", "C1,M,05/12/2025,11/01/2026", "C1,M,05/12/2025,09/01/2026"),
        ("578", "missing_at", "C1,M,11/01/2026,12/01/2026", "C1,M,10/01/2026,10/01/2026"),
        ("580", "status", "C2,M,20/09/2025,", "C2,M,20/09/2025,30/09/2025"),
        ("581", "missing_at", "C1,M,31/01/2024,05/06/2025", "C1,M,01/02/2024,05/06/2025"),
        ("586", "missing_at", "C1,M,04/05/2012,05/06/2025", "C1,M,05/05/2012,05/06/2025"),
        ("1005", "found_at", "C1,M,05/06/2025,31/06/2025", "C1,M,05/06/2025,30/06/2025"),
        ("1012", "child_reference", "C9,M,05/06/2025,", "C3,M,05/06/2025,"),
        ("INT04", "child_reference", "C9,M,05/06/2025,", "C3,M,05/06/2025,"),
    ],
)
def test_a_rule_and_what_is_near_it(
    tmp_path: Path, number: str, field: str, row: str, near: str
) -> None:
    reader = read(tmp_path, f"{row}\n")
    [found] = broken(reader)
    assert (number, field) in found
    assert f"Rule {number}: 1 row kept and marked." in reader.remarks
    [found] = broken(read(tmp_path, f"{near}\n"))
    assert number not in {each for each, _ in found}


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [
        ("05/06/2025,", "07/06/2025,08/06/2025", True),
        ("05/06/2025,09/06/2025", "07/06/2025,08/06/2025", True),
        ("05/06/2025,07/06/2025", "07/06/2025,08/06/2025", False),
        ("05/06/2025,07/06/2025", "05/06/2025,07/06/2025", False),
        ("05/06/2025,05/06/2025", "05/06/2025,", False),
        ("05/06/2025,06/06/2025", "05/06/2025,", True),
        ("05/06/2025,99/99/2025", "07/06/2025,08/06/2025", False),
    ],
)
def test_574_periods_that_overlap(
    tmp_path: Path,
    first: str,
    second: str,
    overlaps: bool,  # noqa: FBT001  # a table's column
) -> None:
    for rows in (f"C1,M,{first}\nC1,M,{second}\n", f"C1,M,{second}\nC1,M,{first}\n"):
        found = broken(read(tmp_path, rows))
        marked = [("574", "missing_at") in each for each in found]
        later = rows.splitlines().index(f"C1,M,{second}") if overlaps else None
        assert marked == [place == later for place in range(2)]


def test_574_an_early_period_that_goes_on_overlaps_all_behind_it(tmp_path: Path) -> None:
    rows = "C3,M,05/06/2025,30/06/2025\nC3,M,06/06/2025,07/06/2025\nC3,M,08/06/2025,09/06/2025\n"
    found = broken(read(tmp_path, rows))
    assert [("574", "missing_at") in each for each in found] == [False, True, True]


def test_576_last_years_open_period_goes_on(tmp_path: Path) -> None:
    previous = "C1,M,05/03/2025,\nC3,M,06/03/2025,07/03/2025\nC4,M,01/03/2025,\n"
    rows = "C1,M,05/06/2025,06/06/2025\nC1,M,07/06/2025,08/06/2025\nC3,M,05/06/2025,\n"
    reader = read(tmp_path, rows, previous)
    assert broken(reader) == [{("576", "missing_at")}, set(), set()]
    assert [remark for remark in reader.remarks if "child C4" in remark]
    assert not [remark for remark in reader.remarks if "child C3" in remark]


def test_576_it_does(tmp_path: Path) -> None:
    rows = "C1,M,05/06/2025,06/06/2025\nC1,M,05/03/2025,01/05/2025\n"
    reader = read(tmp_path, rows, "C1,M,05/03/2025,\n")
    assert broken(reader) == [set(), set()]


def test_an_invalid_end_is_doubtful_and_the_case_not_open(tmp_path: Path) -> None:
    [item] = [each for each in read(tmp_path, "C3,M,05/06/2025,soon\n") if each.line == 2][:1]
    assert isinstance(item, Read)
    assert item.reading.doubtful == {"found_at": "soon"}
    assert item.reading.content["status"] == "closed"


def test_every_marking_rule_is_tried_here() -> None:
    numbers = {rule.number for rule in RULES}
    numbers_here = "567 570 571 574 575 576 577 578 580 581 586 1005 1012 INT04 INT13"
    assert numbers == set(numbers_here.split())


@pytest.mark.parametrize(("born", "differs"), [("04/05/2012", False), ("05/04/2012", True)])
def test_int13_another_birthday_in_the_header(
    tmp_path: Path,
    born: str,
    differs: bool,  # noqa: FBT001  # a table's column
) -> None:
    read(tmp_path, "")
    missing = f"CHILD,DOB,MISSING,MIS_START,MIS_END\nC1,{born},M,05/06/2025,06/06/2025\n"
    (tmp_path / "missing.csv").write_text(missing, "utf-8")
    found = broken(open_source(tmp_path, organisation="E08000035", extract=YEAR, now=NOW))
    assert found == [{("INT13", "date_of_birth")} if differs else set()]


def test_without_the_tables_beside_it_nobody_is_a_stray(tmp_path: Path) -> None:
    (tmp_path / "missing.csv").write_text("CHILD,MISSING,MIS_START,MIS_END\nC9,M,05/06/2025,\n")
    found = broken(open_source(tmp_path, organisation="E08000035", extract=YEAR, now=NOW))
    assert found == [set()]


def test_the_collection_year_runs_from_april_to_march() -> None:
    assert collection_year(date(2026, 3, 31)) == YEAR
    assert collection_year(date(2026, 4, 1)) == (date(2026, 4, 1), date(2027, 3, 31))


def test_coming_of_age() -> None:
    assert eighteenth_birthday(date(2007, 10, 1)) == date(2025, 10, 1)
    assert eighteenth_birthday(date(2008, 2, 29)) == date(2026, 3, 1)
