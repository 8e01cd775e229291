"""Files from strangers are read by a process that may take little: whatever they hold."""

import resource
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from register.errors import Refused, RegisterError
from register.reports import reading_apart
from register.reports.files import open_source
from register.reports.handing_over import Told, read_told, tell
from register.reports.reading_apart import MEGABYTE, USUAL, Limits, open_apart
from register.reports.source import Read, Reject
from tests.hostile_files import HOSTILE, Hostile
from tests.report_files import GOOD, NOW, lines

MOST_SECONDS, MOST_MEMORY = 1.0, 256 * MEGABYTE


def put(folder: Path, content: bytes, name: str = "reports.csv") -> Path:
    sent = folder / "sent"
    sent.mkdir(exist_ok=True)
    (sent / name).write_bytes(content)
    return sent / name


def items(path: Path, folder: Path, limits: Limits = USUAL) -> list[Any]:
    """Read a file apart, and give its rows as they would be kept."""
    return [shape(each) for each in open_apart(path, folder, None, None, NOW, limits)]


def shape(item: Read | Reject) -> Any:  # noqa: ANN401  # two shapes, to be compared
    if isinstance(item, Read):
        return (item.line, item.reading)
    whole = ""
    if item.whole is not None:
        item.whole.seek(0)
        whole = item.whole.read()
    plain = replace(item, whole=None, headings=tuple(item.headings), row=tuple(item.row))
    return (plain, whole)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_sent_comes_to_what_is_declared(tmp_path: Path, hostile: Hostile) -> None:
    path = put(tmp_path, hostile.make(), hostile.name)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        read = items(path, tmp_path / "read")
    except Refused as refused:
        outcome: Any = str(refused)
    else:
        outcome = Counter(
            "read" if len(each) and isinstance(each[0], int) else "rejected" for each in read
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        after.ru_maxrss,
        str(outcome)[:300],
    )
    if hostile.refused:
        assert hostile.refused in outcome
        assert outcome.endswith(".")
    else:
        assert outcome == +Counter(read=hostile.read, rejected=hostile.rejected)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= MOST_SECONDS
    assert after.ru_maxrss * 1024 <= MOST_MEMORY
