"""Judging whole children on pages: joining, parting, taking back, and every refusal of these."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from register import pipeline
from register.linkage.models import Judgement
from register.numbers import child_number, read_number
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.story import GRACE_POLICE, MAYA_POLICE, POLICE_OPEN, send, tell

Person = Callable[[str], Client]
LATER = {"updated_at": "2026-03-03T01:00:00+00:00"}


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(hours=1)


def number_of(page: str, name: str) -> str:
    """Find the register number of the child called so on a list."""
    found = re.search(r'href="/children/([^"?]+)[^"]*">\s*' + name, page)
    assert found, f"{name} is not on the list"
    return found[1]


def address_of(person: Client, name: str) -> str:
    return f"/children/{number_of(person.get('/?show=located').text + person.get('/').text, name)}"


def reports_of(page: str) -> dict[str, str]:
    """Give, by reference, the value of each report's box on the page for parting."""
    boxes = re.findall(
        r'type="checkbox" value="(\d+)".*?<label[^>]*>\s*(.*?)\s*</label>', page, re.DOTALL
    )
    return {label.split()[-1]: value for value, label in boxes}


def listed_on(page: str) -> set[str]:
    """Give the references of the reports that a child's page lists."""
    listed = page.split("The reports</caption>")[1].split("</table>", maxsplit=1)[0]
    return set(re.findall(r"(?:L-|WY-26-)[0-9/]+", listed))


def take_back_link(page: str) -> str:
    found = re.search(r'href="(/judgements/\d+/take-back)"', page)
    assert found, "nothing to take back"
    return found[1]


def test_two_children_are_joined_and_the_judgement_is_taken_back(as_person: Person) -> None:
    dan = as_person("dan")
    grace, jonah = address_of(dan, "Grace"), address_of(dan, "Jonah")
    form = f"{grace}/join?other={jonah.rpartition('/')[2]}"
    page = dan.get(form).text
    assert "Are these two the same child?" in page
    assert "14 July 2009" in page
    assert "2 November 2010" in page
    answer = dan.send(form, f"{grace}/join", reason="Seen together by the carer.")
    assert answer.status_code == 302
    joined = answer.headers["Location"]
    assert joined in {grace, jonah}
    page = dan.get(joined).text
    assert "The reports are all about one child now." in page
    assert "Seen together by the carer." in page
    other = ({grace, jonah} - {joined}).pop()
    assert dan.get(other).headers["Location"] == joined, "the other number leads there"
    back = take_back_link(page)
    assert "Take this judgement back?" in dan.get(back).text
    assert dan.send(back).status_code == 422
    assert dan.send(back, reason="Another girl.").status_code == 302
    page = dan.get(joined).text
    assert "The judgement was taken back." in page
    assert dan.get(other).status_code == 200, "the number is given back"
    assert "Taken back: “Another girl.”" in page
    assert "/take-back" not in page
    assert "It was taken back already" in dan.get(back).text
    token = hidden_of(dan.get(grace + "/join").text)
    answer = dan.post(back, data={**token, "reason": "Once more."}, follow_redirects=True)
    assert "taken back already: nothing was changed" in answer.text


def test_a_child_is_parted_by_choosing_reports(as_person: Person) -> None:
    dan = as_person("dan")
    tariq = address_of(dan, "Tari")
    form = f"{tariq}/part"
    boxes = reports_of(dan.get(form).text)
    assert set(boxes) == {"WY-26-0000", "L-77/1", "WY-26-0001"}
    assert "Choose the reports" in dan.send(form, reason="Two brothers.").text
    everything = dan.send(form, reason="Two brothers.", apart=list(boxes.values()))
    assert everything.status_code == 422
    assert "Two brothers." in everything.text
    assert everything.text.count(" checked") == 3, "what was chosen is kept"
    kept = dan.send(form, apart=[boxes["L-77/1"]])
    assert "Say why" in kept.text
    answer = dan.send(form, reason="Two brothers.", apart=[boxes["L-77/1"]])
    page = dan.get(answer.headers["Location"]).text
    told = re.search(r"those of 2 children now: (C-\w+-\w), (C-\w+-\w)\.", page)
    assert told
    assert "Not the same child" in page
    listed = [listed_on(dan.get(f"/children/{number}").text) for number in told.groups()]
    assert sorted(map(sorted, listed)) == [["L-77/1"], ["WY-26-0000", "WY-26-0001"]]
    back = dan.send(take_back_link(page), reason="One boy after all.")
    assert listed_on(dan.get(back.headers["Location"]).text) == set(boxes)


def test_what_changed_since_it_was_shown_is_said_and_what_was_typed_is_kept(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    dan = as_person("dan")
    tariq = address_of(dan, "Tari")
    form = dan.get(f"{tariq}/part").text
    boxes = reports_of(form)
    with begin_work(engine, clock=clock) as work:
        send(work, POLICE_OPEN | LATER | {"risk_level": "medium"})
    said = {"reason": "Two brothers.", "apart": boxes["L-77/1"]}
    answer = dan.post(f"{tariq}/part", data={**hidden_of(form), **said})
    assert answer.status_code == 409
    assert "corrected since: E23000010 WY-26-0001" in answer.text
    assert "Two brothers." in answer.text
    assert answer.text.count(" checked") == 1
    assert "Nobody has judged" in dan.get(tariq).text, "nothing was kept"
    again = dan.post(f"{tariq}/part", data={**hidden_of(answer.text), **said})
    assert again.status_code == 302, "seen again, it may be decided"


def test_a_join_of_what_has_changed_is_refused_on_its_page(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    dan = as_person("dan")
    grace, jonah = address_of(dan, "Grace"), address_of(dan, "Jonah")
    form = dan.get(f"{grace}/join", query_string={"other": jonah.rpartition("/")[2]}).text
    with begin_work(engine, clock=clock) as work:
        send(work, GRACE_POLICE | LATER | {"risk_level": "high"}, MAYA_POLICE)
    answer = dan.post(f"{grace}/join", data={**hidden_of(form), "reason": "Seen together."})
    assert answer.status_code == 409
    assert "corrected since: E23000010 WY-26-0003" in answer.text
    assert "Seen together." in answer.text
    assert dan.get(jonah).status_code == 200, "nothing was kept"


def parted(person: Client) -> tuple[str, dict[str, str], str]:
    """Part Leeds's report from the two of the police; give the page to join them again."""
    tariq = address_of(person, "Tari")
    boxes = reports_of(person.get(f"{tariq}/part").text)
    person.send(f"{tariq}/part", reason="Two brothers.", apart=[boxes["L-77/1"]])
    one, other = (child_number(int(boxes[each])) for each in ("L-77/1", "WY-26-0000"))
    return f"/children/{one}/join", boxes, f"?other={other}"


def test_a_join_across_a_judgement_takes_its_place_until_it_is_taken_back(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    dan = as_person("dan")
    join, boxes, other = parted(dan)
    with begin_work(engine, clock=clock) as work:
        police = (int(boxes["WY-26-0000"]), int(boxes["WY-26-0001"]))
        pipeline.judge(work, police, "same", "The force says so.")
    page = dan.get(join + other).text
    assert "Two brothers." in page, "what was judged of the two is told"
    assert "rather than join them" in page
    answer = dan.send(join + other, join, reason="One boy after all.")
    assert answer.status_code == 302
    assert "One child now" in dan.get(join + other).text
    with begin_work(engine, clock=clock) as work:
        last = work.session.scalar(select(func.max(Judgement.act)))
        assert last
        pipeline.withdraw(work, last, "Two brothers, as it was.")
    page = dan.get(join + other).text
    assert "Two children now" in page
    assert "Two brothers." in page, "the word before counts again"


def test_taking_back_what_others_lean_on_is_refused_with_the_chain(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    dan = as_person("dan")
    names = ("Grace", "Jonah", "Ma")
    one, two, three = (read_number(address_of(dan, n).rpartition("/")[2])[1] for n in names)
    for pair, verdict in [
        ((one, two), "different"),
        ((one, two), "same"),
        ((one, three), "same"),
        ((two, three), "same"),
    ]:
        with begin_work(engine, clock=clock) as work:
            pipeline.judge(work, pair, verdict, f"They are {verdict}.")
    page = dan.get(f"/children/{child_number(one)}", follow_redirects=True).text
    assert page.count("Superseded") == 1
    answer = dan.send("/judgements/2/take-back", reason="I was wrong.")
    assert answer.status_code == 409
    assert "contradicts what people judged" in answer.text
    assert "I was wrong." in answer.text


def test_a_number_that_is_none_is_said_on_the_form(as_person: Person) -> None:
    dan = as_person("dan")
    grace = address_of(dan, "Grace")
    answer = dan.get(f"{grace}/join", query_string={"other": "C-00ZZZZ-0"})
    assert answer.status_code == 404
    assert "C-00ZZZZ-0" in answer.text
    assert "Write the other child" in dan.get(f"{grace}/join?other=").text
    own = dan.get(f"{grace}/join", query_string={"other": grace.rpartition("/")[2]})
    assert "one child already" in own.text
    assert dan.get("/judgements/99/take-back").status_code == 404
    assert dan.get(f"/judgements/{2**70}/take-back").status_code == 404


@pytest.mark.parametrize("username", ["amina", "cora", "eve"])
def test_only_stewards_judge(as_person: Person, username: str) -> None:
    grace = address_of(as_person("dan"), "Grace")
    person = as_person(username)
    for path in (f"{grace}/join", f"{grace}/part", "/judgements/1/take-back"):
        assert person.get(path).status_code == 403
    assert "Judgements on this child" not in person.get(grace).text
