"""Files of keys: made once however many ask at once, and never made anew where one was emptied."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from register import once
from register.access.key_files import kept_key as kept_text
from register.audit.keys import kept_key as kept_bytes
from register.errors import RegisterError
from register.keyring import KeyRing, KeysUnusable

AT_ONCE = 2
Give = Callable[[Path], object]


def ring_key(path: Path) -> str:
    """Give what a ring's file holds, made once."""
    ring = KeyRing(path)
    ring.make_once()
    assert ring.newest == 1
    return path.read_text("ascii")


WAYS = pytest.mark.parametrize("give", [kept_text, kept_bytes, ring_key])


@WAYS
def test_two_who_make_one_key_get_the_same(
    give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "some.key"
    both_wrote, links = Barrier(AT_ONCE, timeout=10), []

    def link(fresh: Path, place: Path) -> None:
        links.append(fresh)
        both_wrote.wait()  # each has written a key of its own, and found no file before
        os.link(fresh, place)

    monkeypatch.setattr(once, "os", Apart(link))
    with ThreadPoolExecutor(AT_ONCE) as people:
        given = list(people.map(give, [path] * AT_ONCE))
    assert given == [give(path)] * AT_ONCE
    assert len(set(links)) == AT_ONCE, "control: both wrote, each under a name of its own"
    assert [each.name for each in path.parent.iterdir()] == ["some.key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


class Apart:
    """The machine, but for how a name is given to a file."""

    def __init__(self, link: Callable[[Path, Path], None]) -> None:
        self.link = link

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


@WAYS
@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_key_is_refused_and_kept_as_it_is(
    give: Give, content: str, tmp_path: Path
) -> None:
    path = tmp_path / "some.key"
    path.write_text(content, "ascii")
    with pytest.raises(RegisterError, match=r"holds no key|There are no keys"):
        give(path)
    assert path.read_text("ascii") == content, "no other key in its place"
    path.unlink()
    assert give(path), "control"


@WAYS
def test_where_no_key_can_be_kept_a_sentence_says_so(give: Give, tmp_path: Path) -> None:
    no_folder = tmp_path / "taken"
    no_folder.write_text("", "ascii")
    with pytest.raises(RegisterError, match=r"cannot be (read|written)"):
        give(no_folder / "some.key")


def test_a_key_is_on_the_disk_before_its_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "link", "replace"):
        monkeypatch.setattr(os, name, partial(noted, done, name, getattr(os, name)))
    ring = KeyRing(tmp_path / "field.keys")
    ring.make_once()
    ring.add()
    assert done == ["fsync", "link", "fsync", "fsync", "replace", "fsync"]


def noted(done: list[str], name: str, act: Callable[..., object], *args: object) -> object:
    done.append(name)
    return act(*args)


def test_a_ring_that_cannot_grow_says_so(ring_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = KeyRing(ring_path)
    ring.make_once()
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(KeysUnusable, match="add a line by hand"):
        ring.add()
    assert [each.name for each in ring_path.parent.iterdir()] == [ring_path.name]


@pytest.fixture
def ring_path(tmp_path: Path) -> Path:
    """Give where a ring may lie."""
    return tmp_path / "apart" / "field.keys"


def refuse(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")
