"""What systems read back: who is missing, what disagrees, what waits for a judge, what changed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.work import begin_work
from tests.api.speaking import BARKING, LEEDS, WEST_YORKSHIRE, Speaker
from tests.web.story import MAYA_AUTHORITY, MAYA_POLICE

Speak = Callable[[str], Speaker]


def all_of(
    speaker: Speaker, path: str, key: str, cursor: str = "cursor", **asks: str
) -> list[dict[str, Any]]:
    """Read a list to its end, two lines at a time."""
    found: list[dict[str, Any]] = []
    at = ""
    while True:
        asked = speaker.ask("GET", path, query_string={"limit": "2", cursor: at, **asks})
        assert asked.status_code == 200, asked.text
        said = asked.get_json()
        assert len(said[key]) <= 2
        found += said[key]
        at = said["next"]
        if not said.get("more", at and key != "changes"):
            return found


def fill(speak: Speak) -> None:
    """Let five be missing: one to both sides, with another date of birth to each."""
    police, leeds, barking = speak("police"), speak("leeds"), speak("barking")
    police.put(WEST_YORKSHIRE, "W1")
    leeds.put(LEEDS, "L1", date_of_birth="2011-06-30")
    for each, name in enumerate(("Ada", "Bea", "Cal")):
        leeds.put(LEEDS, f"M{each}", forename=name, surname=f"{name}-Test", nhs_number=None)
    barking.put(BARKING, "B1", forename="Dov", surname="Dov-Test", nhs_number=None)


def test_each_reads_its_own_children_missing_now_to_the_end(speak: Speak) -> None:
    fill(speak)
    names = [each["name"] for each in all_of(speak("leeds"), "/missing", "missing")]
    assert len(names) == 4
    assert {name.split()[0] for name in names} == {"Tariq", "Ada", "Bea", "Cal"}
    (only,) = all_of(speak("barking"), "/missing", "missing")
    assert only["name"].startswith("Dov")
    assert [each["organisation"] for each in only["authority"]] == [BARKING]


def test_mismatches_are_read_and_answered(speak: Speak) -> None:
    fill(speak)
    leeds = speak("leeds")
    found = all_of(leeds, "/mismatches", "mismatches")
    (birth,) = [each for each in found if each["rule"] == "D1"]
    assert [each["value"] for each in birth["police"]] == ["2011-05-31"]
    path = f"/mismatches/{birth['number']}"
    whole = leeds.ask("GET", path).get_json()
    said = {"answer": "comment", "words": "We ask the registrar.", "seen": whole["seen"]}
    answer = leeds.ask("POST", f"{path}/answers", json=said)
    assert answer.status_code == 201, answer.text
    assert "We ask the registrar." in {each["words"] for each in answer.get_json()["history"]}
    assert speak("police").ask("GET", path).get_json()["history"]
    assert speak("barking").ask("GET", path).status_code == 404
    assert speak("barking").ask("POST", f"{path}/answers", json=said).status_code == 404
    assert speak("reader").ask("POST", f"{path}/answers", json=said).status_code == 403


def test_an_answer_to_what_has_changed_since_is_not_kept(speak: Speak) -> None:
    fill(speak)
    leeds = speak("leeds")
    (birth,) = [e for e in all_of(leeds, "/mismatches", "mismatches") if e["rule"] == "D1"]
    later = "2026-03-02T22:25:00+00:00"
    leeds.put(LEEDS, "L1", date_of_birth="2011-07-30", updated_at=later)
    said = {"answer": "comment", "words": "We ask.", "seen": birth["seen"]}
    answer = leeds.ask("POST", f"/mismatches/{birth['number']}/answers", json=said)
    assert answer.status_code == 409
    assert "changed since" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"answer": "maybe", "seen": 1},
        {"answer": "comment", "words": "", "seen": 1},
        {"answer": ["comment"], "words": "x", "seen": 1},
        {"answer": "comment", "words": "x", "seen": "1"},
        {"answer": "comment", "words": "x\x00", "seen": 1},
        {"answer": "comment", "words": "x", "seen": 1, "wrods": "y"},
    ],
)
def test_an_answer_that_is_none_is_refused(speak: Speak, said: dict[str, object]) -> None:
    fill(speak)
    leeds = speak("leeds")
    (birth,) = [e for e in all_of(leeds, "/mismatches", "mismatches") if e["rule"] == "D1"]
    said |= {"seen": birth["seen"]} if said.get("seen") == 1 else {}
    answer = leeds.ask("POST", f"/mismatches/{birth['number']}/answers", json=said)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def doubtful_pair(speak: Speak) -> None:
    """Let two sides report two who may be one child."""
    for name, report in (("police", MAYA_POLICE), ("leeds", MAYA_AUTHORITY)):
        path = f"/reports/{report['organisation']}/{report['reference']}"
        assert speak(name).ask("PUT", path, json=report).status_code == 201


def test_a_review_is_read_and_a_persons_judgement_is_passed_on(speak: Speak) -> None:
    doubtful_pair(speak)
    desk = speak("desk")
    lines = all_of(desk, "/reviews", "reviews")
    assert len(lines) == 1, "one pair waits"
    number = lines[0]["number"]
    whole = desk.ask("GET", f"/reviews/{number}").get_json()
    assert whole["is_open"]
    assert len(whole["children"]) == 2
    said = {"verdict": "same", "reason": "The school knows one.", "seen": whole["seen"]}
    kept = desk.ask("POST", f"/reviews/{number}/judgement", json=said)
    assert kept.status_code == 201, kept.text
    held = speak("leeds").ask("GET", f"/reports/{LEEDS}/{MAYA_AUTHORITY['reference']}").get_json()
    assert (held["decision"], held["reviews"]) == ("linked", [])
    assert desk.ask("POST", f"/reviews/{number}/judgement", json=said).status_code == 409


def test_a_review_that_is_not_of_ones_own_children_is_as_if_absent(speak: Speak) -> None:
    doubtful_pair(speak)
    number = all_of(speak("desk"), "/reviews", "reviews")[0]["number"]
    barking = speak("barking")
    assert all_of(barking, "/reviews", "reviews") == []
    assert barking.ask("GET", f"/reviews/{number}").status_code == 404
    said = {"verdict": "same", "reason": "x", "seen": ""}
    assert barking.ask("POST", f"/reviews/{number}/judgement", json=said).status_code == 404
    assert speak("leeds").ask("GET", f"/reviews/{number}").status_code == 200, "the control"


def test_every_change_is_told_once_in_order_and_only_to_its_own(
    speak: Speak,
) -> None:
    fill(speak)
    leeds, barking = speak("leeds"), speak("barking")
    first = all_of(leeds, "/changes", "changes", "since")
    assert [each["change"] for each in first] == sorted({each["change"] for each in first})
    assert len({each["child"] for each in first}) == 4
    opened = {m["number"] for each in first for m in each["mismatches"] if m["what"] == "opened"}
    known = {each["number"] for each in all_of(leeds, "/mismatches", "mismatches", state="all")}
    assert opened == known
    cursor = leeds.ask("GET", "/changes").get_json()["next"]
    at = {"query_string": {"since": cursor}}
    assert leeds.ask("GET", "/changes", **at).get_json()["changes"] == []
    dov = {"forename": "Dov", "surname": "Dov-Test", "nhs_number": None, "clothing": "coat"}
    late = "2026-03-02T22:30:00+00:00"
    theirs = barking.put(BARKING, "B1", updated_at=late, **dov).get_json()
    heard = {each["child"] for each in leeds.ask("GET", "/changes", **at).get_json()["changes"]}
    assert theirs["child"] not in heard
    cursor = leeds.ask("GET", "/changes").get_json()["next"]
    at = {"query_string": {"since": cursor}}
    later = "2026-03-02T22:35:00+00:00"
    leeds.put(LEEDS, "L1", date_of_birth="2011-05-31", updated_at=later)
    (news,) = leeds.ask("GET", "/changes", **at).get_json()["changes"]
    assert "ended" in {each["what"] for each in news["mismatches"]}


def test_a_child_that_left_ones_sight_is_told_as_gone(speak: Speak) -> None:
    doubtful_pair(speak)
    leeds, desk = speak("leeds"), speak("desk")
    number = all_of(desk, "/reviews", "reviews")[0]["number"]
    whole = desk.ask("GET", f"/reviews/{number}").get_json()
    cursor = leeds.ask("GET", "/changes").get_json()["next"]
    said = {"verdict": "same", "reason": "The school knows one.", "seen": whole["seen"]}
    desk.ask("POST", f"/reviews/{number}/judgement", json=said)
    news = leeds.ask("GET", "/changes", query_string={"since": cursor}).get_json()["changes"]
    assert {each["gone"] for each in news} == {True, False}
    assert {each["child"] for each in news} == set(whole["children"])


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/missing", {"cursor": "x"}),
        ("/missing", {"cursor": "Y2hhbmdlczox"}),
        ("/missing", {"limit": "0"}),
        ("/missing", {"limit": "²"}),
        ("/mismatches", {"state": "lost"}),
        ("/changes", {"since": "\x00"}),
    ],
)
def test_a_question_that_cannot_be_read_is_pointed_at(
    speak: Speak, path: str, asked: dict[str, str]
) -> None:
    answer = speak("leeds").ask("GET", path, query_string=asked)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == f"/{next(iter(asked))}"


def test_whoever_reads_children_is_logged_with_them(speak: Speak, engine: Engine) -> None:
    fill(speak)
    leeds = speak("leeds")
    for path in ("/missing", "/mismatches", "/changes"):
        leeds.ask("GET", path)
    with begin_work(engine, writes=False) as work:
        query = select(AuditEvent.subject).where(
            AuditEvent.kind == "list:viewed", AuditEvent.actor == "client leeds"
        )
        seen = set(work.session.scalars(query))
    assert {"missing now", "mismatches", "changes", "own reports"} <= seen


def test_the_department_reads_figures_and_no_case(speak: Speak) -> None:
    fill(speak)
    department = speak("department")
    answer = department.ask("GET", "/figures", query_string={"to": "2026-03-31"})
    assert answer.status_code == 200, answer.text
    said = answer.get_json()
    assert said["rounded"]
    assert "agreement" in {each["key"] for each in said["figures"]}
    assert department.ask("GET", "/missing").status_code == 403
    assert speak("leeds").ask("GET", "/figures").status_code == 403
    for asked in ({"from": "x"}, {"from": "2026-03-02", "to": "2026-03-01"}):
        assert department.ask("GET", "/figures", query_string=asked).status_code == 422
    assert department.ask("GET", "/figures?organisation=E0").status_code == 404
