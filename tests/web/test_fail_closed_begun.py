"""The same of what is there only once somebody began it, and of what a form is sent to be shown."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from register.access.seals import Placed
from register.inspection.questions import ask_question
from register.inspection.samples import draw_sample
from register.inspection.scope import Scope
from register.linkage.models import Membership
from register.linkage.seen import seen_of
from register.numbers import child_number
from register.reports.models import Report
from register.sealing import seal
from register.terms import Role, SealReason
from register.work import Actor, Work, begin_work
from tests.web.conftest import Client, Clock
from tests.web.looking import NAMED
from tests.web.looking import WHY as LOOKING
from tests.web.people import DAYS, LEEDS
from tests.web.story import PLACE, send
from tests.web.test_desks import BACK
from tests.web.test_entering import begin
from tests.web.test_fail_closed import (
    BEGUN,
    EXAMPLE,
    NAMES,
    NUMBER,
    entries,
    failing,
    told,
    unlogged,
)
from tests.web.test_places import WHY, asks_on

__all__ = ["told"]
Person = Callable[[str], Client]


@pytest.fixture
def begun(told: Engine, clock: Clock, as_person: Person) -> dict[str, list[str]]:
    """Give the addresses of what each person began, or was begun for them."""
    with begin_work(told, clock=clock) as work:
        send(work, BACK)
        report, returned = _ids(work, "L-80/1")[0], _ids(work, BACK["reference"])[0]
    correct = f"/reports/{report}/correct"
    draft = as_person("amina").send("/reports", correct).headers["Location"]
    filled = begin(as_person("amina"), report=report).rpartition("/")[0]
    own = [draft, f"{draft}/child", filled, f"{filled}/child", f"/reports/{report}/sent"]
    return {
        "amina": [*own, "/interviews", f"/interviews/{returned}"],
        "cora": _inspected(told, clock),
        "mel": [f"/seals/{_sealed(told, clock)}"],
    }


def _ids(work: Work, reference: str) -> tuple[int, int]:
    """Give the numbers of a report and of its child."""
    query = select(Report.id, Membership.child_id).join_from(
        Report, Membership, Membership.report_id == Report.id
    )
    its = (Report.reference == reference) & Membership.known_to.is_(None)
    report, child = work.session.execute(query.where(its)).one()
    return report, child


def _inspected(engine: Engine, clock: Clock) -> list[str]:
    with begin_work(engine, Actor("cora", Role.INSPECTOR), clock=clock) as work:
        sample = draw_sample(work, Scope(LEEDS, *DAYS), {"all": 5})
    with begin_work(engine, Actor("cora", Role.INSPECTOR), clock=clock) as work:
        number = child_number(_ids(work, "L-81/1")[1])
        asked = ask_question(work, LEEDS, "Where was Grace?", "1 working day", number)
    return [
        f"/inspect/samples/{sample}",
        f"/inspect/children/{number}/chronology",
        f"/questions/{asked}",
    ]


def _sealed(engine: Engine, clock: Clock) -> int:
    with begin_work(engine, Actor("mel", Role.AUTHORITY_MANAGER, LEEDS), clock=clock) as work:
        _, child = _ids(work, "L-82/4")
        placed = Placed(SealReason.HIGH_RISK, "For a test")
        return seal(work, child, placed, seen_of(work, [child]))


def test_they_are_all_that_needs_a_beginning(app: Flask, begun: dict[str, list[str]]) -> None:
    every = [each for addresses in begun.values() for each in addresses]
    assert {rule(app, each) for each in every} == BEGUN


def rule(app: Flask, address: str) -> str:
    return app.url_map.bind("").match(address, return_rule=True)[0].rule


def test_what_was_begun_is_logged_when_it_is_shown_and_else_is_not_shown(
    told: Engine, as_person: Person, begun: dict[str, list[str]]
) -> None:
    faults: list[object] = []
    for username, addresses in begun.items():
        person = as_person(username)
        for address in addresses:
            if (status := person.get(address).status_code) != 200:
                faults.append((address, status))
            shown = NAMES.search(page := person.get(address).text) or NUMBER.search(page)
            if not shown:
                faults.append((address, "control: it shows nobody"))
            if found := unlogged(told, person, address):
                faults.append((address, found))
            if "child" not in entries(told, -1)[-1].subject:
                faults.append((address, entries(told, -1)[-1].subject))
            with failing(told):
                answer = person.get(address)
            if answer.status_code != 503 or NAMES.search(answer.text):
                faults.append((address, "where nothing can be written", answer.status_code))
    assert not faults


def test_whom_the_quick_check_finds_is_not_told_where_the_log_cannot_be_written(
    told: Engine, as_person: Person
) -> None:
    ben, asked = as_person("ben"), NAMED | LOOKING | {"forename": "Tarik"}
    with failing(told):
        answer = ben.send("/check", **asked)
    assert answer.status_code == 503
    assert not NAMES.search(answer.text)
    assert "Tariq" in ben.send("/check", **asked).text, "control"


def test_a_place_is_not_shown_where_the_log_cannot_be_written(
    told: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    child = f"/children/{EXAMPLE}"
    asked = asks_on(amina.get(child).text)["placement_postcode"] | WHY
    with failing(told):
        answer = amina.post(f"{child}/place/shown", data=asked)
    assert answer.status_code == 503
    assert PLACE not in answer.text
    assert PLACE in amina.post(f"{child}/place/shown", data=asked).text, "control"
