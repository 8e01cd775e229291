"""`register figures`, `sample` and `pack`, as they are typed."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from register.work import begin_work
from tests.cli.conftest import Program
from tests.web.story import LEEDS, tell

AT = datetime(2026, 3, 3, tzinfo=UTC)
DAYS = ("--organisation", LEEDS, "--during", "2026-01-01..2026-03-03")


@pytest.fixture
def told(register: Program) -> Program:
    """A few children, told of on 3 March 2026."""
    engine = register.engine()
    with begin_work(engine, clock=lambda: AT) as work:
        tell(work)
    engine.dispose()
    return register


def test_figures_are_told_in_words_and_as_data(told: Program) -> None:
    words = told.do("figures", *DAYS)
    assert "Agreement rate: 40%" in words
    assert "  All goings missing: 5" in words
    data = json.loads(told.do("figures", *DAYS, "--format", "json"))
    agreement = data["figures"][0]
    assert agreement["shares"][0] == {"label": "Agreement rate", "part": 2, "whole": 5}
    before = told.do("figures", *DAYS, "--as-at", "2026-03-01")
    assert "  All goings missing: 0" in before
    assert told.do("figures").startswith("England, ")


def test_a_sample_is_drawn_and_its_pack_written_and_proved(told: Program, tmp_path: Path) -> None:
    drawn = told.do("sample", "all=2", "mismatched=1", *DAYS, "--seed", "abc")
    assert drawn.startswith("Sample 1, seed abc, as known at ")
    folder = tmp_path / "pack"
    who = ("--recipient", "Panel of Leeds", "--purpose", "Inspection")
    said = told.do("pack", 1, folder, *who)
    command = [sys.executable, "-I", str(folder / "verify.py")]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert said.split("SHA256SUMS: ")[1] == ran.stdout.split("SHA256SUMS: ")[1]
    assert "is there already" in told.refuse("pack", 1, folder, *who)
    assert "no such sample" in told.refuse("pack", 9, tmp_path / "other", *who)
    assert not (tmp_path / "other").exists()


def test_what_cannot_be_asked_is_refused_in_a_sentence(embedded: Program) -> None:
    assert "No organisation" in embedded.refuse("figures", "--organisation", "E99999999")
    assert "at most 60 months" in embedded.refuse("figures", "--during", "2010-01-01..2026-01-01")
    for strata in ("all", "all=x", "nobody=3", "all=99999"):
        assert "is no stratum" in embedded.refuse("sample", strata)
