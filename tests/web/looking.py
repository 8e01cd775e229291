"""Looking for a child by the quick check, and reading what the log kept of it."""

import re

from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.work import begin_work
from tests.web.conftest import Client

BORN = {"born-day": "31", "born-month": "5", "born-year": "2011"}
NAMED = {"forename": "Tariq", "surname": "Adeyemi-Test", **BORN}
WHY = {"purpose": "reported"}


def check(person: Client, **asked: str) -> str:
    """Look for a child, and give the page."""
    answer = person.send("/check", **{**WHY, **asked})
    assert answer.status_code == 200
    return answer.text


def entries(engine: Engine, kind: str) -> list[AuditEvent]:
    with begin_work(engine, writes=False) as work:
        query = select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.seq)
        found = list(work.session.scalars(query))
        work.session.expunge_all()
        return found


def number_in(page: str) -> str:
    found = re.search(r"C-[0-9A-Z]{6}-[0-9A-Z]", page)
    assert found
    return found[0]
