"""What went wrong in a command, as a sentence that says what to do."""

import os
import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from register.errors import RegisterError

_MENDS = (
    ("full", "Make room where it lies"),
    ("i/o error", "Is there room where it lies, and is the disk sound?"),
    ("readonly", "Let this user write to it and to its folder"),
    ("read-only", "Let this user write to it and to its folder"),
    ("locked", "Another program is writing to it: try again when it is done"),
    ("not a database", "Is REGISTER_DATABASE_URL right?"),
    ("malformed", "Restore it from a backup"),
    ("no such", "Was `register database upgrade` run?"),
    ("does not exist", "Is REGISTER_DATABASE_URL right, and was `register database upgrade` run?"),
)
_ELSE = "Is it running, and is REGISTER_DATABASE_URL right?"
_KEPT = "Nothing of the step that failed was kept; the same command again goes on from there."


def sentence_of(error: Exception) -> str:
    """Say what went wrong, without what the register holds and without the program's insides."""
    if isinstance(error, RegisterError):
        return f"{str(error).rstrip('.')}."
    if isinstance(error, DBAPIError):
        # The first line only: what follows may quote a row.
        said = (str(error.orig).strip().splitlines() or ["it gave no reason"])[0].rstrip(".")
        mend = next((mend for sign, mend in _MENDS if sign in said.lower()), _ELSE)
        return (
            f"The database cannot be used: {said}. {mend}{'' if mend[-1] == '?' else '.'} {_KEPT}"
        )
    if isinstance(error, OSError):
        place = f"{os.fsdecode(error.filename)}: " if error.filename else "A file: "
        return f"{place}{(error.strerror or str(error)).lower()}. {_KEPT}"
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"The register failed inside ({type(error).__name__} in {where.name}, "
        f"{Path(where.filename).name} line {where.lineno}). {_KEPT} Please report it."
    )
