"""The sector's own validator in an environment of its own, made on first use; never a dependency.

It pins old numpy and pandas, which is why nothing of it enters the project's environment.
"""

import json
import subprocess
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from register.settings import ROOT

ENVIRONMENT = ROOT / ".venv" / "sector"
PINS = Path(__file__).with_name("pins.txt")
SCRIPT = Path(__file__).with_name("ask_validator.py")
RULES = (
    "564 565 566 567 570 571 574 575 576 577 578 580 581 586 1004 1005 1006 1012 INT04 INT13"
).split()
"""Every rule of the package that touches the missing table."""
PATIENCE = 900


@dataclass(frozen=True)
class Verdict:
    """What it says of a return: which children's rows break which rules."""

    rows: int
    broken: Mapping[str, Sequence[str]]
    done: frozenset[str]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Give each rule with each child of whom a row breaks it."""
        return {(rule, child) for rule, found in self.broken.items() for child in found}


def ask(folder: Path, year: int, authority: str, ruleset: str) -> Verdict:
    """Have a return judged; `ruleset` is the year's, such as lac2025_26."""
    command = [_python(), SCRIPT, folder, year, authority, ruleset, *RULES]
    ran = subprocess.run(
        list(map(str, command)), check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    told = json.loads(ran.stdout)
    assert told["failed"] == [], "a rule of theirs could not be judged at all"
    return Verdict(told["rows"], told["broken"], frozenset(told["done"]))


def _python() -> Path:
    """Give its interpreter; skip, and say why, where it cannot be had."""
    python = ENVIRONMENT / "bin" / "python"
    made_of = ENVIRONMENT / PINS.name
    if made_of.exists() and made_of.read_bytes() == PINS.read_bytes():
        return python
    try:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "-r", PINS]
        subprocess.run(
            list(map(str, pip)), check=True, capture_output=True, text=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"the sector's validator cannot be installed here ({type(error).__name__})")
    made_of.write_bytes(PINS.read_bytes())
    return python
