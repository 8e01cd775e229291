"""What each page says, to whom, and what it never says."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.linkage.models import Review
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.people import show_whole
from tests.web.story import PLACE, POLICE_OPEN, tell

Person = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
        show_whole(work, "cora")


def number_of(page: str, name: str) -> str:
    """Find the register number of the child called so on a list."""
    found = re.search(r'href="/children/([^"]+)">\s*' + name, page)
    assert found, f"{name} is not on the list"
    return found[1]


def test_missing_now_says_according_to_whom_since_when_and_what_disagrees(
    as_person: Person,
) -> None:
    page = as_person("amina").get("/").text
    assert "Tar" in page
    assert "since 2 March 2026 at 10:40pm GMT" in page
    assert "since 1 March 2026 (no time given)" in page
    assert "West Yorkshire" in page
    assert "Open according to police, unknown to the authority" in page
    assert "Answer due" in page
    assert "Nobody Elsewhere-Test" not in page


def test_a_child_out_of_sight_is_not_found_and_looks_like_none(
    as_person: Person,
) -> None:
    inspector = as_person("cora")
    everything = inspector.get("/?show=located").text
    number = number_of(everything, "Nobody Elsewhere-Test")
    assert inspector.get(f"/children/{number}").status_code == 200
    out_of_sight = as_person("amina").get(f"/children/{number}")
    none = as_person("amina").get("/children/C-00ZZZZ-0")
    assert out_of_sight.status_code == none.status_code == 404


def test_the_police_of_the_place_see_a_child_that_only_its_authority_reports(
    as_person: Person,
) -> None:
    assert "Nobody Elsewhere-Test" in as_person("ben").get("/?show=located").text


def test_a_childs_page_shows_both_sides_and_where_the_view_comes_from(as_person: Person) -> None:
    amina = as_person("amina")
    number = number_of(amina.get("/").text, "Tar")
    page = amina.get(f"/children/{number}").text
    assert "Full care order" in page
    assert "900 000 0009" in page
    assert "Missing according to police" in page
    assert "Missing episodes (2)" in page
    assert "<svg" in page
    assert "Why these reports are held to be about one child" in page


def test_the_number_of_a_missing_episode_leads_to_the_child(as_person: Person) -> None:
    amina = as_person("amina")
    number = number_of(amina.get("/").text, "Tar")
    episode = re.search(r"E-[0-9A-Z]{6}-[0-9A-Z]", amina.get(f"/children/{number}").text)
    assert episode
    answer = amina.get("/find", query_string={"number": episode[0]}, follow_redirects=True)
    assert answer.request.path == f"/children/{number}"


def test_a_number_is_read_however_it_is_typed(as_person: Person) -> None:
    amina = as_person("amina")
    number = number_of(amina.get("/").text, "Tar")
    typed = number.lower().replace("-", " ")
    answer = amina.get("/find", query_string={"number": f" {typed} "}, follow_redirects=True)
    assert answer.request.path == f"/children/{number}"


@pytest.mark.parametrize("username", ["amina", "ben", "cora", "dan"])
def test_a_place_stands_on_no_page_but_may_be_asked_for(as_person: Person, username: str) -> None:
    person = as_person(username)
    lists = [person.get(address).text for address in ("/", "/mismatches", "/mismatches?state=all")]
    number = re.search(r'href="/children/([^"]+)"', lists[0])
    assert not [page for page in lists if PLACE in page]
    if number is None:
        assert username == "ben"
        return
    child = person.get(f"/children/{number[1]}").text
    assert "Secret Street" not in child
    assert PLACE not in child
    assert ("Ask to be shown it" in child) == (username == "amina")


def test_mismatches_are_narrowed(as_person: Person) -> None:
    dan = as_person("dan")
    every = dan.get("/mismatches").text
    assert "unknown to the authority" in every
    assert "unknown to the authority" in dan.get("/mismatches?rule=A1").text.split("<tbody")[1]
    assert "No mismatch of this kind" in dan.get("/mismatches?rule=A1&older_than=30").text
    assert "No mismatch of this kind" in dan.get("/mismatches?organisation=E08000016").text
    assert dan.get("/mismatches?page=99&severity=nonsense&older_than=x").status_code == 200


def test_a_review_is_judged_with_a_reason(as_person: Person, engine: Engine) -> None:
    dan = as_person("dan")
    assert "Maja Rivers-Test" in dan.get("/reviews").text
    with begin_work(engine) as work:
        review = work.session.scalar(select(Review.id).where(Review.known_to.is_(None)))
    page = f"/reviews/{review}"
    assert "Two children now" in dan.get(page).text
    answer = dan.send(page, verdict="same")
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert "Choose whether" in dan.send(page, reason="because").text
    answer = dan.send(page, verdict="same", reason="The carer confirmed it.")
    assert answer.headers["Location"] == "/reviews"
    assert "Your judgement was kept: the same child." in dan.get("/reviews").text
    child = number_of(dan.get("/").text, "Ma")
    assert "Judged by a person" in dan.get(f"/children/{child}").text


@pytest.mark.parametrize("username", ["amina", "ben", "cora", "eve"])
def test_only_stewards_see_reviews(as_person: Person, username: str) -> None:
    person = as_person(username)
    assert person.get("/reviews").status_code == 403
    assert person.get("/reviews/1").status_code == 403
    assert "Reviews" not in person.get("/", follow_redirects=True).text


def test_an_administrator_sees_users_and_no_case(as_person: Person) -> None:
    eve = as_person("eve")
    assert eve.get("/").headers["Location"] == "/users"
    assert eve.get("/mismatches").status_code == 403
    assert eve.get("/children/C-000001-V").status_code == 403
    amina = as_person("amina")
    assert "Amina Test" in eve.get("/users").text
    assert eve.send("/users", "/users/amina/sessions/end").status_code == 302
    assert amina.get("/").status_code == 302, "signed out from the server"
    assert as_person("amina").post("/users/eve/sessions/end").status_code == 400


def upload(person: Client, name: str, text: str | bytes, **fields: str) -> tuple[int, str]:
    content = text.encode() if isinstance(text, str) else text
    answer = person.send("/upload", files=(io.BytesIO(content), name), **fields)
    return answer.status_code, answer.text


GOOD = "reference,forename,surname,date_of_birth,category,status,missing_at\n"


def test_an_upload_tells_its_figures_and_gives_its_rejects_back(as_person: Person) -> None:
    amina = as_person("amina")
    rows = "L-9,Zoe,New-Test,2011-01-01,missing,open,2026-03-02\nL-10,Zoe,New-Test,2011-01-01,,,\n"
    status, page = upload(amina, "new.csv", GOOD + rows)
    assert status == 200
    assert "Rows that could not go in" in page
    assert "Line 3" in page
    assert "Zoe New-Test" in amina.get("/").text
    link = re.search(r'href="(/upload/rejects/[^"]+)"', page)
    assert link
    fetched = amina.get(link[1])
    assert fetched.text.startswith("rejected_line,rejected_field,rejected_reason,reference")
    assert as_person("ben").get(link[1]).status_code == 404, "another person's"
    assert amina.get("/upload/rejects/..%2Fsecret.key").status_code == 404


def test_nobody_sends_in_the_name_of_another_organisation(as_person: Person) -> None:
    ben = as_person("ben")
    row = "E08000035,L-9,Zoe,New-Test,2011-01-01,missing,open,2026-03-02\n"
    status, page = upload(ben, "theirs.csv", "organisation," + GOOD + row)
    assert status == 200
    assert "whose file this was said to be" in page


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("latin.csv", GOOD.encode() + b"L-1,Zo\xe9,a,,missing,open,2026-03-02\n", "UTF-8"),
        ("../../odd name.csv", b"a,b\n1,2\n", "no layout"),
        ("", b"", "Choose a file"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(
    as_person: Person, name: str, content: bytes, said: str
) -> None:
    status, page = upload(as_person("amina"), name, content)
    assert status == 422
    assert said in page
    assert "Error: Upload reports" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"from-day": "31", "from-month": "2", "from-year": "2026"}, "must be a real date"),
        ({"from-day": "1", "from-month": "2", "from-year": "2026"}, "Give both days"),
        (
            {"from-day": "2", "from-month": "2", "from-year": "2026"}
            | {"to-day": "1", "to-month": "2", "to-year": "2026"},
            "the same as or after",
        ),
    ],
)
def test_the_days_of_an_extract_are_checked(
    as_person: Person, fields: dict[str, str], said: str
) -> None:
    status, page = upload(as_person("amina"), "new.csv", GOOD, **fields)
    assert status == 422
    assert said in page


@pytest.mark.parametrize("username", ["cora", "dan", "eve"])
def test_who_sends_no_reports_sees_no_upload(as_person: Person, username: str) -> None:
    person = as_person(username)
    assert person.get("/upload").status_code == 403
    assert person.get("/upload/rejects/x.csv").status_code == 403


def test_what_was_looked_at_is_logged(as_person: Person, engine: Engine) -> None:
    amina = as_person("amina")
    number = number_of(amina.get("/missing").text, "Tar")
    amina.get(f"/children/{number}")
    with begin_work(engine) as work:
        found = work.session.execute(
            select(AuditEvent.kind, AuditEvent.subject).where(AuditEvent.actor == "amina")
        ).all()
    assert ("list:viewed", "missing now") in found
    assert ("child:viewed", f"child {number}") in found


def test_what_was_refused_is_logged(as_person: Person, engine: Engine) -> None:
    amina = as_person("amina")
    amina.get("/reviews")
    amina.get("/children/C-00ZZZZ-0")
    with begin_work(engine) as work:
        refused = select(AuditEvent.subject).where(AuditEvent.kind == "access:refused")
        found = list(work.session.scalars(refused))
    assert found == ["reviews.waiting", "children.child C-00ZZZZ-0"]


def test_markup_in_a_report_stays_text(as_person: Person) -> None:
    amina = as_person("amina")
    row = "L-9,<script>alert(1)</script>,{{7*7}}-Test,2011-01-01,missing,open,2026-03-02\n"
    assert upload(amina, "new.csv", GOOD + row)[0] == 200
    page = amina.get("/missing").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}-Test" in page
    assert POLICE_OPEN["reference"] not in page
