"""A register on PostgreSQL as an administrator sets it up, and a way in as each of its roles."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date, datetime
from itertools import count

import pytest
from sqlalchemy import Engine, event, select, text

from register.access.needing import add_inspection
from register.changes.service import note_feed
from register.db import make_engine, upgrade_database
from register.inspection.handovers import offer_case
from register.inspection.questions import ask_question, reply
from register.inspection.samples import draw_sample
from register.inspection.scope import Scope
from register.linkage.models import Membership
from register.mismatches.models import Feed, FeedFault, Mismatch
from register.mismatches.settling import Said
from register.numbers import episode_number
from register.pipeline import judge, settle
from register.records.models import EpisodeRow
from register.reports.models import Report
from register.reports.organisations import force_for
from register.terms import Answer, Role
from register.underneath.roles import APP, OWNER
from register.underneath.security import roles_sql
from register.work import Actor, begin_work
from tests.conftest import Postgres
from tests.keys import known_ring
from tests.registers import send
from tests.underneath.children import ELSEWHERE, TENANTS, alike, everybody

SignIn = Callable[..., Engine]
_numbers = count(1)


def sign_in(url: str, role: str, **pool: int) -> Engine:
    """Open a database as if its server had been asked by this role from the first."""
    engine = make_engine(url, known_ring(), **pool)

    def become(raw: object, _record: object) -> None:
        with closing(raw.cursor()) as cursor:  # type: ignore[attr-defined]  # the driver's own
            cursor.execute(f"SET SESSION AUTHORIZATION {role}")
        raw.commit()  # type: ignore[attr-defined]  # as above

    event.listen(engine, "connect", become)
    return engine


@pytest.fixture(scope="module")
def filled(postgres: Postgres, now: datetime) -> Iterator[str]:
    """Give the name of a register whose owner is no superuser, with children of everybody."""
    url = postgres.make("guarded")
    with ExitStack() as stack:
        above, owner, app = (
            make_engine(url),
            sign_in(url, OWNER),
            sign_in(url, APP),
        )
        for engine in (above, owner, app):
            stack.callback(engine.dispose)
        with above.begin() as connection:
            connection.execute(text(roles_sql()))
        upgrade_database(owner)
        send(app, everybody(), now=now)
        send(app, alike(), now=now, days=(date(2026, 3, 1), date(2026, 3, 8)))
        say_something(app, now)
        inspect(app, now)
        hand_over(app, now)
        fall_silent(app, now)
    yield f"{postgres.prefix}_guarded"
    postgres.drop("guarded")


def say_something(engine: Engine, now: datetime) -> None:
    """Answer a mismatch, and judge two reports, so that there is a word of each kind."""
    with begin_work(engine, clock=lambda: now) as work:
        row = work.session.scalars(select(Mismatch).where(Mismatch.known_to.is_(None))).first()
        assert row is not None
        settle(work, row.number, Said(Answer.ACKNOWLEDGED), row.id)
        judge(work, (1, 2), "same", "seen together")


def inspect(engine: Engine, now: datetime) -> None:
    """Inspect an authority: draw a sample, ask a question and have it answered."""
    inspector, asked = Actor("cora", Role.INSPECTOR), Actor("ada", Role.AUTHORITY_USER, ELSEWHERE)
    scope = Scope(ELSEWHERE, date(2026, 1, 1), date(2026, 12, 31))
    with begin_work(engine, inspector, clock=lambda: now) as work:
        add_inspection(work, [ELSEWHERE], (scope.first, scope.last), ["cora"])
    with begin_work(engine, inspector, clock=lambda: now) as work:
        draw_sample(work, scope, {"all": 1})
        question = ask_question(work, ELSEWHERE, "Who?", "1 working day")
    with begin_work(engine, asked, clock=lambda: now) as work:
        reply(work, question, "A neighbour.")


def hand_over(engine: Engine, now: datetime) -> None:
    """Have the force of the first child offer its case to another."""
    force = str(force_for(TENANTS[0]))
    police = Actor("pat", Role.FORCE_USER, force)
    taker = next(each for each in map(force_for, TENANTS) if each not in {None, force})
    with begin_work(engine, police, clock=lambda: now) as work:
        reported = select(Report.id).where(Report.reference == "P-0", Report.organisation == force)
        of_report = Membership.report_id == reported.scalar_subquery()
        child = select(Membership.child_id).where(of_report, Membership.known_to.is_(None))
        episode = select(EpisodeRow.number).where(
            EpisodeRow.child == child.scalar_subquery(), EpisodeRow.known_to.is_(None)
        )
        number = work.session.scalars(episode).one()
        offer_case(work, episode_number(number), str(taker), "Seen there.")


def fall_silent(engine: Engine, now: datetime) -> None:
    """Let the feeds of the first two authorities be silent."""
    with begin_work(engine, clock=lambda: now) as work:
        for code in TENANTS[:2]:
            silence = {"rule": "G1", "severity": "high", "clock": "24 hours", "detail": "-"}
            times = dict.fromkeys(("opened_at", "due_at", "known_from"), now)
            work.session.add(Feed(organisation=code, heard_at=now))
            work.session.add(FeedFault(organisation=code, **silence, **times))
            note_feed(work, code)


@pytest.fixture(scope="module")
def now() -> datetime:
    """Give the time at which these children's reports come in."""
    return datetime.fromisoformat("2026-03-09T12:00:00+00:00")


@pytest.fixture
def apart() -> None:
    """Ask for a register of one's own, which the test may change."""


@pytest.fixture
def url(request: pytest.FixtureRequest, postgres: Postgres, filled: str) -> Iterator[str]:
    """Give the address of that register, or of a copy for who asks to be `apart`."""
    if "apart" not in request.fixturenames:
        yield postgres.address_of("guarded")
        return
    name = f"underneath_{next(_numbers)}"
    address = postgres.make(name, filled)
    above = make_engine(address)
    with above.begin() as connection:
        # What is granted on a database goes along with no copy of it.
        connection.execute(text(roles_sql()))
    above.dispose()
    yield address
    postgres.drop(name)


@pytest.fixture
def enter(url: str) -> Iterator[SignIn]:
    """Give what opens the register as a role."""
    opened: list[Engine] = []

    def enter(role: str, **pool: int) -> Engine:
        opened.append(sign_in(url, role, **pool))
        return opened[-1]

    yield enter
    for engine in opened:
        engine.dispose()


@pytest.fixture
def above(url: str) -> Iterator[Engine]:
    """Give an engine of the server's superuser, from whom nothing is hidden."""
    engine = make_engine(url)
    yield engine
    engine.dispose()
