"""The simulated month through the whole register: what was planted is what it finds."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import unwrap
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from register.intake import Intake
from register.linkage.models import Membership
from register.mismatches.cases import askable
from register.mismatches.hearing import Hearing
from register.mismatches.models import Mismatch
from register.reports.files import open_source
from register.reports.models import Report
from register.reports.organisations import current_code
from register.simulation.month import write_month
from register.terms import Kind
from register.work import OPERATOR, begin_work

ARRIVED = datetime(2026, 11, 5, 7, tzinfo=UTC)
FOUND_ALWAYS = "A1 A2 A3 A6 B2 B3 B4 B5 C2 C3 C5 C6 D3 D5 E2 E4 F3".split()
# A few of these stand on reports that are not linked by themselves, but go to a person.
FOUND_MOSTLY = "A4 A5 B1 C1 D1 D2 D6 E1".split()
NO_ALARM = "withdrawn away_only located_not_returned two_forces_closed host_row".split()
ALARMS = {"A1", "A2", "B2", "E4"}


@dataclass(frozen=True, slots=True)
class Found:
    """Open mismatches by child; planted kinds and true persons by child."""

    rules: dict[int, set[str]]
    planted: dict[str, set[int]]
    persons: dict[int, set[str]]
    rejected: int


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def take_in(engine: Engine, folder: Path) -> int:
    rejected = 0
    for file in write_month(folder):
        days = (file.extract_from, file.extract_to)
        source = open_source(file.path, file.layout, file.organisation, days, ARRIVED)
        intake = Intake(engine, OPERATOR, folder / "rejects" / file.path.name)
        rejected += intake.take(file.path.name, source, days, lambda _: None).rejected
    return rejected


@pytest.fixture
def found(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Found:
    # All work of this test is done on the morning after the month, whenever it is run.
    monkeypatch.setitem(unwrap(begin_work).__kwdefaults__, "clock", lambda: ARRIVED)
    rejected = take_in(engine, tmp_path)
    rules, planted, persons = defaultdict(set), defaultdict(set), defaultdict(set)
    with begin_work(engine, writes=False) as work:
        held = select(Mismatch.child, Mismatch.rule).where(Mismatch.known_to.is_(None))
        for child, rule in work.session.execute(held):
            rules[child].add(rule)
        member = (
            select(Report.organisation, Report.reference, Membership.child_id)
            .join(Membership, Membership.report_id == Report.id)
            .where(Membership.known_to.is_(None), Report.kind == Kind.MISSING)
        )
        children = {(row[0], row[1]): row[2] for row in work.session.execute(member)}
    for row in read(tmp_path / "planted.csv"):
        if row["kind"] != "rejected":
            planted[row["kind"]].add(children[row["organisation"], row["reference"]])
    for row in read(tmp_path / "truth.csv"):
        persons[children[row["organisation"], row["reference"]]].add(row["person"])
    return Found(rules, planted, persons, rejected)


def test_what_was_planted_is_found(found: Found) -> None:
    """One test, for the month takes a while to go in."""
    assert found.rejected == 2
    assert all(len(persons) == 1 for persons in found.persons.values())
    split = Counter(person for persons in found.persons.values() for person in persons)
    assert sum(count > 1 for count in split.values()) < 0.02 * len(split)

    def share(kind: str) -> float:
        children = found.planted[kind]
        return sum(kind in found.rules.get(child, ()) for child in children) / len(children)

    assert {kind: share(kind) for kind in FOUND_ALWAYS} == dict.fromkeys(FOUND_ALWAYS, 1.0)
    assert {kind for kind in FOUND_MOSTLY if share(kind) < 0.75} == set()
    for kind in NO_ALARM:
        apart = found.planted[kind] - set().union(*(found.planted[alarm] for alarm in ALARMS))
        assert not any(found.rules.get(child, set()) & ALARMS for child in apart), kind


def test_rules_ask_only_about_organisations_whose_extracts_were_read(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another, that was not read, they would take silence for nothing."""
    hears, others, unread = Hearing.hears, set[str](), set[str]()

    def noted(hearing: Hearing, organisation: str, at: datetime, field: str = "missing_at") -> bool:
        around = {organisation, current_code(organisation)}
        others.update(around - {each.organisation for each in hearing.case.statements})
        unread.update(around - askable(hearing.case.statements))
        return hears(hearing, organisation, at, field)

    monkeypatch.setattr(Hearing, "hears", noted)
    take_in(engine, tmp_path)
    assert not unread
    assert others, "the control: reading the senders' own would not do"
