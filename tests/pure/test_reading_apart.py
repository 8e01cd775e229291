"""Files from strangers are read by a process that may take little: whatever they hold."""

import json
import resource
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from register.errors import Refused, RegisterError
from register.reports.files import open_source
from register.reports.handing_over import HandedOver, Told, read_told, tell
from register.reports.reading_apart import MEGABYTE, USUAL, Limits, open_apart
from register.reports.source import Read, Reject
from register.simulation.files import SourceFile
from register.simulation.month import write_month
from tests.hostile_files import HOSTILE, Hostile
from tests.report_files import GOOD, NOW, lines

MOST_SECONDS = 1.0
"""Of a processor, whatever the file; its memory the system itself limits."""


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


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_sent_comes_to_what_is_declared(tmp_path: Path, hostile: Hostile) -> None:
    path = put(tmp_path, hostile.make(), hostile.name)
    before = seconds_of_children()
    if hostile.refused:
        with pytest.raises(Refused) as refused:
            items(path, tmp_path / "read")
        assert hostile.refused in str(refused.value)
        assert str(refused.value).endswith(".")
    else:
        read = items(path, tmp_path / "read")
        rejected = sum(isinstance(each[0], Reject) for each in read)
        assert (len(read) - rejected, rejected) == (hostile.read, hostile.rejected)
    assert seconds_of_children() - before <= MOST_SECONDS


ODD = (
    *("the same row again", "a field of megabytes", "millions of columns", "rows of one letter"),
    *("NUL in a cell", "right to left", "the last year", "a quoted field of megabytes"),
)


@pytest.mark.parametrize("name", ODD)
def test_it_is_read_as_it_would_be_read_here(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, HOSTILE[name].make())
    assert items(path, tmp_path / "read") == [shape(each) for each in open_source(path, now=NOW)]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceFile]:
    """Give the shortest file of each layout that a simulated month holds."""
    files = write_month(tmp_path_factory.mktemp("month"))
    by_size = sorted(files, key=lambda each: each.path.stat().st_size, reverse=True)
    return {each.layout: each for each in by_size}


@pytest.mark.parametrize("layout", ["register", "roster", "ssda903", "force-export"])
def test_every_layout_is_read_as_it_would_be_read_here(
    tmp_path: Path, month: dict[str, SourceFile], layout: str
) -> None:
    file = month[layout]
    now = datetime(2027, 1, 1, tzinfo=UTC)
    said = (file.organisation, (file.extract_from, file.extract_to), now)
    apart = open_apart(file.path, tmp_path / "read", *said)
    here = open_source(file.path, None, *said)
    rows = [shape(each) for each in here]
    assert [shape(each) for each in apart] == rows != []
    for told in ("layout", "sha256", "rows", "carries", "mended", "organisations", "remarks"):
        assert getattr(apart, told) == getattr(here, told), told


MANY = lines(*(GOOD.format(number) for number in range(20_000))).encode()


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(memory=24 * MEGABYTE), "takes more memory"),
        (Limits(seconds=1, seconds_a_megabyte=0), "takes longer"),
        (Limits(written=MEGABYTE, written_a_byte=0), "more wrong with it than can be told"),
    ],
)
def test_who_takes_too_much_is_ended(tmp_path: Path, limits: Limits, said: str) -> None:
    path = put(tmp_path, MANY * 3 if said == "takes longer" else MANY)
    with pytest.raises(Refused, match=said):
        items(path, tmp_path / "read", limits)


def test_no_reader_has_more_memory_than_was_promised() -> None:
    assert USUAL.memory == 256 * MEGABYTE


def test_control_with_the_usual_limits_it_is_read(tmp_path: Path) -> None:
    assert len(items(put(tmp_path, MANY), tmp_path / "read")) == 20_000


def test_who_does_nothing_at_all_is_ended_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeps = tmp_path / "sleeps"
    sleeps.write_text("#!/bin/sh\nexec sleep 600\n")
    sleeps.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeps))
    waiting = Limits(seconds=0, seconds_a_megabyte=0, waits=1)
    with pytest.raises(Refused, match="takes longer"):
        items(put(tmp_path, MANY), tmp_path / "read", waiting)


def test_the_reader_is_told_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_SECRET_KEY", "s3cret")
    asks = tmp_path / "asks"
    asks.write_text(f"#!/bin/sh\nenv > {tmp_path}/told\n")
    asks.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(asks))
    with pytest.raises(RegisterError, match="not told to its end"):
        items(put(tmp_path, MANY), tmp_path / "read")
    told = (tmp_path / "told").read_text()
    assert "PYTHONPATH=" in told
    assert "s3cret" not in told
    assert "REGISTER_DATABASE_URL" not in told


@pytest.mark.parametrize("name", ["json.py", "register.py", "resource.py"])
def test_no_upload_is_run_by_its_reader(tmp_path: Path, name: str) -> None:
    ran = tmp_path / "ran"
    path = put(tmp_path, f"open({str(ran)!r}, 'w')\n".encode(), name)
    with pytest.raises(Refused, match="no layout knows"):
        items(path, tmp_path / "read")
    assert not ran.exists()


def test_where_the_register_itself_fails_is_told_by_its_place_alone(tmp_path: Path) -> None:
    tell(Told(failed="ValueError in schema.py line 7"), tmp_path)
    assert read_told(tmp_path).failed == "ValueError in schema.py line 7"


@pytest.mark.parametrize("said", ["", "{}x", "[]", '{"rows": 1, "odd": 2}'])
def test_what_was_not_told_to_its_end_is_no_file(tmp_path: Path, said: str) -> None:
    (tmp_path / "told.json").write_text(said)
    with pytest.raises(RegisterError, match="not told to its end"):
        read_told(tmp_path)


def test_a_field_that_no_report_has_is_not_taken_over(tmp_path: Path) -> None:
    row = ["read", 2, "E23000001", "P1", "missing", {"current_version_id": "7"}, {}, {}]
    (tmp_path / "items.jsonl").write_text(json.dumps(row))
    with pytest.raises(RegisterError, match="no report has"):
        list(HandedOver(Told(), tmp_path))
