"""Samples: drawn again to the same children, of the groups that they say, by inspectors alone."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.errors import Forbidden, Invalid
from register.inspection.list_eight import compare_list
from register.inspection.models import Sample
from register.inspection.pack import make_pack
from register.inspection.questions import ask_question
from register.inspection.samples import draw_sample, find_sample
from register.reports.annex_a import SuppliedList
from register.reports.schema import Reading
from register.terms import Role
from register.work import Actor, begin_work
from tests.inspections import AT, EVERYBODY, PERIOD, admit, chronology, draw, tell_of
from tests.registers import AUTHORITY, say, send
from tests.web.story import GRACE_AUTHORITY, LEEDS
from tests.web.story import send as send_story


@pytest.fixture
def told(engine: Engine) -> Engine:
    """A few children, told of three hours before AT."""
    return tell_of(engine)


def test_a_sample_can_be_drawn_again_whatever_came_in_since(told: Engine) -> None:
    first = draw(told)
    assert [each.name for each in first.strata] == ["all", "mismatched", "repeat"]
    assert [len(each.drawn) for each in first.strata] == [3, 2, 0]
    with begin_work(told, clock=lambda: AT + timedelta(hours=1)) as work:
        more = GRACE_AUTHORITY | {"nhs_number": "", "care_status": "none"}
        new = [
            more | {"reference": f"X-{n}", "child_reference": f"X-{n}", "surname": f"New{n}-Test"}
            for n in range(9)
        ]
        send_story(work, *new)
    later = AT + timedelta(hours=2)
    again = draw(told, now=later, at=first.as_at)
    assert again.strata == first.strata
    assert again.as_at == first.as_at
    now = draw(told, now=later)
    assert now.strata[0].frame > first.strata[0].frame, "control"
    other = draw(told, seed="another", now=later, at=first.as_at)
    assert other.strata != first.strata, "control"


def test_a_sample_says_by_whom_when_and_as_at_what(told: Engine) -> None:
    drawn = draw(told, seed="")
    assert drawn.actor == "cora"
    assert len(drawn.seed) == 16
    assert drawn.as_at == drawn.drawn_at >= AT
    with begin_work(told, writes=False) as work:
        (row,) = work.session.scalars(select(Sample))
        entries = work.session.scalars(
            select(AuditEvent).where(AuditEvent.subject == f"sample {row.id}")
        ).all()
        assert row.organisation == LEEDS
        assert entries[0].facts["seed"] == drawn.seed


@pytest.mark.parametrize(
    "wanted", [{}, {"all": 0}, {"all": -1}, {"all": 51}, {"nobody": 3}, {"all": 1, "x": 1}]
)
def test_what_cannot_be_drawn_is_refused(told: Engine, wanted: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        draw(told, wanted)


def nights(reference: str, *days: int, **said: str) -> list[Reading]:
    return [
        say(
            AUTHORITY,
            f"{reference}/{day}",
            child_reference=reference,
            surname=f"{reference}-Test",
            care_status="looked_after",
            missing_at=f"2026-02-{day:02}T22:00:00+00:00",
            **({"returned_at": f"2026-02-{day + 1:02}T06:00:00+00:00"} | said),
        )
        for day in days
    ]


def test_strata_hold_whom_they_should(engine: Engine) -> None:
    readings = [
        *nights("ONCE", 1),
        *nights("OFTEN", 1, 5, 9),
        *nights("FAR", 1, host_authority="E08000032", responsible_authority=AUTHORITY),
        *nights("ALONE", 1, unaccompanied="yes"),
        *nights("LONG", 1, returned_at="2026-02-04T23:00:00+00:00"),
        *nights("EDGE", 1, returned_at="2026-02-04T22:00:00+00:00"),
    ]
    admit(engine)
    send(engine, readings, now=AT)
    strata = ("repeat", "out-of-area", "unaccompanied", "over-72-hours", "all")
    drawn = draw(engine, dict.fromkeys(strata, 50))
    who = {}
    for stratum in drawn.strata:
        pages = [chronology(engine, number) for number in stratum.drawn]
        who[stratum.name] = {
            change.after
            for page in pages
            for change in page.entries[0].changes
            if change.field.name == "child_reference"
        }
    assert who == {
        "repeat": {"OFTEN"},
        "out-of-area": {"FAR"},
        "unaccompanied": {"ALONE"},
        "over-72-hours": {"LONG"},
        "all": {"ONCE", "OFTEN", "FAR", "ALONE", "LONG", "EDGE"},
    }


@pytest.mark.parametrize("role", [Role.AUTHORITY_MANAGER, Role.STEWARD, Role.DEPARTMENT])
def test_only_inspectors_draw_and_ask(told: Engine, role: Role) -> None:
    organisation = LEEDS if role is Role.AUTHORITY_MANAGER else ""
    with begin_work(told, Actor("x", role, organisation), clock=lambda: AT) as work:
        for act in (
            lambda: draw_sample(work, PERIOD, EVERYBODY),
            lambda: find_sample(work, 1),
            lambda: make_pack(work, 1, "x", "x"),
            lambda: compare_list(work, SuppliedList("", (), ()), LEEDS, AT.date()),
            lambda: ask_question(work, LEEDS, "Why?", "3 working days"),
        ):
            with pytest.raises(Forbidden):
                act()
