"""The file in which rows that could not go in go back to their sender, to be mended."""

import csv
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from register.reports.source import REJECT_COLUMNS, Reject


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
            # They hold children's data as sent: for nobody else on the machine.
            path.touch(mode=0o600)
            file = self._closing.enter_context(path.open("w", encoding="utf-8", newline=""))
            csv.writer(file).writerow([*REJECT_COLUMNS, *reject.headings])
            self._open[reject.table] = file
            self.paths.append(path)
        return self._open[reject.table]


def _prefix(reject: Reject) -> str:
    cells = (str(reject.line), reject.field, reject.reason)
    return "".join('"' + cell.replace('"', '""') + '",' for cell in cells)
