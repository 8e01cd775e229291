"""Files that are refused whole, before any row is applied, with a sentence that says the mend."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.errors import Refused
from register.reports.files import open_source
from register.reports.rejects import RejectsFile
from register.reports.source import Reject
from tests.report_files import BIG, GOOD, HEADINGS, NOW, FileMaker, items_of, lines, maker

GOOD_FILE = lines(GOOD.format(1), GOOD.format(2))


@pytest.fixture(name="file")
def make_file(tmp_path: Path) -> FileMaker:
    return maker(tmp_path)


def refusal(path: Path, **said: str) -> str:
    with pytest.raises(Refused) as refused:
        items_of(path, **said)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    sentence.encode()
    return sentence


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


def test_whose_file_it_is_must_be_known(file: FileMaker) -> None:
    without = file("\n".join(row.split(",", 1)[1] for row in (HEADINGS, GOOD.format(1))))
    assert "'organisation'" in refusal(without)
    assert "No organisation has the code" in refusal(without, organisation="E1")
    assert len(items_of(without, organisation="E23000001")) == 1


def test_an_extract_ends_after_it_begins_and_not_tomorrow(file: FileMaker) -> None:
    path = file(GOOD_FILE)
    for days, said in [
        ((date(2026, 3, 1), date(2026, 2, 1)), "before it begins"),
        ((date(2026, 3, 1), date(2026, 3, 3)), "still to come"),
    ]:
        with pytest.raises(Refused, match=said):
            open_source(path, extract=days, now=NOW)
    assert open_source(path, extract=(date(2026, 3, 1), date(2026, 3, 2)), now=NOW).rows == 2


PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            HEADINGS.encode() + b"\n",
            b"organisation,child_reference,looked_after_from\nE08000035,C1,2024-05-01\n",
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
