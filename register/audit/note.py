"""Checkpoints as signed notes, after C2SP `tlog-checkpoint`, `signed-note` and `tlog-cosignature`.

A note's text is three lines: the log's name, its size, its root. Under it stand signatures, a line
each: the log's own, and those of witnesses, which say as well when they saw it.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from register.errors import Refused

LOG, WITNESS = 1, 4
"""The kinds of a key: the log signs the text, a witness the text and a time."""
_NOTE = re.compile(
    r"^(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"\n(?P<signatures>(?:\u2014 [^ +\n]+ [A-Za-z0-9+/]+=*\n)+)",
    re.MULTILINE,
)
_ID_BYTES, _TIME_BYTES, _SIGNATURE_BYTES, _KEY_BYTES = 4, 8, 64, 32


@dataclass(frozen=True, slots=True)
class Note:
    """What the log called `origin` was at `size` entries: everything up to there has `root`."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[str, ...] = ()
    """The lines under the text, as they stand."""

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    def text(self) -> str:
        """Write the note, signatures and all."""
        return f"{self.body}\n" + "".join(f"{line}\n" for line in self.signatures)

    def signed(self, line: str) -> "Note":
        """Give the note with one signature more."""
        return replace(self, signatures=(*self.signatures, line))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who signs: a name and the public key, as others must know it to verify."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(f"{self.name}\n".encode() + self._material).digest()[:_ID_BYTES]

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self.public

    def text(self) -> str:
        """Write the key as it is handed to others."""
        return f"{self.name}+{self.id.hex()}+{_base64(self._material)}"

    def signed_at(self, note: Note) -> int | None:
        """Tell when this key signed the note, 0 for the log's own; None if it did not.

        Raises Refused where a signature in its name does not hold: then the whole note is false.
        """
        times = [self._holds(note, line) for line in note.signatures if self._is_mine(line)]
        return times[0] if times else None

    def _is_mine(self, line: str) -> bool:
        _, name, signature = line.split(" ")
        return name == self.name and _decoded(signature)[:_ID_BYTES] == self.id

    def _holds(self, note: Note, line: str) -> int:
        signature = _decoded(line.split(" ")[2])[_ID_BYTES:]
        stamp = signature[:-_SIGNATURE_BYTES]
        at = int.from_bytes(stamp)
        content = _seen(note, at) if self.kind == WITNESS else note.body
        fits = len(stamp) == (_TIME_BYTES if self.kind == WITNESS else 0)
        if not fits or not self._has_signed(signature[-_SIGNATURE_BYTES:], content):
            raise Refused(
                f"The note of {note.size} entries is false: what it calls the signature of "
                f"{self.name} is none."
            )
        return at

    def _has_signed(self, signature: bytes, content: str) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, content.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and a private key: the log's, or a witness's."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def key(self) -> VerifierKey:
        """The key by which others verify."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, note: Note, at: int = 0) -> Note:
        """Sign a note; a witness says when, in seconds since 1970."""
        is_witness = self.kind == WITNESS
        content = _seen(note, at) if is_witness else note.body
        stamp = at.to_bytes(_TIME_BYTES) if is_witness else b""
        signature = self.key.id + stamp + self.private.sign(content.encode())
        return note.signed(f"\u2014 {self.name} {_base64(signature)}")


def find_notes(text: str) -> Iterator[Note]:
    """Give every note in a text, in its order; what a torn write left between is passed over."""
    for found in _NOTE.finditer(text):
        lines = tuple(found["signatures"].splitlines())
        yield Note(found["origin"], int(found["size"]), _decoded(found["root"]), lines)


def read_note(text: str) -> Note:
    """Read the one note in a text; Refused when there is none."""
    note = next(find_notes(text), None)
    if note is None:
        raise Refused(
            "This is no checkpoint of the log: it must have three lines, the log's name, the "
            "number of entries and the root in base64, an empty line, and signatures under it."
        )
    return note


def read_key(text: str) -> VerifierKey:
    """Read a verifier key, as `register audit key` prints it; Refused when it is none."""
    parts = text.strip().split("+", 2)
    try:
        name, told, material = parts[0], parts[1], b64decode(parts[2], validate=True)
        key = VerifierKey(name, material[0], material[1:])
    except (ValueError, IndexError) as error:
        raise Refused(_NO_KEY) from error
    fits = key.kind in {LOG, WITNESS} and len(key.public) == _KEY_BYTES and key.id.hex() == told
    if not fits or not name or re.search(r"\s", name):
        raise Refused(_NO_KEY)
    return key


_NO_KEY = (
    "This is no verifier key, or a letter of it is wrong: it has a name, eight hexadecimal figures "
    "and the key in base64, parted by plus signs. `register audit key` prints it."
)


def _seen(note: Note, at: int) -> str:
    return f"cosignature/v1\ntime {at}\n{note.body}"


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return b""
    # Base64 has spare bits: a text that is not what would be written is not what was signed.
    return content if _base64(content) == text else b""
