"""A file from a stranger is read in a process of its own, which has little memory and little time.

Whatever the file does to its reader, the server goes on: the process holds no secret, reaches no
database, and is ended when it takes too much. Run as a module it is that process.
"""

import json
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from register.errors import Refused, RegisterError
from register.reports.annex_a import SuppliedList, hand_over_list, handed_over_list
from register.reports.files import open_source
from register.reports.handing_over import HandedOver, Told, hand_over, read_told, tell
from register.reports.reading import shown
from register.settings import CONFIG_DIR

MEGABYTE = 1 << 20
_OUT_OF_MEMORY = 3
_TOO_MUCH_TEXT = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may take, whatever the file; more time for a longer one."""

    memory: int = 256 * MEGABYTE
    seconds: int = 5
    seconds_a_megabyte: int = 2
    waits: int = 10
    """Seconds by the clock that are waited besides, twice those of a processor."""
    written: int = 64 * MEGABYTE
    written_a_byte: int = 8
    """What it may write down: a short row may break many rules, each told in a sentence."""

    def time_for(self, size: int) -> int:
        """Give the seconds of a processor that a file of this size may take."""
        return self.seconds + self.seconds_a_megabyte * size // MEGABYTE

    def text_for(self, size: int) -> int:
        """Give how long what is written down of a file of this size may be."""
        return self.written + self.written_a_byte * size


USUAL = Limits()


def open_apart(
    path: Path,
    folder: Path,
    organisation: str | None,
    extract: tuple[date, date] | None,
    now: datetime,
    limits: Limits = USUAL,
) -> HandedOver:
    """Have a file checked and read by a process of its own; it writes into `folder`, a new one.

    Raises Refused with a sentence, also where the file takes too much memory or time to be read.
    """
    days = extract and [day.isoformat() for day in extract]
    asked = {"organisation": organisation, "extract": days, "now": now.isoformat()}
    return HandedOver(_have_read(path, folder, asked, limits), folder)


def read_list_apart(path: Path, folder: Path, limits: Limits = USUAL) -> SuppliedList:
    """Have an authority's list 8 read likewise. Raises Refused for a file that is none."""
    _have_read(path, folder, {"list": True}, limits)
    return handed_over_list(folder)


def _have_read(path: Path, folder: Path, asked: Mapping[str, object], limits: Limits) -> Told:
    """Have the process read, and give what it tells of the file as a whole."""
    folder.mkdir()
    size = sum(each.stat().st_size for each in path.parent.iterdir() if each.is_file())
    most = [limits.memory, limits.time_for(size), limits.text_for(size)]
    task = {"path": str(path), "folder": str(folder), "limits": most, **asked}
    ended = _run(json.dumps(task).encode(), limits.waits + 2 * limits.time_for(size))
    if ended:
        raise Refused(_why_not(path, ended))
    told = read_told(folder)
    if told.refused:
        raise Refused(told.refused)
    if told.failed:
        raise RegisterError(f"The register failed inside ({told.failed}). Please report it.")
    return told


def _run(asked: bytes, seconds: int) -> int:
    """Run the process that reads, and give how it ended."""
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "register.reports.reading_apart"],
            input=asked,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Nothing of our own surroundings: they hold the database's address and our keys.
            env={
                "PYTHONPATH": ":".join(filter(None, sys.path)),
                "REGISTER_CONFIG_DIR": str(CONFIG_DIR),
                "PYTHONUTF8": "1",
            },
            cwd="/",
            timeout=seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL


def _why_not(path: Path, ended: int) -> str:
    takes = {
        _OUT_OF_MEMORY: "takes more memory to read than a file that is uploaded may take",
        _TOO_MUCH_TEXT: "has more wrong with it than can be told",
        -signal.SIGXCPU: "takes longer to read than a file that is uploaded may take",
        -signal.SIGKILL: "takes longer to read than a file that is uploaded may take",
    }.get(ended, "broke the program that reads it")
    return (
        f"{shown(path)} {takes}. Nothing of it was kept. Check that it is an export of reports, "
        "and send it in smaller parts."
    )


def read_here() -> int:
    """Be the process that reads: take what is asked from the standard input, within its limits."""
    asked = json.load(sys.stdin)
    memory, seconds, written = asked["limits"]
    folder = Path(asked["folder"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        told = _read(asked, Path(asked["path"]), folder)
    except Refused as refusal:
        told = Told(refused=str(refusal))
    except MemoryError:
        return _OUT_OF_MEMORY
    except OSError:
        return _TOO_MUCH_TEXT
    except Exception as error:  # noqa: BLE001  # told by its place alone: its words may quote a row
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = Told(
            failed=f"{type(error).__name__} in {Path(where.filename).name} line {where.lineno}"
        )
    tell(told, folder)
    return 0


def _read(asked: Mapping[str, Any], path: Path, folder: Path) -> Told:
    if "list" in asked:
        hand_over_list(path, folder)
        return Told()
    extract = asked["extract"] and tuple(date.fromisoformat(day) for day in asked["extract"])
    now = datetime.fromisoformat(asked["now"])
    return hand_over(open_source(path, None, asked["organisation"], extract, now), folder)


if __name__ == "__main__":
    sys.exit(read_here())
