"""The columns of what linking gives out, and cells that no spreadsheet takes for a formula."""

from typing import Any

LINK_COLUMNS = ("organisation", "reference", "child", "episode", "decision")
REVIEW_COLUMNS = (
    "organisation_a",
    "reference_a",
    "organisation_b",
    "reference_b",
    "probability",
    "reasons",
)


def safe(cell: Any) -> str:  # noqa: ANN401  # a cell is what it is
    """Write a cell so that a spreadsheet takes it for text, not for a formula (ASVS V1.2.10)."""
    text = str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\x00"} else text
