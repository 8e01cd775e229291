"""Rows that could not go in, and the file in which they go back to their sender to be mended."""

import csv
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

REJECT_COLUMNS = ("rejected_line", "rejected_field", "rejected_reason")
"""What a rejects file has in front; passed over when it is mended and sent again."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not read: its line, its field by the heading sent, and the reason.

    `row` holds its cells as sent under `headings`. Those of a row too long to hold are cut; then
    `whole` gives all of its text, until the next row is asked for; `mended` says that this text
    begins with the columns of a rejects file. `table` is blank, or names the file beside the main
    one that the row stands in.
    """

    line: int
    field: str
    reason: str
    headings: Sequence[str]
    row: Sequence[str]
    whole: IO[str] | None = None
    mended: bool = False
    table: str = ""

    def __str__(self) -> str:
        place = f"{self.table} line {self.line}" if self.table else f"line {self.line}"
        return f"{place}, {self.field}: {self.reason}" if self.field else f"{place} {self.reason}"


class RejectsFile:
    """A CSV of rejects with all their columns as sent; made when the first one comes.

    Rows of a second table go to a file of their own beside it. `paths` names what was written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.paths: list[Path] = []
        self.count = 0
        self._open: dict[str, IO[str]] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def add(self, reject: Reject) -> None:
        """Write one reject, whole; it must be the row that was read last."""
        file = self._file(reject)
        writer = csv.writer(file)
        self.count += 1
        if reject.whole is None:
            writer.writerow([reject.line, reject.field, reject.reason, *reject.row])
            return
        if not reject.mended:
            file.write(_prefix(reject))
        reject.whole.seek(0)
        shutil.copyfileobj(reject.whole, file)

    def _file(self, reject: Reject) -> IO[str]:
        if reject.table not in self._open:
            stem = f"{self.path.stem}-{reject.table}" if reject.table else self.path.stem
            path = self.path.with_stem(stem)
            path.parent.mkdir(parents=True, exist_ok=True)
            file = self._closing.enter_context(path.open("w", encoding="utf-8", newline=""))
            csv.writer(file).writerow([*REJECT_COLUMNS, *reject.headings])
            self._open[reject.table] = file
            self.paths.append(path)
        return self._open[reject.table]


def _prefix(reject: Reject) -> str:
    cells = (str(reject.line), reject.field, reject.reason)
    return "".join('"' + cell.replace('"', '""') + '",' for cell in cells)
