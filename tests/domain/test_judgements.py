"""What people said of two reports: the last word counts, and nothing is asked twice."""

import pytest
from sqlalchemy import Engine, select

from register import pipeline
from register.errors import Conflict, NotFound
from register.linkage.judgements import decide, withdraw
from register.linkage.models import Judgement, Review
from register.linkage.said import chained_to, judged_pairs, verdicts_on
from register.linkage.seen import seen_of
from register.terms import Role
from register.work import Actor, Work, begin_work
from tests.registers import (
    AUTHORITY,
    FORCE,
    NOW,
    OTHER_FORCE,
    asked,
    judge,
    say,
    send,
    together,
)
from tests.subjects import CHILD, HOME, NHS, RARE, TWIN

STEWARD = Actor("stef", Role.STEWARD)
JAYDEN, KAYDEN = ({**each, "home_postcode": HOME} for each in (CHILD, TWIN))
LATER = {"updated_at": "2026-03-05T10:00:00+00:00"}
LATEST = {"updated_at": "2026-03-06T10:00:00+00:00"}
ANOTHER_DAY = "2026-02-20T09:00:00+00:00"


@pytest.fixture
def reports(engine: Engine) -> Engine:
    """Give a register of five reports that have nothing in common, numbered 1 to 5."""
    send(engine, [say(FORCE, f"P{n}", surname=f"Quil{chr(97 + n)}er") for n in range(1, 6)])
    return engine


def speak(work: Work, *words: tuple[int, int, str]) -> None:
    for one, other, verdict in words:
        decide(work, [(one, other)], verdict, "seen")


def test_the_last_word_on_a_pair_counts_whichever_comes_first_in_it(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        speak(work, (1, 2, "same"), (2, 1, "different"), (3, 4, "same"), (4, 5, "unclear"))
        assert verdicts_on(work, [1, 4]) == {
            (1, 2): "different",
            (3, 4): "same",
            (4, 5): "unclear",
        }
        assert judged_pairs(work, [1, 2, 3]) == ([], [(1, 2)]), "4 is not among them"
        assert judged_pairs(work, [3, 4, 5]) == ([(3, 4)], [])
        assert chained_to(work, [3]) == {3, 4}
        assert chained_to(work, [1, 5]) == {1, 2, 5}, "who could not tell chains nobody"
        assert work.session.query(Judgement).count() == 4, "nothing is erased"


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ([(1, 2, "same"), (2, 3, "same")], (1, 3, "different")),
        ([(1, 2, "same"), (2, 3, "different")], (1, 3, "same")),
        ([(1, 2, "different"), (3, 1, "same"), (4, 2, "same")], (3, 4, "same")),
    ],
)
def test_what_contradicts_a_chain_is_refused_and_shows_it(
    reports: Engine, words: list[tuple[int, int, str]], refused: tuple[int, int, str]
) -> None:
    with begin_work(reports, STEWARD) as work:
        speak(work, *words)
        with pytest.raises(Conflict, match=r"reports \d and \d"):
            speak(work, refused)
        withdraw(work, len(words), "seen")
        speak(work, refused)


def test_a_word_that_decides_nothing_contradicts_nothing(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        speak(work, (1, 2, "same"), (2, 3, "same"), (1, 3, "unclear"))


def test_taking_a_word_back_lets_the_one_before_count_again(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        speak(work, (1, 2, "same"), (1, 2, "different"), (1, 2, "unclear"))
        assert withdraw(work, 3, "seen") == {1, 2}
        assert verdicts_on(work, [1]) == {(1, 2): "different"}
        assert withdraw(work, 3, "seen") == set(), "it is taken back already: no effect"
        assert withdraw(work, 1, "seen") == {1, 2}, "also one that another superseded"
        assert verdicts_on(work, [1]) == {(1, 2): "different"}
        assert withdraw(work, 2, "seen") == {1, 2}
        assert verdicts_on(work, [1]) == {}
        with pytest.raises(NotFound):
            withdraw(work, 99, "seen")


def test_a_word_that_would_count_again_against_a_chain_stays_superseded(reports: Engine) -> None:
    with begin_work(reports, STEWARD) as work:
        speak(work, (1, 2, "same"), (1, 2, "different"), (2, 3, "same"), (1, 3, "different"))
        with pytest.raises(Conflict, match="1 and 2, 2 and 3 to be the same child"):
            withdraw(work, 2, "seen")
        assert verdicts_on(work, [1]) == {(1, 2): "different", (1, 3): "different"}


def test_what_was_answered_is_not_asked_again(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN)])
    assert asked(engine) == ["L1?P1"]
    judge(engine, "P1", "L1", "unclear")
    assert asked(engine) == [], "the sources are asked: see the tests of rule D4"
    judge(engine, "P1", "L1", "different")
    assert (asked(engine), together(engine)) == ([], {"P1", "L1"})
    send(engine, [say(OTHER_FORCE, "Q1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN, **LATER)])
    assert (asked(engine), together(engine)) == ([], {"P1+Q1", "L1"}), "the group inherits it"
    judge(engine, "P1", "L1", "withdrawn")
    assert asked(engine) == [], "a person could not tell, and nothing is new"
    judge(engine, "P1", "L1", "withdrawn")
    assert len(asked(engine)) == 1
    judge(engine, "P1", "L1", "same")
    assert (asked(engine), together(engine)) == ([], {"L1+P1+Q1"})


def test_answers_make_room_for_the_next_questions(engine: Engine) -> None:
    """A boy of whom there are eight: five are asked about, and in the end all."""
    boy = {"forename": "Ahmad", "surname": "Ahmadi", "date_of_birth": "2009-01-01"}
    send(engine, [say(FORCE, "P0", **boy, home_office_reference="A0")])
    send(
        engine,
        [
            say(AUTHORITY, f"L{n}", **boy, child_reference=f"{n}", home_office_reference=f"A{n}")
            for n in range(1, 9)
        ],
    )
    answered = []
    while questions := [each for each in asked(engine) if each.endswith("?P0")]:
        assert len(questions) <= 5
        answered += questions
        for question in questions:
            judge(engine, "P0", question.removesuffix("?P0"), "different")
    assert sorted(answered) == [f"L{n}?P0" for n in range(1, 9)]


def test_two_ids_of_one_organisation_are_one_child_if_a_person_says_so(engine: Engine) -> None:
    rows = [say(AUTHORITY, f"L{n}", **RARE, child_reference=f"{n}") for n in (1, 2)]
    send(engine, [*rows, say(FORCE, "P1", **RARE)])
    assert together(engine) == {"L1", "L2", "P1"}
    judge(engine, "L1", "L2", "same")
    assert together(engine) == {"L1+L2+P1"}


@pytest.mark.parametrize("said", [{"child_reference": "1"}, {"home_postcode": HOME}])
def test_reports_under_one_id_that_a_person_parts_each_stand_for_themselves(
    engine: Engine, said: dict[str, str]
) -> None:
    """By the organisation's own id, or because they say word for word the same."""
    rows = [say(FORCE, f"P{n}", **RARE | said) for n in (1, 2, 3)]
    send(engine, rows[:2])
    assert together(engine) == {"P1+P2"}
    judge(engine, "P1", "P2", "different")
    assert together(engine) == {"P1", "P2"}
    send(engine, rows[2:])
    assert together(engine) == {"P1", "P2", "P3"}, "it fits both, and they are two"
    assert len(asked(engine)) == 2
    judge(engine, "P1", "P3", "same")
    assert together(engine) == {"P1+P3", "P2"}
    judge(engine, "P1", "P2", "withdrawn")
    assert together(engine) == {"P1+P2+P3"}


def test_a_correction_of_a_parted_report_mends_the_id_it_leaves(engine: Engine) -> None:
    send(engine, [say(FORCE, f"P{n}", **RARE, child_reference="1") for n in (1, 2, 3)])
    judge(engine, "P1", "P2", "different")
    send(engine, [say(FORCE, "P2", **RARE, child_reference="2", **LATER)])
    assert together(engine) == {"P1+P3", "P2"}


def reasons(engine: Engine) -> list[str]:
    with begin_work(engine, writes=False) as work:
        query = select(Review.reasons).where(Review.known_to.is_(None))
        return [reason for said in work.session.scalars(query) for reason in said]


def test_not_the_same_is_asked_again_when_there_is_news_and_says_what_is_new(
    engine: Engine,
) -> None:
    send(engine, [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN, **NHS)])
    judge(engine, "P1", "L1", "different")
    send(engine, [say(FORCE, "P1", **JAYDEN, hair="brown", **LATER)])
    assert asked(engine) == [], "control: a correction that says nothing new asks nobody"
    send(engine, [say(FORCE, "P1", **JAYDEN, **NHS, **LATEST)])
    assert (asked(engine), together(engine)) == (["L1?P1"], {"P1", "L1"})
    assert reasons(engine)[0] == (
        "New since a person judged that these are two children: "
        "NHS number (now the same; then not known to both)."
    )
    judge(engine, "P1", "L1", "different")
    assert (asked(engine), together(engine)) == ([], {"P1", "L1"}), "it is new once"


def test_news_of_the_group_is_news_of_all_that_a_judgement_parted(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN, **NHS)])
    judge(engine, "P1", "L1", "different")
    send(engine, [say(OTHER_FORCE, "Q1", **JAYDEN)])
    assert (asked(engine), together(engine)) == ([], {"P1+Q1", "L1"}), "control: nothing is new"
    send(engine, [say(OTHER_FORCE, "Q1", **JAYDEN, **NHS, **LATER)])
    assert (asked(engine), together(engine)) == (["L1?Q1"], {"P1+Q1", "L1"})
    judge(engine, "Q1", "L1", "different")
    send(engine, [say(OTHER_FORCE, "Q2", **JAYDEN, **NHS)])
    assert asked(engine) == [], "the same again is no news"


def test_no_news_ever_links_what_a_person_parted(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **CHILD), say(AUTHORITY, "L1", **CHILD)])
    judge(engine, "P1", "L1", "different")
    whole = {**JAYDEN, **NHS}
    send(engine, [say(FORCE, "P1", **whole, **LATER), say(AUTHORITY, "L1", **whole, **LATER)])
    assert (asked(engine), together(engine)) == (["L1?P1"], {"P1", "L1"})
    judge(engine, "P1", "L1", "withdrawn")
    assert (asked(engine), together(engine)) == ([], {"L1+P1"}), "control: the machine would"


def test_that_both_are_missing_on_one_day_is_no_news(engine: Engine) -> None:
    send(
        engine, [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN, missing_at=ANOTHER_DAY)]
    )
    judge(engine, "P1", "L1", "different")
    send(engine, [say(FORCE, "P2", **JAYDEN, missing_at=ANOTHER_DAY)])
    assert asked(engine) == []


def test_a_judgement_keeps_how_well_each_kind_of_evidence_agreed(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN, **NHS)])
    judge(engine, "P1", "L1", "unclear")
    with begin_work(engine, writes=False) as work:
        evidence = work.session.scalars(select(Judgement.shown)).one()["evidence"]
    assert evidence["forename"] == "alike"
    assert evidence["NHS number"] == "unknown"
    assert HOME not in repr(evidence)


def test_words_on_each_of_two_reports_break_the_id_they_share(engine: Engine) -> None:
    """One is the child of another's report, the other is not: so the two are not one child's."""
    rows = [
        say(FORCE, name, **JAYDEN, child_reference="c1", missing_at=f"2026-03-0{day}")
        for day, name in enumerate(("P1", "P2"), start=1)
    ]
    send(engine, [*rows, say(AUTHORITY, "L1", **KAYDEN), say(OTHER_FORCE, "Q1", **RARE)])
    judge(engine, "P1", "L1", "different")
    assert together(engine) == {"P1+P2", "L1", "Q1"}
    judge(engine, "P2", "Q1", "same")
    assert together(engine) == {"P1+P2+Q1", "L1"}
    judge(engine, "Q1", "L1", "same")
    assert together(engine) == {"P1", "L1+P2+Q1"}
    judge(engine, "Q1", "L1", "withdrawn")
    assert together(engine) == {"P1+P2+Q1", "L1"}


def test_joining_what_was_parted_takes_every_pair(engine: Engine) -> None:
    reports = [say(FORCE, "P1", **JAYDEN), say(OTHER_FORCE, "Q1", **JAYDEN)]
    send(engine, [*reports, say(AUTHORITY, "L1", **JAYDEN)])
    with begin_work(engine, STEWARD, clock=lambda: NOW) as work:
        pipeline.split(work, 1, [3], "two", seen_of(work, [1]))
    assert together(engine) == {"P1+Q1", "L1"}
    with begin_work(engine, STEWARD, clock=lambda: NOW) as work:
        pipeline.merge(work, 1, 3, "one after all", seen_of(work, [1, 3]))
        assert set(verdicts_on(work, [3]).values()) == {"same"}
    assert together(engine) == {"L1+P1+Q1"}
    with begin_work(engine, STEWARD, clock=lambda: NOW) as work:
        pipeline.withdraw(work, 2, "two, as it was")
    assert together(engine) == {"P1+Q1", "L1"}
