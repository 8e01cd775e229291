"""The `register` program: every command, and errors that are sentences."""

import os
import sys
import traceback
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from register.cli import judging, linking, outputs, receiving, showing, training, upkeep
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


class _Sentences(click.Group):
    """Turns what a user must hear of into sentences on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            # Whatever it is, no traceback reaches a user.
            raise click.ClickException(sentence_of(error)) from error


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


@click.group(cls=_Sentences)
@click.version_option(package_name="register")
def program() -> None:
    """One register of missing children, held by police and local authorities together."""


for command in (
    receiving.import_files,
    linking.link,
    judging.explain_pair,
    judging.try_model,
    judging.model,
    outputs.export_rows,
    outputs.evaluate_links,
    training.train_model,
    upkeep.rebuild_register,
    upkeep.audit,
    upkeep.bring_to_now,
    upkeep.database,
    upkeep.user,
    showing.serve,
    showing.demo,
):
    program.add_command(command)


def main() -> None:
    """Run the program."""
    try:
        program(prog_name="register")
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: no fault of anybody.
        sys.stderr.close()
        sys.exit(1)
