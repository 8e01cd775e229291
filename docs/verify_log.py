"""Prove the log of the register, or find what is wrong with it, without the register.

One file, Python 3.11 or newer and nothing else. `python verify_log.py --help` names what it does;
docs/log.md shows it step by step. It reads what `register audit` writes: an exported log, notes,
proofs. What it needs of trust is the log's verifier key, taken from elsewhere than the register.

Everything is done after public documents: the tree and its proofs after RFC 9162, the notes after
C2SP signed-note, tlog-checkpoint and tlog-cosignature, signatures after RFC 8032, section 5.1.
"""

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, NamedTuple


class Wrong(Exception):
    """What does not hold, in a sentence."""


# --- Ed25519, RFC 8032 section 5.1: points of the curve -x2 + y2 = 1 + d x2 y2 modulo P ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add(one: Point, other: Point) -> Point:
    """Add two points, each as X, Y, Z, T with x = X/Z, y = Y/Z and xy = T/Z."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    """Add a point to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def is_same(one: Point, other: Point) -> bool:
    """Tell whether two points are one."""
    same_x = (one[0] * other[2] - other[0] * one[2]) % P == 0
    return same_x and (one[1] * other[2] - other[1] * one[2]) % P == 0


def point_of(encoded: bytes) -> Point | None:
    """Decode a point, RFC 8032 section 5.1.3; None where the bytes are none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def has_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature of 64 bytes is that of the key over the message."""
    key, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or BASE is None or len(signature) != 64 or s >= ORDER:
        return False
    digest = sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return is_same(times(s, BASE), add(r, times(challenge, key)))


# --- The tree, RFC 9162 section 2.1 ---


def hash_leaf(content: bytes) -> bytes:
    """Hash an entry."""
    return sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into the node above them."""
    return sha256(b"\x01" + left + right).digest()


def root_of(peaks: Sequence[bytes]) -> bytes:
    """Give the root, from the roots of its complete subtrees, the largest first."""
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hash_node(peak, root)
    return root


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Follow RFC 9162, 2.1.3.2: the root that a proof leads to; None where it leads nowhere."""
    if index >= size:
        return None
    fn, sn, root = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = hash_node(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = hash_node(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def is_growth(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Follow RFC 9162, 2.1.4.2: tell whether the new tree only added to the old one."""
    if old in {new, 0}:
        return not proof and (old_root == new_root if old else old_root == root_of([]))
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = hash_node(sibling, fr), hash_node(sibling, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hash_node(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


# --- Signed notes, C2SP signed-note, tlog-checkpoint and tlog-cosignature ---

NOTE = re.compile(
    r"^([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n"
    r"\n((?:\u2014 [^ +\n]+ [A-Za-z0-9+/]+=*\n)+)",
    re.MULTILINE,
)
LOG, WITNESS = 1, 4


class Note(NamedTuple):
    """A checkpoint: the first `size` entries have this root. `where` is the file it stands in."""

    size: int
    root: bytes
    body: str
    signatures: tuple[str, ...]
    where: str


class Key(NamedTuple):
    """Whom to trust."""

    name: str
    id: bytes
    kind: int
    public: bytes


def find_notes(text: str, where: str) -> Iterator[Note]:
    """Give every note in a text; what a torn write left between is passed over."""
    for origin, size, root, lines in NOTE.findall(text):
        body = f"{origin}\n{size}\n{root}\n"
        yield Note(int(size), exact(root), body, tuple(lines.splitlines()), where)


def exact(text: str) -> bytes:
    """Decode base64 that is written in the one way; nothing for any other."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return b""
    return content if b64encode(content).decode() == text else b""


def read_key(text: str) -> Key:
    """Read a verifier key: name, id and key, parted by plus signs."""
    name, _, rest = text.strip().partition("+")
    told, _, material = rest.partition("+")
    content = exact(material)
    if len(content) != 33 or content[0] not in {LOG, WITNESS}:
        raise Wrong(f"{text!r} is no verifier key of an Ed25519 key.")
    number = sha256(f"{name}\n".encode() + content).digest()[:4]
    if number.hex() != told:
        raise Wrong(f"A letter of the verifier key {text!r} is wrong: its parts do not fit.")
    return Key(name, number, content[0], content[1:])


def require_signature(note: Note, key: Key) -> None:
    """Raise Wrong unless the note bears a signature of this key, and none that is false."""
    found = False
    for line in note.signatures:
        _, name, text = line.split(" ")
        signature = exact(text)
        if name != key.name or signature[:4] != key.id:
            continue
        stamp, message = signature[4:-64], note.body
        if key.kind == WITNESS:
            message = f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n{note.body}"
        fits = len(stamp) == (8 if key.kind == WITNESS else 0)
        if not fits or not has_signed(key.public, message.encode(), signature[-64:]):
            raise Wrong(f"The signature of {name} in {where(note)} is false.")
        found = True
    if not found:
        raise Wrong(f"{where(note).capitalize()} is not signed by {key.name}.")
    if key.kind == LOG and not note.body.startswith(f"{key.name}\n"):
        raise Wrong(f"{where(note).capitalize()} is that of another log.")


def where(note: Note) -> str:
    """Name a note."""
    return f"the note of {note.size} entries in {note.where}"


# --- What is proved ---

COLUMNS = ("actor", "at", "detail", "kind", "organisation", "role", "seq", "subject", "leaf_hash")


def prove_log(lines: Iterator[str], notes: Sequence[Note]) -> tuple[int, bytes]:
    """Prove an exported log against notes; give its size and root, or raise Wrong."""
    peaks: list[bytes] = []
    size, proved = 0, 0
    for note in sorted(notes, key=lambda note: note.size):
        while size < note.size:
            line = next(lines, "")
            if not line:
                raise Wrong(f"Entry {size} is missing: {where(note)} counts {note.size}.")
            size = append(peaks, size, leaf_of(line, size))
        if root_of(peaks) != note.root:
            raise Wrong(
                f"The first {size} entries are not those of {where(note)}: one of the entries "
                f"{proved} to {size - 1} was changed with its hash, or the whole log was."
            )
        proved = size
    for line in lines:
        size = append(peaks, size, leaf_of(line, size))
    return size, root_of(peaks)


def append(peaks: list[bytes], size: int, leaf: bytes) -> int:
    """Add the hash of an entry to the roots of the complete subtrees; give the new size."""
    level = size
    while level & 1:
        leaf = hash_node(peaks.pop(), leaf)
        level >>= 1
    peaks.append(leaf)
    return size + 1


def leaf_of(line: str, expected: int) -> bytes:
    """Hash the entry of one line; raise Wrong where it is not the one expected, or was changed.

    What was hashed is the line as it stands, without the hash at its end.
    """
    try:
        entry: dict[str, Any] = json.loads(line)
        seq = entry["seq"]
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong(f"Entry {expected} cannot be read: {line[:60]!r} is no entry.") from error
    if seq != expected:
        raise Wrong(f"Entry {expected} is missing: entry {seq} stands in its place.")
    content, _, told = line.rstrip("\n").rpartition(',"leaf_hash":')
    leaf = hash_leaf(f"{content}}}".encode("utf-8", "surrogatepass"))
    if told != f'"{leaf.hex()}"}}' or tuple(entry) != COLUMNS:
        why = "its hash does not follow from it, or more was put behind it, such as words"
        raise Wrong(f"Entry {seq} was changed: {why}.")
    return leaf


def prove_entry(proof: str, key: Key) -> tuple[int, str, Note]:
    """Prove one entry to be in the log: give its number, itself and the note; or raise Wrong."""
    head, _, rest = proof.partition("\n\n")
    lines = head.split("\n")
    note = next(find_notes(rest, "the proof"), None)
    shape = re.fullmatch(r"extra (\S+) index (\d{1,18})", " ".join(lines[1:3]))
    if note is None or shape is None or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Wrong("This is no proof of an entry, as `register audit prove` prints it.")
    require_signature(note, key)
    index, content = int(shape[2]), exact(shape[1])
    hashes = [exact(line) for line in lines[3:]]
    if root_by_inclusion(hash_leaf(content), index, note.size, hashes) != note.root:
        raise Wrong(f"This is not entry {index} of the log, or it was changed.")
    return index, content.decode(), note


def prove_growth(old: Note, proof: str, key: Key) -> Note:
    """Prove a later note to be of the same log, grown; give it, or raise Wrong."""
    head, _, rest = proof.strip("\n").partition("\n\n")
    lines = head.split("\n")
    note = next(find_notes(f"{rest}\n", "the proof"), None)
    if note is None or lines[0] != f"old {old.size}":
        raise Wrong(f"This is no proof from {old.size} entries on, as `register audit` prints it.")
    require_signature(old, key)
    require_signature(note, key)
    hashes = [exact(line) for line in lines[1:]]
    if not is_growth(old.size, note.size, hashes, old.root, note.root):
        raise Wrong(f"The log was cut off or written anew between {where(old)} and {where(note)}.")
    return note


# --- The command line ---


def notes_of(paths: Sequence[Path]) -> list[Note]:
    """Read every note in these files; raise Wrong for a file without one."""
    notes = []
    for path in paths:
        found = list(find_notes(path.read_text("utf-8", "replace"), path.name))
        if not found:
            raise Wrong(f"{path.name} holds no signed note.")
        notes += found
    return notes


def run(asked: argparse.Namespace) -> str:
    """Do what is asked; give what was found, or raise Wrong."""
    key = read_key(asked.key)
    if asked.what == "entry":
        index, entry, note = prove_entry(asked.proof.read_text("utf-8"), key)
        return f"Entry {index} stands in the log of {note.size} entries:\n{entry}"
    if asked.what == "growth":
        old = notes_of([asked.old])[-1]
        note = prove_growth(old, asked.proof.read_text("utf-8"), key)
        return f"The log of {note.size} entries begins with those {old.size}, unchanged."
    notes = notes_of(asked.notes)
    for note in notes:
        for each in (key, *map(read_key, asked.witness)):
            require_signature(note, each)
    with asked.log.open(encoding="utf-8", newline="\n") as lines:
        size, root = prove_log(lines, notes)
    last = max(note.size for note in notes)
    return (
        f"The log is whole: its first {last} entries are those of {len(notes)} signed notes. "
        f"{size - last} entries came after the last note. Root {root.hex()}."
    )


def parser() -> argparse.ArgumentParser:
    """Say what can be asked."""
    told = argparse.ArgumentParser(description="Prove the log of the register, without it.")
    told.add_argument("--key", required=True, help="the log's verifier key")
    what = told.add_subparsers(dest="what", required=True)
    log = what.add_parser("log", help="an exported log, against notes that lay elsewhere")
    log.add_argument("log", type=Path, help="what `register audit export` wrote")
    log.add_argument("notes", type=Path, nargs="+", help="files of signed notes")
    log.add_argument("--witness", action="append", default=[], help="a key that signed them too")
    entry = what.add_parser("entry", help="one entry, by what `register audit prove` printed")
    entry.add_argument("proof", type=Path)
    growth = what.add_parser("growth", help="a later note, by `register audit consistency`")
    growth.add_argument("old", type=Path, help="a file whose last note is the earlier one")
    growth.add_argument("proof", type=Path)
    return told


def main() -> int:
    """Run; 0 where all holds, 1 where something is wrong."""
    asked = parser().parse_args()
    try:
        print(run(asked))
    except (Wrong, OSError) as wrong:
        print(f"Wrong: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
