"""`explain`, `what-if`, `model show` and `model adopt`, as their users run them."""

from pathlib import Path

import pytest

from register import clock, pipeline
from register.linkage.enactments import BROUGHT
from register.linkage.seen import seen_of
from register.work import begin_work
from tests.cli.conftest import AUTHORITY, FORCE, Program, Write

PLACE = "LS1 4AP"
OPEN = {"status": "open", "returned_at": ""}
L1 = {"organisation": AUTHORITY, "reference": "L1"}
TEXT = BROUGHT.read_text("utf-8")


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Give a model file that links nobody."""
    before, rest = TEXT.replace('version = "', 'version = "stricter ', 1).split("link = ", 1)
    path = tmp_path / "stricter.toml"
    path.write_text(f"{before}link = 1.5\n{rest.split(chr(10), 1)[1]}", "utf-8")
    return path


@pytest.fixture
def filled(register: Program, write: Write) -> Program:
    """Give a register with a child who is missing now, linked from two sides."""
    register.do("import", write({**OPEN, "home_postcode": PLACE}, {**L1, "home_postcode": PLACE}))
    return register


def test_a_pair_is_explained_without_a_value(filled: Program) -> None:
    printed = filled.do("explain", f"{FORCE}/R1", f"{AUTHORITY}/L1")
    assert "The two give the same forename, date of birth, surname, home postcode" in printed
    assert "Fewer than one pair of" in printed
    assert "one child now, C-000001-V" in printed
    assert not [value for value in (PLACE, "Ada", "Byron", "2010") if value in printed]
    lines = [line for line in printed.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines][:3] == ["Bits", "before", "forename"]
    assert len(lines) == 12


def test_a_child_is_explained_now_and_as_it_was(filled: Program) -> None:
    (child,) = {row["child"] for row in filled.rows("links")}
    told = filled.do("explain", child)
    for heading in ("Reports", "Why they are one child", "Values", "Missing episode", "Mismatches"):
        assert f"\n{heading}" in told
    assert f"{AUTHORITY}/L1 with {FORCE}/R1, by linking: " in told
    assert f"Surname: Byron, by {AUTHORITY}, {FORCE}" in told
    engine = filled.engine()
    with begin_work(engine) as work:
        at = clock.judged_to(work)
        seen = seen_of(work, [1])
        pipeline.split(work, 1, [2], "Two cousins.", seen)
    engine.dispose()
    now = filled.do("explain", child)
    assert "Why they are one child" not in now
    assert f"{FORCE}/R1 and {AUTHORITY}/L1. \u201cTwo cousins.\u201d" in now
    then = filled.do("explain", child, "--as-at", at.isoformat())
    assert then.replace(f"as known at {at.isoformat(timespec='seconds')}", "as known now") == told
    assert "There is no child" in filled.refuse("explain", child, "--as-at", "2020-01-01")


def test_what_is_no_report_is_told(filled: Program) -> None:
    assert "There is no report R9 of" in filled.refuse("explain", f"{FORCE}/R9", f"{AUTHORITY}/L1")
    assert "one report" in filled.refuse("explain", f"{FORCE}/R1", f"{FORCE}/R1")
    wrong = filled.run("explain", "R1", f"{AUTHORITY}/L1")
    assert (wrong.exit_code, "write ORGANISATION/REFERENCE" in wrong.stderr) == (2, True)


def test_what_if_names_the_missing_first_and_changes_nothing(
    filled: Program, stricter: Path
) -> None:
    links = filled.rows("links")
    printed = filled.do("what-if", "--model", stricter)
    assert "Children who would change: 1; missing now: 1." in printed
    missing = printed.split("Missing now:\n")[1].splitlines()[0]
    assert missing == f"  C-000001-V would part: {FORCE}/R1 | {AUTHORITY}/L1"
    assert "Reviews: 0 now, 1 then; 1 would be asked anew, 0 no more." in printed
    assert filled.rows("links") == links
    assert "Children who would change: 0;" in filled.do("what-if", "--threshold", "0.951"), (
        "control"
    )


def test_a_threshold_is_a_probability_and_in_order(filled: Program) -> None:
    for wrong in ("97", "0", "x"):
        assert filled.run("what-if", "--threshold", wrong).exit_code == 2
    sentence = filled.refuse("what-if", "--threshold", "0.9", "--review-threshold", "0.95")
    assert "above the other" in sentence
    assert "no such file" in filled.refuse("what-if", "--model", "nowhere.toml")


def test_a_model_is_adopted_after_a_yes_and_shown(filled: Program, stricter: Path) -> None:
    adopt = ("model", "adopt", stricter, "--reason", "two wrong links in March")
    asked = filled.run(*adopt, stdin="n\n")
    assert asked.exit_code == 1
    assert "Missing now:\n  C-000001-V would part" in asked.stdout
    assert "stricter" not in filled.do("model", "show"), "control: a no is a no"
    asked = filled.run(*adopt, stdin="y\n")
    assert "is in force: 1 reports in another child, 1 reviews opened" in asked.stdout
    shown = filled.do("model", "show")
    assert "In force: model stricter" in shown
    assert "two wrong links in March" in shown
    assert "It came with the register." in shown
    assert "The program brings another" in shown
    assert filled.do("model", "show", "--text") == stricter.read_text("utf-8")
    assert "in force already" in filled.refuse(*adopt, "--yes")
    assert "What stands is what follows" in filled.do("rebuild", "--check")


def test_an_empty_register_has_the_model_that_came_with_it(register: Program) -> None:
    assert register.do("model", "show", "--text") == TEXT
    assert "Children who would change: 0;" in register.do("what-if", "--threshold", "0.99")
