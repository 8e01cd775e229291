"""`export`, `evaluate` and `link`: the columns of the contract, cells that run nowhere, figures."""

import csv
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from register.audit.models import AuditEvent
from register.audit.private import keep_keys_in, words_of
from register.clock import judged_to
from register.inspection.cells import safe
from register.work import begin_work
from tests.cli.conftest import ADA, AUTHORITY, FORCE, Program, Write

COLUMNS = {
    "links": "organisation,reference,child,episode,decision",
    "reviews": "organisation_a,reference_a,organisation_b,reference_b,probability,reasons",
    "mismatches": (
        "child,episode,rule,field,severity,owner,police_value,authority_value,opened_at,due_at,"
        "state"
    ),
}
LEEDS = {"organisation": AUTHORITY, "reference": "L1", "care_status": "looked_after"}
PLACES = {"home_postcode": "LS1 4AP", "placement_postcode": "LS2 8NP", "missing_from": "12 Elm Row"}
NUMBER = re.compile(r"C-[0-9A-Z]{6}-[0-9A-Z]")


@pytest.fixture
def filled(register: Program, write: Write) -> Program:
    """A child on whom both sides report, differently, and one whom police alone have."""
    alone = {
        "reference": "R2",
        "forename": "Grace",
        "surname": "Hopper",
        "status": "open",
        "returned_at": "",
        "date_of_birth": "2011-12-09",
    }
    nameless = {"reference": "R3", "forename": "", "home_postcode": "LS1 4AP"}
    register.do("import", write({**PLACES, "child_reference": "c1"}, alone, nameless, name="p.csv"))
    register.do(
        "import",
        write(
            {**LEEDS, **PLACES, "date_of_birth": "2010-04-05", "nhs_number": "9000000009"},
            name="l.csv",
        ),
    )
    return register


@pytest.mark.parametrize("what", COLUMNS)
def test_the_columns_are_the_contracts(filled: Program, what: str) -> None:
    assert filled.do("export", what).splitlines()[0] == COLUMNS[what]
    assert filled.do("export", what, "--all").splitlines()[0] == COLUMNS[what]


def test_every_report_stands_in_the_links_once(filled: Program) -> None:
    rows = filled.rows("links")
    assert [(row["organisation"], row["reference"]) for row in rows] == [
        (FORCE, "R1"), (FORCE, "R2"), (FORCE, "R3"), (AUTHORITY, "L1"),
    ]  # fmt: skip
    assert {row["decision"] for row in rows} == {"linked", "alone"}
    assert all(NUMBER.fullmatch(row["child"]) for row in rows)
    children = {row["child"] for row in rows}
    assert {row["child"] for row in filled.rows("children")} == children
    assert {row["child"] for row in filled.rows("episodes")} <= children
    assert {row["child"] for row in filled.rows("mismatches")} <= children


def test_the_open_mismatches_and_with_all_the_closed_too(filled: Program, write: Write) -> None:
    before = {(row["rule"], row["field"]) for row in filled.rows("mismatches")}
    assert ("D1", "date_of_birth") in before
    agreed = write({**LEEDS, **PLACES, "updated_at": "2026-03-04T10:00:00+00:00"}, name="2.csv")
    filled.do("import", agreed)
    now = {(row["rule"], row["field"]) for row in filled.rows("mismatches")}
    assert ("D1", "date_of_birth") not in now
    states = {(row["rule"], row["state"]) for row in filled.rows("mismatches", "--all")}
    assert ("D1", "corrected_by_la") in states
    assert "superseded" not in {state for _, state in states}


def test_protected_values_are_in_no_export(filled: Program) -> None:
    for what in ("links", "reviews", "children", "episodes", "mismatches"):
        printed = filled.do("export", what, "--all")
        assert not [place for place in PLACES.values() if place in printed]


def test_json_holds_the_same(filled: Program) -> None:
    for what in ("links", "reviews", "children", "episodes", "mismatches"):
        assert json.loads(filled.do("export", what, "--format", "json")) == [
            {name: cell.removeprefix("'") for name, cell in row.items()}
            for row in filled.rows(what)
        ]


def test_no_cell_is_a_formula(register: Program, write: Write) -> None:
    for number, start in enumerate("=+-@"):
        file = write({"reference": f"{start}1+1", "surname": f"{start}cmd|x"}, name=f"{number}.csv")
        register.do("import", file)
    for what in ("links", "children", "mismatches"):
        cells = [cell for row in register.rows(what) for cell in row.values() if cell]
        assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
    assert {row["reference"] for row in register.rows("links")} == {
        "'=1+1",
        "'+1+1",
        "'-1+1",
        "'@1+1",
    }


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_control_such_a_cell_would_run(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert safe(f"a{cell}") == f"a{cell}"


def moment(register: Program) -> str:
    """Give the moment up to which the register has been brought."""
    engine = register.engine()
    with begin_work(engine, writes=False) as work:
        at = judged_to(work)
    engine.dispose()
    return at.isoformat()


def test_what_was_known_at_a_time_is_given_byte_for_byte(filled: Program, write: Write) -> None:
    what = ("links", "reviews", "children", "episodes", "mismatches")
    asked = [(each, *more) for each in what for more in ((), ("--all",), ("--format", "json"))]
    at, then = moment(filled), [filled.do("export", *each) for each in asked]
    agreed = write({**LEEDS, **PLACES, "updated_at": "2026-03-04T10:00:00+00:00"}, name="2.csv")
    filled.do("import", agreed)
    assert [filled.do("export", *each, "--as-at", at) for each in asked] == then
    now = [filled.do("export", *each) for each in asked]
    assert now != then, "control"
    assert [filled.do("export", *each, "--as-at", moment(filled)) for each in asked] == now
    assert len(filled.do("export", "links", "--as-at", "2020-01-01").splitlines()) == 1


def test_nobody_knows_what_will_be_known(filled: Program) -> None:
    assert "still to come" in filled.refuse("export", "links", "--as-at", "2999-01-01")
    wrong = filled.run("export", "links", "--as-at", "2026-03-03 02:10")
    assert (wrong.exit_code, "with its offset" in wrong.stderr) == (2, True)


def test_an_export_is_narrowed_to_an_organisation_and_to_days(filled: Program) -> None:
    every = filled.rows("children")
    own = filled.rows("children", "--organisation", AUTHORITY)
    assert 0 < len(own) < len(every)
    assert all(AUTHORITY in row["organisations"] for row in own)
    for what in ("links", "episodes", "mismatches"):
        assert {row["child"] for row in filled.rows(what, "--organisation", AUTHORITY)} <= {
            row["child"] for row in own
        }
        assert filled.rows(what, "--during", "2026-03-01..2026-03-31")
        assert not filled.rows(what, "--during", "2020-01-01..2020-12-31")
    assert "No organisation" in filled.refuse("export", "links", "--organisation", "E99")


def test_an_export_stands_in_the_log_with_whom_it_was_for(filled: Program) -> None:
    filled.do("export", "children", "--recipient", "Ofsted", "--purpose", "inspection")
    engine = filled.engine()
    with begin_work(engine, writes=False) as work:
        (entry,) = work.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == "export:disclosed")
        )
        assert (entry.subject, entry.actor, entry.role) == ("children", "operator", "operator")
        assert "Ofsted" not in entry.detail
        keep_keys_in(engine, filled.folder)
        words = words_of(work.session, entry.seq, entry.kind, entry.detail)
        assert words == {"recipient": "Ofsted", "purpose": "inspection"}
        given = select(AuditEvent.subject).where(AuditEvent.kind == "child:disclosed")
        told = sorted(work.session.scalars(given))
        assert told == sorted(f"child {row['child']}" for row in filled.rows("children"))
        assert entry.facts["children"] == len(told)
    engine.dispose()


def truth(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "truth.csv"
    path.write_text(f"organisation,reference,person\n{rows}", "utf-8")
    return path


def test_the_register_is_held_against_a_truth(filled: Program, tmp_path: Path) -> None:
    printed = filled.do(
        "evaluate",
        truth(tmp_path, f"{FORCE},R1,a\n{FORCE},R2,b\n{FORCE},R3,c\n{AUTHORITY},L1,a\n"),
    )
    assert re.search(r"across the two sides +1 +1 +1\.0000 +1\.0000 +1\.0000 +1\.0000", printed)
    assert "Wrong-child links: 0" in printed


def test_wrong_links_are_counted_and_listed(filled: Program, tmp_path: Path) -> None:
    printed = filled.do(
        "evaluate", truth(tmp_path, f"{FORCE},R1,a\n{AUTHORITY},L1,b\n{FORCE},gone,b\n")
    )
    assert "Wrong-child links: 1, and 0 of orphan twins" in printed
    assert f"{AUTHORITY} L1  with  {FORCE} R1" in printed
    assert "1 reports of the truth are not there" in printed


def test_linking_without_a_database_gives_the_same(
    register: Program, write: Write, tmp_path: Path
) -> None:
    rows = [{"reference": f"={n}", "surname": name} for n, name in enumerate(("Byron", "King"))]
    police = write(*rows, {"reference": "bad", "missing_at": "?"}, name="p.csv")
    authority = write(*({**LEEDS, **row} for row in rows), name="l.csv")
    out = tmp_path / "out"
    printed = register.do("link", police, authority, "--output", out)
    assert "4 reports of 2 children: 4 linked, 0 alone" in printed
    assert "1 rows rejected" in printed
    register.do("import", police, authority)
    for name in ("links", "reviews"):
        head = (out / f"{name}.csv").read_text("utf-8").splitlines()[0]
        assert head == COLUMNS[name]
    with (out / "links.csv").open(encoding="utf-8", newline="") as file:
        linked = [(row["reference"], row["decision"]) for row in csv.DictReader(file)]
    assert sorted(linked) == sorted((r["reference"], r["decision"]) for r in register.rows("links"))
    people = truth(tmp_path, "".join(f"{o},={n},{n}\n" for n in (0, 1) for o in (FORCE, AUTHORITY)))
    of_folder = register.do("evaluate", people, "--links", out)
    assert re.search(r"all +2 +2 +1\.0000 +1\.0000", of_folder)
    assert of_folder == register.do("evaluate", people)


def test_the_version_that_counts_is_linked_whatever_its_place(
    embedded: Program, write: Write, tmp_path: Path
) -> None:
    rows = [{"updated_at": "2026-03-04T10:00:00+00:00"}, {"surname": "King"}]
    for number, order in enumerate((rows, rows[::-1])):
        police, authority = write(*order, name=f"p{number}.csv"), write(LEEDS, name="l.csv")
        embedded.do("link", police, authority, "--output", tmp_path / f"{number}")
    one, two = ((tmp_path / f"{n}" / "links.csv").read_text("utf-8") for n in (0, 1))
    assert one == two
    assert one.count("linked") == 2


def test_files_that_are_no_truth_are_refused(embedded: Program, tmp_path: Path) -> None:
    assert "No such file" in embedded.refuse("evaluate", tmp_path / "gone.csv").replace(
        "no such", "No such"
    )
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    assert "lacks the columns organisation, person, reference" in embedded.refuse("evaluate", other)
    other.write_bytes(b"organisation,reference,person\n\xff,1,2\n")
    assert "UTF-8" in embedded.refuse("evaluate", other)
    assert "no such file" in embedded.refuse(
        "evaluate", truth(tmp_path, ""), "--links", tmp_path / "none"
    )


def test_an_output_that_cannot_be_written_is_told(
    embedded: Program, write: Write, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.write_text("a file", "utf-8")
    assert "file exists" in embedded.refuse("link", write(ADA), write(ADA), "--output", there)
