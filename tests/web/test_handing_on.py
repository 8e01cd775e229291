"""Files that an authority hands on are what their readers expect, and who got them is kept."""

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.work import begin_work
from tests.web.conftest import Client

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")


def test_missing_csv_is_the_return_as_the_department_reads_it(
    engine: Engine, as_person: Person
) -> None:
    amina = as_person("amina")
    refused = amina.send("/returns", what="missing")
    assert refused.status_code == 422
    assert 'href="#recipient"' in refused.text
    answer = amina.send(
        "/returns", what="missing", year="2026", recipient="dfe", purpose="statutory_return"
    )
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]
    assert ["L-77", "31/05/2011", "M", "10/01/2026", "11/01/2026"] in rows
    assert ["L-80", "01/02/2012", "M", "01/03/2026", ""] in rows
    with begin_work(engine, writes=False) as work:
        entry = work.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == "export:disclosed")
        ).one()
        detail = str(entry.detail)
    assert "dfe" in detail
    assert "statutory_return" in detail
    with begin_work(engine, writes=False) as work:
        named = select(AuditEvent.subject).where(AuditEvent.kind == "child:disclosed")
        told = set(work.session.scalars(named))
    assert len(told) == len(rows) - 1, "each child whose data was handed on"


def test_list_8_tells_counts_and_interviews(as_person: Person) -> None:
    answer = as_person("amina").send(
        "/returns", what="list8", recipient="ofsted", purpose="inspection"
    )
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.text))}
    assert rows["L-77"] == ["1", "0", "a) Yes", "a) Yes"]
    assert rows["L-80"] == ["1", "0", "", ""], "not back yet: nobody can say"


def test_only_authorities_take_the_returns(as_person: Person) -> None:
    for person in ("ben", "cora", "dan", "eve"):
        assert as_person(person).get("/returns").status_code == 403
