"""A checkpoint as three lines of text, the body of a C2SP tlog-checkpoint, to be kept elsewhere."""

from base64 import b64decode, b64encode
from dataclasses import dataclass

from register.audit.merkle import HASH_BYTES
from register.errors import Refused


@dataclass(frozen=True, slots=True)
class Note:
    """What the log called `origin` was at `size` entries: everything up to there has `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write the note: origin, size, root in base64, a line each."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n"


def read_note(text: str) -> Note:
    """Read what `Note.text` wrote; Refused when it is no such note."""
    lines = text.splitlines()
    try:
        origin, size, root = lines[:3]
        note = Note(origin, int(size), b64decode(root, validate=True))
    except ValueError as error:
        raise Refused(
            "This is no checkpoint of the log: it must have three lines, the log's name, "
            "the number of entries, and the root in base64."
        ) from error
    if note.size < 0 or len(note.root) != HASH_BYTES:
        raise Refused(
            f"This is no checkpoint of the log: its root must be {HASH_BYTES} bytes in base64 and "
            "its number of entries not negative."
        )
    return note
