"""Commands on the systems that may speak to the register: `register client`."""

import click

from register.cli.ground import open_database
from register.clients.service import (
    CLIENT_ROLES,
    bar_client,
    create_client,
    end_old_secrets,
    find_clients,
    rotate_secret,
)
from register.errors import RegisterError
from register.reports.organisations import find_organisation
from register.terms import Role
from register.work import begin_work


@click.group("client")
def client() -> None:
    """The systems that can speak to the interface."""


@client.command("add")
@click.argument("name")
@click.option("--organisation", default="", help="The code of the force or authority.")
@click.option(
    "--role",
    default=Role.MACHINE.value,
    show_default=True,
    type=click.Choice([role.value for role in CLIENT_ROLES]),
)
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; repeat it.")
@click.option("--certificate", default="", help="SHA-256 of the certificate that it must show.")
def add_client(
    name: str, organisation: str, role: str, scopes: tuple[str, ...], certificate: str
) -> None:
    """Add a system, and print its secret: it is shown this once."""
    if organisation and find_organisation(organisation) is None:
        raise RegisterError(
            f"No organisation has the code {organisation!r}: give that of a force or an authority, "
            "such as E23000001 or E08000035."
        )
    asked = [scope for each in scopes for scope in each.split()]
    with open_database() as engine, begin_work(engine) as work:
        secret = create_client(work, name, Role(role), organisation, asked, certificate)
    _tell(name, secret)


@client.command("list")
def list_clients() -> None:
    """List every system."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        for each in find_clients(work):
            state = "" if each.active else " (barred)"
            scopes = " ".join(each.scopes)
            click.echo(f"{each.name}\t{each.role}\t{each.organisation}\t{scopes}{state}")


@client.command("rotate")
@click.argument("name")
@click.option("--finish", is_flag=True, help="End every secret but the newest, and every token.")
def rotate(name: str, *, finish: bool) -> None:
    """Give a system a new secret; the one before it stays valid until --finish."""
    with open_database() as engine, begin_work(engine) as work:
        if finish:
            count = end_old_secrets(work, name)
            click.echo(f"{count} older secrets of {name} are ended, and its tokens.")
            return
        secret = rotate_secret(work, name)
    _tell(name, secret)


@client.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Bar a system: its secrets and tokens open nothing any more."""
    with open_database() as engine, begin_work(engine) as work:
        bar_client(work, name)
    click.echo(f"{name} is barred.")


def _tell(name: str, secret: str) -> None:
    click.echo(f"{name}\t{secret}")
    click.echo("This secret is shown this once: put it where the system reads it.", err=True)
