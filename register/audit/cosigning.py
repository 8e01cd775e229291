"""The witness: on a machine of its own, it signs only what adds to what it signed before.

It remembers how far it read in its folder, and the last note that it signed. So no log can show it
one history and somebody else another, or take an entry back, and still have its signature.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from register.audit.checkpoints import replace_file
from register.audit.merkle import verify_consistency
from register.audit.note import Note, Signer, VerifierKey, read_note
from register.audit.witness import COSIGNED, HANDED, Request, append, files_in, find_requests
from register.errors import Refused


@dataclass(frozen=True, slots=True)
class Memory:
    """What a witness remembers: the last note it signed, and how far it has read."""

    note: Note | None = None
    file: str = ""
    read: int = 0
    """Bytes of that file."""

    def text(self) -> str:
        """Write it down."""
        note = self.note.text() if self.note else ""
        return json.dumps({"note": note, "file": self.file, "read": self.read}, indent=1) + "\n"


def recall(path: Path) -> Memory:
    """Read what a witness remembers; nothing, where it never signed."""
    if not path.exists():
        return Memory()
    said = json.loads(path.read_text("utf-8"))
    return Memory(read_note(said["note"]) if said["note"] else None, said["file"], said["read"])


def cosign(folder: Path, signer: Signer, log: VerifierKey, memory: Path, now: datetime) -> int:
    """Sign each checkpoint that was handed over since the last time; give how many.

    Raises Refused at the first that is no continuation of the last one signed, and goes no further:
    the next time it says so again.
    """
    count = 0
    for request, place in _new_requests(folder, recall(memory)):
        last = recall(memory).note
        refuse_unlike(request, last, log)
        if last is not None and request.note.size == last.size:
            continue
        signed = signer.sign(request.note, int(now.timestamp()))
        # Remembered first: after a power cut it may have signed less than it remembers, never more.
        replace_file(memory, Memory(signed, *place).text())
        append(folder / f"{now:%Y-%m-%d}{COSIGNED}", signed.text())
        count += 1
    return count


def refuse_unlike(request: Request, last: Note | None, log: VerifierKey) -> None:
    """Raise Refused unless a checkpoint is the log's own, and proved to add to the last one."""
    note = request.note
    if log.signed_at(note) is None or note.origin != log.name:
        raise Refused(f"The note of {note.size} entries is not signed by the log's key.")
    if last is None:
        return
    told = f"The log was cut off or written anew: {last.size} entries were signed for"
    if note.size < last.size:
        raise Refused(f"{told}, and now it claims to have {note.size}.")
    if note.size == last.size and note.root != last.root:
        raise Refused(f"{told}, and now it shows others in their place.")
    if note.size > last.size and request.old != last.size:
        raise Refused(
            f"The checkpoint at {note.size} is proved from {request.old} entries on, and the last "
            f"one signed has {last.size}: ask for what `register audit consistency {last.size} "
            f"{note.size}` prints, and put it into a file {HANDED} of the folder."
        )
    proof = (request.proof, last.root, note.root)
    if note.size > last.size and not verify_consistency(last.size, note.size, *proof):
        raise Refused(f"{told}, and they are not the beginning of the {note.size} it now claims.")


def _new_requests(folder: Path, memory: Memory) -> Iterator[tuple[Request, tuple[str, int]]]:
    """Give each request beyond what was read, and how far one has read with it."""
    for path in files_in(folder, HANDED):
        if path.name < memory.file:
            continue
        content = path.read_bytes()
        begun = memory.read if path.name == memory.file else 0
        if len(content) < begun:
            raise Refused(f"{path.name} was cut off: it is shorter than when it was last read.")
        for request, end in find_requests(content[begun:]):
            yield request, (path.name, begun + end)
