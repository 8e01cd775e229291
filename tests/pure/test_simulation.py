"""The simulated month: the same each time, complete, and with every kind of disagreement."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from register.reports.fields import BY_NAME
from register.simulation.days import local_day
from register.simulation.force_export import wall_clock
from register.simulation.identifiers import passes, upn_check_letter, with_wrong_check
from register.simulation.month import SEED, simulate, write_month
from register.simulation.places import AUTHORITIES, FORCES
from register.terms import LONDON

Rows = list[dict[str, str]]
KINDS = """A1 A2 A3 A4 A5 A6 unknown_care cannot_compare B1 B2 B3 B4 B5 C1 C2 C3 C5 C6 D1 D2 D3 D5
    D6 E1 E2 E4 F3 rule_567 rule_581 rule_586 away_only corrected host_row late_interview
    located_not_returned out_of_area rejected repeat_runaway repeated_hour siblings_together twin
    two_forces_closed unaccompanied withdrawn""".split()

# What sets a child or a case apart without the two sides telling it differently.
HARMLESS = set(
    """out_of_area twin unaccompanied siblings_together repeat_runaway repeated_hour corrected D1 D2
    D3 D6""".split()
)


def as_day(value: object) -> date:
    assert isinstance(value, date)  # a datetime is a date
    return local_day(value) if isinstance(value, datetime) else value


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Written:
    """A month as it lies on disk."""

    def __init__(self, folder: Path, seed: int = SEED) -> None:
        self.folder = folder
        self.files = write_month(folder, seed)
        self.truth = read(folder / "truth.csv")
        self.planted = read(folder / "planted.csv")

    def rows(self, layout: str) -> Rows:
        return [row for file in self.files if file.layout == layout for row in read(file.path)]

    def references(self, kind: str) -> set[tuple[str, str]]:
        return {(r["organisation"], r["reference"]) for r in self.planted if r["kind"] == kind}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(tmp_path_factory.mktemp("month"))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, month: Written) -> None:
    again, other = Written(tmp_path / "again"), Written(tmp_path / "other", seed=2)
    for file in month.files:
        place = file.path.relative_to(month.folder)
        assert file.path.read_bytes() == (again.folder / place).read_bytes()
        assert file.path.read_bytes() != (other.folder / place).read_bytes()
    for name in ("truth.csv", "planted.csv"):
        assert (month.folder / name).read_bytes() == (again.folder / name).read_bytes()


def test_five_forces_and_eight_authorities_send_three_thousand_reports(month: Written) -> None:
    senders = {row["organisation"] for row in month.truth}
    assert senders == {*FORCES, *(authority.code for authority in AUTHORITIES)}
    assert 2800 < len(month.truth) < 3200
    assert Counter(file.layout for file in month.files) == {
        "roster": 8, "register": 10, "ssda903": 2, "force-export": 1,
    }  # fmt: skip


def test_about_1400_children_are_known_to_somebody(month: Written) -> None:
    on_rosters = {(row["organisation"], row["child_reference"]) for row in month.rows("roster")}
    not_in_care = {
        person
        for row, person in ((row, row["person"]) for row in month.truth)
        if (row["organisation"], row["reference"])
        in month.references("A6") | month.references("unknown_care")
    }
    assert 1250 < len(on_rosters | not_in_care) < 1500


def test_every_reference_is_told_once(month: Written) -> None:
    references = Counter((row["organisation"], row["reference"]) for row in month.truth)
    assert max(references.values()) == 1


@pytest.mark.parametrize("seed", [903, 1, 2])
def test_every_kind_of_disagreement_is_there(tmp_path: Path, seed: int) -> None:
    kinds = {row["kind"] for row in Written(tmp_path, seed).planted}
    assert kinds == set(KINDS)


def test_most_reports_agree(month: Written) -> None:
    apart = {kind for kind in KINDS if kind[0] in "BCDEF" and kind[1].isdigit()}
    apart |= {"A1", "A2", "A3", "A4", "A5"}
    planted = {(r["organisation"], r["reference"]) for r in month.planted if r["kind"] in apart}
    assert len(planted) < 0.25 * len(month.truth)


def test_some_children_are_still_missing(month: Written) -> None:
    person = {(r["organisation"], r["reference"]): r["person"] for r in month.truth}
    current = {(r["organisation"], r["reference"]): r["status"] for r in month.rows("register")}
    current |= {(r["Force"], r["Misper Ref"]): r["Case State"] for r in month.rows("force-export")}
    still = {
        person[key] for key, status in current.items()
        if status in ("open", "located", "LIVE", "LOCATED")
    }  # fmt: skip
    assert 40 <= len(still) <= 80


def test_one_child_went_missing_most_nights(month: Written) -> None:
    person = {(r["organisation"], r["reference"]): r["person"] for r in month.truth}
    runaways = {person[key] for key in month.references("repeat_runaway")}
    assert len(runaways) == 1
    by_force = Counter(
        (row["person"], row["organisation"])
        for row in month.truth
        if row["person"] in runaways and row["organisation"] in FORCES
    )
    assert 20 <= max(by_force.values()) <= 25


def test_the_register_takes_every_value_but_those_meant_to_be_wrong(month: Written) -> None:
    wrong = []
    for row in month.rows("register") + month.rows("roster"):
        for name, text in row.items():
            if not text:
                continue
            for part in text.split(";") if BY_NAME[name].many else [text]:
                try:
                    BY_NAME[name].parse(part)
                except ValueError:
                    wrong.append((name, row["organisation"], row.get("reference", "")))
    expected = month.references("D3") | month.references("rejected")
    assert {name for name, _, _ in wrong} <= {"nhs_number", "upn", "home_postcode", "missing_at"}
    police = [item for item in wrong if item[1] in FORCES and item[0] != "home_postcode"]
    assert police
    assert {(organisation, reference) for _, organisation, reference in police} <= expected


def test_numbers_are_synthetic_and_mostly_pass_their_check(month: Written) -> None:
    rows = month.rows("register") + month.rows("roster")
    numbers = [row["nhs_number"] for row in rows if row["nhs_number"]]
    numbers += [row["NHS No"] for row in month.rows("force-export") if row["NHS No"]]
    pupils = [row["upn"] for row in rows if row["upn"]]
    assert all(number.startswith("9") for number in numbers)
    assert 0.97 < sum(map(passes, numbers)) / len(numbers) < 1
    assert 0.97 < sum(map(passes, pupils)) / len(pupils) < 1


def test_the_checks_are_those_of_the_domain() -> None:
    assert passes("9434765919")
    assert not passes("9434765918")
    assert passes("B801200005001")
    assert upn_check_letter("801200005001") == "B"


def test_a_number_spoilt_on_purpose_fails() -> None:
    rng = Random(1)  # noqa: S311 - no secret
    assert not any(passes(with_wrong_check(rng, "9434765919")) for _ in range(200))


def test_unaccompanied_children_have_a_reference_and_an_assumed_birth_date(
    month: Written,
) -> None:
    rows = {
        row["child_reference"] + row["organisation"]: row
        for row in month.rows("register")
        if row["unaccompanied"] == "yes" and row["care_status"] and row["legal_status"]
    }
    assert len(rows) > 40
    assert all(row["home_office_reference"] for row in rows.values())
    first_of_january = [row for row in rows.values() if row["date_of_birth"].endswith("-01-01")]
    assert len(first_of_january) > len(rows) / 3
    assert {row["date_of_birth_precision"] for row in rows.values()} == {"estimated", "disputed"}
    assert sum(not row["nhs_number"] for row in rows.values()) > len(rows) * 0.7


def test_the_repeated_hour_is_told_apart(month: Written) -> None:
    assert wall_clock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "25/10/2026 01:30A"
    assert wall_clock(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "25/10/2026 01:30B"
    assert wall_clock(datetime(2026, 10, 25, 2, 30, tzinfo=UTC)) == "25/10/2026 02:30"
    assert wall_clock(datetime(2026, 10, 24, 12, 0, tzinfo=UTC)) == "24/10/2026 13:00"
    cells = [cell for row in month.rows("force-export") for cell in row.values()]
    assert any(cell.endswith("A") and cell.startswith("25/10/2026 01:") for cell in cells)
    assert any(cell.endswith("B") and cell.startswith("25/10/2026 01:") for cell in cells)
    told = [datetime.fromisoformat(row["missing_at"]) for row in month.rows("register")
            if "T01:" in row["missing_at"] and row["missing_at"].startswith("2026-10-25")
            and row["organisation"] == "E23000001"]  # fmt: skip
    assert all(moment.astimezone(LONDON).hour == 1 for moment in told)


def test_a_correction_comes_before_what_it_corrects(month: Written) -> None:
    versions: dict[tuple[str, str], list[datetime]] = {}
    for row in month.rows("register"):
        key = row["organisation"], row["reference"]
        versions.setdefault(key, []).append(datetime.fromisoformat(row["updated_at"]))
    several = {key: times for key, times in versions.items() if len(times) > 1}
    assert several.keys() <= month.references("corrected")
    assert len(several) > 15
    assert all(first < second for first, second in several.values())


def test_nothing_is_told_after_the_end_of_an_extract(month: Written) -> None:
    for file in month.files:
        if file.layout != "register":
            continue
        assert file.extract_from == date(2026, 10, 5)
        for row in read(file.path):
            changed = datetime.fromisoformat(row["updated_at"])
            assert changed.astimezone(LONDON).date() <= file.extract_to or (
                changed.astimezone(LONDON).strftime("%H:%M") == "00:00"
            )
    ends = {file.organisation: file.extract_to for file in month.files}
    assert Counter(ends.values()) == {date(2026, 11, 4): 12, date(2026, 11, 1): 1}


def test_a_return_has_the_columns_of_the_guide(month: Written) -> None:
    for file in month.files:
        if file.layout != "ssda903":
            continue
        missing = read(file.path)
        header = read(file.path.with_name("header.csv"))
        episodes = read(file.path.with_name("episodes.csv"))
        assert list(missing[0]) == ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]
        assert {row["CHILD"] for row in header} == {row["CHILD"] for row in episodes}
        assert {row["CHILD"] for row in missing} <= {row["CHILD"] for row in header}
        assert {row["MISSING"] for row in missing} <= {"M", "A", "X"}


def test_what_was_not_planted_agrees() -> None:
    _, _, cases = simulate(Random(903))  # noqa: S311 - no secret
    agreeing = 0
    for case in cases:
        kinds = set().union(*(said.kinds for said in case.police + case.authority))
        if kinds & (set(KINDS) - HARMLESS) or not (case.police and case.authority):
            continue
        police, authority = case.police[0].values, case.authority[0].values
        assert police["status"] == authority["status"]
        assert abs(as_day(police["missing_at"]) - as_day(authority["missing_at"])).days <= 1
        if police["returned_at"]:
            assert as_day(police["returned_at"]) == as_day(authority["returned_at"])
        agreeing += 1
    assert agreeing > 500


def test_only_planted_times_contradict_each_other() -> None:
    _, _, cases = simulate(Random(903))  # noqa: S311 - no secret
    order = ("missing_at", "reported_at", "found_at", "returned_at", "closed_at")
    for said in (said for case in cases for said in case.police):
        times = [said.values[name] for name in order if said.values[name]]
        if said.kinds.isdisjoint({"C6", "rejected", "D5", "C5"}):
            assert times == sorted(times, key=str)


def test_a_child_is_never_missing_twice_at_once() -> None:
    _, _, cases = simulate(Random(903))  # noqa: S311 - no secret
    last: dict[str, datetime] = {}
    for going in (case.going for case in cases):
        person = going.resident.child.person
        assert person not in last or last[person] < going.missing_at
        last[person] = going.returned_at or datetime.max.replace(tzinfo=UTC)
