"""Commands that keep the register: rebuild, work, database, user."""

import time
from pathlib import Path

import click
from sqlalchemy import Engine

from register import pipeline
from register.access.recovery import ask_recovery, confirm_recovery
from register.access.service import (
    create_user,
    deactivate_user,
    end_sessions_of,
    find_users,
)
from register.audit.checkpoints import EVERY
from register.audit.rounds import go_round, is_due
from register.audit.service import record
from register.cli.clients import tell_systems, told_sentence
from register.cli.ground import open_database, read_settings, upgrade
from register.cli.lengthy import in_bulk
from register.errors import RegisterError
from register.inspection.searches import forget_searches
from register.mismatches.supply import find_silent
from register.rebuilding import rebuild
from register.reports.drafts import forget_drafts
from register.reports.organisations import find_organisation
from register.settings import Settings
from register.terms import Role
from register.underneath.checks import faults_of
from register.underneath.security import roles_sql
from register.work import begin_work


@click.command("rebuild")
@click.option("--check", "only_check", is_flag=True, help="Compare; change nothing.")
@in_bulk()
def rebuild_register(*, only_check: bool) -> None:
    """Fold everything that follows from the reports and judgements again."""
    with open_database() as engine:
        differences = rebuild(engine, keep=not only_check)
    if only_check and differences:
        raise RegisterError(f"What stands is not what follows from the reports: {differences}.")
    click.echo(
        f"Folded again: {differences}."
        if differences
        else "What stands is what follows from the reports."
    )


@click.command("work")
@click.option("--stay", is_flag=True, help="Go on: a checkpoint each minute or 1,000 entries.")
def bring_to_now(*, stay: bool) -> None:
    """Do what time brings: clocks that run out, a checkpoint of the log for its witnesses."""
    settings = read_settings()
    with open_database(settings) as engine:
        _do_a_turn(engine, settings)
        while stay:
            began = time.monotonic()
            while time.monotonic() - began < EVERY and not is_due(engine):
                time.sleep(1)
            try:
                _do_a_turn(engine, settings)
            except RegisterError as error:
                click.echo(f"Error: {error}", err=True)  # told again each time until it is mended


def _do_a_turn(engine: Engine, settings: Settings) -> None:
    with begin_work(engine) as work:
        detected = pipeline.take_turn(work)
        silent = find_silent(work)
        forget_drafts(work)
        forget_searches(work)
    done = go_round(engine, Path(settings.instance_dir), settings.witness_folders)
    size = f"a checkpoint at {done.note.size} entries" if done.note else "no new checkpoint"
    told = tell_systems(engine, settings)
    click.echo(f"{detected.opened} mismatches opened, {detected.closed} closed; {size}.")
    if silent:
        click.echo(f"{silent} feeds fell silent: see `register export feeds`.")
    click.echo(f"{told_sentence(told)}.")
    if done.problems:
        raise RegisterError(" ".join(done.problems))


@click.group("database")
def database() -> None:
    """The database's schema."""


@database.command("upgrade")
def upgrade_database() -> None:
    """Bring the schema to the newest revision."""
    with open_database() as engine:
        upgrade(engine)
        with begin_work(engine) as work:
            record(work, "database:upgraded")
    click.echo("The database has the newest schema.")


@database.command("roles")
def print_roles() -> None:
    """Print the SQL that makes PostgreSQL's roles, for its administrator to run."""
    click.echo(roles_sql())


@database.command("check")
def check() -> None:
    """Tell what would let somebody see more of the database than they may."""
    with open_database() as engine:
        faults = faults_of(engine)
    if faults:
        raise RegisterError(" ".join(faults))
    click.echo("The database shows everybody no more than they may see.")


@click.group("user")
def user() -> None:
    """The people who can sign in."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", default="", help="The code of the force or authority.")
@click.password_option()
def add_user(username: str, name: str, role: str, organisation: str, password: str) -> None:
    """Add a person."""
    if organisation and find_organisation(organisation) is None:
        raise RegisterError(
            f"No organisation has the code {organisation!r}: give that of a force or an authority, "
            "such as E23000001 or E08000035."
        )
    with open_database() as engine, begin_work(engine) as work:
        create_user(
            work,
            username=username,
            name=name,
            role=Role(role),
            password=password,
            organisation=organisation,
        )
    click.echo(f"{username} can sign in.")


@user.command("list")
def list_users() -> None:
    """List everybody with an account."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        for each in find_users(work):
            state = "" if each.active else " (barred)"
            click.echo(f"{each.username}\t{each.role}\t{each.organisation}\t{each.name}{state}")


@user.command("bar")
@click.argument("username")
def bar_user(username: str) -> None:
    """Bar a person from signing in, and end their sessions."""
    with open_database() as engine, begin_work(engine) as work:
        deactivate_user(work, username)
    click.echo(f"{username} cannot sign in any more.")


@user.command("sign-out")
@click.argument("username")
def sign_out_user(username: str) -> None:
    """End every running session of a person."""
    with open_database() as engine, begin_work(engine) as work:
        count = end_sessions_of(work, username)
    click.echo(f"{count} sessions of {username} are ended.")


@user.command("begin-anew")
@click.argument("username")
@click.option("--reason", default="", help="How you know that it is they who ask.")
@click.option("--confirm", "is_second", is_flag=True, help="Confirm what an administrator asked.")
def begin_anew(username: str, reason: str, *, is_second: bool) -> None:
    """Be one of the two who let somebody in that lost a password or every second step."""
    with open_database() as engine, begin_work(engine) as work:
        if is_second:
            password = confirm_recovery(work, username)
            click.echo(f"{username} can begin anew, with a password told this once: {password}")
        else:
            ask_recovery(work, username, reason)
            click.echo(f"Asked. An administrator must confirm it before {username} can begin anew.")
