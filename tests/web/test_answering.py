"""One mismatch on its page: every answer once, every refusal, its history, how it ended."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.access.service import create_user
from register.audit.models import AuditEvent
from register.mismatches.models import Mismatch
from register.terms import Role
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import PASSWORD, show_whole
from tests.web.story import LEEDS, POLICE_OPEN, WEST_YORKSHIRE, send, tell

Person = Callable[[str], Client]
WORDS = {"words": "The carer rang at nine."}
HIDDEN_PLACE = {"updated_at": "2026-03-03T01:00:00+00:00"}


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
        show_whole(work, "cora")
    clock.now += timedelta(minutes=10)


def mismatch_of(engine: Engine, rule: str) -> str:
    """Give the address of the mismatch of a rule that was opened last."""
    with begin_work(engine, writes=False) as work:
        query = select(Mismatch.number).where(Mismatch.rule == rule)
        number = work.session.scalars(query.order_by(Mismatch.id.desc())).first()
    assert number is not None, f"no {rule}"
    return f"/mismatches/{number}"


def text_of(page: str) -> str:
    """Give a page's words in one line."""
    return " ".join(re.sub("<[^>]*>", " ", page.split("<main")[1]).split())


def test_the_page_says_whose_turn_it_is_and_who_has_it_now(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    page, amina = mismatch_of(engine, "A1"), as_person("amina")
    assert f'href="{page}"' in amina.get("/mismatches").text
    assert f'href="{page}"' in amina.get("/").text
    said = text_of(amina.get(page).text)
    for words in (
        "Open according to police, unknown to the authority",
        "Critical Open",
        "Whose turn Leeds",
        "The other side West Yorkshire Police",
        "the manager of the team whose work it is",
        "on 3 March 2026 at 12:10am GMT, unless it is settled",
        "1 hour to answer",
        "Noticed",
    ):
        assert words in said
    clock.now += timedelta(days=1)
    assert "Who has it now Leeds: the authority&#39;s senior manager" in text_of(
        as_person("amina").get(page).text
    )


@pytest.mark.parametrize(
    ("answer", "more", "state", "told"),
    [
        ("acknowledged", {}, "Acknowledged", "Seen, and being looked into"),
        ("comment", WORDS, "Open", "Comment"),
        ("correction_requested", WORDS, "Open", "Asked the other side to correct"),
        ("disputed", WORDS, "Disputed", "Disputed"),
        (
            "both_correct",
            {"reason": "recorded_afterwards"},
            "Both correct",
            "Both are correct : one side learnt of it afterwards",
        ),
        ("accepted_difference", WORDS, "Difference accepted", "Difference accepted"),
        ("false_positive", WORDS, "Not a mismatch", "Not a mismatch"),
        ("escalated", WORDS, "Escalated", "Escalated"),
    ],
)
def test_each_answer_is_kept_and_taken_back(
    as_person: Person, engine: Engine, answer: str, more: dict[str, str], state: str, told: str
) -> None:
    page, amina = mismatch_of(engine, "A1"), as_person("amina")
    assert amina.send(page, answer=answer, **more).headers["Location"] == page
    kept = amina.get(page).text
    assert "Your answer was kept." in kept
    said = text_of(kept)
    assert f"Critical {state}" in said
    assert told in said.split("History")[1]
    assert "amina, Leeds, 2 March 2026 at 11:50pm GMT" in said
    back = re.search(r'href="([^"]*/take-back)"', kept)
    assert back
    assert "Say why" in amina.send(back[1]).text
    assert amina.send(back[1], words="Too early.").headers["Location"] == page
    said = text_of(amina.get(page).text)
    assert "Critical Open" in said
    assert "Took an answer back “Too early.”" in said
    assert "Taken back" in said
    assert "/take-back" not in amina.get(page).text
    assert "taken back already" in amina.get(back[1]).text
    token = hidden_of(amina.get(page).text)
    again = amina.post(back[1], data={**token, **WORDS}, follow_redirects=True)
    assert "It was taken back already." in again.text


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "Choose what you answer"),
        ({"answer": "withdrawn"}, "Choose what you answer"),
        ({"answer": "disputed"}, "Say why"),
        ({"answer": "both_correct"}, "Choose why both values are correct"),
        ({"answer": "comment", "words": "x" * 1001}, "1000 characters or fewer"),
    ],
)
def test_an_answer_that_lacks_something_is_kept_on_the_form(
    as_person: Person, engine: Engine, said: dict[str, str], problem: str
) -> None:
    page, amina = mismatch_of(engine, "A1"), as_person("amina")
    answer = amina.send(page, **said)
    assert answer.status_code == 422
    assert problem in answer.text
    assert "There is a problem" in answer.text
    assert said.get("words", "") in answer.text


def test_an_answer_to_what_has_changed_says_what_and_keeps_the_words(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    page, amina, dan = mismatch_of(engine, "A1"), as_person("amina"), as_person("dan")
    form = hidden_of(amina.get(page).text)
    dan.send(page, answer="disputed", words="Not so.")
    answer = amina.post(page, data={**form, "answer": "comment", **WORDS})
    assert answer.status_code == 409
    assert "Its state was detected, and is disputed now." in answer.text
    assert WORDS["words"] in answer.text
    form = hidden_of(answer.text)
    with begin_work(engine, clock=clock) as work:
        late = POLICE_OPEN | HIDDEN_PLACE | {"organisation": LEEDS, "reference": "L-77/2"}
        send(work, late | {"child_reference": "L-77", "care_status": "looked_after"})
    answer = amina.post(page, data={**form, "answer": "comment", **WORDS})
    assert answer.status_code == 409
    assert "This mismatch ended since you were shown it: corrected by the authority." in answer.text
    assert WORDS["words"] in answer.text
    said = text_of(amina.get(page).text)
    assert "How it ended Corrected by the authority: the sources no longer disagree" in said
    assert "Who has it now Nobody need act on it" in said
    assert "What do you answer?" not in said
    listed = amina.get("/mismatches?state=closed").text
    assert f'href="{page}"' in listed
    assert "Corrected by the authority" in listed


def test_an_answer_holds_though_its_time_ran_out_while_it_was_written(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    page, amina = mismatch_of(engine, "A1"), as_person("amina")
    form = hidden_of(amina.get(page).text)
    clock.now += timedelta(hours=1)
    amina = as_person("amina")
    form |= hidden_of(amina.get(page).text)
    assert amina.post(page, data={**form, "answer": "disputed", **WORDS}).status_code == 302
    said = text_of(amina.get(page).text)
    assert "Critical Escalated" in said
    assert "Disputed" in said.split("History")[1]


def test_settled_ones_are_listed_apart(as_person: Person, engine: Engine) -> None:
    page, amina = mismatch_of(engine, "A1"), as_person("amina")
    amina.send(page, answer="false_positive", **WORDS)
    lists = {s: amina.get(f"/mismatches?state={s}").text for s in ("open", "settled", "closed")}
    assert [f'href="{page}"' in text for text in lists.values()] == [False, True, False]


def test_the_other_side_answers_and_does_not_say_it_has_seen_it(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    page = mismatch_of(engine, "A1")
    with begin_work(engine, clock=clock) as work:
        create_user(
            work,
            username="wyn",
            name="Wyn Test",
            role=Role.FORCE_USER,
            password=PASSWORD,
            organisation=WEST_YORKSHIRE,
        )
    wyn = as_person("wyn")
    form = wyn.get(page).text
    assert "We have seen this" not in form
    assert "Dispute it" in form
    hidden = hidden_of(form)
    assert wyn.post(page, data={**hidden, "answer": "acknowledged"}).status_code == 403
    assert wyn.post(page, data={**hidden, "answer": "disputed", **WORDS}).status_code == 302
    back = re.search(r'href="([^"]*/take-back)"', wyn.get(page).text)
    assert back
    amina = as_person("amina")
    assert "/take-back" not in amina.get(page).text
    assert "Only the organisation that gave" in amina.get(back[1]).text
    hidden = hidden_of(amina.get(page).text)
    assert amina.post(back[1], data={**hidden, **WORDS}).status_code == 403


def test_an_inspector_reads_and_answers_nothing(as_person: Person, engine: Engine) -> None:
    page, cora = mismatch_of(engine, "A1"), as_person("cora")
    said = cora.get(page).text
    assert "Noticed" in said
    assert "What do you answer?" not in said
    hidden = hidden_of(said)
    assert cora.post(page, data={**hidden, "answer": "comment", **WORDS}).status_code == 403


def test_who_may_not_see_it_finds_nothing(as_person: Person, engine: Engine) -> None:
    page, ben = mismatch_of(engine, "A1"), as_person("ben")
    assert ben.get(page).status_code == ben.get("/mismatches/9999").status_code == 404
    hidden = hidden_of(ben.get("/upload").text)
    answer = ben.post(page, data={**hidden, "answer": "comment", **WORDS})
    assert answer.status_code == 404
    assert ben.get(f"{page}/answers/1/take-back").status_code == 404
    amina = as_person("amina")
    for none in (f"/mismatches/{2**70}", f"{page}/answers/99/take-back"):
        assert amina.get(none).status_code == 404
    assert as_person("eve").get(page).status_code == 403


def test_each_look_is_logged(as_person: Person, engine: Engine) -> None:
    page = mismatch_of(engine, "A1")
    as_person("amina").get(page)
    with begin_work(engine, writes=False) as work:
        looked = select(AuditEvent.subject, AuditEvent.actor)
        found = work.session.execute(looked.where(AuditEvent.kind == "mismatch:viewed")).all()
    assert [tuple(each) for each in found] == [(f"mismatch {page.rpartition('/')[2]}", "amina")]
