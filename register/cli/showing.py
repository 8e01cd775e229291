"""Commands that serve the pages: `serve`, and `demo` with a simulated month."""

import multiprocessing
import shutil
import signal
import socket
import tempfile
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import wait
from pathlib import Path

import click
from sqlalchemy import Engine
from waitress import create_server

from register.access.needing import add_inspection
from register.access.service import create_user, find_users
from register.app import create_app
from register.audit.service import record
from register.cli.ground import open_database, read_settings, rejects_path
from register.cli.lengthy import in_bulk, progress, settle_in
from register.db import count_rows
from register.errors import Refused, RegisterError
from register.inspection.counts import headline
from register.intake import Intake
from register.reports.files import open_source
from register.settings import Settings, load_settings
from register.simulation.files import SourceFile
from register.simulation.month import write_month
from register.terms import Role
from register.underneath.checks import check_database
from register.work import OPERATOR, begin_work, utc_now

THREADS = 8
"""Requests that one process works on at once."""
DEMO_PASSWORD = "synthetic children only"  # noqa: S105  # printed, for a register of nobody
BANNER = (
    "Demonstration. Every child, report and person here is simulated: nobody in it is real. "
    "A password alone signs in."
)
PEOPLE = (
    ("authority", "Ada Authority", Role.AUTHORITY_USER, "E08000035"),
    ("manager", "Mo Manager", Role.AUTHORITY_MANAGER, "E08000003"),
    ("police", "Pat Police", Role.FORCE_USER, "E23000010"),
    ("coordinator", "Cleo Coordinator", Role.FORCE_COORDINATOR, "E23000005"),
    ("inspector", "Iris Inspector", Role.INSPECTOR, "OFSTED"),
    ("police-inspector", "Perry Inspector", Role.POLICE_INSPECTOR, ""),
    ("department", "Dee Department", Role.DEPARTMENT, ""),
    ("steward", "Stef Steward", Role.STEWARD, ""),
    ("officer", "Olu Officer", Role.DATA_PROTECTION_OFFICER, ""),
    ("administrator", "Alex Administrator", Role.ADMINISTRATOR, ""),
)
"""One person for each role: username, name, role, organisation."""
INSPECTED = {
    "inspector": ("E08000035", "E08000003"),
    "police-inspector": ("E23000010", "E23000005"),
}
"""The organisations that each inspector has an inspection of."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="So many at once: one keeps one processor busy. Not on SQLite.",
)
def serve(host: str, port: int, processes: int) -> None:
    """Serve the pages."""
    settings = read_settings()
    if processes > 1 and settings.database.startswith("sqlite"):
        raise Refused("Several processes are for PostgreSQL: on SQLite their turns have no order.")
    with open_database(settings) as engine:  # a database that cannot be used is told of now
        if not settings.unguarded_database:
            check_database(engine)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        click.echo(f"The register is at http://{host}:{port}/")
        if host not in {"127.0.0.1", "::1", "localhost"}:
            click.echo("It speaks plainly to other machines: put TLS before it (docs/running.md).")
        if processes == 1:
            _serve(settings, listening)
        else:
            _serve_at_once(settings, listening, processes)


def _serve(settings: Settings, listening: socket.socket) -> None:
    """Serve from here until told to end, be it before the first page."""
    # Whose word on addresses is taken is for `trusted_proxies` to say, and only there.
    kept = {"clear_untrusted_proxy_headers": not settings.trusted_proxies}
    with suppress(KeyboardInterrupt):
        app = create_app(settings)
        settle_in()
        create_server(app, sockets=[listening], threads=THREADS, ident=None, **kept).run()


def _serve_at_once(settings: Settings, listening: socket.socket, processes: int) -> None:
    """Serve from several processes; where one ends, all do, for a supervisor to start again."""
    forked = multiprocessing.get_context("fork")
    serving = [forked.Process(target=_serve, args=(settings, listening)) for _ in range(processes)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for each in serving:
        each.start()
    try:
        wait([each.sentinel for each in serving])
    except KeyboardInterrupt:
        return
    finally:
        for each in serving:
            each.terminate()
            each.join()
    raise RegisterError("One of the processes that serve the pages ended.")


@click.command("demo")
@click.option("--port", default=8080, show_default=True)
@click.option("--seed", default=903, show_default=True, help="Another seed, another month.")
@click.option("--prepare-only", is_flag=True, help="Fill the register and stop.")
def demo(port: int, seed: int, *, prepare_only: bool) -> None:
    """Fill a new register with a simulated month of reports, and serve it on loopback."""
    folder = Path(read_settings().instance_dir) / "demo" / str(seed)
    settings = load_settings(
        database_url=f"sqlite:///{folder / 'register.sqlite3'}",
        instance_dir=str(folder),
        banner=BANNER,
        secure_cookies=False,
        second_factor=False,
    )
    if not (folder / "ready").exists():
        # A demonstration that was broken off is begun again, never half served.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _fill(settings, seed)
        (folder / "ready").touch()
    if prepare_only:
        _tell(settings, port)
        return
    server = create_server(
        create_app(settings), host="127.0.0.1", port=port, threads=THREADS, ident=None
    )
    _tell(settings, port)
    server.run()


@in_bulk()
def _fill(settings: Settings, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_database(settings) as engine:
        for file in write_month(Path(folder), seed):
            _take(engine, settings, file)
        count_rows(engine)
    with open_database(settings) as engine, begin_work(engine) as work:
        record(work, "demonstration:made", seed=seed)
        for username, name, role, organisation in PEOPLE:
            create_user(
                work,
                username=username,
                name=name,
                role=role,
                password=DEMO_PASSWORD,
                organisation=organisation,
            )
        days = (work.now.date() - timedelta(days=60), work.now.date())
        for username, organisations in INSPECTED.items():
            add_inspection(work, organisations, days, [username])


def _take(engine: Engine, settings: Settings, file: SourceFile) -> None:
    days = (file.extract_from, file.extract_to)
    source = open_source(file.path, file.layout, file.organisation, days, utc_now())
    rejects = rejects_path(settings, file.path, source.sha256)
    intake = Intake(engine, OPERATOR, rejects, settings.chunk_rows)
    with progress(f"{file.organisation} ({file.layout})", source.rows) as step:
        figures = intake.take(file.path.name, source, days, step)
    click.echo(
        f"{file.organisation} {source.layout}: {figures.rows} rows, {figures.rejected} rejected, "
        f"{figures.opened} mismatches opened, {figures.closed} closed."
    )


def _tell(settings: Settings, port: int) -> None:
    with open_database(settings) as engine, begin_work(engine, writes=False) as work:
        figures = headline(work)
        people = find_users(work)
    click.echo(
        f"\n{figures.children} children, {figures.missing} of them missing now.\n"
        f"The two sources disagree on {figures.disagreed_on} children; "
        f"{figures.unknown_to_one} are missing to one and unknown to the other.\n\n"
        f"{BANNER}\nThe register is at http://127.0.0.1:{port}/  Sign in as one of:"
    )
    for person in people:
        click.echo(f"  {person.username:<14} {person.role:<18} {person.organisation}")
    click.echo(f"  with the password: {DEMO_PASSWORD}")
