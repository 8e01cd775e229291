"""The same month through every layout says the same, as far as the layout can say it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from register.reports.fields import BY_NAME
from register.reports.files import open_source
from register.reports.layout_files import known_layouts
from register.reports.schema import Reading
from register.reports.source import Read
from register.simulation.layout_export import write_in
from register.terms import Kind, Sector
from tests.months import SECTORS, Sent, sent_by, write_own

NAMES = sorted(SECTORS)


@pytest.fixture(scope="module", name="month")
def _month() -> dict[str, list[Sent]]:
    return sent_by()


def read_all(path: Path, organisation: str, name: str) -> Iterator[Reading]:
    for item in open_source(path, name, organisation):
        assert isinstance(item, Read), item
        yield item.reading


def test_no_layout_is_left_out() -> None:
    own = {"register", "roster", "force-export"}
    assert set(NAMES) == known_layouts().keys() - own


@pytest.mark.parametrize("name", NAMES)
def test_the_same_month_says_the_same(
    name: str, month: dict[str, list[Sent]], tmp_path: Path
) -> None:
    layout = known_layouts()[name]
    count = 0
    for organisation, said in month.items():
        if sector_of(organisation) is not SECTORS[name]:
            continue
        path = tmp_path / f"{organisation}.{'json' if name == 'dfe-api' else 'csv'}"
        write_in(layout, path, said)
        own = tmp_path / f"{organisation}-own.csv"
        write_own(layout, own, said)
        theirs, ours = (
            list(read_all(path, organisation, name)),
            list(read_all(own, organisation, "register")),
        )
        assert [(each.reference, each.content) for each in theirs] == [
            (each.reference, each.content) for each in ours
        ]
        assert not any(each.doubtful.keys() - each_own.doubtful.keys()
                       for each, each_own in zip(theirs, ours, strict=True))  # fmt: skip
        count += len(ours)
    assert count > 300


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_with_two_codes_exchanged_is_seen(
    name: str, month: dict[str, list[Sent]], tmp_path: Path
) -> None:
    """The control: written with *missing* for *away*, the same test must tell."""
    layout = known_layouts()[name]
    organisation = next(code for code in month if sector_of(code) is SECTORS[name])
    path = tmp_path / f"month.{'json' if name == 'dfe-api' else 'csv'}"
    write_in(layout, path, month[organisation])
    text = path.read_text("utf-8")
    code = next(code for code, said in layout.codes["category"].items() if said == "missing")
    other = next(code for code, said in layout.codes["category"].items() if said == "away")
    mark = (f'"type": "{code}"', f'"type": "{other}"') if path.suffix == ".json" else (
        f",{code},", f",{other},")  # fmt: skip
    path.write_text(text.replace(*mark), "utf-8")
    own = tmp_path / "own.csv"
    write_own(layout, own, month[organisation])
    theirs = [each.content["category"] for each in read_all(path, organisation, name)]
    ours = [each.content["category"] for each in read_all(own, organisation, "register")]
    assert theirs != ours


def sector_of(organisation: str) -> Sector:
    return Sector.POLICE if organisation.startswith("E23") else Sector.AUTHORITY


def test_every_field_written_is_one_that_the_layout_has() -> None:
    for name in NAMES:
        layout = known_layouts()[name]
        assert layout.kind is Kind.MISSING
        assert layout.carries <= BY_NAME.keys()
        assert {"reference", "status", "missing_at", "category"} <= layout.carries


def test_the_safeguarding_dataset_tells_an_offer_from_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "ssd.csv"
    layout = known_layouts()["ssd-missing"]
    columns = [*layout.headings, *layout.made["return_interview_outcome"]]
    days = ["2026-03-01 21:40:00", "M", "2026-03-02 07:15:00"]
    answers = [("Y", "Y"), ("Y", "N"), ("N", "N"), ("NA", "NA"), ("", ""), ("N", ""), ("Y", "NULL")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(
            [f"T{number}", "C1", *days, *answer] for number, answer in enumerate(answers)
        )
    said = [each.content for each in read_all(path, "E08000035", "ssd-missing")]
    assert [each.get("return_interview_outcome") for each in said] == [
        "accepted", "declined", None, "not_required", None, None, None,
    ]  # fmt: skip
    assert {each["status"] for each in said} == {"closed"}
    assert said[0]["found_at"] == "2026-03-02T07:15:00+00:00"


def test_an_end_is_found_of_the_missing_and_back_of_those_away(tmp_path: Path) -> None:
    path = tmp_path / "ssd.csv"
    headings = ",".join(known_layouts()["ssd-missing"].headings)
    path.write_text(f"{headings}\n1,C1,2026-03-01,A,2026-03-02\n2,C1,2026-03-05,A,\n", "utf-8")
    ended, open_ = (each.content for each in read_all(path, "E08000035", "ssd-missing"))
    assert (ended["returned_at"], ended["status"]) == ("2026-03-02", "closed")
    assert "found_at" not in ended
    assert open_["status"] == "open"


CHILD = {
    "la_code": 383,
    "la_child_id": "C7",
    "purge": False,
    "child_details": {"first_name": "Ottilie", "surname": "Quill", "disabilities": ["NONE"]},
    "social_care_episodes": [
        {
            "child_looked_after_placements": [
                {"id": "P1", "start_date": "2026-01-01", "end_date": "2026-02-01",
                 "placement_type": "U1"},
                {"id": "P2", "start_date": "2026-02-02", "placement_type": "K2"},
            ]
        }
    ],
    "missing_episodes": [
        {"id": "M1", "type": "M", "status": "open", "start": "2026-03-01T21:40:00+00:00"},
        {"id": "M2", "type": "A", "status": "closed", "start": "2026-01-05", "end": "2026-01-06",
         "purge": True},
    ],
}  # fmt: skip


@pytest.mark.parametrize("lines", [False, True])
def test_children_as_json(tmp_path: Path, *, lines: bool) -> None:
    path = tmp_path / "children.json"
    other = {"la_code": 383, "la_child_id": "C8", "missing_episodes": []}
    children = (CHILD, other)
    path.write_text(
        "\n".join(map(json.dumps, children)) if lines else json.dumps(children, indent=1), "utf-8"
    )
    one, two = open_source(path)
    assert isinstance(one, Read)
    assert isinstance(two, Read)
    assert (one.line, one.reading.organisation, one.reading.reference) == (2, "E08000035", "M1")
    assert one.reading.content == {
        "child_reference": "C7", "forename": "Ottilie", "surname": "Quill",
        "placement_type": "K2", "placement_started_on": "2026-02-02",
        "category": "missing", "status": "open", "missing_at": "2026-03-01T21:40:00+00:00",
    }  # fmt: skip
    assert two.reading.content["status"] == "withdrawn"
    assert two.reading.content["placement_type"] == "U1"
