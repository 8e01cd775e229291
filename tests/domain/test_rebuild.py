"""Folding again finds nothing after any honest work, and finds whatever was tampered with."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from register.access.models import Reach
from register.audit.models import AuditEvent
from register.audit.verification import verify
from register.linkage.models import BlockingKey, CrowdedKey, Membership, Review, StoredSubject
from register.mismatches.models import Mismatch, Outlook
from register.rebuilding import rebuild
from register.records.models import Child, EpisodeRow
from register.reports.models import Report, ReportVersion
from register.work import begin_work
from tests.domain.logs import SIGNER
from tests.registers import AUTHORITY, FORCE, NOW, OTHER_FORCE, YEAR, say, send, state_of

DERIVED = (
    *(Membership, BlockingKey, StoredSubject, Review),
    *(Child, EpisodeRow, Reach, Mismatch, Outlook),
)
ADA = {"forename": "Ada", "surname": "Byron", "date_of_birth": "2010-05-04", "sex": "female"}
TWIN = ADA | {"forename": "Adelaide"}
IN_CARE = {"care_status": "looked_after", "responsible_authority": AUTHORITY}


@pytest.fixture
def register(engine: Engine) -> Engine:
    """A child known to both sides, her likeness, a later version, and one of whom few know."""
    readings = (
        say(FORCE, "P1", **ADA, updated_at="2026-03-04T10:00:00+00:00", status="open"),
        say(FORCE, "P1", **ADA, updated_at="2026-03-05T10:00:00+00:00"),
        say(AUTHORITY, "L1", **ADA, **IN_CARE),
        say(OTHER_FORCE, "Q1", **TWIN, home_postcode="LS1 4AP"),
        say(AUTHORITY, "L2", surname="Byron", date_of_birth="2010-05-04", **IN_CARE),
        say(FORCE, "P2", forename="Grace", surname="Hopper", status="open", **IN_CARE),
    )
    send(engine, readings, days=YEAR, chunk=2)
    return engine


def test_nothing_is_found_in_a_register_that_grew_honestly(register: Engine) -> None:
    before = state_of(register)
    assert rebuild(register, keep=False) == ""
    assert rebuild(register) == ""
    assert state_of(register) == before


def test_the_register_under_test_has_what_can_be_tampered_with(register: Engine) -> None:
    with begin_work(register, writes=False) as work:
        for table in DERIVED:
            assert work.session.scalars(select(table)).first() is not None, table.__tablename__


Tampering = Callable[[Connection], object]


def _another_child(connection: Connection) -> None:
    """Put a report into somebody else's child."""
    report = connection.scalars(select(Report.id).where(Report.reference == "P2")).one()
    child = connection.scalars(
        select(Membership.child_id)
        .join(Report, Report.id == Membership.report_id)
        .where(Report.reference == "P1")
    ).one()
    connection.execute(
        update(Membership).where(Membership.report_id == report).values(child_id=child)
    )


def _another_version(connection: Connection) -> None:
    """Let an older version count."""
    oldest = connection.scalars(
        select(ReportVersion.id)
        .join(Report, Report.id == ReportVersion.report_id)
        .where(Report.reference == "P1")
        .order_by(ReportVersion.updated_at)
    ).first()
    connection.execute(
        update(Report).where(Report.reference == "P1").values(current_version_id=oldest)
    )


def _close_a_mismatch(connection: Connection) -> None:
    connection.execute(update(Mismatch).values(known_to=NOW, state="closed"))


def _invent_a_mismatch(connection: Connection) -> None:
    row = dict(connection.execute(select(Mismatch.__table__)).mappings().first() or {})
    del row["id"]
    connection.execute(insert(Mismatch), [row | {"child": 999, "known_to": None}])


TAMPERINGS: dict[str, Tampering] = {
    "membership": _another_child,
    "membership gone": lambda c: c.execute(
        delete(Membership).where(Membership.id == select(Membership.id).limit(1).scalar_subquery())
    ),
    "version": _another_version,
    "child": lambda c: c.execute(update(Child).values(fingerprint="0")),
    "child gone": lambda c: c.execute(delete(Child)),
    "child of nobody": lambda c: c.execute(
        insert(Child),
        [
            {
                "number": 999,
                "responsible_authority": "",
                "host_authority": "",
                "fingerprint": "",
                "known_from": NOW,
            }
        ],
    ),
    "responsible authority": lambda c: c.execute(
        update(Child).values(responsible_authority="E08000032")
    ),
    "episode": lambda c: c.execute(update(EpisodeRow).values(fingerprint="0")),
    "episode's end": lambda c: c.execute(update(EpisodeRow).values(ended_at=NOW, is_open=False)),
    "review": lambda c: c.execute(update(Review).values(known_to=NOW)),
    "review's children": lambda c: c.execute(update(Review).values(child_b=999)),
    "review's probability": lambda c: c.execute(update(Review).values(probability=0.123)),
    "key": lambda c: c.execute(
        delete(BlockingKey).where(
            BlockingKey.key == select(BlockingKey.key).limit(1).scalar_subquery()
        )
    ),
    "key of nobody": lambda c: c.execute(insert(BlockingKey), [{"key": 7, "subject_id": 999}]),
    "key that is not crowded": lambda c: c.execute(
        insert(CrowdedKey).from_select(["key"], select(BlockingKey.key).distinct())
    ),
    "what a subject says": lambda c: c.execute(update(StoredSubject).values(line=b"of old")),
    "what says nothing": lambda c: c.execute(update(StoredSubject).values(silent="-7")),
    "that nobody was judged": lambda c: c.execute(update(StoredSubject).values(judged=True)),
    "subject gone": lambda c: c.execute(delete(StoredSubject)),
    "subject of nobody": lambda c: c.execute(
        insert(StoredSubject), [{"id": 999, "line": b"[]", "silent": "", "judged": False}]
    ),
    "reach": lambda c: c.execute(delete(Reach).where(Reach.organisation == AUTHORITY)),
    "reach of an outsider": lambda c: c.execute(
        insert(Reach), [{"child": 1, "organisation": "E08000032", "why": "host", "known_from": NOW}]
    ),
    "reach of nobody's child": lambda c: c.execute(
        insert(Reach), [{"child": 999, "organisation": AUTHORITY, "why": "host", "known_from": NOW}]
    ),
    "mismatch closed": _close_a_mismatch,
    "mismatch of nobody": _invent_a_mismatch,
    "mismatch's owner": lambda c: c.execute(update(Mismatch).values(owner="E08000032")),
    "mismatch's severity": lambda c: c.execute(update(Mismatch).values(severity="info")),
    "what time will bring": lambda c: c.execute(update(Outlook).values(next_change_at=NOW)),
    "outlook of nobody": lambda c: c.execute(
        insert(Outlook), [{"child": 999, "gaps": [], "known_from": NOW}]
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_control_whatever_is_tampered_with_is_found_and_mended(register: Engine, what: str) -> None:
    before = state_of(register)
    with register.begin() as connection:
        TAMPERINGS[what](connection)
    found = rebuild(register, keep=False)
    assert found
    assert rebuild(register, keep=False) == found, "checking changes nothing"
    assert rebuild(register) == found
    assert rebuild(register, keep=False) == ""
    assert state_of(register) == before


def test_both_stand_in_the_log_and_it_stays_whole(register: Engine) -> None:
    rebuild(register, keep=False)
    rebuild(register)
    with begin_work(register, writes=False) as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.seq)))
        verify(work.session, SIGNER.key)
    assert kinds[-2:] == ["register:checked", "register:rebuilt"]
