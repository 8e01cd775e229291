"""Files of keys: written whole and once, for their owner alone, and kept through a power cut."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from register.errors import RegisterError


def kept(path: Path, make: Callable[[], str]) -> str:
    """Give what a key's file holds, made first if there is no file.

    Raises RegisterError for a file that holds nothing: another key in its place would open nothing
    that was closed by the one that is lost.
    """
    try:
        if not path.exists():
            write_once(path, make())
        held = path.read_text("ascii").strip()
    except UnicodeDecodeError:
        held = ""
    except OSError as error:
        raise RegisterError(f"{path.name} cannot be read: see who may read its folder.") from error
    if not held:
        raise RegisterError(f"{path.name} holds no key: restore it from where a copy is kept.")
    return held


def write_once(path: Path, text: str) -> None:
    """Write a file unless somebody else was first; what they wrote counts then."""
    _write(path, text, _link)


def write_over(path: Path, text: str) -> None:
    """Write a file in the place of what was there."""
    _write(path, text, os.replace)


def _write(path: Path, text: str, put: Callable[[Path, Path], None]) -> None:
    # Written whole under another name first, so that nobody reads half a key, nor is one lost.
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            put(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        _keep_name(path.parent)
    except OSError as error:
        said = f"{path.name} cannot be written: see whether its folder can be, and has room."
        raise RegisterError(said) from error


def _link(fresh: Path, path: Path) -> None:
    with suppress(FileExistsError):
        os.link(fresh, path)


def _keep_name(folder: Path) -> None:
    """Put the folder on the disk too, so that a power cut leaves the file its name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
