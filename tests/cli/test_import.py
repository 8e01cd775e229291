"""`register import`: what it prints, what it keeps, what it hands back."""

import csv
import hashlib
import re
from pathlib import Path

from tests.cli.conftest import AUTHORITY, Program, Write

LEEDS = {"organisation": AUTHORITY, "reference": "L1", "care_status": "looked_after"}
FIGURES = re.compile(
    r"(\d+) rows read, (\d+) accepted, (\d+) unchanged, (\d+) superseded, (\d+) rejected; "
)
STANDING = re.compile(
    r"(\d+) reports linked, (\d+) alone, (\d+) to review; (\d+) mismatches opened, (\d+) closed"
)
YEAR = "2026-01-01..2026-06-30"


def figures(printed: str) -> list[tuple[int, ...]]:
    return [tuple(int(number) for number in found) for found in FIGURES.findall(printed)]


def test_what_came_of_each_file_is_told_in_figures(register: Program, write: Write) -> None:
    police = write({}, {"reference": "R2", "forename": "Grace", "surname": "Hopper"}, name="p.csv")
    authority = write(LEEDS, name="l.csv")
    printed = register.do("import", police, authority)
    assert figures(printed) == [(2, 2, 0, 0, 0), (1, 1, 0, 0, 0)]
    ((linked, alone, review, opened, _),) = STANDING.findall(printed)
    assert (linked, alone, review) == ("2", "1", "0"), "as they stand when all are in"
    assert int(opened) > 0


def test_the_second_import_changes_nothing(register: Program, write: Write) -> None:
    files = (write({}, name="p.csv"), write(LEEDS, name="l.csv"))
    register.do("import", *files, "--extract", YEAR)
    before = {what: register.rows(what, "--all") for what in ("links", "mismatches", "episodes")}
    printed = register.do("import", *files, "--extract", YEAR)
    assert figures(printed) == [(1, 0, 1, 0, 0), (1, 0, 1, 0, 0)]
    assert "0 mismatches opened, 0 closed" in printed
    assert {what: register.rows(what, "--all") for what in before} == before
    assert "What stands is what follows" in register.do("rebuild", "--check")


def test_a_later_version_supersedes(register: Program, write: Write) -> None:
    register.do("import", write({"status": "open", "returned_at": ""}))
    later = write({"updated_at": "2026-03-04T10:00:00+00:00"}, name="later.csv")
    assert figures(register.do("import", later))[0] == (1, 1, 0, 1, 0)
    (episode,) = register.rows("episodes")
    assert episode["open"] == "no"


def test_bad_rows_go_to_a_file_that_can_be_mended_and_sent_again(
    register: Program, write: Write
) -> None:
    bad = {"reference": "R2", "missing_at": "last Monday"}
    printed = register.do("import", write({}, bad, {"reference": ""}), "--extract", YEAR)
    assert figures(printed)[0] == (3, 1, 0, 0, 2)
    path = Path(re.findall(r"reasons: (.+)", printed)[0])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rejected_line"] for row in rows] == ["3", "4"]
    assert [row["rejected_field"] for row in rows] == ["missing_at", "reference"]
    assert all(row["rejected_reason"] for row in rows)
    assert [row["surname"] for row in rows] == ["Byron", "Byron"], "nothing of it is lost"
    rows[0]["missing_at"] = "2026-03-02"
    rows[1]["reference"] = "R3"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    printed = register.do("import", path, "--extract", YEAR)
    assert figures(printed)[0] == (2, 2, 0, 0, 0)
    assert "These rows were handed back" in printed
    assert "G5" not in {row["rule"] for row in register.rows("mismatches")}


def test_two_senders_rejects_lie_side_by_side(embedded: Program, write: Write) -> None:
    paths = set()
    for reference in ("R1", "R2"):
        file = write({"reference": reference, "missing_at": "?"}, name="missing.csv")
        paths |= set(re.findall(r"reasons: (.+)", embedded.do("import", file)))
    assert len(paths) == 2
    assert all(Path(path).exists() for path in paths)


def test_all_or_nothing_applies_none_of_a_file_with_a_bad_row(
    register: Program, write: Write
) -> None:
    rows = [{"reference": f"R{number}"} for number in range(5)]
    mixed = write(*rows, {"missing_at": "?"}, name="mixed.csv")
    sentence = register.refuse("import", mixed, "--all-or-nothing", REGISTER_CHUNK_ROWS="2")
    assert "1 of 6 rows cannot go in" in sentence
    assert register.rows("links") == []
    good = write(*rows, name="good.csv")
    register.do("import", good, "--all-or-nothing", REGISTER_CHUNK_ROWS="2")
    assert len(register.rows("links")) == 5


def test_control_without_it_the_good_rows_go_in(register: Program, write: Write) -> None:
    register.do("import", write({}, {"reference": "R2", "missing_at": "?"}))
    assert len(register.rows("links")) == 1


def test_one_refused_file_loses_nothing_else(
    register: Program, write: Write, tmp_path: Path
) -> None:
    good, gone = write({}), tmp_path / "gone.csv"
    result = register.run("import", gone, good)
    assert result.exit_code == 1
    assert "There is no file gone.csv" in result.stderr
    assert figures(result.stdout)[0][:2] == (1, 1)


def test_files_sent_together_are_one_extract(register: Program, write: Write) -> None:
    """What stands in the first of them is not gone for standing no more in the second."""
    winter, spring = write({}, name="1.csv"), write({"reference": "R2"}, name="2.csv")
    printed = register.do("import", winter, spring, "--extract", YEAR)
    assert "Complete from 2026-01-01 to 2026-06-30: 1 organisations" in printed
    assert "G5" not in {row["rule"] for row in register.rows("mismatches")}
    register.do("import", spring, "--extract", "2026-01-01..2026-07-31")
    gone = [row for row in register.rows("mismatches") if row["rule"] == "G5"]
    assert len(gone) == 1, "sent alone, the second file says that the first one's row is gone"
    assert {row["status"] for row in _children(register)} == {"closed"}, "asked about, never closed"


def _children(register: Program) -> list[dict[str, str]]:
    return [
        {"status": "open" if row["open"] == "yes" else "closed"}
        for row in register.rows("episodes")
    ]


def test_nothing_is_complete_while_a_part_of_it_was_refused(
    register: Program, write: Write, tmp_path: Path
) -> None:
    register.do(
        "import",
        write({}, name="1.csv"),
        write({"reference": "R2"}, name="2.csv"),
        "--extract",
        YEAR,
    )
    result = register.run(
        "import", tmp_path / "1.csv", tmp_path / "gone.csv", "--extract", "2026-01-01..2026-07-31"
    )
    assert result.exit_code == 1
    assert "none of them counts as complete yet" in result.stderr
    assert "G5" not in {row["rule"] for row in register.rows("mismatches")}


def test_an_extract_may_go_on(register: Program, write: Write) -> None:
    printed = register.do("import", write({}), "--extract", "2026-01-01..")
    assert "Complete from 2026-01-01 on: 1 organisations" in printed


def test_days_that_are_none_are_told(embedded: Program, write: Write) -> None:
    for days in ("2026-02-30..2026-03-01", "yesterday", "2026-03-01", "2026-03-02..2026-03-01"):
        result = embedded.run("import", write({}), "--extract", days)
        assert result.exit_code == 2
        assert "is not two days" in result.stderr
    assert "still to come" in embedded.refuse(
        "import", write({}), "--extract", "2026-01-01..2999-01-01"
    )


def test_whose_file_it_is_can_be_said(register: Program, write: Write) -> None:
    file = write(
        {
            "reference": "R1",
            "surname": "Byron",
            "category": "missing",
            "status": "open",
            "missing_at": "2026-03-02",
        },
        usual=False,
    )
    register.do("import", file, "--organisation", AUTHORITY, "--layout", "register")
    assert [row["organisation"] for row in register.rows("links")] == [AUTHORITY]
    assert "No organisation has the code" in register.refuse("import", file, "--organisation", "X1")
    assert "There is no layout" in register.refuse("import", file, "--layout", "excel")


def test_a_return_is_read_with_the_tables_beside_it(register: Program, tmp_path: Path) -> None:
    tables = {
        "header": ("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB", "A1,1,04/05/2010,WBRI,,,"),
        "missing": ("CHILD,DOB,MISSING,MIS_START,MIS_END", "A1,04/05/2010,M,02/03/2026,03/03/2026"),
    }
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    printed = register.do(
        "import",
        tmp_path / "missing.csv",
        "--organisation",
        AUTHORITY,
        "--extract",
        "2025-04-01..2026-03-31",
    )
    assert figures(printed)[0][1] >= 1
    assert {row["organisation"] for row in register.rows("links")} == {AUTHORITY}


def test_it_is_logged_as_the_operators(register: Program, write: Write) -> None:
    register.do("import", write({}))
    register.refuse("import", "gone.csv")
    printed = register.do("audit", "verify")
    assert "The log is whole" in printed


def test_no_progress_bar_but_on_a_terminal(embedded: Program, write: Write) -> None:
    assert embedded.run("import", write({})).stderr == ""


def test_a_file_that_is_not_the_one_its_sender_counted_is_refused(
    register: Program, write: Write
) -> None:
    file = write({}, LEEDS)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    for told, said in (
        (("--rows", 3), "has 2 rows where its sender counted 3"),
        (("--sha256", "0" * 64), "is not what its sender took the fingerprint of"),
        (("--rows", 2, "--sha256", digest, file), "are of one file"),
    ):
        assert said in register.refuse("import", file, *told)
    assert register.rows("links") == []
    taken = register.do("import", file, "--rows", 2, "--sha256", digest.upper())
    assert figures(taken) == [(2, 2, 0, 0, 0)]


def test_many_rejects_are_a_mismatch_of_the_sender_s(register: Program, write: Write) -> None:
    register.do("import", write({}, {"reference": "R2", "missing_at": "last Monday"}))
    (fault,) = register.rows("feeds")
    assert (fault["rule"], fault["severity"]) == ("G2", "medium")
    assert [row for row in register.rows("mismatches") if row["rule"] == "G2"] == [], "no child's"
    register.do("import", write({}, name="better.csv"))
    assert register.rows("feeds") == []
