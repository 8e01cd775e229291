"""Files as they come: read row by row, refused whole with a sentence, rejects handed back."""

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.errors import Refused
from register.reports.files import open_source
from register.reports.rejects import RejectsFile
from register.reports.source import REJECT_COLUMNS, Read, Reject
from register.terms import Kind

NOW = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)
HEADINGS = "organisation,reference,forename,surname,category,status,missing_at"
GOOD = "E23000001,P{},Ottilie,Quill,missing,open,2026-03-01T21:00:00+00:00"
FileMaker = Callable[[bytes | str], Path]


@pytest.fixture(name="file")
def make_file(tmp_path: Path) -> FileMaker:
    def make(content: bytes | str) -> Path:
        path = tmp_path / "reports.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def lines(*rows: str, end: str = "\n") -> str:
    return "".join(row + end for row in (HEADINGS, *rows))


def items_of(path: Path, **said: str) -> list[Read | Reject]:
    return list(open_source(path, now=NOW, **said))  # type: ignore[arg-type]  # names of options


def read_in(items: Iterable[Read | Reject]) -> list[tuple[int, str]]:
    return [(each.line, each.reading.reference) for each in items if isinstance(each, Read)]


def rejected_in(items: Iterable[Read | Reject]) -> list[Reject]:
    return [each for each in items if isinstance(each, Reject)]


def refusal(path: Path, **said: str) -> str:
    with pytest.raises(Refused) as refused:
        items_of(path, **said)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    sentence.encode()
    return sentence


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
    headings = list(csv.reader([HEADINGS]))[0]
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
    assert "'organisation'" in refusal(file(without))
    assert "No organisation has the code" in refusal(file(without), organisation="E1")


BIG = 10_000_000


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
            items = items_of_with(path, rejects)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert items == ["P2"]
    assert rejects.count == 1
    # Nothing of it is lost: it stands in the rejects file as it was sent.
    sent = content.removeprefix(HEADINGS + "\n").removesuffix(GOOD.format(2) + "\n")
    assert (tmp_path / "rejects.csv").read_text("utf-8").endswith(f'",{sent}')


def items_of_with(path: Path, rejects: RejectsFile) -> list[str]:
    read = []
    for item in open_source(path, now=NOW):
        if isinstance(item, Reject):
            rejects.add(item)
        else:
            read.append(item.reading.reference)
    return read


def test_rejects_can_be_mended_and_sent_again(file: FileMaker, tmp_path: Path) -> None:
    bad = GOOD.format(2).replace("open", "opened").replace("Quill", '"=1+1, ""Q"""')
    short = "E23000001,P3"
    long = GOOD.format(4).replace("Quill", "x" * 70_000)
    with RejectsFile(tmp_path / "out" / "rejects.csv") as rejects:
        assert items_of_with(file(lines(GOOD.format(1), bad, short, long)), rejects) == ["P1"]
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
        assert items_of_with(path, again) == []
    assert len((tmp_path / "again.csv").read_text("utf-8").splitlines()) == 4
    mended = text.replace("opened", "open").replace("x" * 70_000, "Quill")
    assert read_in(items_of(file(mended))) == [(2, "P2"), (4, "P4")]


def test_no_rejects_no_file(file: FileMaker, tmp_path: Path) -> None:
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        items_of_with(file(lines(GOOD.format(1))), rejects)
    assert (rejects.paths, (tmp_path / "rejects.csv").exists()) == ([], False)


GOOD_FILE = lines(GOOD.format(1), GOOD.format(2))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "is empty"),
        (GOOD_FILE.encode("utf-16"), "UTF-16"),
        (GOOD_FILE.encode("utf-16-le"), "UTF-16"),
        (GOOD_FILE.replace("Quill", "Zoë").encode("cp1252"), "Line 2 is not UTF-8 (byte EB, 'ë'"),
        (GOOD_FILE.encode() + b"\n\n\xff", "Line 6 is not UTF-8"),
        (GOOD_FILE.encode() + b"\xed\xa0\x80", "lone surrogate"),
        (GOOD_FILE.replace("P1,", 'P1,"'), "opens in the row beginning on line 2"),
        (GOOD_FILE + "E23000001,P3", "line 4, its last, has 2 of 7 columns"),
        (b"x" * BIG, "no headings"),
        (b"PK\x03\x04" + b"\x00" * 99, "Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 99, "old Excel workbook"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (HEADINGS + ",surname\n", "'surname' twice"),
        (HEADINGS + ",Surname\n", "twice"),
        (HEADINGS + ",\n", "Column 8"),
        (HEADINGS.replace(",", ";") + "\n", "semicolons"),
        (HEADINGS.replace("surname", "surnam") + "\n", "did you mean 'surname'?"),
        (HEADINGS.replace(",status", "") + "\n", "no column 'status'"),
        ("organisation,reference,person\n", "no column 'category', 'status', 'missing_at'"),
        ("one,two,three\n1,2,3\n", "that no layout knows"),
        ("CHILD,MISSING,MIS_START,MIS_END\n", "give --organisation"),
    ],
)
def test_a_file_is_refused_whole(file: FileMaker, content: bytes | str, said: str) -> None:
    assert said in refusal(file(content))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    assert "There is no file nowhere.csv" in refusal(tmp_path / "nowhere.csv")
    assert "There is no file" in refusal(Path("no\x00where\udcff"))
    locked = tmp_path / "locked.csv"
    locked.symlink_to(locked)
    assert "locked.csv" in refusal(locked)


def test_a_file_of_another_layout_than_said(file: FileMaker) -> None:
    path = file(GOOD_FILE)
    assert "is a file of the layout register, not of roster" in refusal(path, layout="roster")
    assert "a file of the layout register" in refusal(path, layout="ssda903")
    assert "There is no layout 'odd': choose of register, roster" in refusal(path, layout="odd")
    assert len(items_of(path, layout="register")) == 2
    table = file("CHILD,MISSING,MIS_START,MIS_END\n")
    assert "of the layout ssda903, not of register" in refusal(table, layout="register")


def test_a_refusal_comes_before_the_first_row(file: FileMaker) -> None:
    rows = [GOOD.format(number) for number in range(5_000)]
    path = file(lines(*rows).encode() + b"\xff")
    with pytest.raises(Refused, match=r"Line 5002 is not UTF-8"):
        open_source(path)


def test_an_extract_ends_after_it_begins_and_not_tomorrow(file: FileMaker) -> None:
    path = file(GOOD_FILE)
    for days, said in [
        ((date(2026, 3, 1), date(2026, 2, 1)), "before it begins"),
        ((date(2026, 3, 1), date(2026, 3, 3)), "still to come"),
    ]:
        with pytest.raises(Refused, match=said):
            open_source(path, extract=days, now=NOW)
    assert open_source(path, extract=(date(2026, 3, 1), date(2026, 3, 2)), now=NOW).rows == 2


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


PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            HEADINGS.encode() + b"\n",
            ROSTER.encode(),
            GOOD.format(1).encode(),
            b"CHILD,MISSING,MIS_START,MIS_END\nC1,M,01/02/2026,\n",
            b'"',
            b"\r",
            b"\n",
            b",",
            b"\x00",
            b"\xef\xbb\xbf",
        ]
    ),
)


@given(st.lists(PIECES, max_size=12).map(b"".join), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_rows_or_a_refusal(
    tmp_path: Path,
    content: bytes,
    named: bool,  # noqa: FBT001  # Hypothesis gives it
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        reader = open_source(path, organisation="E08000035" if named else None, now=NOW)
    except Refused as refused:
        str(refused).encode()
        return
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        for item in reader:
            if isinstance(item, Reject):
                str(item).encode()
                rejects.add(item)
