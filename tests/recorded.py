"""A way for SQLite to its files that writes down what it does to them, for power cuts to come.

It is a VFS of SQLite's own kind, registered in the library that Python's `sqlite3` uses: the
machine's usual one does all the work, and each write, truncation, sync and deletion is noted.
"""

import _sqlite3
import ctypes
import pickle
from collections.abc import Callable, Iterator
from ctypes import POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "recorded"
MAIN_DB, MAIN_JOURNAL, WAL = 0x100, 0x800, 0x80000
JOURNALS = MAIN_JOURNAL | WAL


@dataclass(frozen=True)
class Opened:
    """A handle stands for the file of this name from now on."""

    handle: int
    name: str
    created: bool
    journal: bool


@dataclass(frozen=True)
class Written:
    """Bytes went to a place in a file."""

    handle: int
    offset: int
    content: bytes


@dataclass(frozen=True)
class Truncated:
    """A file was cut to a size."""

    handle: int
    size: int


@dataclass(frozen=True)
class Synced:
    """All that went to a file is on the disk."""

    handle: int


@dataclass(frozen=True)
class Deleted:
    """A name was taken away, and the folder synced or not."""

    name: str
    synced: bool


@dataclass(frozen=True)
class Acknowledged:
    """So many rows of a file are in: the program said so."""

    file: str
    rows: int


Event = Opened | Written | Truncated | Synced | Deleted | Acknowledged


class _File(Structure):
    """`sqlite3_file`: what stands behind the pointer is the usual VFS's own."""

    methods: int
    _fields_ = [("methods", c_void_p)]


_WRITE = ctypes.CFUNCTYPE(c_int, POINTER(_File), c_void_p, c_int, c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(c_int, POINTER(_File), c_int64)
_SYNC = ctypes.CFUNCTYPE(c_int, POINTER(_File), c_int)
_OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(_File), c_int, POINTER(c_int))
_DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class _Methods(Structure):
    """`sqlite3_io_methods`, to its third version."""

    write: Callable[..., int]
    truncate: Callable[..., int]
    sync: Callable[..., int]
    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", c_void_p * 13),
    ]


class _Vfs(Structure):
    """`sqlite3_vfs`, to its third version."""

    name: bytes
    open: Callable[..., int]
    delete: Callable[..., int]
    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("app_data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("others", c_void_p * 14),
    ]


class Recorder:
    """The VFS `recorded`, for as long as the process lives; it adds to a file of events."""

    def __init__(self, record: Path) -> None:
        self._record = record.open("ab", buffering=0)
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._usual = library.sqlite3_vfs_find(None)
        self._methods: dict[int, _Methods] = {}
        self._vfs = _copy(self._usual.contents)
        self._vfs.name = NAME.encode()
        self._vfs.open, self._vfs.delete = _OPEN(self._open), _DELETE(self._delete)
        failed = library.sqlite3_vfs_register(ctypes.byref(self._vfs), 0)
        assert not failed

    def note(self, event: Event) -> None:
        """Add an event."""
        self._record.write(pickle.dumps(event))

    def _open(self, _vfs: int, name: int | None, file: Any, flags: int, out: Any) -> int:  # noqa: ANN401  # pointers
        path = ctypes.string_at(name).decode() if name else ""
        there = Path(path).exists()
        failed: int = self._usual.contents.open(self._usual, name, file, flags, out)
        if not failed and flags & (MAIN_DB | JOURNALS):
            usual = file.contents.methods
            if usual not in self._methods:
                self._methods[usual] = self._wrapped(_Methods.from_address(usual))
            file.contents.methods = ctypes.addressof(self._methods[usual])
            handle = ctypes.addressof(file.contents)
            self.note(Opened(handle, Path(path).name, not there, bool(flags & JOURNALS)))
        return failed

    def _delete(self, _vfs: int, name: bytes, synced: int) -> int:
        failed: int = self._usual.contents.delete(self._usual, name, synced)
        if not failed:
            self.note(Deleted(Path(name.decode()).name, bool(synced)))
        return failed

    def _wrapped(self, usual: _Methods) -> _Methods:
        """Let the usual VFS do it, then note it: what is noted as synced is on the disk."""

        def write(file: Any, content: int, size: int, offset: int) -> int:  # noqa: ANN401  # a pointer
            self.note(Written(_handle(file), offset, ctypes.string_at(content, size)))
            return usual.write(file, content, size, offset)

        def truncate(file: Any, size: int) -> int:  # noqa: ANN401  # a pointer
            self.note(Truncated(_handle(file), size))
            return usual.truncate(file, size)

        def sync(file: Any, flags: int) -> int:  # noqa: ANN401  # a pointer
            failed = usual.sync(file, flags)
            if not failed:
                self.note(Synced(_handle(file)))
            return failed

        methods: _Methods = _copy(usual)
        methods.write, methods.truncate = _WRITE(write), _TRUNCATE(truncate)
        methods.sync = _SYNC(sync)
        return methods


def _handle(file: Any) -> int:  # noqa: ANN401  # a pointer
    return ctypes.addressof(file.contents)


def _copy(structure: Any) -> Any:  # noqa: ANN401  # of either kind
    kind = type(structure)
    return kind.from_buffer_copy(structure)


def events_in(record: Path) -> Iterator[Event]:
    """Read what was noted."""
    with record.open("rb") as file:
        while file.peek(1):
            event: Event = pickle.load(file)  # noqa: S301  # our own
            yield event
