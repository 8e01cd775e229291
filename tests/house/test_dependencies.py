"""Every dependency is pinned and held to its hash, and nothing else is installed."""

import ast
import re
import tomllib
from importlib.metadata import distributions, packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from register.settings import ROOT
from tests.house.source import python_files, text_of

PINS = ("constraints.txt", "constraints-npm.txt", "constraints-spark.txt")
NAMED_IN_WORDS = {"psycopg", "govuk_frontend_jinja"}
"""Packages that the program names in an address or to a loader instead of importing them."""
OWN_OR_OF_THE_ENVIRONMENT = {"register", "pip", "setuptools"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_in(text: str) -> dict[str, set[str]]:
    """The releases that a file pins, by name; one without a hash is an error."""
    found: dict[str, set[str]] = {}
    for block in re.split(r"\n(?=\S)", text.strip()):
        pin = re.match(r"([\w.-]+)==(\S+)", block)
        if pin is None or "--hash=sha256:" not in block:
            raise ValueError(f"not a release with its hash: {block.splitlines()[0]}")
        found.setdefault(canonical(pin[1]), set()).add(pin[2])
    return found


def all_pins() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in PINS:
        found |= pins_in((ROOT / name).read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", [*PINS, "package-lock.json"])
def test_pins_hold_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text("utf-8")


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def test_every_requirement_of_ours_is_pinned() -> None:
    told = project()
    wanted = [*told["dependencies"], *chain(*told["optional-dependencies"].values())]
    names = {canonical(re.match(r"[\w.-]+", line)[0]) for line in wanted}  # type: ignore[index]  # every line opens with a name
    assert names <= pins_in((ROOT / "constraints.txt").read_text("utf-8")).keys()


def imported(text: str) -> set[str]:
    """The packages that a module imports, by the first part of their names."""
    nodes = list(ast.walk(ast.parse(text)))
    plain = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    parts = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in plain + parts}


def test_no_dependency_goes_unused() -> None:
    used = set[str]().union(*(imported(text_of(path)) for path in python_files("register")))
    used_distributions = {
        canonical(name)
        for package in used | NAMED_IN_WORDS
        for name in packages_distributions().get(package, [])
    }
    core = {canonical(re.split(r"[\s\[<>=;]", line)[0]) for line in project()["dependencies"]}
    assert core - used_distributions - {"tzdata"} == set()


def test_what_runs_here_is_what_is_pinned() -> None:
    pins = all_pins()
    strangers = {
        f"{name} {found.version}"
        for found in distributions(path=[str(Path(pytest.__file__).parents[1])])
        if (name := canonical(found.name)) not in OWN_OR_OF_THE_ENVIRONMENT
        and found.version not in pins.get(name, set())
    }
    assert not strangers


def test_control_a_pin_without_hash_is_found() -> None:
    assert pins_in("a==1 \\\n    --hash=sha256:00\nb==2 ; x \\\n    --hash=sha256:00\n") == {
        "a": {"1"},
        "b": {"2"},
    }
    for bad in ("a==1\n", "a>=1 \\\n    --hash=sha256:00\n"):
        with pytest.raises(ValueError, match="not a release with its hash"):
            pins_in(bad)
