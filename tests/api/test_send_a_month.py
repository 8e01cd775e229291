"""The script in docs/, run as its reader would: a month goes in, and what disagrees comes back."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask
from sqlalchemy import Engine, func, select

from register.reports.models import Report
from register.settings import ROOT
from register.simulation.month import write_month
from register.work import begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, WEST_YORKSHIRE

SCRIPT = ROOT / "docs/send_a_month.py"
SEED = 903


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(address: str, name: str, secret: str, file: Path) -> list[str]:
    command = [sys.executable, str(SCRIPT), address, name, secret, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert not done.stderr
    return done.stdout.splitlines()


def test_a_month_is_sent_and_what_disagrees_is_read_back(
    app: Flask, engine: Engine, clock: Clock, keys: dict[str, str], tmp_path: Path
) -> None:
    files = {each.organisation: each for each in write_month(tmp_path, SEED)}
    clock.now = clock.now.replace(month=4)
    with served(app) as address:
        for name, organisation in (("police", WEST_YORKSHIRE), ("leeds", LEEDS)):
            lines = run(address, name, keys[name], files[organisation].path)
    statuses = " ".join(line for line in lines if line[0].isdigit()).split()
    assert statuses.count("201") > 150
    with begin_work(engine, writes=False) as work:
        held = select(func.count()).select_from(Report).where(Report.organisation == LEEDS)
        assert work.session.scalar(held) == statuses.count("201")
    mismatches = [line for line in lines if not line[0].isdigit()]
    assert len(mismatches) > 20
    assert {line.split()[0] for line in mismatches} >= {"high", "medium"}


def test_it_is_no_longer_than_promised() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 30
