"""Receiving: what is kept, which version counts, and what the same again changes."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import Engine, func, select

from register import pipeline
from register.access.policy import Permission, require
from register.audit.models import AuditEvent
from register.errors import Forbidden
from register.reports.models import Report, ReportVersion
from register.reports.schema import Reading
from register.reports.service import Received, open_submission, receive
from register.terms import Role
from register.work import OPERATOR, Actor, Work, begin_work
from tests.registers import FORCE, NOW, OTHER_FORCE, empty, say, send

EARLY, LATE = "2026-03-04T10:00:00+00:00", "2026-03-05T10:00:00+00:00"


def version(at: str, surname: str, reference: str = "R1") -> Reading:
    return say(FORCE, reference, updated_at=at, forename="Ada", surname=surname)


def received(engine: Engine, *readings: Reading, now: datetime = NOW, file: str = "") -> Received:
    fingerprint = file or repr(readings)
    with begin_work(engine, OPERATOR, clock=lambda: now) as work:
        submission = open_submission(work, "register", "f.csv", fingerprint)
        return receive(work, submission.id, readings)


def current(engine: Engine, reference: str = "R1") -> str:
    """Give the surname that the report says now."""
    with begin_work(engine, writes=False) as work:
        said: dict[str, dict[str, str]] = work.session.scalars(
            select(ReportVersion.open)
            .join(Report, Report.current_version_id == ReportVersion.id)
            .where(Report.reference == reference)
        ).one()
    return said["content"]["surname"]


def count(engine: Engine, table: type[Report | ReportVersion | AuditEvent]) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(func.count()).select_from(table)).one()


def test_a_report_is_kept_and_counted(engine: Engine) -> None:
    found = received(engine, version(EARLY, "Byron"))
    assert (found.accepted, found.unchanged, found.superseded) == (1, 0, 0)
    assert found.changed == found.reports[FORCE]
    assert current(engine) == "Byron"


def test_the_same_again_changes_nothing_and_is_no_new_version(engine: Engine) -> None:
    received(engine, version(EARLY, "Byron"))
    again = received(engine, version(EARLY, "Byron"))
    assert (again.accepted, again.unchanged, again.changed) == (0, 1, set())
    assert again.reports[FORCE], "it is still known which reports the file speaks of"
    assert count(engine, ReportVersion) == 1


def test_a_later_version_supersedes_and_the_earlier_is_kept(engine: Engine) -> None:
    received(engine, version(EARLY, "Byron"))
    found = received(engine, version(LATE, "King"))
    assert (found.accepted, found.superseded, len(found.changed)) == (1, 1, 1)
    assert current(engine) == "King"
    assert count(engine, ReportVersion) == 2


def test_an_older_version_that_arrives_late_is_kept_and_changes_nothing(engine: Engine) -> None:
    received(engine, version(LATE, "King"))
    found = received(engine, version(EARLY, "Byron"))
    assert (found.accepted, found.superseded, found.changed) == (1, 0, set())
    assert current(engine) == "King"
    assert count(engine, ReportVersion) == 2


def test_versions_of_one_moment_are_ordered_by_what_they_say(engine: Engine) -> None:
    names = ("Byron", "King", "Noel")
    ends = set()
    for order in permutations(names):
        empty(engine)
        for name in order:
            received(engine, version(EARLY, name))
        ends.add(current(engine))
    for order in permutations(names):
        empty(engine)
        received(engine, *(version(EARLY, name) for name in order))
        ends.add(current(engine))
    assert len(ends) == 1


def test_a_day_counts_to_its_end(engine: Engine) -> None:
    received(engine, version("2026-03-04", "Day"))
    received(engine, version("2026-03-04T22:00:00+00:00", "Evening"))
    assert current(engine) == "Day"


def test_without_a_time_of_change_the_arrival_counts(engine: Engine) -> None:
    received(engine, version("", "First"), now=NOW)
    received(engine, version("", "Second"), now=NOW + timedelta(hours=1))
    assert current(engine) == "Second"
    received(engine, version("", "First"), now=NOW + timedelta(hours=2))
    assert current(engine) == "Second", "the same content twice is one report"
    received(engine, version(EARLY, "Dated before both"), now=NOW + timedelta(hours=3))
    assert current(engine) == "Second"


def test_a_file_broken_off_and_sent_again_arrived_when_it_first_did(engine: Engine) -> None:
    rows = [version("", name) for name in ("Byron", "King", "Noel")]
    received(engine, *rows, file="whole")
    wanted = current(engine)
    for done in range(3):
        empty(engine)
        received(engine, *rows[:done], file="same")
        received(engine, *rows, file="same", now=NOW + timedelta(hours=1))
        assert current(engine) == wanted


def test_two_rows_of_one_chunk_are_two_versions_and_the_later_counts(engine: Engine) -> None:
    found = received(engine, version(LATE, "King"), version(EARLY, "Byron"), version(LATE, "King"))
    assert (found.accepted, found.unchanged, found.superseded) == (2, 1, 1)
    assert current(engine) == "King"
    assert count(engine, Report) == 1


def test_a_reference_is_one_organisations_own(engine: Engine) -> None:
    received(engine, version(EARLY, "Byron"), say(OTHER_FORCE, "R1", surname="Byron"))
    assert count(engine, Report) == 2


def test_protected_values_stand_apart(engine: Engine) -> None:
    received(engine, say(FORCE, "R1", surname="Byron", home_postcode="LS1 4AP", upn="not one"))
    with begin_work(engine, writes=False) as work:
        row = work.session.scalars(select(ReportVersion)).one()
        assert "home_postcode" in row.protected["content"]
        assert "LS1 4AP" not in repr(row.protected)
        assert "home_postcode" not in row.open["content"]
        assert row.open["doubtful"] == {"upn": "not one"}
        assert "upn" in row.marks


def test_every_version_stands_in_the_log(engine: Engine) -> None:
    received(engine, version(EARLY, "Byron"), version(LATE, "King"))
    with begin_work(engine, writes=False) as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.seq)))
    assert kinds == ["submission:received", "report:received", "report:received"]


def test_control_without_the_pipeline_nothing_follows(engine: Engine) -> None:
    """A report received outside the pipeline has no child: rebuild finds it (test_rebuild)."""
    received(engine, version(EARLY, "Byron"))
    assert send(engine, [version(EARLY, "Byron")]).regrouped.children == {}


@pytest.mark.parametrize("verb", ["submit", "receive"])
def test_who_may_not_send_keeps_nothing(work: Work, verb: str) -> None:
    inspector = Actor("iris", Role.INSPECTOR)
    with pytest.raises(Forbidden):
        require(inspector, Permission.REPORT_RECEIVE)
    work.actor = inspector
    with pytest.raises(Forbidden):
        (receive if verb == "receive" else pipeline.submit)(work, 1, [version(EARLY, "Byron")])


def test_nobody_sends_in_another_organisations_name(engine: Engine) -> None:
    actor = Actor(name="Pat", role=Role.FORCE_USER, organisation=FORCE)
    with begin_work(engine, actor) as work:
        submission = open_submission(work, "register", "f.csv", "own")
        with pytest.raises(Forbidden):
            receive(work, submission.id, [say(OTHER_FORCE, "R2", surname="Doe")])
        assert work.session.scalar(select(func.count(Report.id))) == 0
        # The control: under its own name the same report goes in.
        receive(work, submission.id, [say(FORCE, "R2", surname="Doe")])
        assert work.session.scalar(select(func.count(Report.id))) == 1
