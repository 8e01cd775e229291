"""Each kind of line at home in its one place; each rule has a control that it bites."""

import ast
import re
from collections.abc import Callable

import pytest

from register.settings import ROOT
from tests.house.source import name_of, python_files, text_of, tracked_files

PURE = "compare identity match group reconcile spells episodes case rules clocks".split()
SURFACES = tuple(f"register/{name}" for name in ("app.py", "cli", "web", "api", "worker.py"))
CLOCKS = {"now", "utcnow", "today", "utc_now"}
# Written so that this file doesn't hold what it forbids.
PACKAGE_HOSTS = re.compile(r"py[p]i\.org|python[h]osted\.org|registry\.[n]pm|[n]pmjs\.(?:org|com)")
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:root|home|Users|work|mnt)/\w")
EXCUSES = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<rest>.*)")


def names_called(text: str) -> list[str]:
    """The last name of everything called, such as `commit` in `work.session.commit()`."""
    called = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    names = [item.attr for item in called if isinstance(item, ast.Attribute)]
    return names + [item.id for item in called if isinstance(item, ast.Name)]


def commits(text: str) -> list[str]:
    return [name for name in names_called(text) if name in {"commit", "rollback", "begin"}]


def environment(text: str) -> list[str]:
    return re.findall(r"os\.environ|os\.getenv|from os import environ", text)


def reads_clock_or_file(text: str) -> list[str]:
    return [name for name in names_called(text) if name in CLOCKS | {"open", "print", "read_text"}]


def writes_sql(text: str) -> list[str]:
    """What a surface takes from SQLAlchemy besides the engine it passes on and the errors."""
    nodes = list(ast.walk(ast.parse(text)))
    parts = [
        f"{node.module}.{name.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    ]
    whole = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    others, errors = r"(?!sqlalchemy|alembic)", r"(?:sqlalchemy|alembic\.util)\.exc\."
    allowed = re.compile(rf"{others}|sqlalchemy\.Engine$|{errors}")
    asked = [name for name in names_called(text) if name in {"execute", "scalars", "scalar"}]
    return [name for name in parts + whole if not allowed.match(name)] + asked


def unexplained(text: str) -> list[str]:
    """Exceptions from a tool's rule that don't name the rule and then give a reason."""
    excuses = [found["rest"] for found in EXCUSES.finditer(text)]
    named = re.compile(r"(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])\s+(?:#|-+)\s*\S+")
    return [rest for rest in excuses if not named.match(rest)]


def package_hosts(text: str) -> list[str]:
    return PACKAGE_HOSTS.findall(text)


def machine_paths(text: str) -> list[str]:
    return MACHINE_PATHS.findall(text)


def faults(
    rule: Callable[[str], list[str]], *folders: str, besides: str = ""
) -> dict[str, list[str]]:
    """What a rule finds in each Python file of ours; `besides` names the one place allowed."""
    places = {name_of(path): path for path in python_files(*folders)}
    found = {name: rule(text_of(path)) for name, path in places.items() if name != besides}
    return {name: list_ for name, list_ in found.items() if list_}


def test_only_work_commits() -> None:
    assert (ROOT / "register/work.py").exists()
    assert not faults(commits, "register", besides="register/work.py")


def test_only_settings_read_the_environment() -> None:
    assert not faults(environment, "register", besides="register/settings.py")


def test_surfaces_write_no_sql() -> None:
    assert not faults(writes_sql, *SURFACES)


def test_pure_modules_read_no_clock_and_no_file() -> None:
    pure = [path for path in python_files("register") if path.stem in PURE]
    assert not {name_of(p): found for p in pure if (found := reads_clock_or_file(text_of(p)))}


def test_pure_tests_reach_no_database() -> None:
    reach = re.compile(r"\b(?:sqlalchemy|engine|database_url|blank_url|work: Work)\b")
    assert not faults(reach.findall, "tests/pure")


def test_every_exception_from_a_rule_has_its_reason() -> None:
    assert not faults(unexplained, besides="tests/house/test_places.py")


@pytest.mark.parametrize("rule", [package_hosts, machine_paths])
def test_tracked_files_name_no_package_host_and_no_machine(
    rule: Callable[[str], list[str]],
) -> None:
    found = {name_of(path): rule(text_of(path)) for path in tracked_files()}
    assert not {name: list_ for name, list_ in found.items() if list_}


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (commits, "work.session.commit()", "work.session.flush()"),
        (environment, "url = os.environ['X']", "url = settings.url"),
        (writes_sql, "from sqlalchemy import select", "from sqlalchemy import Engine"),
        (writes_sql, "import sqlalchemy.orm", "from sqlalchemy.exc import OperationalError"),
        (writes_sql, "work.session.scalars(query)", "find_children(work)"),
        (reads_clock_or_file, "at = datetime.now(UTC)", "at = now + hours"),
        (reads_clock_or_file, "open('x')", "fold(reports)"),
        (unexplained, "x = 1  # noqa: E501", "x = 1  # noqa: E501  # a table reads best so"),
        (unexplained, "x = 1  # type: ignore[arg-type]", "x  # type: ignore[arg-type]  # untyped"),
        (unexplained, "x = 1  # noqa", "x = 1"),
        (
            package_hosts,
            "see files.python-hosted.org/x".replace("-", ""),
            "see the package registry",
        ),
        (
            machine_paths,
            "cd /-work/main".replace("-", ""),
            "under /api/v1/work/1, https://example.org/home/a",
        ),
    ],
)
def test_control_each_rule_bites(rule: Callable[[str], list[str]], bad: str, good: str) -> None:
    assert rule(bad)
    assert not rule(good)
