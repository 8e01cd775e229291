"""Commands on the keys under which protected values are sealed: list, rotate."""

import click

from register.cli.ground import open_database
from register.secrecy.keys import count_wrapped, rotate
from register.work import begin_work


@click.group("keys")
def keys() -> None:
    """The keys of protected values."""


@keys.command("list")
def list_keys() -> None:
    """Tell which numbers of the ring are in use; every data key is tried."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        counted = count_wrapped(work)
    for number, count in sorted(counted.items()):
        click.echo(f"key {number} wraps {count} data keys")
    if not counted:
        click.echo("Nothing is sealed yet.")


@keys.command("rotate")
def rotate_keys() -> None:
    """Wrap every data key by the newest key of the ring; add one where it wraps them all."""
    with open_database() as engine, begin_work(engine) as work:
        number, count = rotate(work)
    click.echo(
        f"Key {number} wraps all {count} data keys. Keep older keys for as long as a backup that "
        "was made under them may be needed."
    )
