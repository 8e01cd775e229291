"""Layouts that are written down: their headings, codes and clocks turned into ours."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from register.errors import Refused
from register.reports.checking import check_file
from register.reports.files import layout_names, open_source
from register.reports.layout_files import known_layouts, read_layout
from register.reports.layouts import check_headings
from register.reports.local_times import read_local, read_local_day
from register.reports.source import Read, Reject
from register.reports.ssda903_report import CARRIES
from register.reports.table import TableReader

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FORMATS = ("DD/MM/YYYY HH:MM", "DD/MM/YYYY")
LONDON = "Europe/London"
HEADINGS = (
    "Force,Misper Ref,Person ID,Last Amended,Forename(s),Surname,Alias,DOB,Gender,NHS No,"
    "Home Postcode,In Care,Home LA,Type,Case State,Last Seen,Reported,Found,Returned,Closed,"
    "Closure Reason,Found How,Grading,Risk Factors,Next Review,PNC Circulated,UKMPU Told"
).split(",")
CASE = {
    "Force": "E23000001",
    "Misper Ref": "MP/26/1",
    "Last Amended": "02/07/2026 09:15",
    "Forename(s)": "Ottilie",
    "Surname": "Quill",
    "Type": "MISSING",
    "Case State": "LIVE",
    "Last Seen": "01/07/2026 21:40",
}


def read_case(tmp_path: Path, **cells: str) -> Read | Reject:
    values = CASE | {name.replace("_", " "): cell for name, cell in cells.items()}
    path = tmp_path / "export.csv"
    row = ",".join(values.get(heading, "") for heading in HEADINGS)
    path.write_text(f"{','.join(HEADINGS)}\n{row}\n", "utf-8")
    reader = open_source(path, now=NOW)
    assert reader.layout == "force-export"
    [item] = reader
    return item


def content_of(item: Read | Reject) -> dict[str, str | list[str]]:
    assert isinstance(item, Read)
    assert item.reading.marks == {}
    return item.reading.content


def test_a_whole_case_of_a_force(tmp_path: Path) -> None:
    case = read_case(
        tmp_path,
        Person_ID="77",
        Alias="Otti; Tilly",
        DOB="04/05/2012",
        Gender="F",
        In_Care="Y",
        Home_LA="E08000035",
        Case_State="FILED",
        Reported="01/07/2026 23:05",
        Found="02/07/2026",
        Returned="02/07/2026 08:00",
        Closure_Reason="RETURNED",
        Found_How="carer",
        Grading="NAR",
        Risk_Factors="self_harm;trafficking",
    )
    assert content_of(case) == {
        "child_reference": "77",
        "updated_at": "2026-07-02T09:15:00+01:00",
        "forename": "Ottilie",
        "surname": "Quill",
        "known_as": ["Otti", "Tilly"],
        "date_of_birth": "2012-05-04",
        "sex": "female",
        "care_status": "looked_after",
        "responsible_authority": "E08000035",
        "category": "missing",
        "status": "closed",
        "missing_at": "2026-07-01T21:40:00+01:00",
        "reported_at": "2026-07-01T23:05:00+01:00",
        "found_at": "2026-07-02",
        "returned_at": "2026-07-02T08:00:00+01:00",
        "closed_reason": "returned",
        "found_how": "carer",
        "risk_level": "no_apparent_risk",
        "risk_flags": ["self_harm", "trafficking"],
    }


@pytest.mark.parametrize(
    ("heading", "codes", "field"),
    [
        ("Gender", {"M": "male", "f": "female", "U": "unknown"}, "sex"),
        ("In_Care", {"Y": "looked_after", "N": "none"}, "care_status"),
        ("Type", {"MISSING": "missing", "AWAY": "away"}, "category"),
        (
            "Case_State",
            {"LIVE": "open", "LOCATED": "located", "FILED": "closed", "CANCELLED": "withdrawn"},
            "status",
        ),
        ("Grading", {"HIGH": "high", "Medium": "medium", "LOW": "low"}, "risk_level"),
    ],
)
def test_codes(tmp_path: Path, heading: str, codes: dict[str, str], field: str) -> None:
    for code, meaning in codes.items():
        assert content_of(read_case(tmp_path, **{heading: code}))[field] == meaning


def test_a_code_that_is_not_known(tmp_path: Path) -> None:
    item = read_case(tmp_path, Gender="X", DOB="31/02/2012")
    assert isinstance(item, Read)
    assert item.reading.doubtful == {"sex": "X", "date_of_birth": "31/02/2012"}
    assert item.reading.marks["sex"] == "is not one of the codes F, M, U"
    rejected = read_case(tmp_path, Case_State="ODD")
    assert isinstance(rejected, Reject)
    # The sender is told of the column as the sender calls it.
    assert (rejected.line, rejected.field) == (2, "Case State")
    assert rejected.reason == "is not one of the codes LIVE, LOCATED, FILED, CANCELLED"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("02/03/2026 22:40", "2026-03-02T22:40:00+00:00"),
        ("1/7/2026 9:05", "2026-07-01T09:05:00+01:00"),
        ("02/03/2026", "2026-03-02"),
        ("29/02/2028", "2028-02-29"),
        ("25/10/2026 00:59", "2026-10-25T00:59:00+01:00"),
        ("25/10/2026 01:30A", "2026-10-25T01:30:00+01:00"),
        ("25/10/2026 01:30 B", "2026-10-25T01:30:00+00:00"),
        ("25/10/2026 02:00", "2026-10-25T02:00:00+00:00"),
        ("29/03/2026 00:59", "2026-03-29T00:59:00+00:00"),
        ("29/03/2026 02:00", "2026-03-29T02:00:00+01:00"),
    ],
)
def test_times_on_a_wall_in_london(written: str, iso: str) -> None:
    local = read_local(written, FORMATS, LONDON)
    assert (local.iso, local.mark) == (iso, "")


def test_the_hour_that_comes_twice_and_the_one_that_is_left_out() -> None:
    twice = read_local("25/10/2026 01:30", FORMATS, LONDON)
    assert twice.iso == "2026-10-25T01:30:00+01:00"
    assert "came twice" in twice.mark
    never = read_local("29/03/2026 01:30", FORMATS, LONDON)
    assert never.iso == "2026-03-29"
    assert "left out" in never.mark


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "31/02/2026", "2026-03-02", "02/03/26", "02/03/2026 25:00", "02/13/2026",
     "02/03/2026 1", "02/03/2026 A", "00/00/0000"],
)  # fmt: skip
def test_what_is_no_time(written: str) -> None:
    with pytest.raises(ValueError, match=r"^is "):
        read_local(written, FORMATS, LONDON)


def test_a_day_may_have_midnight_behind_it() -> None:
    assert read_local_day("04/05/2012 00:00", FORMATS).iso == "2012-05-04"
    with pytest.raises(ValueError, match="only a day"):
        read_local_day("04/05/2012 09:30", FORMATS)


def test_an_hour_that_is_doubtful_keeps_no_report_out(tmp_path: Path) -> None:
    item = read_case(tmp_path, Last_Seen="29/03/2026 01:30", Last_Amended="")
    assert isinstance(item, Read)
    assert item.reading.content["missing_at"] == "2026-03-29"
    assert set(item.reading.marks) == {"missing_at"}


def test_headings_however_they_are_written_and_columns_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    cells = ",".join(CASE.values())
    headings = ",".join(f" {heading.upper()} " for heading in CASE)
    path.write_text(f"{headings},Officer\n{cells},PC 7\n", "utf-8")
    reader = open_source(path, now=NOW)
    assert [type(item) for item in reader] == [Read]
    assert reader.remarks == ["Columns that force-export does not read: 'Officer'."]
    assert reader.carries == {
        "organisation", "reference", "updated_at", "forename", "middle_names", "surname",
        "category", "status", "missing_at",
    }  # fmt: skip


def test_what_a_layout_can_hold() -> None:
    assert layout_names() == (
        "register", "roster", "compact-like", "dfe-api", "eclipse-like", "force-export",
        "liquidlogic-like", "mosaic-like", "niche-like", "ssd-missing", "ssda903",
    )  # fmt: skip
    export = known_layouts()["force-export"]
    assert "legal_status" not in export.carries
    assert {"risk_level", "found_at"} <= export.carries
    assert "found_at" in CARRIES
    assert "forename" not in CARRIES


@pytest.mark.parametrize("name", [name for name in layout_names() if name != "ssda903"])
def test_every_layout_can_carry_what_a_report_needs(name: str) -> None:
    layout = known_layouts()[name]
    needed = {"reference", "category", "status", "missing_at"}
    assert layout.title
    # Whose it is stands in it, or the file is refused until that is said (--organisation).
    refused = "it does not say whose it is; give --organisation"
    complaints = check_headings(layout, list(layout.headings), None)
    assert (refused in complaints) is ("organisation" not in layout.carries)
    assert needed <= layout.carries or layout.kind == "roster"


OWN = """
name = "own"
title = "An authority's own export"
formats = ["YYYY-MM-DD"]
separator = "|"
[headings]
Child = "child_reference"
Left = "missing_at"
State = "status"
Flags = "risk_flags"

[made]
reference = ["Child", "Left"]

[constants]
organisation = "E08000035"
category = "away"

[codes.risk_flags]
T = "trafficking"
"""


def test_constants_and_a_reference_made_of_columns(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    layout = read_layout(tmp_path / "own.toml")
    assert {"organisation", "category", "reference"} <= layout.carries
    path = tmp_path / "own.csv"
    path.write_text("Child,Left,State,Flags\nC7,2026-03-01,open,T| self_harm\n", "utf-8")
    [item] = TableReader(check_file(path), layout, organisation=None, ends_on=None, now=NOW)
    assert isinstance(item, Read)
    assert item.reading.reference == "C7/2026-03-01"
    assert item.reading.organisation == "E08000035"
    assert item.reading.content["category"] == "away"
    assert item.reading.content["risk_flags"] == ["trafficking", "self_harm"]


def test_words_behind_the_first_go_to_another_field(tmp_path: Path) -> None:
    content = content_of(read_case(tmp_path, **{"Forename(s)": "Ottilie Mae  Rose"}))
    assert (content["forename"], content["middle_names"]) == ("Ottilie", "Mae Rose")
    assert "middle_names" not in content_of(read_case(tmp_path))


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('name = "own"', "", "it has no name"),
        ("separator", "seperator", "'seperator' is none of"),
        ('"status"', '"stats"', "'stats' is no field"),
        ("[codes.risk_flags]", "[codes.flags]", "'flags' is no field"),
        ('title = "An', 'kind = "child"\ntitle = "An', "its kind is none of missing, roster"),
        ('name = "own"', 'name = "own"\ntimezone = "Europe/Leeds"', "no time zone"),
        ("reference = [", "reference = [[", "cannot be read"),
        ("[constants]", '[rest]\nsurname = "more"\n[constants]', "'more' is no field"),
    ],
)
def test_a_layout_that_cannot_be_used(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(was, becomes, 1), "utf-8")
    with pytest.raises(Refused, match=r"The layout own.toml cannot") as refused:
        read_layout(path)
    assert said in str(refused.value)
