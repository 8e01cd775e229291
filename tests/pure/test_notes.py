"""Signed notes are those of C2SP: its own examples hold, and nothing else does."""

import re
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from register.audit.note import (
    LOG,
    WITNESS,
    Note,
    Signer,
    VerifierKey,
    find_notes,
    read_key,
    read_note,
)
from register.errors import Refused

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n",
    (
        "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
        "OBH3mFXmRKuwHjG1Yu72IneyaQM="
    ),
)
"""The key, the text and the signature that the document on signed notes shows."""
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER = Signer("register/log", LOG, PRIVATE)
OTHER = Signer("a.witness", WITNESS, Ed25519PrivateKey.from_private_bytes(bytes(32)))
NOTE = Note("register/log", 17, bytes(range(32)))


class Plain(Note):
    """A note whose text is no checkpoint's."""

    @property
    def body(self) -> str:
        return EXAMPLE[0]


def test_the_example_of_the_authors_holds() -> None:
    key = read_key(EXAMPLE_KEY)
    assert key.text() == EXAMPLE_KEY
    assert key.signed_at(Plain("", 0, b"", (EXAMPLE[1],))) == 0
    with pytest.raises(Refused, match="false"):
        key.signed_at(NOTE.signed(EXAMPLE[1]))


def test_the_kinds_of_keys_are_those_of_the_documents() -> None:
    """Ed25519 is 1, a cosignature 4: a witness that others wrote must know them."""
    assert (LOG, WITNESS) == (1, 4)
    for signer, kind in ((SIGNER, 1), (OTHER, 4)):
        name, _, material = signer.key.text().split("+", 2)
        assert name == signer.name
        assert b64decode(material) == bytes([kind]) + signer.key.public


def test_a_note_is_read_as_it_was_written() -> None:
    note = OTHER.sign(SIGNER.sign(NOTE), 1_772_491_200)
    assert note.text().split("\n")[:4] == ["register/log", "17", NOTE.text().split("\n")[2], ""]
    assert read_note(note.text()) == note
    assert SIGNER.key.signed_at(note) == 0
    assert OTHER.key.signed_at(note) == 1_772_491_200
    assert list(find_notes(f"torn\n1\nAA\n{note.text()}\n{note.text()}reg")) == [note, note]


def test_who_did_not_sign_is_told_from_who_signed_falsely() -> None:
    note = SIGNER.sign(NOTE)
    assert OTHER.key.signed_at(note) is None
    assert VerifierKey("register/log", LOG, bytes(32)).signed_at(note) is None
    moved = Note("register/log", 18, NOTE.root, note.signatures)
    with pytest.raises(Refused, match="false"):
        SIGNER.key.signed_at(moved)
    seen = OTHER.sign(NOTE, 5)
    later = seen.signatures[0].replace("AAAAAAAAAF", "AAAAAAAAAG")
    cut = Signer("a.witness", WITNESS, PRIVATE).sign(NOTE, 5).signatures[0][:-12] + "AAAAAAA="
    for line in {later, cut} - {seen.signatures[0]}:
        try:
            assert OTHER.key.signed_at(Note("register/log", 17, NOTE.root, (line,))) is None
        except Refused:
            continue


def test_no_bit_of_a_note_flips_unseen() -> None:
    note = SIGNER.sign(NOTE)
    content = note.text().encode()
    for place in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        found = next(find_notes(flipped.decode(errors="replace")), None)
        try:
            assert found is None or SIGNER.key.signed_at(found) is None, place
        except Refused:
            continue
    assert SIGNER.key.signed_at(next(find_notes(content.decode()))) == 0


@pytest.mark.parametrize(
    "words",
    ["", "log\n1\n", "log\nx\nAAAA\n", "log\n01\n", "log\n1\n?\n", NOTE.text(), NOTE.body],
)
def test_what_is_no_note_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="no checkpoint"):
        read_note(words)


def test_a_key_is_read_as_it_was_written_and_no_other_is() -> None:
    for signer in (SIGNER, OTHER):
        assert read_key(f"{signer.key.text()}\n") == signer.key
    text = SIGNER.key.text()
    public = SIGNER.key.public
    unlike = [("", LOG, public), ("a log", LOG, public), ("a\tlog", LOG, public)]
    unlike += [("log", 2, public), ("log", LOG, public[1:]), ("log", LOG, b"")]
    for parts in unlike:
        with pytest.raises(Refused, match="no verifier key"):
            read_key(VerifierKey(*parts).text())
    wrong = ["", "a", "a+b+c", text[:-1], text[1:], re.sub(r"\+.", "+f", text), f" x{text}"]
    for each in wrong:
        with pytest.raises(Refused, match="no verifier key"):
            read_key(each)
