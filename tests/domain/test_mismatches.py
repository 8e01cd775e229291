"""Mismatches open, change, go over, close and come again as the reports say, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from register.audit.models import AuditEvent
from register.audit.service import write
from register.mismatches.case import Case
from register.mismatches.gaps import find_gaps
from register.mismatches.models import Mismatch
from register.mismatches.service import Detected, children_due, detect
from register.reports.statement import Statement
from register.reports.values import read_moment
from register.work import Work
from tests.cases import CARE, case
from tests.statements import AUTHORITY, FORCE, HOST, moment, report, saying


def at(text: str) -> datetime:
    return read_moment(moment(text)).earliest


def compare(work: Work, text: str, *cases: Case, gone: Sequence[int] = ()) -> Detected:
    """Compare these children at a time; the figures of the mismatches alone."""
    work.now = at(text)
    return replace(detect(work, [replace(each, now=work.now) for each in cases], gone), outlooks=0)


def rows(work: Work, *states: str) -> list[Mismatch]:
    query = select(Mismatch).order_by(Mismatch.id)
    found = work.session.scalars(query, execution_options={"populate_existing": True})
    return [row for row in found if not states or (row.ended or row.state) in states]


def missing(**said: Any) -> Statement:  # noqa: ANN401  # any value, or any of report's own
    """Make a looked-after child's report by police, open since 22:40, told at 23:10."""
    reported: dict[str, Any] = {"reported_at": "2026-03-02T23:10:00+00:00"}
    return report(FORCE, "03-02 22:40", number=801, **{**CARE, **reported, **said})


def test_the_unaware_authority_has_until_ten_past_three(work: Work) -> None:
    assert compare(work, "03-02 23:15", case(missing())) == Detected(opened=1)
    (row,) = rows(work)
    assert (row.rule, row.state, row.owner, row.counterpart) == ("A1", "detected", AUTHORITY, FORCE)
    assert (row.police_report_id, row.authority_report_id) == (801, None)
    assert row.opened_at == at("03-02 23:15")
    assert (row.response_from, row.due_at) == (at("03-02 23:10"), at("03-03 03:10"))


def test_a_backload_is_not_born_overdue(work: Work) -> None:
    compare(
        work,
        "03-08 09:00",
        case(missing(ukmpu_notified_at="2026-03-05", pnc_circulated_at="2026-03-04")),
    )
    (row,) = rows(work)
    assert (row.rule, row.response_from, row.due_at) == ("A1", at("03-08 09:00"), at("03-08 13:00"))


def test_it_closes_by_itself_and_coming_again_is_another(work: Work) -> None:
    unaware = case(missing())
    told = case(missing(), report(AUTHORITY, "03-02", number=802, **CARE))
    compare(work, "03-02 23:15", unaware)
    assert compare(work, "03-02 23:15", unaware) == Detected(kept=1)
    assert compare(work, "03-03 01:00", told) == Detected(closed=1)
    (row,) = rows(work)
    assert (row.ended, row.closed_because) == ("closed", "holds_no_longer")
    assert row.known_to == at("03-03 01:00")
    assert compare(work, "03-03 02:00", unaware) == Detected(opened=1)
    first, second = rows(work)
    assert (first.ended, second.ended) == ("closed", "")
    assert (second.opened_at, second.known_from) == (at("03-03 02:00"), at("03-03 02:00"))


def test_a_changed_value_is_seen_and_what_was_is_kept(work: Work) -> None:
    statement = report(AUTHORITY, "03-02", number=802, sex="female", **CARE)
    compare(work, "03-02 23:15", case(missing(sex="male"), statement))
    (before,) = rows(work)
    number, fingerprint, due_at = before.number, before.fingerprint, before.due_at
    same = case(missing(sex="male"), saying(statement, {"hair": "brown"}))
    assert compare(work, "03-03 01:00", same) == Detected(kept=1)
    # D6 has other reports to stand on when the police's word comes with another report.
    other = report(FORCE, "02-01 10:00", "02-01 12:00", number=790, updated="03-10 12:00")
    spoken = case(missing(sex="male"), statement, saying(other, {"sex": "male"}))
    outcome = compare(work, "03-03 02:00", spoken)
    assert outcome.changed == 1
    now = next(row for row in rows(work, "detected") if row.rule == "D6")
    (past,) = rows(work, "superseded")
    assert (now.number, now.police_report_id, now.due_at) == (number, 790, due_at)
    assert now.fingerprint != fingerprint
    assert (past.fingerprint, past.police_report_id) == (fingerprint, 801)
    assert (past.known_from, past.known_to) == (at("03-02 23:15"), now.known_from)


def test_graver_risk_shortens_the_time_and_lower_risk_gives_none_back(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing()))
    compare(work, "03-02 23:30", case(missing(risk_level="high")))
    (row,) = rows(work, "detected")
    assert (row.clock, row.due_at) == ("1 hour", at("03-03 00:10"))
    compare(work, "03-02 23:45", case(missing(risk_level="low")))
    (row,) = rows(work, "detected")
    assert (row.clock, row.due_at) == ("4 hours", at("03-03 00:10"))
    assert row.opened_at == at("03-02 23:15")


def test_a_merged_childs_mismatch_goes_over_with_its_clock(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing(), child=801))
    (row,) = rows(work)
    number = row.number
    merged = case(
        missing(),
        report(FORCE, "02-01 10:00", "02-01 12:00", number=700, care_status="none"),
        child=700,
    )
    outcome = compare(work, "03-03 01:00", merged, gone=[801])
    assert outcome.kept == 1
    now = next(row for row in rows(work, "detected") if row.rule == "A1")
    assert (now.number, now.child, now.due_at) == (number, 700, at("03-03 03:10"))
    (past,) = rows(work, "superseded")
    assert (past.child, past.known_to) == (801, at("03-03 01:00"))


def test_what_a_merged_child_had_alone_is_closed(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing(), child=801))
    assert compare(work, "03-03 01:00", gone=[801]) == Detected(closed=1)
    (row,) = rows(work)
    assert (row.ended, row.closed_because) == ("closed", "child_merged")


def test_what_time_brings_bears_the_instant_at_which_it_fell_due(work: Work) -> None:
    night = [
        report(
            FORCE,
            "03-02 22:00",
            "03-03 06:00",
            number=801,
            prevention_interview_at="2026-03-03",
            **CARE,
        ),
        report(AUTHORITY, "03-02 22:00", "03-03 06:00", number=802, **CARE),
    ]
    assert compare(work, "03-04 12:00", case(*night)) == Detected()
    assert children_due(work, at("03-06 05:59")) == []
    assert children_due(work, at("03-06 06:00")) == [1]
    compare(work, "03-08 12:00", case(*night))
    (row,) = rows(work)
    assert (row.rule, row.opened_at) == ("F3", at("03-06 06:00"))
    assert (row.duty_from, row.duty_due_at) == (at("03-03 06:00"), at("03-06 06:00"))
    assert row.due_at == at("03-09 06:00")  # told on Sunday, of what fell due on Friday
    assert row.known_from == at("03-08 12:00")
    assert children_due(work, at("03-09 00:00")) == []


def test_what_cannot_be_compared_is_counted_and_shown(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing(), silent=[AUTHORITY]))
    assert rows(work) == []
    (gap,) = find_gaps(work, 1)
    assert (gap.rule, gap.organisation, gap.why) == ("A1", AUTHORITY, "not complete to this time")
    assert detect(work, [replace(case(missing(), silent=[AUTHORITY]), now=work.now)]).outlooks == 0
    compare(work, "03-02 23:20", case(missing()))
    assert find_gaps(work, 1) == []
    assert [row.rule for row in rows(work)] == ["A1"]


def test_the_same_again_writes_nothing(work: Work) -> None:
    children = [case(missing(), child=child) for child in range(1, 40)]
    compare(work, "03-02 23:15", *children)
    before = [(row.id, row.known_from) for row in rows(work)]
    assert compare(work, "03-02 23:50", *children) == Detected(kept=39)
    assert [(row.id, row.known_from) for row in rows(work)] == before


def test_no_two_stand_open_on_one_subject(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing()))
    (row,) = rows(work)
    values = {column.name: getattr(row, column.name) for column in Mismatch.__table__.columns}
    again = insert(Mismatch).values(values | {"id": row.id + 1})
    with pytest.raises(IntegrityError), work.session.begin_nested():
        work.session.execute(again)
    # Control: what is closed may be many.
    work.session.execute(again.values(known_to=work.now))


def test_no_value_of_a_report_is_copied(work: Work) -> None:
    said: dict[str, Any] = {"forename": "Aurelia", "date_of_birth": "2011-04-03", "sex": "female"}
    others: dict[str, Any] = {"forename": "Quentin", "date_of_birth": "2011-03-04", "sex": "male"}
    both = case(missing(**said), report(AUTHORITY, "03-02", number=802, **CARE, **others))
    compare(work, "03-02 23:15", both)
    text = repr([vars(row) for row in rows(work)])
    assert {row.rule for row in rows(work)} == {"D1", "D2", "D6"}
    assert not [value for value in (*said.values(), *others.values()) if str(value) in text]


def test_openings_and_closings_stand_in_the_log(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing()))
    compare(work, "03-03 01:00", case(missing(), report(AUTHORITY, "03-02", number=802, **CARE)))
    write(work)
    kinds = work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.seq)).all()
    assert kinds == ["mismatch:opened", "mismatch:closed"]


def test_days_are_not_born_before_they_fall_due(work: Work) -> None:
    away = case(
        report(AUTHORITY, "03-02", category="away", number=803, **CARE),
        report(FORCE, "03-02 10:00", number=804, category="away", **CARE),
    )
    compare(work, "03-03 12:00", away)
    (due,) = children_due(work, at("03-09 00:00"))
    assert due == 1
    compare(work, "03-04 00:00", away)
    (row,) = [each for each in rows(work) if each.rule == "A3"]
    assert row.opened_at == at("03-03 00:00") + timedelta(hours=24)


def test_a_due_time_that_comes_sooner_by_itself_is_kept(work: Work) -> None:
    compare(work, "03-02 23:15", case(missing()))
    told_before = {"reported_at": "2026-03-02T22:50:00+00:00"}
    assert compare(work, "03-02 23:30", case(missing(**told_before))) == Detected(kept=1, changed=1)
    assert compare(work, "03-02 23:45", case(missing(**told_before))) == Detected(kept=1)
    (row,) = rows(work, "detected")
    assert (row.response_from, row.due_at) == (at("03-02 22:50"), at("03-03 02:50"))


def test_what_no_report_says_is_the_matter_of_one_going_missing_alone(work: Work) -> None:
    """An answer on one child's interview, which nobody recorded, is none on another's."""
    children = [
        case(report(HOST, "03-02", "03-03", number=number, **CARE), child=number)
        for number in (801, 802)
    ]
    compare(work, "03-08 12:00", *children)
    owed = [row for row in rows(work) if row.rule == "F3"]
    assert [(row.police_report_id, row.authority_report_id) for row in owed] == [(None, None)] * 2
    assert owed[0].matter != owed[1].matter
