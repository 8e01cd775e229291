"""The table of what was measured: our figure beside the peer's, and what is to be reached."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HEADINGS = ("what", "the register", "the peer", "to be reached", "reached")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, ours, the peer's in the same run, the aim, and whether met."""

    what: str
    ours: str
    peer: str = ""
    aim: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """Give what stands in the line."""
        met = "" if self.met is None else "yes" if self.met else "no"
        return (self.what, self.ours, self.peer, self.aim, met)


def table(rows: Iterable[Row], headings: tuple[str, ...] = HEADINGS) -> Iterator[str]:
    """Give the lines of a table in Markdown, its columns lined up for a terminal too."""
    cells = [headings, *(row.cells() for row in rows)]
    used = [n for n in range(len(headings)) if any(line[n] for line in cells[1:])]
    widths = {n: max(len(line[n]) for line in cells) for n in used}
    for number, line in enumerate(cells):
        yield "| " + " | ".join(line[n].ljust(widths[n]) for n in used) + " |"
        if not number:
            yield "|" + "|".join("-" * (widths[n] + 2) for n in used) + "|"


def several(*shares: float) -> str:
    """Write shares of 1 side by side."""
    return " / ".join(f"{share:.4f}" for share in shares)
