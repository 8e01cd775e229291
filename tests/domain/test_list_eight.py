"""Annex A list 8 beside what the register works out."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.errors import Refused
from register.inspection.list_eight import Comparison, compare_list
from register.reports.annex_a import COLUMNS, read_list
from register.work import begin_work
from tests.inspections import AT, CORA, admit
from tests.registers import AUTHORITY, say, send

HEADINGS = (
    "ChildUniqueID,Number of missing episodes from placement in last 12 months,"
    "Number of absent/away episodes in last 12 months,"
    "Offered return interview after last missing,Accepted return interview after last missing\n"
)


def compare(
    engine: Engine, folder: Path, rows: str, on: date, as_at: datetime | None = None
) -> Comparison:
    path = folder / "list.csv"
    path.write_text(HEADINGS + rows, "utf-8")
    now = AT + timedelta(days=30)
    with begin_work(engine, CORA, clock=lambda: now, writes=False, as_at=as_at) as work:
        return compare_list(work, read_list(path), AUTHORITY, on)


def list_register(engine: Engine, now: datetime) -> None:
    def night(reference: str, day: str, back: str, **said: str) -> object:
        own = {"child_reference": reference, "surname": f"{reference}-Test"}
        care = {"care_status": "looked_after", "responsible_authority": AUTHORITY}
        return say(
            AUTHORITY,
            f"{reference}/{day}",
            **(own | care | {"missing_at": day, "returned_at": back} | said),
        )

    offered = {"return_interview_offered_at": "2026-02-03", "return_interview_outcome": "declined"}
    readings = [
        night("L-1", "2025-03-03", "2025-03-04"),
        night("L-1", "2025-03-04", "2025-03-05"),
        night("L-1", "2026-02-01", "2026-02-02", **offered),
        night("L-1", "2026-02-10", "2026-02-11", category="away"),
        night("L-2", "2026-02-01", "2026-02-02", return_interview_at="2026-02-03"),
        night("L-3", "2026-02-01", "2026-02-02"),
        night("L-4", "2026-02-01", "2026-02-02", care_status="none"),
    ]
    send(engine, readings, now=now)  # type: ignore[arg-type]  # readings of reports


def test_list_eight_is_held_against_the_register(engine: Engine, tmp_path: Path) -> None:
    admit(engine)
    list_register(engine, AT)
    rows = "L-1,2,1,a) Yes,b) No\nL-2,2,0,a) Yes,a) Yes\nL-9,0,0,,\nL-4,0,0,,\n"
    found = compare(engine, tmp_path, rows, date(2026, 3, 3))
    by_reference = {each.reference: each for each in found.children}
    one, two, nobody, four = (by_reference[f"L-{n}"] for n in (1, 2, 9, 4))
    assert [one.values[n].register for n in COLUMNS] == ["2", "1", "yes", "no"]
    assert not one.differs
    assert [two.values[n].register for n in COLUMNS] == ["1", "0", "yes", "yes"]
    assert two.values["missing"].standing == "differs"
    assert nobody.number == ""
    assert {each.standing for each in nobody.values.values()} == {"unknown"}
    assert [four.values[n].register for n in COLUMNS] == ["0", "0", "", ""]
    assert len(found.lacking) == 1, "L-3 is not in the list, L-4 was not looked after"
    assert found.totals["missing"] == {"agrees": 2, "differs": 1, "unknown": 1}
    before = compare(engine, tmp_path, rows, date(2026, 3, 3), AT - timedelta(hours=1))
    assert all(not each.number for each in before.children), "as at: nothing was known then"
    later = compare(engine, tmp_path, rows, date(2026, 3, 4))
    assert later.children[0].values["missing"].register == "1", "twelve months to that day"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ChildUniqueID,Gender\nL-1,M\n", "lacks 4 of the four columns"),
        ("Name,Gender\nL-1,M\n", "no list 8"),
        (HEADINGS.replace("\n", ",Child ID\n"), "lacks"),
        ("", "empty"),
        ("PK\x03\x04", "Excel"),
    ],
)
def test_what_is_no_list_is_refused(
    engine: Engine, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    with begin_work(engine, CORA, clock=lambda: AT, writes=False) as work:
        if sentence == "lacks":
            assert compare_list(work, read_list(path), AUTHORITY, AT.date()).children == ()
            return
        with pytest.raises(Refused, match=sentence):
            compare_list(work, read_list(path), AUTHORITY, AT.date())


def test_lines_that_cannot_be_read_are_told(engine: Engine, tmp_path: Path) -> None:
    rows = "L-1,x,0,,\nL-1,1,0,maybe,\n,1,0,,\nL-2,1,0,,\nL-2,2,0,,\nL-3,1\nL-4,99999,0,,\n"
    found = compare(engine, tmp_path, rows, date(2026, 3, 3))
    assert [line for line, _ in found.rejected] == [2, 3, 4, 6, 7, 8]
    assert [each.reference for each in found.children] == ["L-2"]
