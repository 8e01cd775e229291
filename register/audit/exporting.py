"""The log for others to prove: every entry a line of JSON, and proofs in the forms of C2SP."""

from base64 import b64encode
from collections.abc import Iterator

from sqlalchemy.orm import Session

from register.audit.checkpoints import checkpoint_at, last_checkpoint
from register.audit.leaf import canonical, content_of
from register.audit.nodes import prove_inclusion
from register.audit.private import words_of
from register.audit.verification import read_entries
from register.audit.witness import make_request
from register.errors import NotFound, Refused


def lines(session: Session, size: int, *, words: bool = False) -> Iterator[str]:
    """Give the first `size` entries, each as the JSON that is hashed, and its hash besides.

    With `words`, what an entry says in words is added in clear, where its key still stands.
    """
    for *columns, leaf_hash in read_entries(session, size):
        more = f',"leaf_hash":"{leaf_hash.hex()}"'
        said = words_of(session, columns[0], columns[2], columns[-1]) if words else None
        more += f',"words":{canonical(said)}' if said else ""
        yield f"{content_of(columns)[:-1]}{more}}}"


def proof_of_entry(session: Session, seq: int) -> str:
    """Prove one entry to be in the log, as C2SP `tlog-proof` writes it; raise Refused.

    The entry itself, as it is hashed, is the proof's extra data.
    """
    last = last_checkpoint(session)
    if last is None or seq >= last.size:
        raise Refused(
            f"Entry {seq} is in no checkpoint yet: the last one counts "
            f"{last.size if last else 0} entries. `register work` signs the next."
        )
    ((*columns, _),) = read_entries(session, seq + 1, begin=seq)
    hashes = [_base64(each) for each in prove_inclusion(session, seq, last.size)]
    head = ["c2sp.org/tlog-proof@v1", f"extra {_base64(content_of(columns).encode())}"]
    return "\n".join([*head, f"index {seq}", *hashes, "", last.text()])


def proof_of_growth(session: Session, old: int, new: int) -> str:
    """Prove that the log of `new` entries continues that of `old`, as C2SP `tlog-witness` asks.

    Raises NotFound where there is no checkpoint at `new`.
    """
    note = checkpoint_at(session, new)
    if note is None:
        raise NotFound(f"There is no checkpoint at {new} entries.")
    if old > new:
        raise Refused(f"{old} entries are more than {new}: give the smaller number first.")
    return make_request(session, old, note).text()


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")
