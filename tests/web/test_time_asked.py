"""The form that asks for a page as at a time: four boxes, what is wrong with them, nothing lost."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Engine

from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.story import tell

Person = Callable[[str], Client]


@pytest.fixture(autouse=True)
def then(engine: Engine, clock: Clock) -> datetime:
    """Tell the story, and give a time after it: ten to twelve at night."""
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
    clock.now += timedelta(minutes=10)
    return clock.now


def typed(*said: object) -> dict[str, str]:
    """Fill in day, month, year, time, and which of the two hours."""
    parts = zip(("day", "month", "year", "time", "hour"), said, strict=False)
    return {f"as_at-{part}": str(text) for part, text in parts}


def boxes_of(page: str) -> dict[str, str]:
    """Give what stands in the boxes of the band."""
    return dict(re.findall(r'name="(as_at-\w+)" type="text" value="([^"]*)"', page))


def test_a_time_is_londons(as_person: Person, clock: Clock) -> None:
    clock.now = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    dan = as_person("dan")
    assert "at 2:10am BST" in dan.get("/?as_at=2026-07-01T02:10").text
    assert boxes_of(dan.get("/?as_at=2026-07-01T02:10").text) == typed(1, 7, 2026, "02:10")
    assert dan.get("/?as_at=2026-07-01T02:31").status_code == 422
    assert "at 2:10am BST" in dan.get("/", query_string={"as_at": "2026-07-01T01:10Z"}).text


@pytest.mark.parametrize("address", ["/", "/mismatches?severity=critical", "/inspect"])
def test_a_time_typed_into_boxes_leads_to_the_page_as_at_it(
    as_person: Person, then: datetime, address: str
) -> None:
    cora = as_person("cora")
    path, _, query = address.partition("?")
    asked = dict(pair.split("=") for pair in query.split("&") if pair)
    said = typed(2, 3, 2026, "11.50pm") | {"page": "3", "as_at": "2026-03-01T10:00", "by_itself": 1}
    answer = cora.get(path, query_string=asked | said)
    assert answer.status_code == 302
    assert dict(parse_qsl(urlsplit(answer.location).query)) == asked | {"as_at": then.isoformat()}
    assert urlsplit(answer.location).path == path
    page = cora.get(answer.location).text
    assert "As known on 2 March 2026 at 11:50pm GMT." in page
    assert boxes_of(page) == typed(2, 3, 2026, "23:50"), "to be changed from there"


WRONG = [
    (typed("", "", "", ""), "as_at-day", "Enter the date and time as at which"),
    (typed(2, 3, 2026, " "), "as_at-time", "must include a time, like 22:40"),
    (typed("", 3, "", "23:50"), "as_at-day", "must include a day and a year"),
    (typed(30, 2, 2026, "23:50"), "as_at-day", "must be a real date, like 27 3 2026"),
    (typed(2, 3, 26, "23:50"), "as_at-day", "must have a year of four digits"),
    (typed(2, 3, 2026, "ten"), "as_at-time", "must have a time like 22:40 or 10:40pm<"),
    (typed(2, 3, 2026, "23:51"), "as_at-day", "still to come"),
    (typed(31, 12, 2100, "23:51"), "as_at-day", "still to come"),
    (typed(30, 3, 2025, "1:30"), "as_at-time", "was left out that night"),
    (typed(26, 10, 2025, "1:30"), "as_at-hour", "came twice that night"),
    (typed("<b>", '"', "٣" * 5000, "x" * 2000), "as_at-day", "must be a real date"),
]


@pytest.mark.parametrize(("said", "box", "sentence"), WRONG)
def test_what_is_no_time_is_told_at_its_box_and_what_was_typed_is_kept(
    as_person: Person, said: dict[str, str], box: str, sentence: str
) -> None:
    cora = as_person("cora")
    page = cora.get("/mismatches", query_string=said | {"severity": "critical"})
    assert page.status_code == 422
    assert page.text.count(sentence) == 2, "in the summary and beside the boxes"
    assert f'href="#{box}"' in page.text
    assert f'id="{box}"' in page.text
    assert "Error: Mismatches" in page.text
    assert {k: html.unescape(v).strip() for k, v in boxes_of(page.text).items()} == {
        name: text.strip() for name, text in said.items()
    }
    assert '<input type="hidden" name="severity" value="critical">' in page.text
    assert re.search(r'class="govuk-details register-earlier" open', page.text)
    assert "Refresh" not in cora.get("/", query_string=said).headers, "it would lose what is typed"
    assert "Refresh" in as_person("amina").get("/").headers, "control"


def test_a_wrong_time_leaves_the_page_as_at_the_time_it_showed(
    as_person: Person, then: datetime
) -> None:
    said = {"as_at": then.isoformat()} | typed(2, 3, 2026)
    page = as_person("cora").get("/", query_string=said)
    assert page.status_code == 422
    assert "As known on 2 March 2026 at 11:50pm GMT." in page.text
    assert f'name="as_at" value="{html.escape(then.isoformat())}"' in page.text
    links = re.findall(r'<a [^>]*href="(/[^"]*as_at[^"]*)"', page.text)
    assert links
    assert not [link for link in links if "as_at-" in link], "what is wrong is not carried on"


@pytest.mark.parametrize(("letter", "zone"), [("A", "BST"), ("B", "GMT")])
def test_of_the_hour_that_comes_twice_it_is_asked_which(
    as_person: Person, letter: str, zone: str
) -> None:
    cora, said = as_person("cora"), typed(26, 10, 2025, "1:30")
    assert "Which of the two was it?" in cora.get("/", query_string=said).text
    assert "Which of the two was it?" not in cora.get("/").text, "control"
    page = cora.get("/", query_string=said | {"as_at-hour": letter}, follow_redirects=True)
    assert f"As known on 26 October 2025 at 1:30am {zone}." in page.text
    assert re.search(f'value="{letter}" checked', page.text)


def test_boxes_on_pages_of_now_ask_for_nothing(as_person: Person, then: datetime) -> None:
    cora = as_person("cora")
    said = typed(then.day, then.month, then.year, "23:50")
    assert cora.get("/inspect/samples", query_string=said).status_code == 200
    assert cora.get("/children/C-000009-9", query_string=typed(1)).status_code == 404
    nobody = cora.application.test_client()
    assert "/sign-in" in nobody.get("/", query_string=said).location
