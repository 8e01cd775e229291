"""What row-level security costs: pages and single reports with it and without, turn about.

`python -m benchmarks.row_security`: a PostgreSQL with some thousand reports, asked as the app under
its policies, and as a superuser, whom they do not hold. Only the ratio means anything.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from unittest import mock

from sqlalchemy import Engine, event, select, text

from register import pipeline
from register.access.models import Reach
from register.db import make_engine
from register.inspection.children import child_page
from register.inspection.mismatches import Wanted, mismatch_list
from register.inspection.missing import missing_now
from register.intake import Intake
from register.numbers import child_number
from register.reports.files import open_source
from register.reports.schema import read_report
from register.reports.service import open_submission
from register.simulation.pairs import write_pair
from register.terms import Role
from register.work import OPERATOR, Actor, Work, begin_work, utc_now
from tests import postgres
from tests.keys import known_ring

registers = import_module("benchmarks.import")
ROUNDS = 150


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What row-level security costs.")
    parser.add_argument(
        "--children", type=int, default=1000, help="children of each of two sources"
    )
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres.postgres_address() as server,
        registers.new_register("PostgreSQL", Path(folder), server) as url,
    ):
        bare, held = make_engine(url, known_ring()), make_engine(url, known_ring())
        event.listen(held, "connect", _become_app)
        _fill(held, Path(folder), chosen.children)
        measure(bare, held)
        bare.dispose()
        held.dispose()


def _become_app(raw: object, _record: object) -> None:
    raw.execute("SET SESSION AUTHORIZATION register_app")  # type: ignore[attr-defined]  # the driver's own
    raw.commit()  # type: ignore[attr-defined]  # as above


def _fill(engine: Engine, folder: Path, children: int) -> None:
    for path in write_pair(folder, children, 903)[:2]:
        source = open_source(path, None, None, None, utc_now())
        Intake(engine, OPERATOR, folder / "rejects.csv").take(
            path.name, source, None, lambda _: None
        )


def measure(bare: Engine, held: Engine) -> None:
    """Do each thing with and without, in turn; print medians and their ratio."""
    with bare.begin() as connection:
        connection.execute(text("ANALYZE"))
    with begin_work(held, writes=False) as work:
        rows = work.session.execute(
            select(Reach.organisation, Reach.child).where(Reach.known_to.is_(None))
        ).all()
    codes = [code for code, _ in rows]
    code = max(sorted({*codes}), key=codes.count)
    children = [child for each, child in rows if each == code]
    role = Role.FORCE_USER if code.startswith("E23") else Role.AUTHORITY_USER
    actor = Actor("ada", role, code)
    print(f"{code} sees {len(children)} of {len({child for _, child in rows})} children")
    things: dict[str, tuple[bool, Callable[[Work, int], object]]] = {
        "a child": (
            False,
            lambda work, n: child_page(work, child_number(children[n % len(children)])),
        ),
        "missing now": (False, lambda work, _: missing_now(work)),
        "mismatches": (False, lambda work, _: mismatch_list(work, Wanted())),
        "a report": (True, lambda work, n: _report(work, code, n)),
    }
    for name, (writes, act) in things.items():
        times: dict[str, list[float]] = {"without": [], "with": []}
        for number in range(ROUNDS * 2):
            how = ("without", "with")[number % 2]
            with _policies(how):
                began = time.perf_counter()
                with begin_work(held if how == "with" else bare, actor, writes=writes) as work:
                    act(work, number // 2 * (2 if writes else 1) + (number % 2 if writes else 0))
                times[how].append(time.perf_counter() - began)
        one, other = (median(times[how]) * 1000 for how in ("without", "with"))
        print(f"{name:12} {one:7.2f} ms without, {other:7.2f} ms with: {other / one:.2f} times")


@contextmanager
def _policies(how: str) -> Iterator[None]:
    if how == "with":
        yield
        return
    nothing = mock.Mock()
    with (
        mock.patch("register.work.stand_as", nothing),
        mock.patch("register.turns.see_all", nothing),
        mock.patch("register.reports.service.see_all", nothing),
    ):
        yield


def _report(work: Work, code: str, number: int) -> None:
    said = {
        "organisation": code,
        "reference": f"NEW-{number}",
        "category": "missing",
        "status": "open",
        "missing_at": "2026-11-01T20:00:00+00:00",
        "sex": "male",
        "forename": f"Ned{number % 17}",
        "surname": f"Nowell-{number % 23}",
        "date_of_birth": f"2012-0{number % 9 + 1}-1{number % 7}",
    }
    submission = open_submission(work, "page", "new", str(number))
    pipeline.submit(work, submission.id, [read_report(said, now=work.now)])


if __name__ == "__main__":
    main()
