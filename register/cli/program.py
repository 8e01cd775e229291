"""The `register` program: every command, loaded when it is called for, and errors as sentences."""

import sys
from importlib import import_module
from importlib.util import find_spec

import click

from register.errors import RegisterError

COMMANDS = {
    "import": "receiving.import_files",
    "layout": "layouts.layout",
    "link": "linking.link",
    "explain": "judging.explain",
    "what-if": "judging.try_model",
    "model": "judging.model",
    "export": "outputs.export_rows",
    "evaluate": "outputs.evaluate_links",
    "figures": "inspecting.figures",
    "pack": "inspecting.write_pack",
    "sample": "inspecting.draw",
    "train": "training.train_model",
    "rebuild": "upkeep.rebuild_register",
    "audit": "auditing.audit",
    "work": "upkeep.bring_to_now",
    "database": "upkeep.database",
    "user": "upkeep.user",
    "client": "clients.client",
    "keys": "keeping.keys",
    "serve": "showing.serve",
    "demo": "showing.demo",
}
"""Each command, and where it stands among the modules beside this one."""
IN_COLUMNS = frozenset({"link", "train", "what-if"})
"""Commands that work on whole columns, which takes what the extra `bulk` installs."""


class _Commands(click.Group):
    """Loads a command when it is called for; turns whatever fails into a sentence and exit 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in IN_COLUMNS and find_spec("pyarrow") is None:
            raise RegisterError(
                f"`register {cmd_name}` needs what the extra `bulk` installs: "
                'run pip install "register[bulk]".'
            )
        module, name = COMMANDS[cmd_name].split(".")
        command: click.Command = getattr(import_module(f"register.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            # Whatever it is, no traceback reaches a user.
            sentence: str = import_module("register.cli.sentences").sentence_of(error)
            raise click.ClickException(sentence) from error


@click.group(cls=_Commands)
@click.version_option(package_name="register")
def program() -> None:
    """One register of missing children, held by police and local authorities together."""


def main() -> None:
    """Run the program."""
    try:
        program(prog_name="register")
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: no fault of anybody.
        sys.stderr.close()
        sys.exit(1)
