"""The verifier of one file agrees with the register's own proof, and with others' Ed25519."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from docs import verify_log
from docs.verify_log import Wrong, has_signed, hash_leaf, is_growth, root_by_inclusion
from register.audit import merkle
from register.audit.leaf import COLUMNS, canonical, content_of, leaf_of
from register.audit.note import LOG, WITNESS, Note, Signer
from register.settings import ROOT

SIGNER = Signer("register/log", LOG, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESSED = Signer("a.witness", WITNESS, Ed25519PrivateKey.from_private_bytes(bytes(32)))
RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
            "b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
            "1d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
            "c6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)
"""The first three tests of RFC 8032, 7.1: public key, message, signature."""


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_hold(public: str, message: str, signature: str) -> None:
    assert has_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_signatures_are_judged_as_the_library_judges_them() -> None:
    chance, held = random.Random(8032), 0  # noqa: S311  # no secret
    for _ in range(60):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(100))
        parts = [private.public_key().public_bytes_raw(), message, private.sign(message)]
        if chance.random() < 0.7:
            number = chance.randrange(3)
            flipped = bytearray(parts[number] or b"\0")
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            parts[number] = bytes(flipped)
        held += by_library(*parts)
        assert has_signed(*parts) == by_library(*parts)
    assert 5 < held < 55


def by_library(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_a_signature_made_longer_or_by_another_number_of_the_order_is_none() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    s = int.from_bytes(signature[32:], "little") + verify_log.ORDER
    assert has_signed(public, b"x", signature)
    assert not has_signed(public, b"x", signature[:32] + s.to_bytes(32, "little"))
    assert not has_signed(public, b"x", signature + b"\0")
    assert not has_signed(b"\xff" * 32, b"x", signature)


def test_proofs_are_judged_as_the_register_judges_them() -> None:
    chance = random.Random(9162)  # noqa: S311  # no secret
    for size in range(1, 24):
        leaves = [merkle.hash_leaf(b"%d" % number) for number in range(size)]
        root = merkle.tree_root(leaves)
        for index in range(size):
            proof = proof_of(leaves, merkle.inclusion_ranges(index, size))
            assert root_by_inclusion(leaves[index], index, size, proof) == root
            wrong = changed(proof, chance)
            other = chance.randrange(size + 2)
            told = root_by_inclusion(leaves[index], other, size, wrong) == root
            assert told == merkle.verify_inclusion(leaves[index], other, size, wrong, root)
        for old in range(size + 1):
            proof = proof_of(leaves, merkle.consistency_ranges(old, size))
            first = merkle.tree_root(leaves[:old])
            assert is_growth(old, size, proof, first, root)
            wrong = changed(proof, chance)
            other = chance.randrange(size + 2)
            told = is_growth(other, size, wrong, first, root)
            assert told == merkle.verify_consistency(other, size, wrong, first, root)


def proof_of(leaves: list[bytes], ranges: list[merkle.Range]) -> list[bytes]:
    return [merkle.tree_root(leaves[start:end]) for start, end in ranges]


def changed(proof: list[bytes], chance: random.Random) -> list[bytes]:
    ways: list[Callable[[], list[bytes]]] = [
        lambda: proof,
        lambda: proof[1:],
        lambda: [*proof, bytes(32)],
        lambda: proof[::-1],
        lambda: [bytes(32), *proof[1:]],
    ]
    return chance.choice(ways)()


def columns_of(seq: int) -> list[object]:
    at = f"2026-03-02 22:40:{seq % 60:02}.000000"
    detail = canonical({"reports": [seq], "why": '\u00c6r\u00f8 \U0001f50e \u2028 \\ " \x7f \t'})
    return [seq, at, "child:viewed", "a.officer", "force_user", "E23", f"child {seq}", detail]


def line_of(columns: list[object]) -> str:
    return f'{content_of(columns)[:-1]},"leaf_hash":"{leaf_of(columns).hex()}"}}\n'


def test_what_is_hashed_is_canonical_json() -> None:
    for seq in (0, 7, 2**40):
        columns = columns_of(seq)
        by_name = dict(zip(COLUMNS, columns, strict=True))
        assert content_of(columns) == canonical(by_name)
        assert verify_log.leaf_of(line_of(columns), seq) == leaf_of(columns)


SIZE, NOTED = 40, (11, 30)
LINES = [line_of(columns_of(seq)) for seq in range(SIZE)]
LEAVES = [leaf_of(columns_of(seq)) for seq in range(SIZE)]


def note_at(size: int) -> Note:
    note = SIGNER.sign(Note("register/log", size, merkle.tree_root(LEAVES[:size])))
    return WITNESSED.sign(note, 1_772_491_200)


def prove(lines: list[str]) -> tuple[int, bytes]:
    text = "\n".join(note_at(size).text() for size in NOTED)
    return verify_log.prove_log(iter(lines), list(verify_log.find_notes(text, "notes")))


def test_a_whole_log_is_whole() -> None:
    assert prove(LINES) == (SIZE, merkle.tree_root(LEAVES))


def forged(seq: int) -> str:
    columns = columns_of(seq)
    columns[3] = "somebody.else"
    return line_of(columns)


def widened(seq: int) -> str:
    """Give an entry of which one column more is hashed too."""
    content = f'{content_of(columns_of(seq))[:-1]},"words":"sent to Ofsted"'
    leaf = hash_leaf(f"{content}}}".encode())
    return f'{content},"leaf_hash":"{leaf.hex()}"}}\n'


TAMPERINGS: dict[str, tuple[Callable[[], list[str]], str]] = {
    "changed": (
        lambda: [*LINES[:5], LINES[5].replace("officer", "nobody"), *LINES[6:]],
        "Entry 5 was changed",
    ),
    "changed with its hash": (
        lambda: [*LINES[:15], forged(15), *LINES[16:]],
        "entries 11 to 29 was changed",
    ),
    "taken out": (lambda: [*LINES[:5], *LINES[6:]], "Entry 5 is missing: entry 6"),
    "cut off": (lambda: LINES[:20], "Entry 20 is missing: the note of 30 entries in notes"),
    "swapped": (lambda: [*LINES[:3], LINES[4], LINES[3], *LINES[5:]], "Entry 3 is missing"),
    "no entry": (lambda: [*LINES[:3], "[]\n", *LINES[4:]], "Entry 3 cannot be read"),
    "said twice": (
        lambda: [*LINES[:3], LINES[3].replace('{"actor"', '{"actor":"me","actor"'), *LINES[4:]],
        "Entry 3 was changed",
    ),
    "words put behind": (
        lambda: [*LINES[:3], LINES[3].replace("}\n", ',"words":{"recipient":"Ofsted"}}\n')],
        "Entry 3 was changed: .* such as words",
    ),
    "more put behind": (
        lambda: [*LINES[:3], LINES[3].replace("}\n", ',"Actor":"somebody else"}\n')],
        "Entry 3 was changed",
    ),
    "more in it than was written, after the last note": (
        lambda: [*LINES[:35], widened(35)],
        "Entry 35 was changed",
    ),
    "all anew": (lambda: [forged(seq) for seq in range(SIZE)], "entries 0 to 10 was changed"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_was_done_to_a_log_is_told(tampering: str) -> None:
    lines, sentence = TAMPERINGS[tampering]
    with pytest.raises(Wrong, match=sentence):
        prove(lines())


def test_control_without_a_note_a_log_written_anew_is_whole() -> None:
    lines = [forged(seq) for seq in range(SIZE)]
    assert verify_log.prove_log(iter(lines), [])[0] == SIZE


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Give a way to run the file as a program, in a folder with a log, notes and proofs."""
    monkeypatch.chdir(tmp_path)
    Path("log.jsonl").write_text("".join(LINES), "utf-8")
    for size in NOTED:
        Path(f"{size}.note").write_text(note_at(size).text(), "utf-8")

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["verify_log.py", *arguments])
        code = verify_log.main()
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


Run = Callable[..., tuple[int, str]]
KEY = ("--key", SIGNER.key.text())


def test_the_program_proves_a_log(run: Run) -> None:
    code, said = run(*KEY, "log", "log.jsonl", "11.note", "30.note")
    assert (code, said[:55]) == (0, "The log is whole: its first 30 entries are those of 2 s")
    witness = ("--witness", WITNESSED.key.text())
    assert run(*KEY, "log", "log.jsonl", "30.note", *witness)[0] == 0


def test_the_program_trusts_no_other_key_and_no_false_signature(run: Run) -> None:
    other = Signer("register/log", LOG, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    assert "not signed by" in run("--key", other.key.text(), "log", "log.jsonl", "30.note")[1]
    note = Path("30.note").read_text("utf-8")
    Path("false.note").write_text(note.replace("register/log\n30", "register/log\n29"), "utf-8")
    assert "is false" in run(*KEY, "log", "log.jsonl", "false.note")[1]
    stranger = Signer("else", LOG, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    Path("else.note").write_text(stranger.sign(Note("register/log", 30, bytes(32))).text(), "utf-8")
    key = ("--key", stranger.key.text())
    assert "another log" in run(*key, "log", "log.jsonl", "else.note")[1]
    for wrong in ("x", "a+b+c", SIGNER.key.text().replace("register", "registry")):
        assert run("--key", wrong, "log", "log.jsonl", "30.note")[0] == 1
    Path("empty.note").write_text("")
    assert "holds no signed note" in run(*KEY, "log", "log.jsonl", "empty.note")[1]
    assert run(*KEY, "log", "gone.jsonl", "30.note")[0] == 1


def test_the_file_needs_nothing_but_the_standard_library() -> None:
    text = (ROOT / "docs" / "verify_log.py").read_text("utf-8")
    told = {
        line.split()[1].split(".")[0]
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert told == {
        "argparse",
        "base64",
        "collections",
        "hashlib",
        "json",
        "pathlib",
        "re",
        "sys",
        "typing",
    }


def test_a_line_of_the_log_is_one_of_json() -> None:
    assert json.loads(LINES[3])["leaf_hash"] == LEAVES[3].hex()
