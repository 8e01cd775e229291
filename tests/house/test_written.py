"""The pages that are generated from the code are in step; what the others name is there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from docs.write import pages
from register.db import Base
from register.settings import ROOT
from tests.house.source import name_of, text_of, tracked_files

WRITTEN = [path for path in tracked_files() if path.suffix == ".md"]
TARGETS = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))


def lost_links(text: str, folder: Path) -> list[str]:
    """The files and folders that a page links to and that are not there."""
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    return [link for link in links if not (folder / link).exists()]


def lost_targets(text: str) -> list[str]:
    """What a page tells people to make, and `make` knows nothing of."""
    told = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    return [name for name in told if name not in TARGETS]


@pytest.mark.parametrize(
    "name",
    ["fields.md", "guards.md", "openapi.json", "permissions.md", "routes.md", "rules.md"],
)
def test_the_page_is_in_step(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == pages()[name], "run `make pin`"


def test_every_page_is_compared() -> None:
    names = "fields.md guards.md layouts.md openapi.json permissions.md routes.md rules.md"
    assert sorted(pages()) == names.split()


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_what_a_page_names_is_there(path: Path) -> None:
    assert not lost_links(text_of(path), path.parent)
    assert not lost_targets(text_of(path))


def test_every_table_has_its_place_in_the_house() -> None:
    for models in (ROOT / "register").glob("*/*models.py"):
        import_module(f"register.{models.parent.name}.{models.stem}")
    section = text_of(ROOT / "docs/the-house.md").split("## Tables")[1].split("## ")[0]
    assert sorted(re.findall(r"`(\w+)`", section)) == sorted(Base.metadata.tables)


def test_control_what_is_not_there_is_found() -> None:
    assert lost_links("[here](docs/nowhere.md)", ROOT) == ["docs/nowhere.md"]
    assert not lost_links("[here](docs/the-house.md), [there](https://example.org)", ROOT)
    assert lost_targets("`make haste`, make sense\nmake demo   # runs") == ["haste"]
