"""Commands on the systems that may speak to the register: `register client`."""

import time
from functools import partial

import click
from sqlalchemy import Engine

from register.cli.ground import open_database, read_settings
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
from register.settings import Settings
from register.terms import Role
from register.webhooks.sending import send
from register.webhooks.service import Round, Told
from register.webhooks.subscribing import dead_letters, let_go, replay, subscribe, unsubscribe
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


@client.command("subscribe")
@click.argument("name")
@click.argument("url")
def add_subscription(name: str, url: str) -> None:
    """Tell a system of every change of its children at URL, from now on; print what signs it."""
    private = read_settings().webhooks_to_private
    with open_database() as engine, begin_work(engine) as work:
        secret = subscribe(work, name, url, to_private=private)
    _tell(name, secret)


@client.command("unsubscribe")
@click.argument("name")
@click.argument("url")
def end_subscription(name: str, url: str) -> None:
    """Tell a system of no more changes at URL."""
    with open_database() as engine, begin_work(engine) as work:
        unsubscribe(work, name, url)
    click.echo(f"{name} hears no more at that address.")


@client.command("deliver")
@click.option("--every", type=click.IntRange(1), help="Go on, with so many seconds between rounds.")
def deliver(every: int | None) -> None:
    """Tell systems of what changed."""
    with open_database() as engine:
        while True:
            click.echo(told_sentence(tell_systems(engine, read_settings())))
            if every is None:
                return
            time.sleep(every)


@client.command("dead")
def list_dead() -> None:
    """List the messages that a receiver refused too often."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        for each in dead_letters(work):
            click.echo(
                f"{each.number}\t{each.client}\t{each.url}\t{each.child}\t{each.tries} tries\t"
                f"last answer {each.last_answer}\t{each.behind} wait behind it"
            )


@client.command("replay")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--let-go", "drop", is_flag=True, help="Never send them; let out what waits behind.")
def replay_dead(numbers: tuple[int, ...], *, drop: bool) -> None:
    """Send dead messages again: those of NUMBERS, or all."""
    with open_database() as engine, begin_work(engine) as work:
        count = let_go(work, numbers) if drop else replay(work, numbers)
    click.echo(f"{count} messages {'are let go' if drop else 'will be sent again'}.")


def tell_systems(engine: Engine, settings: Settings) -> Told:
    """Do one round of deliveries."""
    sender = partial(send, to_private=settings.webhooks_to_private)
    return Round(engine, sender).go()


def told_sentence(told: Told) -> str:
    """Say what became of a round."""
    return (
        f"{told.delivered} changes delivered, {told.refused} refused for now; "
        f"{told.unreachable} addresses did not answer"
    )


def _tell(name: str, secret: str) -> None:
    click.echo(f"{name}\t{secret}")
    click.echo("This secret is shown this once: put it where the system reads it.", err=True)
