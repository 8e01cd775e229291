"""Witnesses: folders outside the database, on other machines, to which every checkpoint is handed.

A folder has one file a day, `2026-03-02.checkpoints`, that only grows. In it stands for each
checkpoint what C2SP `tlog-witness` calls a request: the size that was handed over before, the proof
that nothing before it was changed, and the signed note.
"""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from register.audit.nodes import prove_consistency
from register.audit.note import Note, VerifierKey, find_notes
from register.errors import Refused

_AS_IT_IS = "surrogateescape"
HANDED, COSIGNED = ".checkpoints", ".cosigned"
_REQUEST = re.compile(
    r"^old (?P<old>0|[1-9][0-9]{0,17})\n(?P<proof>(?:[A-Za-z0-9+/]{43}=\n)*)\n(?=[^\n]+\n\d)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint, and the proof that it adds to that of `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def text(self) -> str:
        """Write the request."""
        lines = "".join(f"{b64encode(each).decode('ascii')}\n" for each in self.proof)
        return f"old {self.old}\n{lines}\n{self.note.text()}"


def make_request(session: Session, old: int, note: Note) -> Request:
    """Prove a checkpoint to be the continuation of the log at a size."""
    return Request(old, tuple(prove_consistency(session, old, note.size)), note)


def find_requests(content: bytes) -> Iterator[tuple[Request, int]]:
    """Give every request in a file, and where it ends; what a torn write left is passed over."""
    text = content.decode("utf-8", _AS_IT_IS)
    starts = list(_REQUEST.finditer(text))
    ends = [*(each.start() for each in starts[1:]), len(text)]
    for found, end in zip(starts, ends, strict=False):
        note = next(find_notes(text[found.end() : end]), None)
        if note is not None:
            proof = tuple(b64decode(line) for line in found["proof"].split())
            request = Request(int(found["old"]), proof, note)
            yield request, _bytes(text[: found.end()]) + _bytes(note.text())


def hand_over(session: Session, folder: Path, note: Note, key: VerifierKey, now: datetime) -> bool:
    """Add a checkpoint to a witness's folder, unless it lies there; tell whether it was added.

    Raises OSError where the folder cannot be read or written, also where it isn't there: made
    anew, it would lie on this machine, and be no witness.
    """
    last = last_handed(folder, key)
    if last is not None and last.size >= note.size:
        return False
    request = make_request(session, last.size if last else 0, note)
    append(folder / f"{now:%Y-%m-%d}{HANDED}", request.text())
    return True


def last_handed(folder: Path, key: VerifierKey) -> Note | None:
    """Give the last whole note in a witness's folder; raise Refused where it is not the log's."""
    for path in reversed(files_in(folder, HANDED)):
        notes = list(find_notes(path.read_text("utf-8", "replace")))
        if notes and key.signed_at(notes[-1]) is None:
            raise Refused(f"The last note in {path.name} is not signed by the log's key.")
        if notes:
            return notes[-1]
    return None


def notes_in(folder: Path) -> list[tuple[Path, Note]]:
    """Give every note that a witness's folder holds, and where it stands."""
    paths = [*files_in(folder, HANDED), *files_in(folder, COSIGNED)]
    return [
        (path, note) for path in paths for note in find_notes(path.read_text("utf-8", "replace"))
    ]


def files_in(folder: Path, ending: str) -> Sequence[Path]:
    """Give a folder's files of one kind, the first day first; OSError if there is no folder."""
    return sorted(path for path in folder.iterdir() if path.suffix == ending)


def append(path: Path, text: str) -> None:
    """Add to a file that only grows, and mark what a torn write left, lest it pass for whole."""
    is_torn = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as out:
        out.write(f"{' (torn)' if is_torn else ''}\n{text}")
        out.flush()
        os.fsync(out.fileno())


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", _AS_IT_IS))
