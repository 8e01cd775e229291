"""What the log says in words, closed by a key of each subject's: without the key nobody reads it.

An entry holds references only. Where words must stand, such as a reason, they are encrypted before
the entry is hashed; destroying the subject's key erases them, and every proof still holds. The keys
lie in a table, wrapped by one that is kept beside the database, so that neither alone opens them.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from pathlib import Path
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from register.audit.keys import kept_key
from register.audit.leaf import canonical
from register.audit.models import AuditSubjectKey
from register.errors import NotFound, RegisterError
from register.settings import load_settings

PRIVATE = "private"
"""Under this name an entry's detail holds the number of the key, and the words in base64."""
_NONCE = 12
_folders: WeakKeyDictionary[Engine, Path] = WeakKeyDictionary()


def keep_keys_in(engine: Engine, folder: Path) -> None:
    """Say where the key lies that opens the keys of a database; else, where the settings say."""
    _folders[engine] = folder


def close(session: Session, whose: str, place: str, words: Mapping[str, str]) -> list[str]:
    """Encrypt words with a subject's key, made if need be; they open at this `place` only.

    Gives what an entry's detail says under `PRIVATE`.
    """
    kept = select(AuditSubjectKey.id).where(AuditSubjectKey.subject == whose)
    number = session.scalar(kept) or _make_key(session, whose)
    sealed = _seal(_key_of(session, number) or b"", canonical(words).encode(), place)
    return [number, b64encode(sealed).decode("ascii")]


def words_of(session: Session, seq: int, kind: str, detail: str) -> dict[str, str] | None:
    """Read what an entry says in words; None where it says none, or its key was destroyed."""
    number, closed = json.loads(detail).get(PRIVATE, ("", ""))
    key = _key_of(session, number)
    if key is None:
        return None
    words: dict[str, str] = json.loads(_open(key, b64decode(closed), place_of(seq, kind)))
    return words


def place_of(seq: int, kind: str) -> str:
    """Name the one place where an entry's words open: moved to another entry, they don't."""
    return f"{seq} {kind}"


def destroy_key(session: Session, whose: str) -> str:
    """Erase all that the log says of a subject in words; give the number of the key that was.

    Raises NotFound where it says nothing.
    """
    gone = delete(AuditSubjectKey).where(AuditSubjectKey.subject == whose)
    number: str | None = session.scalar(gone.returning(AuditSubjectKey.id))
    if number is None:
        raise NotFound(f"The log says nothing in words of {whose!r}, or it was erased already.")
    return str(number)


def subjects_of(session: Session, numbers: Collection[str]) -> list[str]:
    """Give the subjects whose keys have these numbers."""
    kept = select(AuditSubjectKey.subject).where(AuditSubjectKey.id.in_(numbers))
    return list(session.scalars(kept.order_by(AuditSubjectKey.subject)))


def _key_of(session: Session, number: str) -> bytes | None:
    row = session.get(AuditSubjectKey, number) if number else None
    if row is None:
        return None
    return _open(_wrapping_key(session), row.wrapped, f"{number} {row.subject}")


def _make_key(session: Session, whose: str) -> str:
    number, key = secrets.token_hex(8), secrets.token_bytes(32)
    wrapped = _seal(_wrapping_key(session), key, f"{number} {whose}")
    row = {"id": number, "subject": whose, "wrapped": wrapped}
    session.execute(insert(AuditSubjectKey).values(row))
    return str(number)


def _wrapping_key(session: Session) -> bytes:
    engine = session.connection().engine
    return kept_key((_folders.get(engine) or Path(load_settings().instance_dir)) / "words.key")


def _seal(key: bytes, content: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _open(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise RegisterError(
            "What the log says in words cannot be opened: it was changed, or words.key in the "
            "instance folder is not the key that closed it. Restore the one that was kept apart."
        ) from error
