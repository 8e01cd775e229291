"""What no page of ours would send, and what a page must not keep quiet about."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from register.audit.models import AuditEvent
from register.linkage.models import Judgement, Membership, Review
from register.mismatches.models import Mismatch
from register.numbers import child_number
from register.reports.models import Report
from register.work import begin_work
from tests.web.conftest import Client, Clock, hidden_of
from tests.web.people import LEEDS, show_whole
from tests.web.story import MET, POLICE_OPEN, send, tell

Person = Callable[[str], Client]
GOOD = "reference,forename,surname,date_of_birth,category,status,missing_at\n"
ROW = "L-9,Zoe,New-Test,2011-01-01,missing,open,2026-03-02\n"


@pytest.fixture(autouse=True)
def _story(engine: Engine, clock: Clock) -> None:
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        tell(work)
        show_whole(work, "cora")


def file(name: str, text: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode()), name


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/mismatches?older_than=-999999999999", 200),
        ("/mismatches?older_than=-3", 200),
        ("/mismatches?rule=' OR 1=1 --&organisation=\">&severity=%ff", 200),
        ("/mismatches?rule=%00", 400),
        ("/mismatches?page=99999999999999999999", 200),
        ("/reviews/99999999999999999999", 404),
        ("/mismatches/99999999999999999999", 404),
        ("/judgements/99999999999999999999/take-back", 404),
        ("/mismatches/1/answers/99999999999999999999/take-back", 404),
        ("/?as_at=yesterday", 422),
        ("/?as_at=0001-01-01T00:00%2B14:00", 422),
        ("/?as_at=0001-01-01T00:00", 200),
        ("/?as_at=9999-12-31T23:59-14:00", 422),
        ("/?as_at=2025-03-30T01:30", 200),
        ("/children/C-000001%00V", 400),
        ("/children/C-ZZZZZZZZZZZZ-0", 404),
    ],
)
def test_what_nobody_would_type_is_answered(as_person: Person, address: str, status: int) -> None:
    assert as_person("dan").get(address).status_code == status


def test_what_no_database_keeps_is_refused_in_a_form(as_person: Person, engine: Engine) -> None:
    with begin_work(engine) as work:
        review = work.session.scalars(select(Review.id)).first()
    page = f"/reviews/{review}"
    answer = as_person("dan").send(page, verdict="same", reason="be\0cause")
    assert answer.status_code == 400


def test_a_number_beyond_all_measure_is_none(as_person: Person, engine: Engine) -> None:
    """Python reads no number of more than 4,300 digits, PostgreSQL none of more than nineteen."""
    amina, dan = as_person("amina"), as_person("dan")
    with begin_work(engine) as work:
        mismatch = work.session.scalar(select(Mismatch.number).where(Mismatch.owner == LEEDS))
        child = child_number(work.session.scalars(select(Membership.child_id)).first() or 0)
    for digits in ("9" * 19, "9" * 5000):
        said = {"answer": "acknowledged", "seen": digits}
        assert amina.send(f"/mismatches/{mismatch}", **said).status_code == 409
        assert dan.send(f"/children/{child}/part", apart=digits, reason="x").status_code == 422
        address = f"/inspect/behind/all?organisation={LEEDS}&month={digits}"
        assert as_person("cora").get(address).status_code == 404


def test_a_name_typed_for_a_number_is_not_kept_in_the_log(
    as_person: Person, engine: Engine
) -> None:
    as_person("amina").get("/find?number=Catherine Bloggs", follow_redirects=True)
    with begin_work(engine) as work:
        refused = select(AuditEvent.subject).where(AuditEvent.kind == "access:refused")
        assert list(work.session.scalars(refused)) == ["children.child"]


def test_a_field_beyond_all_measure_is_rejected_with_its_line(as_person: Person) -> None:
    long = ROW.replace("Zoe", "Z" * 200_000).replace("L-9", "L-10")
    answer = as_person("amina").send("/upload", files=file("long.csv", GOOD + ROW + long))
    assert answer.status_code == 200
    assert "Line 3" in answer.text


def test_a_file_with_a_very_long_name_is_read(as_person: Person) -> None:
    answer = as_person("amina").send("/upload", files=file("x" * 300 + ".csv", GOOD + ROW))
    assert answer.status_code == 200


def test_a_year_beyond_all_years_is_no_date(as_person: Person) -> None:
    days = {"from-day": "1", "from-month": "1", "from-year": "9" * 20}
    answer = as_person("amina").send("/upload", files=file("a.csv", GOOD + ROW), **days)
    assert answer.status_code == 422
    assert "The first day must be a real date" in answer.text


def test_of_several_files_none_is_kept_where_one_is_refused(
    as_person: Person, engine: Engine
) -> None:
    def count() -> int | None:
        with begin_work(engine) as work:
            return work.session.scalar(select(func.count()).select_from(Report))

    before, amina = count(), as_person("amina")
    files = [file("good.csv", GOOD + ROW), file("bad.csv", "a,b\n1,2\n")]
    assert amina.send("/upload", files=files).status_code == 422
    assert count() == before
    files = [file("good.csv", GOOD + ROW), file("too.csv", GOOD + ROW.replace("L-9", "L-10"))]
    assert amina.send("/upload", files=files).status_code == 200
    assert count() == (before or 0) + 2, "control: both good files go in"


def test_a_review_that_was_judged_is_not_judged_from_an_old_page(
    as_person: Person, engine: Engine
) -> None:
    with begin_work(engine) as work:
        review = work.session.scalars(select(Review.id)).first()
    page, dan = f"/reviews/{review}", as_person("dan")
    said = hidden_of(dan.get(page).text) | {"verdict": "different", "reason": "Two birth dates."}
    assert dan.post(page, data=said).status_code == 302
    again = dan.post(page, data=said | {"verdict": "same"})
    assert again.status_code == 409
    assert "no longer waits" in again.text
    with begin_work(engine) as work:
        assert list(work.session.scalars(select(Judgement.verdict))) == ["different"]


def test_two_forces_that_have_a_child_open_are_both_named(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    with begin_work(engine, clock=clock) as work:
        send(work, POLICE_OPEN | {"organisation": MET, "reference": "MPS-1"})
    page = as_person("cora").get("/mismatches?rule=E4").text
    row = page[page.index("<tbody") :]
    assert "Metropolitan Police" in row[: row.index("Whose turn")]
    assert "West Yorkshire Police" in row[: row.index("Whose turn")]


def test_the_list_tells_where_what_could_not_be_compared_is_counted(as_person: Person) -> None:
    way = re.compile(r'href="(/inspect[^"]*)">\s+How many there are, and why')
    (address,) = way.findall(as_person("cora").get("/mismatches").text)
    figures = as_person("cora").get(address).text
    counted = figures[figures.index('id="gaps"') :]
    assert re.search(r"<td[^>]*>\s*[1-9]\d*\s*</td>", counted[: counted.index("</section>")])
    assert not way.search(as_person("ben").get("/mismatches").text), "who may not see figures"


def test_nobody_is_offered_the_mismatches_of_an_inspectorate(as_person: Person) -> None:
    assert "Those that concern" not in as_person("cora").get("/mismatches").text
    assert "Those that concern" in as_person("amina").get("/mismatches").text
