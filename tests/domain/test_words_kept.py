"""What is kept of a judgement, and read again: reason, evidence, acts, chains."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.errors import Conflict, NotFound
from register.linkage.judgements import decide, withdraw
from register.linkage.models import Judgement
from register.linkage.said import evidence_when, history_of, pairs_of, verdicts_on
from register.work import Work, begin_work
from tests.domain.test_judgements import STEWARD
from tests.registers import FORCE, NOW, say, send


@pytest.fixture
def reports(engine: Engine) -> Engine:
    """Give a register of five reports that have nothing in common, numbered 1 to 5."""
    send(engine, [say(FORCE, f"P{n}", surname=f"Quil{chr(97 + n)}er") for n in range(1, 6)])
    return engine


def speak(work: Work, *words: tuple[int, int, str]) -> None:
    for one, other, verdict in words:
        decide(work, [(one, other)], verdict, "seen")


@pytest.mark.parametrize("pairs", [[(1, 1)], [(1, 99)], [(1, 2), (99, 3)]])
def test_a_word_on_what_is_no_two_reports_is_refused(
    reports: Engine, pairs: list[tuple[int, int]]
) -> None:
    with begin_work(reports, STEWARD) as work:
        with pytest.raises(NotFound, match="no two such reports"):
            decide(work, pairs, "same", "seen")
        assert work.session.query(Judgement).count() == 0


def test_a_word_needs_a_reason(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        with pytest.raises(Conflict, match="needs a reason"):
            decide(work, [(1, 2)], "same", " ")
        speak(work, (1, 2, "same"))
        with pytest.raises(Conflict, match="needs a reason"):
            withdraw(work, 1, "")
        assert verdicts_on(work, [1]) == {(1, 2): "same"}


def test_what_agreed_is_told_of_the_pairs_that_were_asked_about_and_of_one_verdict(
    reports: Engine,
) -> None:
    agreed = {pair: {"forename": f"{pair}"} for pair in [(1, 2), (2, 3), (1, 3), (1, 4)]}
    with begin_work(reports, STEWARD) as work:
        decide(work, [(1, 2), (1, 4)], "same", "seen", {"rule": "x"}, agreed)
        decide(work, [(1, 3)], "unclear", "seen", evidence=agreed)
        decide(work, [(3, 5)], "same", "seen")
        assert evidence_when(work, [1, 2, 3], "same") == {(1, 2): agreed[1, 2]}
        assert evidence_when(work, [1, 2, 3], "unclear") == {(1, 3): agreed[1, 3]}
        assert evidence_when(work, [3, 5], "same") == {(3, 5): {}}
        kept = work.session.scalars(select(Judgement).where(Judgement.report_b == 2)).one()
        assert kept.shown == {"rule": "x", "evidence": agreed[1, 2]}
        assert (kept.actor, kept.at, kept.reason) == ("stef", work.now, "seen")


def test_what_was_said_in_this_work_is_known_of_the_reports_that_were_read(
    reports: Engine,
) -> None:
    with begin_work(reports, STEWARD) as work:
        assert verdicts_on(work, [4]) == {}
        speak(work, (4, 5, "same"))
        assert verdicts_on(work, [4]) == verdicts_on(work, [5]) == {(4, 5): "same"}
        assert list(history_of(work, [4, 5])) == [1], "once, though it is on both"


def test_what_was_said_later_is_not_known_as_at_an_earlier_time(reports: Engine) -> None:
    said_at = NOW + timedelta(hours=2)
    for hours, verdict in ((1, "unclear"), (2, "same")):
        at = NOW + timedelta(hours=hours)
        with begin_work(reports, STEWARD, clock=lambda at=at: at) as work:  # type: ignore[misc]  # a clock
            speak(work, (1, 2, verdict))
    for as_at, known in ((said_at, "same"), (said_at - timedelta(microseconds=1), "unclear")):
        with begin_work(reports, STEWARD, as_at=as_at, writes=False) as work:
            assert verdicts_on(work, [1, 2]) == {(1, 2): known}
            assert pairs_of(work, 2) == ([(1, 2)] if known == "same" else [])
            assert max(history_of(work, [1])) == (2 if known == "same" else 1)
    with begin_work(reports, STEWARD, as_at=NOW, writes=False) as work:
        assert verdicts_on(work, [1]) == {}


def test_acts_are_told_the_last_first_with_all_that_was_said_at_once(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        decide(work, [(5, 1), (2, 1)], "different", "seen")
        speak(work, (3, 4, "same"), (1, 2, "same"))
        told = {
            act: [(each.report_a, each.report_b, each.verdict) for each in said]
            for act, said in history_of(work, [1, 5]).items()
        }
        assert list(told.items()) == [
            (3, [(1, 2, "same")]),
            (1, [(1, 2, "different"), (1, 5, "different")]),
        ]
        assert pairs_of(work, 1) == [(1, 2), (1, 5)]
        assert pairs_of(work, 9) == []


def test_the_shortest_chain_is_the_one_that_is_shown(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        speak(work, (1, 2, "same"), (2, 3, "same"), (3, 4, "same"), (2, 4, "same"))
        with pytest.raises(Conflict, match="reports 1 and 2, 2 and 4 to be the same child"):
            speak(work, (4, 1, "different"))
