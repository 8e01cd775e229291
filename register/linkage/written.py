"""A subject written down in one line, as linking stores it, and read back from it.

The line holds all that is compared of a subject and nothing else; of places that is
the home postcode alone. Linking asks how near two homes are, and of hashes nobody could tell: so
the line is sealed whole, in a way that gives the same for the same (AES-SIV, RFC 5297), and opened
where it is compared. Whoever links by columns without a register keeps none.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidTag

from register.keyring import KeysUnusable
from register.linkage.identity import Identity, Subject
from register.secrecy.keys import Opened


def seal_subject(subject: Subject, key: Opened) -> bytes:
    """Write a subject down, sealed; of two that are the same, the lines are the same."""
    return key.lines.encrypt(write_subject(subject).encode(), [_bound(subject.subject_id)])


def unseal_subject(subject_id: int, sealed: bytes, key: Opened) -> Subject:
    """Read a subject back; raise KeysUnusable where the line is another's, or was changed."""
    try:
        line = key.lines.decrypt(bytes(sealed), [_bound(subject_id)])
    except (InvalidTag, ValueError) as error:
        raise KeysUnusable(
            "What is stored for linking cannot be opened: it was changed, or sealed under another "
            "key. `register rebuild` makes it again from the reports."
        ) from error
    return read_subject(subject_id, line.decode(), key.salt)


def _bound(subject_id: int) -> bytes:
    return str(subject_id).encode()


def write_subject(subject: Subject) -> str:
    """Write a subject down; of two that are the same, the lines are the same."""
    line = [
        subject.key,
        subject.own,
        subject.reports,
        [_of_identity(each) for each in subject.identities],
        sorted(subject.nhs_numbers),
        sorted(subject.upns),
        sorted(subject.home_office_references),
        sorted(day.isoformat() for day in subject.missing_on),
    ]
    return json.dumps(line, separators=(",", ":"))


def read_subject(subject_id: int, line: str, salt: bytes = b"") -> Subject:
    """Read a subject back from its line."""
    key, own, reports, identities, nhs_numbers, upns, home_office, days = json.loads(line)
    return Subject(
        subject_id=subject_id,
        key=tuple(key),
        own=own,
        reports=tuple(reports),
        identities=tuple(_identity(each) for each in identities),
        nhs_numbers=frozenset(nhs_numbers),
        upns=frozenset(upns),
        home_office_references=frozenset(home_office),
        missing_on=frozenset(map(date.fromisoformat, days)),
        salt=salt,
    )


def _of_identity(each: Identity) -> list[Any]:
    born = each.born.isoformat() if each.born else ""
    names = [each.forename, each.surname, each.known_as]
    return [*names, born, each.born_is_doubtful, each.sex, each.postcode]


def _identity(written: Sequence[Any]) -> Identity:
    forename, surname, known_as, born, born_is_doubtful, sex, postcode = written
    return Identity(
        forename=tuple(forename),
        surname=tuple(surname),
        known_as=tuple(map(tuple, known_as)),
        born=date.fromisoformat(born) if born else None,
        born_is_doubtful=born_is_doubtful,
        sex=sex,
        postcode=postcode,
    )
