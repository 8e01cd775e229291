"""Whole files read in columns say what they say row by row, and the same rows are rejected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.errors import Refused
from register.reports import row_ends, sheets
from register.reports.columns import CODED, KINDS, TIMED, Columns, columns_of
from register.reports.digest import digest
from register.reports.files import open_source
from register.reports.sheets import read_sheets
from register.reports.source import Read, Reject
from register.reports.times import NEVER
from tests.linked import statement_of
from tests.report_files import GOOD, HEADINGS, NOW, FileMaker, lines, maker

COLUMNS = (
    *("organisation", "reference", "updated_at", "child_reference", "forename", "surname"),
    *("known_as", "date_of_birth", "sex", "nhs_number", "upn", "home_postcode", "category"),
    *("status", "missing_at", "found_at"),
)
CELLS: dict[str, list[str]] = {
    "organisation": ["E23000001", "E08000035", "e08000035", "OFSTED", "E99999999", ""],
    "reference": ["P1", "P2", "P3", " P4 ", "Ž 5", "=6", "", "x" * 65],
    "updated_at": ["2026-01-01T10:00+00:00", "2026-01-01", "2026-02-30", "", "2027-01-01"],
    "child_reference": ["la-1", "N/A", "000", "", "ä  b"],
    "forename": ["Ann", " Ann ", "ANN  Lee", "Zoë", "", "\u202eAnn", "O'Shane"],
    "surname": ["Smith", "smith-jones", "", "Nguyễn"],
    "known_as": ["", "Annie;Nan", ";;"],
    "date_of_birth": ["2012-05-31", "2012-5-31", "2030-01-01", "1980-01-01", "2012-02-30", ""],
    "sex": ["female", "unknown", "F", ""],
    "nhs_number": ["", "9845690483", "984 569 0483", "9845690484", "9999999999"],
    "upn": ["", "M352344519062", "M352344519063", "UN1"],
    "home_postcode": ["", "LS1 4AP", "ls14ap", "HERE"],
    "category": ["missing", "away", "gone", ""],
    "status": ["open", "closed", "withdrawn", ""],
    "missing_at": [
        "2026-01-01T10:00+00:00",
        "2026-01-01T10:00:30+01:00",
        "2026-01-01",
        "yesterday",
    ],
    "found_at": ["", "2026-01-02", "2026-01-02T10:00:00Z", "2026-01-02 10:00"],
}
GOOD_FIRST = {
    name: st.one_of(st.just(cells[0]), st.sampled_from(cells)) for name, cells in CELLS.items()
}
QUOTED = st.one_of(
    st.sampled_from(['say ""hi""', "Quill, Pen", 'a""', '""""', "two\nlines", "two\r\nlines\n"]),
    st.lists(st.sampled_from(['""', ",", "\n", "\r\n", "a", "é", " "]), max_size=6).map("".join),
).map('"{}"'.format)
SPOILT = st.sampled_from(['O"Shane', '"Ann"a', ' "Ann"', '"Ann" ', '"', 'An"n"', "a,b", "A\rB"])
QUOTED_CELLS = {
    name: st.one_of(st.just(cells[0]), st.sampled_from(cells).map('"{}"'.format), QUOTED)
    for name, cells in CELLS.items()
}
QUOTED_ROWS = st.one_of(
    *[st.fixed_dictionaries(QUOTED_CELLS).map(lambda row: ",".join(row[n] for n in COLUMNS))] * 4,
    st.sampled_from([",".join(CELLS[name][0] for name in COLUMNS), ",".join([""] * len(COLUMNS))]),
    st.fixed_dictionaries(QUOTED_CELLS | {"surname": SPOILT}).map(
        lambda row: ",".join(row[n] for n in COLUMNS)
    ),
    st.sampled_from(["", '""', "a,b", '"a\nb",c']),
)
"""Rows as text: most of them whole, each cell quoted or not, and some that are not of the shape."""
ROWS = st.lists(st.fixed_dictionaries(GOOD_FIRST), max_size=6)


@pytest.fixture(name="file")
def make_file(tmp_path: Path) -> FileMaker:
    return maker(tmp_path)


def row_by_row(path: Path) -> tuple[dict[Any, Any], list[tuple[int, str]]]:
    """Read a file by the reader of rows, and keep of each report the version that counts."""
    kept: dict[Any, tuple[Any, Any]] = {}
    rejects = []
    for item in open_source(path, now=NOW):
        if isinstance(item, Read):
            reading = item.reading
            name = (reading.organisation, reading.kind, reading.reference)
            version = (statement_of(reading, 0, NOW).updated_at, digest(reading))
            if name not in kept or version > kept[name][0]:
                kept[name] = (version, reading)
        else:
            rejects.append((item.line, item.reason))
    columns = columns_of(
        [(r.organisation, r.reference, r.kind, r.content) for _, r in kept.values()]
    )
    return said(columns), sorted(rejects)


def in_columns(path: Path) -> tuple[dict[Any, Any], list[tuple[int, str]]]:
    """Read a file in columns."""
    rejects: list[Reject] = []
    columns = read_sheets([path], NOW, rejects.append)
    return said(columns), sorted((each.line, each.reason) for each in rejects)


def said(columns: Columns) -> dict[Any, Any]:
    """Give what the rows say, by the name of the report."""
    found = {}
    for row in range(len(columns)):
        texts = {name: columns.text(name, row) for name in CODED}
        times = {
            name: (int(each.earliest[row]), int(each.day[row]), bool(each.day_only[row]))
            for name, each in columns.timed.items()
            if each.earliest[row] != NEVER
        }
        name = (texts["organisation"], KINDS[columns.kind[row]], texts["reference"])
        assert name not in found
        found[name] = (texts, times)
    return found


def written(rows: list[dict[str, str]], end: str = "\n") -> bytes:
    """Write rows as a file."""
    cells = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]
    return "".join(line + end for line in cells).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS)
def test_columns_say_what_rows_say(file: FileMaker, rows: list[dict[str, str]]) -> None:
    path = file(written(rows))
    assert in_columns(path) == row_by_row(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(QUOTED_ROWS, max_size=6),
    quote=st.sampled_from(["", '"']),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.sampled_from(["", "\n", "\r\n"]),
    block=st.sampled_from([1, 2, 7, 64, 1 << 23]),
)
def test_columns_say_what_quoted_rows_say(
    file: FileMaker, rows: list[str], quote: str, end: str, last: str, block: int
) -> None:
    headings = ",".join(f"{quote}{name}{quote}" for name in COLUMNS)
    path = file(end.join([headings, *rows]) + last)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_ends, "_BLOCK", block)
        told = outcome(in_columns, path)
    assert told == outcome(row_by_row, path)


def outcome(read: Callable[[Path], object], path: Path) -> object:
    """Give what was read, or why the file was refused."""
    try:
        return read(path)
    except Refused as error:
        return str(error)


@pytest.mark.parametrize(
    "content",
    [
        lines(GOOD.format(1), GOOD.format(2)),
        lines(GOOD.format(1), GOOD.format(2), end="\r\n"),
        lines(GOOD.format(1), GOOD.format(2), end="\r"),
        lines(GOOD.format(1), "", GOOD.format(2), ",,,,,,"),
        lines(GOOD.format(1)).rstrip("\n"),
        lines(GOOD.format(1), GOOD.format(2) + ",more"),
        lines(GOOD.format(1).replace("Quill", '"Quill, Pen"'), GOOD.format(2)),
        lines(GOOD.format(1).replace("Quill", '"Qu\nill"'), GOOD.format(2), "bad,,,,,,"),
        lines(GOOD.format(1).replace("Quill", 'Qu"ill'), GOOD.format(2)),
        lines(GOOD.format(1).replace("Quill", '"Qu"ill'), GOOD.format(2)),
        lines(GOOD.format(1), ",,,,,,", GOOD.format(2)),
        lines(GOOD.format(1).replace("Quill", f'"{"Q" * 50_000}\n{"Q" * 50_000}"')),
        lines(GOOD.format(1)).replace("forename,surname", '"forename","surname"'),
        lines(GOOD.format(1)).replace("forename", '"forename\n"'),
        lines(GOOD.format(1).replace("Quill", "Q" * 70_000), GOOD.format(2)),
        lines(GOOD.format(1).replace("Quill", "Qu\x00ill"), GOOD.format(2)),
        "\ufeff" + lines(GOOD.format(1)),
        HEADINGS + "\n",
        lines(GOOD.format(1)).replace("reference", "Reference"),
    ],
    ids=range(19),
)
def test_files_of_every_shape(file: FileMaker, content: str) -> None:
    path = file(content)
    assert in_columns(path) == row_by_row(path)


def test_files_of_other_columns_are_read_together(tmp_path: Path) -> None:
    for name in ("few", "full"):
        (tmp_path / name).mkdir()
    few = maker(tmp_path / "few")(lines(GOOD.format(2)))
    full = maker(tmp_path / "full")(written([{name: CELLS[name][0] for name in COLUMNS}]))
    alone = said(read_sheets([few], NOW, lambda _: None)) | said(
        read_sheets([full], NOW, lambda _: None)
    )
    assert len(alone) == 2
    assert said(read_sheets([few, full], NOW, lambda _: None)) == alone


@pytest.mark.parametrize(
    "name",
    ["Quill", '"Quill"', '"Quill, Pen"', '"say ""Quill"""', '"Qu\nill"', '"Qu\r\nill"', '"é"'],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_sound_file_takes_the_fast_way(
    file: FileMaker, monkeypatch: pytest.MonkeyPatch, name: str, end: str
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("no row of it needs reading by itself")

    path = file(lines(GOOD.format(1).replace("Quill", name), GOOD.format(2), end=end))
    monkeypatch.setattr(sheets, "open_source", never)
    monkeypatch.setattr(sheets._Sheet, "reader", never)  # the only way to see it
    assert len(read_sheets([path], NOW, lambda _: None)) == 2


def test_control_a_row_that_is_vouched_for_wrongly_is_seen(
    file: FileMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_vouched", lambda columns, _: np.ones(len(columns), bool))
    path = file(lines(GOOD.format(1), GOOD.format(2).replace("open", "opened")))
    assert in_columns(path) != row_by_row(path)


def test_control_a_row_that_is_numbered_wrongly_is_seen(
    file: FileMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_lines = GOOD.format(1).replace("Quill", '"Qu\nill"')
    path = file(lines(two_lines, GOOD.format(2).replace("open", "opened"), GOOD.format(3)))
    assert in_columns(path) == row_by_row(path)
    monkeypatch.setattr(sheets, "find_row_ends", lambda _: row_ends.RowEnds(3))
    assert in_columns(path) != row_by_row(path)


def test_every_field_that_is_read_is_drawn() -> None:
    assert {*CODED, *TIMED, "updated_at"} - set(COLUMNS) == {
        *("middle_names", "date_of_birth_precision", "home_office_reference"),
        *("returned_at", "closed_at"),
    }
