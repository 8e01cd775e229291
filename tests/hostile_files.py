"""Files that break who reads them, sent on purpose or not, each with what must become of it.

All of them are made here, when they are asked for; none is kept.
"""

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.report_files import GOOD, HEADINGS, lines

LONG = 10_000_000
"""Bytes of what is long: a tenth of it would be far too much of it."""
NAMED = HEADINGS.split(",")


@dataclass(frozen=True)
class Hostile:
    """One file: its bytes, and either a part of the sentence that refuses it, or its rows.

    `read` and `rejected` count rows.
    """

    make: Callable[[], bytes]
    refused: str = ""
    read: int = 0
    rejected: int = 0
    name: str = "reports.csv"


def _with(**cells: str) -> Callable[[], bytes]:
    """Give a file with one good row, and one of which some cells are others."""
    row = [
        cells.get(name, cell) for name, cell in zip(NAMED, GOOD.format(2).split(","), strict=True)
    ]
    return lambda: lines(GOOD.format(1), ",".join(row)).encode("utf-8", "surrogatepass")


def _surname(make: Callable[[], str]) -> Callable[[], bytes]:
    """Give such a file whose second child has this surname, which is made when it is needed."""

    def content() -> bytes:
        return _with(surname=make())()

    return content


def _text(make: Callable[[], str]) -> Callable[[], bytes]:
    return lambda: make().encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _bytes(content: bytes | str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: content if isinstance(content, bytes) else content.encode(encoding)


def _zip_bomb() -> bytes:
    """An Excel workbook of a few hundred kilobytes that unpacks to two hundred megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(200):
                sheet.write(b"0" * 1_000_000)
    return file.getvalue()


def _laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><l>&l9;</l>'.encode()


def _noise() -> bytes:
    return random.Random(903).randbytes(1_000_000)  # noqa: S311  # as a broken disk gives


_GOOD_FILE = lines(GOOD.format(1), GOOD.format(2))
_ACCENTED = _GOOD_FILE.replace("Quill", "Zoë")
_LAST = GOOD.format(2)

HOSTILE: Mapping[str, Hostile] = {
    # What is no table of text.
    "nothing": Hostile(_bytes(b""), "is empty"),
    "blanks only": Hostile(lambda: b"\r\n" * 1_000_000, "is empty"),
    "zip bomb": Hostile(_zip_bomb, "Excel workbook", name="reports.xlsx"),
    "gzip bomb": Hostile(lambda: gzip.compress(bytes(100 * LONG // 10)), "gzip"),
    "entity bomb": Hostile(_laughs, "semicolons", name="reports.xml"),
    "old workbook": Hostile(_bytes(b"\xd0\xcf\x11\xe0" + bytes(99)), "old Excel"),
    "pdf": Hostile(_bytes(b"%PDF-1.7 ..."), "is a PDF"),
    "picture": Hostile(_bytes(b"\x89PNG\r\n\x1a\n" + bytes(999)), "not UTF-8"),
    "page": Hostile(_bytes("<html><script>alert(1)</script></html>"), "no layout knows"),
    "object": Hostile(_bytes('{"organisation": "E23000001"}'), "holds no child with missing_episodes"),
    "deep object": Hostile(lambda: b"[" * LONG, "nested too deep"),
    "program": Hostile(_bytes("raise SystemExit(7)\n"), "no layout knows", name="json.py"),
    "noise": Hostile(_noise, "not UTF-8"),
    "zeros": Hostile(lambda: bytes(LONG), "no text at all"),
    # Encodings.
    "byte order mark": Hostile(_bytes("\ufeff" + _GOOD_FILE), read=2),
    "UTF-16": Hostile(_bytes(_GOOD_FILE, "utf-16"), "UTF-16"),
    "UTF-16 without its mark": Hostile(_bytes(_GOOD_FILE, "utf-16-le"), "UTF-16"),
    "UTF-32": Hostile(_bytes(_GOOD_FILE, "utf-32"), "UTF-16"),
    "UTF-7": Hostile(_bytes(_ACCENTED, "utf-7"), rejected=2),
    "Windows-1252": Hostile(_bytes(_ACCENTED, "cp1252"), "in Windows-1252"),
    "Mac Roman": Hostile(_bytes(_ACCENTED, "mac_roman"), "not UTF-8"),
    "EBCDIC": Hostile(_bytes(_GOOD_FILE, "cp500"), "not UTF-8"),
    "mojibake": Hostile(_bytes(_ACCENTED.encode().decode("cp1252")), read=2),
    "overlong": Hostile(_bytes(_GOOD_FILE.encode() + b"\xc0\xaf"), "not UTF-8"),
    "half a character": Hostile(_bytes(_GOOD_FILE.encode() + b"\xed\xa0\x80"), "lone surrogate"),
    "wrong byte at the end": Hostile(
        lambda: lines(*(GOOD.format(n) for n in range(20_000))).encode() + b"\xff",
        "Line 20002 is not UTF-8",
    ),
    # Its lines and quotes.
    "mixed ends of lines": Hostile(
        _bytes(f"{HEADINGS}\r{GOOD.format(1)}\n{GOOD.format(2)}\r\n{GOOD.format(3)}"), read=3
    ),
    "cut off": Hostile(_bytes(_GOOD_FILE + "E23000001,P3"), "is cut off"),
    "a quote that never ends": Hostile(
        lambda: _GOOD_FILE.encode() + b'"' + b"x" * LONG, "is never closed"
    ),
    "quotes and nothing else": Hostile(lambda: b'"' * LONG, "no headings"),
    "quoted quotes": Hostile(
        lambda: lines(GOOD.format(1)).encode() + b'""' * (LONG // 2) + b"\n", read=1, rejected=1
    ),
    "text behind a quote": Hostile(
        _bytes(lines(GOOD.format(1), f'"a"b{_LAST}')), read=1, rejected=1
    ),
    "semicolons": Hostile(_bytes(_GOOD_FILE.replace(",", ";")), "semicolons"),
    "NUL in a cell": Hostile(_with(forename="Ott\0ilie"), read=2),
    "NUL in a heading": Hostile(
        _bytes(_GOOD_FILE.replace("surname", "sur\0name")), "did you mean 'surname'"
    ),
    # What is too long, too wide, too much.
    "a field of megabytes": Hostile(_surname(lambda: "Q" * LONG), read=1, rejected=1),
    "a quoted field of megabytes": Hostile(
        _surname(lambda: _quoted('"Quill"' * (LONG // 7))), read=1, rejected=1
    ),
    "a quoted field of millions of lines": Hostile(
        _surname(lambda: _quoted('"\n' * (LONG // 2))), "is never closed"
    ),
    "a heading of megabytes": Hostile(lambda: b"x" * LONG, "no headings"),
    "millions of columns": Hostile(
        _text(lambda: _GOOD_FILE + "," * LONG + "\n"), read=2, rejected=1
    ),
    "thousands of headings": Hostile(
        _text(lambda: ",".join(f"organisatio{n}" for n in range(900))), "no layout knows"
    ),
    "long headings like ours": Hostile(
        _text(lambda: ",".join([HEADINGS, *(f"{'surname' * 200}{n}" for n in range(400))])),
        "no layout knows",
    ),
    "millions of blank rows": Hostile(
        lambda: lines(GOOD.format(1)).encode() + b"\n" * LONG, "a million blank"
    ),
    "rows of nothing but commas": Hostile(
        lambda: lines(GOOD.format(1)).encode() + b",,,,,,\n" * 200_000, read=1
    ),
    "a sheet of blank rows": Hostile(
        lambda: lines(GOOD.format(1)).encode() + b"\n" * 900_000, read=1
    ),
    "rows of one letter": Hostile(
        lambda: lines(GOOD.format(1)).encode() + b"x\n" * 20_000, read=1, rejected=20_000
    ),
    # What a cell says.
    "formula": Hostile(_with(surname='=HYPERLINK("http://x")'.replace('"', "")), read=2),
    "telephone": Hostile(_with(surname="+44 20 7946 0000"), read=2),
    "query": Hostile(_with(surname="'); DROP TABLE report; --"), read=2),
    "template": Hostile(_with(surname="{{ 7 * 7 }}{% include 'x' %}${7}"), read=2),
    "right to left": Hostile(_with(surname="\u202eQuill\u202c"), read=2),
    "zero width": Hostile(_with(surname="Qu\u200bill"), read=2),
    "look-alikes": Hostile(_with(surname="Аnna"), read=2),
    "marks upon marks": Hostile(_with(surname="Q" + "\u0301" * 60_000), read=2),
    "spaces upon spaces": Hostile(_with(surname="Q" + " " * 60_000 + "x"), read=2),
    "digits upon digits": Hostile(_with(missing_at="9" * 60_000), read=1, rejected=1),
    "a day of two meanings": Hostile(_with(missing_at="01/02/2026"), read=1, rejected=1),
    "the year 0": Hostile(_with(missing_at="0000-01-01T00:00:00+00:00"), read=1, rejected=1),
    "the last year": Hostile(_with(missing_at="9999-12-31T23:59:59-23:59"), read=1, rejected=1),
    "digits of others": Hostile(_with(missing_at="２０２６-03-01"), read=1, rejected=1),
    "a day of a spreadsheet": Hostile(_with(missing_at="46082.875"), read=1, rejected=1),
    "an organisation of nobody": Hostile(_with(organisation="E99999999"), read=1, rejected=1),
    "the same row again": Hostile(lambda: lines(*[GOOD.format(1)] * 5_000).encode(), read=5_000),
}
