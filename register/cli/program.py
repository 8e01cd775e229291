"""The `register` program: every command, and errors that are sentences."""

import sys

import click
from sqlalchemy.exc import OperationalError

from register.cli import outputs, receiving, showing, upkeep
from register.errors import RegisterError


class _Sentences(click.Group):
    """Turns what a user must hear of into one sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RegisterError as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(
                f"The database cannot be used: {str(error.orig).strip()}. Is "
                "REGISTER_DATABASE_URL right, and was `register database upgrade` run?"
            ) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            raise click.ClickException(
                f"{error.filename or 'A file'}: {error.strerror}."
            ) from error


@click.group(cls=_Sentences)
@click.version_option(package_name="register")
def program() -> None:
    """One register of missing children, held by police and local authorities together."""


for command in (
    receiving.import_files,
    receiving.link,
    outputs.export_rows,
    outputs.evaluate_links,
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
