"""`register layout`: what is said of a file before anything of it is sent."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from register.cli.program import program
from register.reports import date_orders
from register.reports.layout_files import known_layouts
from register.reports.local_times import Local, read_local

HEADINGS = "Force,Misper Ref,Surname,DOB,Type,Case State,Last Seen"
ROW = "E23000001,MP/{0},Quill,04/05/2012,MISSING,LIVE,{1:02}/03/2026 21:40"


def run(*words: str) -> tuple[int, list[str], str]:
    result = CliRunner().invoke(program, ["layout", *words])
    return result.exit_code, result.stdout.splitlines(), result.stderr


def write(folder: Path, headings: str, rows: Sequence[str]) -> str:
    path = folder / "export.csv"
    path.write_text("\n".join([headings, *rows, ""]), "utf-8")
    return str(path)


def test_every_layout_is_listed() -> None:
    code, said, _ = run("list")
    assert code == 0
    assert [line.split()[0] for line in said] == [*known_layouts(), "ssda903"]


def test_a_file_that_fits(tmp_path: Path) -> None:
    code, said, _ = run("check", write(tmp_path, HEADINGS, [ROW.format(n, n) for n in (9, 14)]))
    assert code == 0
    assert said == [
        "export.csv: 2 rows, 7 columns.",
        (
            "The nearest layout is force-export (A force's export of its missing-person cases): it "
            "knows 7 of them."
        ),
        (
            "  'DOB' is read as DD/MM/YYYY HH:MM or DD/MM/YYYY: the layout's word alone: no day is "
            "over 12, so the file does not bear it out."
        ),
        (
            "  'Last Seen' is read as DD/MM/YYYY HH:MM or DD/MM/YYYY: 1 row can be read in no "
            "other way."
        ),
        "Read so, 0 of 2 rows would be rejected, 0 have doubtful values.",
    ]


def test_months_before_days_are_seen_and_not_sent(tmp_path: Path) -> None:
    rows = [ROW.format(1, 9).replace("09/03/2026", "03/19/2026"), ROW.format(2, 3)]
    code, said, _ = run("check", write(tmp_path, HEADINGS, rows))
    assert code == 1
    assert any(
        "'Last Seen'" in each and "CONTRADICTED: month first: 1 row" in each for each in said
    )


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (["04/05/2026", "12/12/2026"], "OPEN: no day is over 12"),
        (["04/05/2026", "13/12/2026"], "day first: 1 row"),
        (["04/05/2026", "12/13/2026"], "month first: 1 row"),
        (["14/05/2026", "12/13/2026"], "two orders in one column"),
        (["2026-05-04"], "year first"),
        (["04-May-2026"], "the month is named"),
        (["04/05/26"], "a year of two digits"),
    ],
)
def test_the_order_of_a_strange_column_is_never_guessed(
    tmp_path: Path, dates: list[str], told: str
) -> None:
    rows = [f"{ROW.format(n, 14)},{each}" for n, each in enumerate(dates)]
    _, said, _ = run("check", write(tmp_path, f"{HEADINGS},When odd", rows))
    [line] = [each for each in said if each.startswith("  'When odd' holds dates")]
    assert told in line


def test_a_column_of_the_fourth_of_the_fourth_is_open() -> None:
    orders = date_orders.Orders()
    for text in ("04/04/2026", "05/05/2026 10:00"):
        orders.take(text)
    assert orders.told().startswith("OPEN")


@pytest.mark.parametrize(
    ("heading", "cells", "proposed"),
    [
        ("Family name", ["Quill", "Moss"], "perhaps surname (by its name"),
        ("FamilyName", ["Quill", "Moss"], "perhaps surname (by its name"),
        ("National no.", ["9434765919", "9434765870"], "perhaps nhs_number (by its values alone"),
        ("Risk grading", ["HIGH", "NAR"], "perhaps risk_level (by its"),
        ("Officer in the case", ["PC 7", "PC 9"], "no field is near"),
        # A likely name over unlikely values is not proposed.
        ("NHS No.", ["yes", "no"], "no field is near"),
    ],
)
def test_what_an_unknown_heading_may_stand_for(
    tmp_path: Path, heading: str, cells: list[str], proposed: str
) -> None:
    headings = HEADINGS.replace("Surname", "Person ID")
    rows = [f"{ROW.format(n, 14)},{cell}" for n, cell in enumerate(cells)]
    _, said, _ = run("check", write(tmp_path, f"{headings},{heading}", rows))
    [line] = [each for each in said if each.startswith(f"  {heading!r} is not known")]
    assert proposed in line


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    headings = HEADINGS.replace("Last Seen", "Seen last on").replace("Force,", "")
    rows = [ROW.format(n, 14).partition(",")[2] for n in (1, 2)]
    code, said, _ = run("check", write(tmp_path, headings, rows), "--layout", "force-export")
    assert code == 1
    assert any("has no column 'Force', 'Last Seen'" in each for each in said)
    assert any("'Seen last on' is not known: perhaps missing_at" in each for each in said)


def test_rows_that_would_be_rejected_are_counted(tmp_path: Path) -> None:
    rows = [ROW.format(1, 14), ROW.format(2, 15).replace("LIVE", "ODD")]
    code, said, _ = run("check", write(tmp_path, HEADINGS, rows))
    assert code == 0
    assert said[-2:] == [
        "Read so, 1 of 2 rows would be rejected, 0 have doubtful values.",
        (
            "  The first rejected: line 3, Case State: is not one of the codes LIVE, LOCATED, "
            "FILED, CANCELLED."
        ),
    ]


def test_a_table_of_the_return(tmp_path: Path) -> None:
    row = "C7,01/04/2012,M,02/03/2026,"
    code, said, _ = run("check", write(tmp_path, "CHILD,DOB,MISSING,MIS_START,MIS_END", [row]))
    assert code == 0
    assert "missing.csv of an SSDA903 return" in said[1]


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (None, (), "There is no file"),
        (b"", (), "is empty"),
        (b"PK\x03\x04", (), "is an Excel workbook"),
        (b"a;b\n1;2\n", (), "parts its columns by semicolons"),
        (b"a,b\n1,2\n", ("--layout", "nothing"), "There is no layout 'nothing'"),
        (b"[{]", (), "is no JSON that can be read"),
        (b"[1]", (), "child 1 is no object"),
        (b"[]", (), "holds no child with missing_episodes"),
        (b'{"a":1,"a":2}', (), "an object has a name twice"),
        (b'{"missing_episodes":{}}', (), "is no list of objects"),
        (b"[" * 100_000, (), "nested too deep"),
        (b'{"x":"\xff"}', (), "is not UTF-8"),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(
    tmp_path: Path, content: bytes | None, words: tuple[str, ...], sentence: str
) -> None:
    path = tmp_path / "export.csv"
    if content is not None:
        path.write_bytes(content)
    code, said, error = run("check", str(path), *words)
    assert code == 1
    assert said == []
    assert sentence in error
    assert "Traceback" not in error


def test_a_month_by_its_name() -> None:
    formats = ("DD-MMM-YYYY HH:MM", "DD-MMM-YYYY")
    assert read_local("02-Mar-2026", formats, "Europe/London") == Local("2026-03-02")
    with pytest.raises(ValueError, match="no day"):
        read_local("02-Mrz-2026", formats, "Europe/London")
