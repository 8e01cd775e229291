"""Drafts outlive a session and not a week, lie sealed, and are their writer's alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.service import deactivate_user, end_sessions_of
from register.reports.drafts import content_of, forget_drafts
from register.reports.models import Draft
from register.work import OPERATOR, Work, begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.test_entering import WHEN, begin, boxes_of, count, report_of
from tests.web.test_fail_closed import failing, unlogged
from tests.web.test_judging import address_of

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")


def test_what_is_typed_outlives_the_session(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1"))
    hidden = hidden_of(amina.get(page).text)
    clock.now += timedelta(minutes=20)
    late = amina.post(page, data={**hidden, **WHEN})
    assert late.status_code == 302
    assert late.headers["Location"].startswith("/sign-in?next=")
    amina.sign_in("amina")
    assert "the bus station" in amina.get(page).text


@pytest.mark.parametrize(
    "end",
    [
        lambda work: end_sessions_of(work, "amina"),
        lambda work: deactivate_user(work, "amina"),
        None,
    ],
    ids=["ended by an administrator", "barred", "older than any session"],
)
def test_what_is_typed_into_a_session_that_was_ended_is_not_kept(
    engine: Engine,
    as_person: Person,
    clock: Clock,
    end: Callable[[Work], object] | None,
) -> None:
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1"))
    hidden = hidden_of(amina.get(page).text)
    if end is None:
        clock.now += timedelta(hours=13)
    else:
        with begin_work(engine, OPERATOR, clock=clock) as work:
            end(work)
    assert amina.post(page, data={**hidden, **WHEN}).status_code == 401
    with begin_work(engine, writes=False) as work:
        assert not content_of(work, work.session.scalars(select(Draft)).one()).typed


def test_nobody_writes_into_another_persons_draft(
    engine: Engine, as_person: Person, client: Client, clock: Clock
) -> None:
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1"))
    amina.get(page)
    ben = as_person("ben")
    assert ben.get(page).status_code == 404
    assert ben.send("/reports", page, **WHEN).status_code == 404
    clock.now += timedelta(minutes=20)
    assert client.post(page, data=WHEN).status_code == 401, "a browser that never opened it"
    with begin_work(engine, writes=False) as work:
        assert not content_of(work, work.session.scalars(select(Draft)).one()).typed


def test_each_look_at_what_another_organisation_told_is_logged(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    page = begin(amina, episode=report_of(engine, "WY-26-0001")).rpartition("/")[0]
    for address in (page, f"{page}/child"):
        assert "Adeyemi-Test" in amina.get(address).text, "control"
        assert unlogged(engine, amina, address) == set()
        with failing(engine):
            assert amina.get(address).status_code == 503


def test_who_goes_elsewhere_takes_no_report_of_the_old_organisation_along(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1")).rpartition("/")[0]
    assert "Adeyemi-Test" in amina.get(page).text, "control"
    elsewhere = {"role": "force_user", "organisation": "E23000001"}
    moved = as_person("eve").send("/users/amina", "/users/amina/role", **elsewhere)
    assert moved.status_code == 302
    assert "Adeyemi-Test" not in amina.get(page).text


def test_a_draft_lies_sealed_and_for_a_week(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    amina = as_person("amina")
    page = begin(amina, report=report_of(engine, "L-77/1"))
    amina.send(page, **WHEN)
    with begin_work(engine, writes=False) as work:
        draft = work.session.scalars(select(Draft)).one()
        assert content_of(work, draft).typed["last_seen_place"] == "the bus station"
        assert "station" not in draft.content
    key = page.split("/")[2]
    clock.now += timedelta(days=7, minutes=1)
    amina.sign_in("amina")
    assert amina.get(f"/drafts/{key}").status_code == 404
    assert count(engine, Draft) == 1, "control: it is there"
    with begin_work(engine, clock=clock) as work:
        forget_drafts(work)
    assert count(engine, Draft) == 0


def test_what_others_told_goes_from_a_draft_when_a_seal_hides_the_child(
    engine: Engine, as_person: Person
) -> None:
    amina, gus = as_person("amina"), as_person("gus")
    page = begin(amina, episode=report_of(engine, "WY-26-0001"))
    assert boxes_of(amina.get(page).text)["missing_at-time"] == "22:40"
    tarik = address_of(gus, "Tarik")
    assert gus.send(f"{tarik}/seal", because="high_risk", reason="His father.").status_code == 302
    assert boxes_of(amina.get(page).text)["missing_at-time"] == ""
    assert "Tarik" not in amina.get(page.removesuffix("/missing")).text
