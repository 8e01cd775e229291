"""Files as they come: read row by row, what cannot be read handed back whole."""

import csv
import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from register.reports.files import open_source
from register.reports.rejects import RejectsFile
from register.reports.source import REJECT_COLUMNS, Read
from register.terms import Kind
from tests.report_files import (
    BIG,
    GOOD,
    HEADINGS,
    NOW,
    FileMaker,
    items_of,
    lines,
    maker,
    read_in,
    read_with_rejects,
    rejected_in,
)


@pytest.fixture(name="file")
def make_file(tmp_path: Path) -> FileMaker:
    return maker(tmp_path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_of_the_register(file: FileMaker, end: str, mark: bytes) -> None:
    reader = open_source(file(mark + lines(GOOD.format(1), "", GOOD.format(2), end=end).encode()))
    assert (reader.layout, reader.rows, len(reader.sha256)) == ("register", 2, 64)
    assert read_in(reader) == [(2, "P1"), (4, "P2")]
    assert reader.organisations == {"E23000001"}
    assert reader.carries == set(HEADINGS.split(","))
    # It can be read again, to the same.
    assert read_in(reader) == [(2, "P1"), (4, "P2")]


def test_headings_alone_are_no_fault(file: FileMaker) -> None:
    reader = open_source(file(HEADINGS))
    assert (reader.rows, list(reader), reader.organisations) == (0, [], set())


def test_column_order_and_trailing_blank_lines_are_free(file: FileMaker) -> None:
    headings = HEADINGS.split(",")
    cells = GOOD.format(1).split(",")
    turned = f"{','.join(reversed(headings))}\r\n{','.join(reversed(cells))}\n\r\n\n,,,,,,\n"
    assert read_in(items_of(file(turned))) == [(2, "P1")]


def test_a_quoted_field_may_hold_anything(file: FileMaker) -> None:
    quoted = GOOD.format(1).replace("Quill", '"Quill, ""the\nPen"""')
    [item, other] = items_of(file(lines(quoted, GOOD.format(2))))
    assert isinstance(item, Read)
    assert item.reading.content["surname"] == 'Quill, "the Pen"'
    assert other.line == 4


def test_a_quote_inside_an_unquoted_field_is_a_quote(file: FileMaker) -> None:
    [item] = items_of(file(lines(GOOD.format(1).replace("Quill", 'O"Quill'))))
    assert isinstance(item, Read)
    assert item.reading.content["surname"] == 'O"Quill'


def test_formulas_are_kept_as_sent(file: FileMaker) -> None:
    formula = '"=HYPERLINK(""x"")"'
    [item] = items_of(file(lines(GOOD.format(1).replace("Quill", formula))))
    assert isinstance(item, Read)
    assert item.reading.content["surname"] == '=HYPERLINK("x")'


def test_the_same_row_twice_is_given_twice(file: FileMaker) -> None:
    assert len(read_in(items_of(file(lines(GOOD.format(1), GOOD.format(1)))))) == 2


def test_one_bad_row_among_good_ones(file: FileMaker) -> None:
    bad = GOOD.format(2).replace("open", "opened").replace("2026-03-01", "yesterday ")
    items = items_of(file(lines(GOOD.format(1), bad, GOOD.format(3))))
    assert read_in(items) == [(2, "P1"), (4, "P3")]
    [reject] = rejected_in(items)
    assert (reject.line, reject.field) == (3, "status;missing_at")
    assert "status: is not one of closed, located, open, withdrawn; missing_at: " in reject.reason
    assert list(reject.row) == bad.split(",")


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("E23000001,P1,Ottilie", "", "has 3 columns where the headings are 7"),
        (GOOD.format(1) + ",more", "", "has 8 columns where the headings are 7"),
        (GOOD.format(1).replace("Quill", '"Quill"s"'), "surname", "behind a closing quote"),
        (GOOD.format(1).replace("P1", "P\x001"), "reference", "cannot be kept"),
        (GOOD.format(1).replace("Quill", "x" * 65_537), "surname", "longer than 65,536"),
        (GOOD.format(1).replace("E23000001", "NCA"), "organisation", "sends no reports"),
        ("x," * 5_000, "", "has 5001 columns"),
    ],
)
def test_a_row_that_cannot_be_read(file: FileMaker, row: str, field: str, reason: str) -> None:
    items = items_of(file(lines(row, GOOD.format(2))))
    [reject] = rejected_in(items)
    assert (reject.line, reject.field) == (2, field)
    assert reason in reject.reason
    assert read_in(items) == [(3, "P2")]


def test_nul_in_an_optional_field_is_doubtful(file: FileMaker) -> None:
    [item] = items_of(file(lines(GOOD.format(1).replace("Quill", "Qu\x00ill"))))
    assert isinstance(item, Read)
    assert item.reading.doubtful == {"surname": r"Qu\x00ill"}


def test_organisation_given_apart(file: FileMaker) -> None:
    blank = GOOD.format(1).replace("E23000001", "")
    items = items_of(file(lines(blank, GOOD.format(2))), organisation="E23000005")
    assert read_in(items) == [(2, "P1")]
    assert rejected_in(items)[0].reason.startswith("is not E23000005")
    without = "\n".join(row.split(",", 1)[1] for row in (HEADINGS, GOOD.format(1)))
    assert read_in(items_of(file(without), organisation="e23000001")) == [(2, "P1")]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lines(GOOD.format(1).replace("Quill", "x" * BIG), GOOD.format(2)), id="field"),
        pytest.param(
            lines(GOOD.format(1).replace("Quill", f'"{"x" * BIG}"'), GOOD.format(2)), id="quoted"
        ),
        pytest.param(
            lines(GOOD.format(1).replace("Quill", '"' + '""\n' * 40_000 + '"'), GOOD.format(2)),
            id="lines",
        ),
        pytest.param(lines("," * BIG, GOOD.format(2)), id="columns"),
        pytest.param(lines('x,",\n",' + "x," * 3_000 + '"",' * 20_000, GOOD.format(2)), id="both"),
    ],
)
def test_a_huge_row_is_rejected_whole_in_little_memory(
    file: FileMaker, tmp_path: Path, content: str
) -> None:
    path = file(content)
    tracemalloc.start()
    try:
        with RejectsFile(tmp_path / "rejects.csv") as rejects:
            items = read_with_rejects(path, rejects)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert items == ["P2"]
    assert rejects.count == 1
    # Nothing of it is lost: it stands in the rejects file as it was sent.
    sent = content.removeprefix(HEADINGS + "\n").removesuffix(GOOD.format(2) + "\n")
    assert (tmp_path / "rejects.csv").read_text("utf-8").endswith(f'",{sent}')


def test_rejects_can_be_mended_and_sent_again(file: FileMaker, tmp_path: Path) -> None:
    bad = GOOD.format(2).replace("open", "opened").replace("Quill", '"=1+1, ""Q"""')
    short = "E23000001,P3"
    long = GOOD.format(4).replace("Quill", "x" * 70_000)
    with RejectsFile(tmp_path / "out" / "rejects.csv") as rejects:
        assert read_with_rejects(file(lines(GOOD.format(1), bad, short, long)), rejects) == ["P1"]
    [path] = rejects.paths
    text = path.read_text("utf-8")
    assert text.startswith(",".join(REJECT_COLUMNS) + "," + HEADINGS)
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == ["3", "4", "5"]
    assert rows[1][3:] == next(csv.reader([bad]))
    assert rows[2][3:] == short.split(",")
    assert rows[3][3:] == long.split(",")
    # The same rejects, sent again unmended, come back with their own line only.
    with RejectsFile(tmp_path / "again.csv") as again:
        assert read_with_rejects(path, again) == []
    assert len((tmp_path / "again.csv").read_text("utf-8").splitlines()) == 4
    mended = text.replace("opened", "open").replace("x" * 70_000, "Quill")
    assert read_in(items_of(file(mended))) == [(2, "P2"), (4, "P4")]


def test_no_rejects_no_file(file: FileMaker, tmp_path: Path) -> None:
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        read_with_rejects(file(lines(GOOD.format(1))), rejects)
    assert (rejects.paths, (tmp_path / "rejects.csv").exists()) == ([], False)


ROSTER = (
    "organisation,child_reference,forename,surname,date_of_birth,sex,nhs_number,upn,"
    "legal_status,looked_after_from,looked_after_to\n"
    "E08000035,C1,Ottilie,Quill,2012-05-04,female,,,C2,2024-05-01,\n"
)


def test_a_roster(file: FileMaker) -> None:
    extract = (date(2026, 2, 1), date(2026, 2, 28))
    reader = open_source(file(ROSTER), extract=extract, now=NOW)
    [item] = reader
    assert isinstance(item, Read)
    assert (reader.layout, item.reading.kind) == ("roster", Kind.ROSTER)
    assert item.reading.reference == "C1/2024-05-01"
    assert item.reading.content["updated_at"] == "2026-02-28"
    [item] = open_source(file(ROSTER), now=NOW)
    assert isinstance(item, Read)
    assert "updated_at" not in item.reading.content
