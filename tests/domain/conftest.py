"""What several tests of the domain begin with: people who sign in, and where a log's keys lie."""

from pathlib import Path

import pytest

from register.work import Work
from tests.web.people import add_people, hash_cheaply


@pytest.fixture
def people(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add one person of each kind."""
    hash_cheaply(monkeypatch)
    add_people(work)


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Give an instance folder."""
    return tmp_path / "instance"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two witnesses' folders, as other machines' disks would be mounted."""
    made = (tmp_path / "one", tmp_path / "two")
    for folder in made:
        folder.mkdir()
    return made
