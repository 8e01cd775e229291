"""What the house rules are checked on: the files that are, or are about to be, tracked."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from register.settings import ROOT


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that is in the repository, or would be with the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(*folders: str) -> Iterator[Path]:
    """Our own Python files, without the revisions, under these folders or everywhere."""
    for path in tracked_files():
        place = path.relative_to(ROOT)
        if path.suffix != ".py" or place.is_relative_to("migrations/versions"):
            continue
        if not folders or any(place.is_relative_to(folder) for folder in folders):
            yield path


def text_of(path: Path) -> str:
    """Read a file; what is not text reads as nothing."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def name_of(path: Path) -> str:
    """The name under which a fault is reported."""
    return str(path.relative_to(ROOT))


def functions_in(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
