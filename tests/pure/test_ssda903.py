"""An authority's return as it keeps it: three tables become reports and roster rows."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from register.errors import Refused
from register.reports.files import open_source
from register.reports.rejects import RejectsFile
from register.reports.schema import Reading
from register.reports.source import Read, Reject, SourceReader
from register.terms import Kind

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
YEAR = (date(2025, 4, 1), date(2026, 3, 31))
MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nC1,F,04/05/2012,WBRI,A123456789012,,\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN\n"
)
CARE = (
    EPISODES + "C1,01/02/2024,S,V2,N1,U1,PR1,01/06/2025,X1,,LS1 4DY,BD1 1AA,SC000001\n"
    "C1,01/06/2025,L,C2,N1,U1,PR1,01/09/2025,X1,,LS1 4DY,BD1 1AA,SC000001\n"
    "C1,01/09/2025,P,C2,N1,K2,PR1,,,CARPL,LS1 4DY,HD1 2AB,SC000002\n"
)


def lay(folder: Path, missing: str, **tables: str) -> Path:
    """Write the tables of a return into a folder."""
    for name, text in {"missing": MISSING + missing, **tables}.items():
        path = folder / name / "missing.csv" if name == "previous" else folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def opened(path: Path, extract: tuple[date, date] | None = YEAR) -> SourceReader:
    return open_source(path, organisation="E08000035", extract=extract, now=NOW)


def readings(path: Path, kind: Kind = Kind.MISSING) -> list[Reading]:
    found = [item.reading for item in opened(path) if isinstance(item, Read)]
    return [reading for reading in found if reading.kind is kind]


def test_a_whole_row_with_the_tables_beside_it(tmp_path: Path) -> None:
    folder = lay(tmp_path, "C1,04/05/2012,M,05/06/2025,06/06/2025\n", header=HEADER, episodes=CARE)
    reader = opened(folder)
    assert (reader.layout, reader.rows) == ("ssda903", 5)
    [reading] = readings(folder)
    assert (reading.organisation, reading.reference) == ("E08000035", "C1/2025-06-05")
    assert reading.content == {
        "updated_at": "2026-03-31",
        "child_reference": "C1",
        "date_of_birth": "2012-05-04",
        "sex": "female",
        "ethnicity": "WBRI",
        "upn": "A123456789012",
        "home_postcode": "LS1 4DY",
        "care_status": "looked_after",
        "legal_status": "C2",
        "responsible_authority": "E08000035",
        "placement_type": "U1",
        "placement_urn": "SC000001",
        "placement_postcode": "BD1 1AA",
        # The legal status changed in June, the placement did not.
        "placement_started_on": "2024-02-01",
        "category": "missing",
        "status": "closed",
        "missing_at": "2025-06-05",
        "found_at": "2025-06-06",
    }
    assert set(reading.content) | {"organisation", "reference"} <= reader.carries
    assert set(reading.marks) <= {"upn"}


def test_episodes_and_header_make_a_roster(tmp_path: Path) -> None:
    again = "C2,01/04/2025,S,C2,N1,U1,PR1,01/05/2025,E4A,,,,\nC2,02/07/2025,S,V2,N1,U1,PR1,,,,,,\n"
    early = "C3,01/04/2025,P,C2,N1,U1,PR1,31/11/2025,E4A,,,,\n"
    folder = lay(tmp_path, "", header=HEADER, episodes=CARE + again + early)
    rows = readings(folder, Kind.ROSTER)
    assert [row.reference for row in rows] == [
        "C1/2024-02-01/return",
        "C2/2025-04-01/return",
        "C2/2025-07-02/return",
        "C3/2025-04-01/return",
    ]
    assert rows[0].content["legal_status"] == "C2"
    assert rows[0].content["sex"] == "female"
    assert [row.content.get("looked_after_to") for row in rows] == [None, "2025-05-01", None, None]
    assert rows[3].doubtful == {"looked_after_to": "31/11/2025"}
    assert "care began before" in rows[3].marks["looked_after_from"]


def test_away_ends_with_the_return_and_open_has_no_end(tmp_path: Path) -> None:
    away, still = readings(lay(tmp_path, "C1,,A,05/06/2025,06/06/2025\nC2,,m,07/06/2025,\n"))
    assert (away.content["category"], away.content["returned_at"]) == ("away", "2025-06-06")
    assert "found_at" not in away.content
    assert (still.content["category"], still.content["status"]) == ("missing", "open")


def test_references_are_stable_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [
        "C1,,A,05/06/2025,05/06/2025\n",
        "C1,,M,05/06/2025,07/06/2025\n",
        "C1,,M,05/06/2025,07/06/2025\n",
        "C1,,M,06/06/2025,\n",
    ]
    named = [reading.reference for reading in readings(lay(tmp_path, "".join(rows)))]
    assert named == ["C1/2025-06-05", "C1/2025-06-05/2", "C1/2025-06-05/2", "C1/2025-06-06"]
    turned = [reading.reference for reading in readings(lay(tmp_path, "".join(reversed(rows))))]
    assert turned == named[::-1]


def test_it_is_known_by_any_of_its_tables_or_its_folder(tmp_path: Path) -> None:
    lay(tmp_path, "C1,,M,05/06/2025,\n", HEADER=HEADER, Episodes=CARE)
    paths = [tmp_path, *(tmp_path / f"{name}.csv" for name in ("missing", "HEADER", "Episodes"))]
    items = [list(opened(path)) for path in paths]
    assert [each == items[0] for each in items] == [True] * 4
    assert len({opened(path).sha256 for path in paths}) == 1


def test_missing_alone_says_what_it_lacks(tmp_path: Path) -> None:
    path = lay(tmp_path, "C1,04/05/2012,M,05/06/2025,\n") / "missing.csv"
    reader = opened(path, extract=None)
    [item] = reader
    assert isinstance(item, Read)
    assert "updated_at" not in item.reading.content
    assert item.reading.content["date_of_birth"] == "2012-05-04"
    assert [remark.split()[0] for remark in reader.remarks] == [
        "header.csv",
        "episodes.csv",
        "Without",
    ]


def test_the_header_is_believed_on_the_date_of_birth(tmp_path: Path) -> None:
    folder = lay(tmp_path, "C1,05/05/2012,M,05/06/2025,\n", header=HEADER)
    [reading] = readings(folder)
    assert reading.content["date_of_birth"] == "2012-05-04"
    assert "differs" in reading.marks["date_of_birth"]
    [reading] = readings(lay(tmp_path / "b", "C2,2012-05-04,M,05/06/2025,\n", header=HEADER))
    assert reading.doubtful == {"date_of_birth": "2012-05-04"}


def test_no_number_known_is_no_number(tmp_path: Path) -> None:
    header = HEADER.replace("A123456789012", "UN1")
    [reading] = readings(lay(tmp_path, "C1,,M,05/06/2025,\n", header=header))
    assert "upn" not in {*reading.content, *reading.doubtful, *reading.marks}


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (",,M,05/06/2025,06/06/2025", "CHILD", "is blank"),
        ("C1,,M,,", "MIS_START", "rule 564: "),
        ("C1,,,05/06/2025,", "MISSING", "rule 565: "),
        ("C1,,,,06/06/2025", "MISSING", "rule 566: "),
        ("C1,,M,2025-06-05,", "MIS_START", "rule 1004: "),
        ("C1,,M,31/06/2025,", "MIS_START", "rule 1004: "),
        ("C1,,X,05/06/2025,", "MISSING", "rule 1006: "),
        ("C1,,M,05/06/2025", "", "has 4 columns"),
        ("C" * 70 + ",,M,05/06/2025,", "CHILD", "longer than 64"),
    ],
)
def test_a_row_that_cannot_be_read(tmp_path: Path, row: str, field: str, reason: str) -> None:
    items = list(opened(lay(tmp_path, f"{row}\nC2,,M,05/06/2025,\n")))
    [reject] = [item for item in items if isinstance(item, Reject)]
    assert (reject.line, reject.field) == (2, field)
    assert reason in reject.reason
    assert list(reject.row) == row.split(",")
    assert [type(item) for item in items] == [Reject, Read]


def test_rejects_of_each_table_go_to_a_file_of_its_own(tmp_path: Path) -> None:
    folder = lay(
        tmp_path,
        "C1,,M,05/06/2025,\nC1,,M,soon,\n",
        header=HEADER + "C1,M,,,,,\n,M,,,,,\nC9,M\n",
        episodes=CARE + "C1,then,P,,,,,,,,,,\n,01/01/2025,P,,,,,,,,,,\nC1\n",
    )
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        for item in opened(folder):
            if isinstance(item, Reject):
                rejects.add(item)
    assert [path.name for path in rejects.paths] == [
        "rejects.csv",
        "rejects-episodes.csv",
        "rejects-header.csv",
    ]
    counts = [len(path.read_text("utf-8").splitlines()) - 1 for path in rejects.paths]
    assert (counts, rejects.count) == ([1, 3, 3], 7)
    assert "stands on line 2 too" in rejects.paths[2].read_text("utf-8")


def test_what_is_refused_whole(tmp_path: Path) -> None:
    folder = lay(tmp_path, "C1,,M,05/06/2025,\n", header=HEADER)
    for code, said in [(None, "give --organisation"), ("E23000001", "is no local authority")]:
        with pytest.raises(Refused, match=said):
            open_source(folder, organisation=code)
    (folder / "header.csv").write_bytes(b"CHILD,SEX\xff")
    with pytest.raises(Refused, match="not UTF-8"):
        opened(folder)
    (folder / "header.csv").write_text("CHILD,SEX\n")
    with pytest.raises(Refused, match=r"header.csv has no column DOB"):
        opened(folder)
    (folder / "header.csv").write_text(HEADER)
    (folder / "missing.csv").rename(folder / "absent.csv")
    with pytest.raises(Refused, match=r"no missing.csv beside header.csv"):
        opened(folder / "header.csv")
    (folder / "MISSING.csv").write_text(MISSING)
    (folder / "Missing.csv").write_text(MISSING)
    with pytest.raises(Refused, match="are both there"):
        opened(folder)
