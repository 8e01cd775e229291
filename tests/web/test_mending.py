"""Rows that could not go in are mended on the page and sent again, and none is lost."""

import io
import re
from collections.abc import Callable

from sqlalchemy import Engine, select

from register.reports.models import Report
from register.work import begin_work
from tests.web.conftest import Client

Person = Callable[[str], Client]
HEAD = "reference,forename,surname,date_of_birth,category,status,missing_at\n"
ROWS = (
    "L-9,Zoe,New-Test,2011-01-01,missing,open,2026-03-02\n"
    "L-10,Yara,New-Test,2011-01-01,missing,open,02/03/2026\n"
    "L-11,Xena,New-Test,2011-01-01,gone,open,2026-03-02\n"
)


def upload(person: Client, text: str) -> str:
    return person.send("/upload", files=(io.BytesIO(text.encode()), "new.csv")).text


def mend_page(page: str) -> str:
    return str(re.findall(r'href="(/upload/rejects/[^"]+/mend)"', page)[0])


def references(engine: Engine) -> set[str]:
    with begin_work(engine, writes=False) as work:
        return set(work.session.scalars(select(Report.reference)))


def test_mended_rows_go_in_and_the_others_come_back(engine: Engine, as_person: Person) -> None:
    amina = as_person("amina")
    page = mend_page(upload(amina, HEAD + ROWS))
    shown = amina.get(page).text
    assert 'value="02/03/2026"' in shown
    boxes = dict(re.findall(r'name="(cell-\d+-\d+)"[^>]*\s+value="([^"]*)"', shown))
    assert len(boxes) == 14
    wrong = next(box for box, text in boxes.items() if text == "02/03/2026")
    answer = amina.send(page, **{**boxes, wrong: "2026-03-02"})
    assert references(engine) == {"L-9", "L-10"}
    left = amina.get(mend_page(answer.text)).text
    assert 'value="gone"' in left
    assert "L-10" not in left
    boxes = dict(re.findall(r'name="(cell-\d+-\d+)"[^>]*\s+value="([^"]*)"', left))
    wrong = next(box for box, text in boxes.items() if text == "gone")
    done = amina.send(mend_page(answer.text), **{**boxes, wrong: "missing"})
    assert "Rows that could not go in" not in done.text
    assert references(engine) == {"L-9", "L-10", "L-11"}


def test_nobody_mends_anothers_rows(as_person: Person) -> None:
    amina = as_person("amina")
    page = mend_page(upload(amina, HEAD + ROWS))
    assert as_person("ben").get(page).status_code == 404
    assert as_person("cora").get(page).status_code == 403
