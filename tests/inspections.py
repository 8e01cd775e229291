"""Samples, packs and chronologies of a few children, in a few words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from register.access.needing import add_inspection
from register.access.service import create_user
from register.inspection.chronology import Chronology, read_chronology
from register.inspection.pack import Pack, make_pack
from register.inspection.samples import DrawnSample, draw_sample, find_sample
from register.inspection.scope import Scope
from register.terms import Role
from register.work import Actor, begin_work
from tests.web.story import LEEDS, tell

CORA = Actor("cora", Role.INSPECTOR, "OFSTED")
AMINA, PAT = Actor("amina", Role.AUTHORITY_USER, LEEDS), Actor("pat", Role.FORCE_USER, "E23000001")
AT = datetime(2026, 3, 3, 1, 40, tzinfo=UTC)
PERIOD = Scope(LEEDS, date(2026, 1, 1), date(2026, 3, 3))
EVERYBODY = {"all": 3, "mismatched": 2, "repeat": 1}


def admit(engine: Engine) -> None:
    """Give CORA an account and an inspection of PERIOD's authority."""
    with begin_work(engine, clock=lambda: AT - timedelta(hours=4)) as work:
        create_user(
            work,
            username=CORA.name,
            name="Cora Test",
            role=CORA.role,
            password="of nobody at all",  # noqa: S106  # nobody signs in
        )
        add_inspection(work, [LEEDS], (PERIOD.first, PERIOD.last), [CORA.name])


def tell_of(engine: Engine) -> Engine:
    """Tell of a few children, three hours before AT."""
    admit(engine)
    with begin_work(engine, clock=lambda: AT - timedelta(hours=3)) as work:
        tell(work)
    return engine


def draw(
    engine: Engine,
    wanted: Mapping[str, int] = EVERYBODY,
    seed: str = "abc",
    *,
    actor: Actor = CORA,
    now: datetime = AT,
    at: datetime | None = None,
) -> DrawnSample:
    with begin_work(engine, actor, clock=lambda: now) as work:
        number = draw_sample(work, PERIOD, wanted, seed, at)
        return find_sample(work, number)


def pack(engine: Engine, number: int, *, actor: Actor = CORA, now: datetime = AT) -> Pack:
    with begin_work(engine, actor, clock=lambda: now) as work:
        return make_pack(work, number, "Panel of Leeds", "Inspection of March")


def chronology(engine: Engine, number: str, as_at: datetime | None = None) -> Chronology:
    now = AT + timedelta(days=30)
    with begin_work(engine, CORA, clock=lambda: now, writes=False, as_at=as_at) as work:
        return read_chronology(work, number)
