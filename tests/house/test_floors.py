"""The import contracts hold; for each, a control puts one wrong import into a copy of the house."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from register.settings import ROOT

LINT = Path(sys.executable).parent / "lint-imports"


def broken_contracts(house: Path) -> set[str]:
    """The line that names each contract broken in the house that stands in a folder."""
    command = [str(LINT), "--no-cache", "--no-logo"]
    ran = subprocess.run(command, cwd=house, check=False, capture_output=True, text=True)
    lines = [line for line in ran.stdout.splitlines() if " BROKEN" in line]
    assert (ran.returncode != 0) == bool(lines), ran.stdout + ran.stderr
    return set(lines)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program and its contracts."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(ROOT / "register", copy / "register", ignore=shutil.ignore_patterns("static"))
    return copy


def test_no_contract_is_broken(house: Path) -> None:
    assert broken_contracts(house) == set()


@pytest.mark.parametrize(
    ("module", "wrong", "contract"),
    [
        ("reports/values.py", "import register.records.reconcile", "Floors"),
        ("errors.py", "import register.terms", "Floors"),
        ("helpers.py", "", "Floors"),
        ("records/models.py", "import click", "The domain knows neither the web nor the command"),
        ("reports/values.py", "import register.reports.fields", "No circle anywhere, at any"),
        ("linkage/compare.py", "import sqlalchemy", "Decisions about data are pure"),
        ("linkage/match.py", "import register.work", "Decisions about data are pure"),
        ("mismatches/clocks.py", "import time", "Decisions about data are pure"),
        ("cli/outputs.py", "import register.web.words", "The command line starts"),
        ("access/policy.py", "import register.audit.models", "Only audit knows the log's tables"),
    ],
)
def test_control_a_wrong_import_breaks_its_contract(
    house: Path, module: str, wrong: str, contract: str
) -> None:
    path = house / "register" / module
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{wrong}\n", "utf-8")
    try:
        broken = broken_contracts(house)
    finally:
        path.unlink() if before is None else path.write_text(before, "utf-8")
    assert [name for name in broken if name.startswith(contract)]
