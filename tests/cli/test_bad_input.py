"""Whatever a user hands over: a sentence, exit code 1, no traceback, and nothing else lost."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import ADA, FORCE, Program, Write

HEAD = "organisation,reference,surname,category,status,missing_at\n"
GOOD = f"{FORCE},G1,Byron,missing,open,2026-03-02\n"
TEN_MEGABYTES = 10 * 1024 * 1024

Make = Callable[[Path], object]


def text(content: str) -> Make:
    return lambda path: path.write_text(content, "utf-8")


def raw(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


REFUSED: dict[str, tuple[Make, str]] = {
    "an empty file": (raw(b""), "is empty"),
    "blank lines only": (raw(b"\n\n \n"), "is empty"),
    "Windows-1252": (raw((HEAD + GOOD).replace("Byron", "Zoë").encode("cp1252")), "not UTF-8"),
    "UTF-16": (raw((HEAD + GOOD).encode("utf-16")), "UTF-16"),
    "a lone surrogate": (
        raw((HEAD + GOOD).encode().replace(b"Byron", b"\xed\xa0\x80")),
        "half a character",
    ),
    "cut off in a row": (text(HEAD + GOOD + f"{FORCE},G2,By"), "cut off"),
    "cut off in a quote": (text(HEAD + GOOD + f'{FORCE},G2,"By'), "quote"),
    "a folder": (lambda path: path.mkdir(), "is a folder"),
    "a workbook": (raw(b"PK\x03\x04" + b"\0" * 64), "Excel workbook"),
    "a file of another layout": (text("Case no,Person\n1,Byron\n"), "no layout knows"),
    "a file that lacks a column": (text(HEAD.replace("status,", "") + GOOD), "status"),
    "an unknown column": (text(HEAD.replace("\n", ",shoe_size\n") + GOOD), "shoe_size"),
    "a column twice": (text(HEAD.replace("surname", "reference") + GOOD), "twice"),
    "semicolons": (text((HEAD + GOOD).replace(",", ";")), "semicolons"),
    "no file": (lambda _path: None, "There is no file"),
    "a pipe": (os.mkfifo, "not an ordinary file"),
    "a loop of links": (lambda path: path.symlink_to(path), "There is no file"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_whole(
    embedded: Program, tmp_path: Path, what: str
) -> None:
    make, expected = REFUSED[what]
    path = tmp_path / "handed over.csv"
    make(path)
    sentence = embedded.refuse("import", path)
    assert expected in sentence
    assert embedded.rows("links") == []
    other = tmp_path / "good.csv"
    other.write_text(HEAD + GOOD, "utf-8")
    for command in (("import", path, other), ("import", other, path)):
        assert embedded.run(*command).exit_code == 1
        assert len(embedded.rows("links")) == 1, "nothing else is lost"
    assert expected in embedded.refuse("link", other, path, "--output", tmp_path / "out")


def test_control_the_same_file_unspoilt_is_read(embedded: Program, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(HEAD + GOOD, "utf-8")
    embedded.do("import", path)
    assert len(embedded.rows("links")) == 1


REJECTED: dict[str, tuple[str, str, str]] = {
    "ten megabytes in one field": ("B" * TEN_MEGABYTES, "surname", "longer than"),
    "a status that is none": ("", "status", "gone"),
    "too many columns": ("Byron,Byron", "", "7 columns"),
}


@pytest.mark.parametrize("what", REJECTED)
def test_a_row_that_cannot_go_in_is_handed_back_whole(
    embedded: Program, tmp_path: Path, what: str
) -> None:
    surname, field, reason = REJECTED[what]
    status = "gone" if field == "status" else "open"
    row = f"{FORCE},B1,{surname},missing,{status},2026-03-02\n"
    path = tmp_path / "bad.csv"
    path.write_text(HEAD + GOOD + row, "utf-8")
    printed = embedded.do("import", path)
    assert ", 1 rejected" in printed
    (rejects,) = (Path(found) for found in re.findall(r"reasons: (.+)", printed))
    handed_back = rejects.read_text("utf-8")
    # A cell may come back in quotes; what stands in it is all there.
    assert row.strip().replace('"', "") in handed_back.replace('"', "")
    line = handed_back.splitlines()[1][:200]
    assert line.replace('"', "").startswith(f"3,{field},")
    assert reason in handed_back[:1000]
    assert len(embedded.rows("links")) == 1


def test_a_nul_and_half_characters_within_cells_are_kept_and_marked(
    register: Program, write: Write
) -> None:
    """PostgreSQL cannot hold a NUL: it is escaped, and the value is left out of linking."""
    register.do("import", write({"surname": "By\0ron", "reference": "R1", "upn": "A\0B"}))
    assert len(register.rows("links")) == 1
    assert "\0" not in register.do("export", "children")
    assert "What stands is what follows" in register.do("rebuild", "--check")


def test_a_doubtful_value_keeps_no_report_out(register: Program, write: Write) -> None:
    doubtful = {
        "nhs_number": "9000000000",
        "home_postcode": "nowhere",
        "sex": "?",
        "upn": "x",
        "date_of_birth": "31/02/2010",
        "risk_level": "extreme",
    }
    assert ", 0 rejected" in register.do("import", write(doubtful))
    (child,) = register.rows("children")
    assert (child["nhs_number"], child["date_of_birth"]) == ("", "")


DATABASES: dict[str, tuple[str, str]] = {
    "no database": ("sqlite:////proc/none/x.sqlite3", "/proc/none"),
    "no address": ("nonsense", "no address of a database"),
    "an unknown kind": ("oracle://scott@host/db", "cannot use"),
    "no server": ("postgresql+psycopg://nobody@127.0.0.1:1/none", "REGISTER_DATABASE_URL right"),
    "a folder": ("sqlite:///{folder}", "unable to open"),
    "a text file": ("sqlite:///{folder}/text", "not a database"),
}


@pytest.mark.parametrize("what", DATABASES)
@pytest.mark.parametrize(
    "command",
    [("import", "{folder}/good.csv"), ("export", "links"), ("work",), ("audit", "verify")],
)
def test_a_database_that_cannot_be_used_is_told(
    tmp_path: Path, what: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "good.csv").write_text(HEAD + GOOD, "utf-8")
    (tmp_path / "text").write_text("this is not a database, but a long text. " * 50, "utf-8")
    url, expected = DATABASES[what]
    program = Program(url.format(folder=tmp_path), tmp_path)
    sentence = program.refuse(*(part.format(folder=tmp_path) for part in command))
    assert expected in sentence


def test_an_address_with_a_password_is_not_repeated(tmp_path: Path) -> None:
    program = Program("postgresql+psycopg://ada:s3cret@127.0.0.1:1/none", tmp_path)
    assert "s3cret" not in program.refuse("export", "links")
    assert "s3cret" not in Program("what:s3cret", tmp_path).refuse("export", "links")


def test_a_setting_that_cannot_be_read_is_told(embedded: Program, write: Write) -> None:
    sentence = embedded.refuse("import", write({}), REGISTER_CHUNK_ROWS="many")
    assert "The settings cannot be read" in sentence


def test_an_instance_folder_that_cannot_be_made_is_told(tmp_path: Path, write: Write) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    program = Program("", tmp_path / "taken" / "instance")
    sentence = program.refuse("import", write({}), REGISTER_DATABASE_URL="")
    assert "taken" in sentence


def test_rejects_that_cannot_be_written_lose_nothing(register: Program, write: Write) -> None:
    (register.folder / "rejects").write_text("a file, where the folder should be", "utf-8")
    rows = [{"reference": f"R{number}"} for number in range(4)]
    file = write(*rows, {"missing_at": "?"})
    sentence = register.refuse("import", file, REGISTER_CHUNK_ROWS="2")
    assert "rejects" in sentence
    assert len(register.rows("links")) == 4
    (register.folder / "rejects").unlink()
    assert "4 unchanged, 0 superseded, 1 rejected" in register.do("import", file)


def test_a_real_process_says_a_sentence_and_exits_with_one(embedded: Program) -> None:
    process = embedded.start("import", "gone.csv")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err.strip() == "Error: There is no file gone.csv: check its name and its folder."


def test_a_reader_who_goes_away_is_no_fault(embedded: Program, write: Write) -> None:
    embedded.do("import", write(*({**ADA, "reference": f"R{number}"} for number in range(50))))
    process = embedded.start("export", "children")
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(60)


def test_an_output_that_is_full_is_told(embedded: Program, write: Write) -> None:
    embedded.do("import", write({}))
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = embedded.start("export", "links", stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith("Error: ")
    assert "no space left" in err
