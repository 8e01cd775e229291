"""Questions of inspectors: on a clock, to whom they are put, and to nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.policy import Permission, is_allowed
from register.audit.models import AuditEvent
from register.errors import Forbidden, Invalid, NotFound
from register.inspection.models import Question, Reply
from register.inspection.questions import ask_question, find_question, list_questions, reply
from register.numbers import child_number
from register.terms import Role
from register.work import Actor, begin_work
from tests.inspections import AMINA, AT, CORA, PAT, let_see, tell_of
from tests.web.story import LEEDS, WEST_YORKSHIRE


@pytest.fixture
def told(engine: Engine) -> Engine:
    """A few children, told of three hours before AT."""
    tell_of(engine)
    let_see(engine)
    return engine


def test_a_question_runs_on_a_clock_of_working_days(told: Engine) -> None:
    friday = datetime(2026, 4, 2, 15, tzinfo=UTC)  # before Easter, whose Monday is free
    with begin_work(told, CORA, clock=lambda: friday) as work:
        number = ask_question(work, LEEDS, "Why?", "3 working days", child_number(1))
    with begin_work(told, AMINA, clock=lambda: friday) as work:
        (asked,) = list_questions(work)
        assert asked.due_at == datetime(2026, 4, 9, 15, tzinfo=UTC)
        assert asked.child == child_number(1)
        assert not asked.is_overdue
    late = asked.due_at + timedelta(seconds=1)
    with begin_work(told, AMINA, clock=lambda: late) as work:
        assert find_question(work, number).is_overdue
        reply(work, number, "The night team was not told.")
        reply(work, number, "They are now.")
    with begin_work(told, CORA, clock=lambda: late) as work:
        found = find_question(work, number)
        assert [each.words for each in found.replies][1] == "They are now."
        assert found.is_late
        assert not found.is_overdue
        kinds = work.session.scalars(select(AuditEvent.kind)).all()
    assert kinds.count("question:answered") == 2
    assert kinds.count("question:asked") == 1


def test_who_is_not_asked_finds_no_question(told: Engine) -> None:
    with begin_work(told, CORA, clock=lambda: AT) as work:
        number = ask_question(work, LEEDS, "Why?", "3 working days")
    strangers = (
        PAT,
        Actor("x", Role.AUTHORITY_MANAGER, "E09000002"),
        replace(CORA, role=Role.POLICE_INSPECTOR),
    )
    for actor in strangers:
        with begin_work(told, actor, clock=lambda: AT) as work:
            assert not list_questions(work)
            for each in (number, 0, -1, 2**40):
                with pytest.raises(NotFound):
                    find_question(work, each)
            answers = is_allowed(actor, Permission.QUESTION_ANSWER)
            with pytest.raises(NotFound if answers else Forbidden):
                reply(work, number, "I say.")
    with begin_work(told, writes=False) as work:
        assert not work.session.scalars(select(Reply)).all()


def test_what_cannot_be_asked_is_said_by_field(told: Engine) -> None:
    wrong: list[tuple[tuple[str, ...], str]] = [
        (("", "Why?", "3 working days"), "organisation"),
        (("UKMPU", "Why?", "3 working days"), "organisation"),
        ((LEEDS, " ", "3 working days"), "words"),
        ((LEEDS, "x" * 2001, "3 working days"), "words"),
        ((LEEDS, "Why?", "a year"), "clock"),
        ((LEEDS, "Why?", "3 working days", "C-000009-9"), "child"),
        (("E06000052", "Why?", "3 working days", child_number(1)), "child"),
    ]
    with begin_work(told, CORA, clock=lambda: AT) as work:
        for said, field in wrong:
            with pytest.raises(Invalid) as refusal:
                ask_question(work, *said)
            assert field in refusal.value.problems, said
        assert not work.session.scalars(select(Question)).all()
        ask_question(work, WEST_YORKSHIRE, "Why?", "3 working days", child_number(1))
