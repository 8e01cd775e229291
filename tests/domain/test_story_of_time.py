"""The story of docs/time.md, told by a register: what was known at 02:10, and what was true."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from register import pipeline
from register.inspection.exports import export
from register.inspection.wanted import Wanted
from register.linkage.seen import seen_of
from register.reports.schema import Reading
from register.settings import ROOT
from register.terms import Role
from register.work import OPERATOR, Actor, begin_work
from tests.registers import AUTHORITY, FORCE, YEAR, say, send

STEWARD = Actor("stef", Role.STEWARD)
POLICE = {"forename": "Ada", "surname": "Byron-Test", "date_of_birth": "2011-05-04"}
LEEDS = {"forename": "Adelaide", "surname": "Brown-Test", "date_of_birth": "2011-04-05"}
NIGHT = {"missing_at": "2026-03-02T22:40:00+00:00", "status": "open"}


def at(text: str) -> datetime:
    """Read `03-03 02:10` as a time of 2026."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def reports() -> tuple[Reading, Reading, Reading]:
    """Give the police's report, the authority's, and the authority's correction."""
    care = {"care_status": "looked_after", "responsible_authority": AUTHORITY}
    return (
        say(FORCE, "P1", **POLICE, **NIGHT, risk_level="high", updated_at="2026-03-02T23:10:00Z"),
        say(AUTHORITY, "L1", **LEEDS, **NIGHT, **care, updated_at="2026-03-03T01:20:00Z"),
        say(
            AUTHORITY,
            "L1",
            **LEEDS,
            **(NIGHT | care | {"status": "closed"}),
            returned_at="2026-03-03T01:00:00Z",
            updated_at="2026-03-04T09:00:00Z",
        ),
    )


@pytest.fixture
def night(engine: Engine) -> Engine:
    """Give the register after all that the story tells."""
    police, leeds, corrected = reports()
    send(engine, [], days=YEAR, now=at("03-02 20:00"))
    send(engine, [police], now=at("03-02 23:15"))
    send(engine, [leeds], now=at("03-03 01:30"))
    with begin_work(engine, STEWARD, clock=lambda: at("03-03 02:05")) as work:
        pipeline.merge(work, 1, 2, "The carer calls her Ada.", seen_of(work, [1, 2]))
    with begin_work(engine, STEWARD, clock=lambda: at("03-03 09:00")) as work:
        pipeline.withdraw(work, 1, "The carer meant her cousin.")
    send(engine, [corrected], now=at("03-04 09:05"))
    return engine


def told(engine: Engine, what: str, as_at: str, **wanted: object) -> list[dict[str, str]]:
    """Export something as at a time."""
    with begin_work(engine, OPERATOR, writes=False, as_at=at(as_at)) as work:
        return list(export(work, what, Wanted(**wanted))[1])  # type: ignore[arg-type]  # fields of Wanted


def test_what_the_sergeant_was_shown(night: Engine) -> None:
    first = "C-000001-V"
    assert [row["child"] for row in told(night, "links", "03-03 02:00")] == [first, "C-000002-R"]
    assert {row["child"] for row in told(night, "links", "03-03 02:10")} == {first}
    (episode,) = told(night, "episodes", "03-03 02:10")
    assert (episode["missing_to_police"], episode["missing_to_authority"]) == ("yes", "yes")
    assert len({row["child"] for row in told(night, "links", "03-03 09:30")}) == 2


def test_what_was_true_is_another_question(night: Engine) -> None:
    """On 4 March it became known that she had been back since one."""
    before = {row["child"]: row["ended_at"] for row in told(night, "episodes", "03-04 09:00")}
    after = {row["child"]: row["ended_at"] for row in told(night, "episodes", "03-04 09:10")}
    assert set(before.values()) == {""}
    assert after["C-000002-R"] == "2026-03-03T01:00:00+00:00"
    assert told(night, "episodes", "03-02 23:00") == []


def test_the_page_tells_the_same_numbers() -> None:
    page = (ROOT / "docs/time.md").read_text("utf-8")
    assert set(re.findall(r"C-\d{6}-[0-9A-Z]", page)) == {"C-000001-V", "C-000002-R"}
    for moment in ("23:15", "01:30", "02:05", "02:10", "09:00", "09:05"):
        assert moment in page
