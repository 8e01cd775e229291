"""Files that break who reads them are sent to the pages: they answer, and go on as before."""

import io
from collections.abc import Callable

import pytest

from register.reports import reading_apart
from register.reports.reading_apart import Limits
from tests.domain.test_list_eight import HEADINGS
from tests.hostile_files import HOSTILE
from tests.report_files import GOOD, lines
from tests.web.conftest import Client
from tests.web.people import LEEDS

Person = Callable[[str], Client]
SENT = ("zip bomb", "entity bomb", "program", "Windows-1252", "cut off", "NUL in a heading")
"""Those that a test's client can hold; tests/pure sends all of them to the reader itself."""


@pytest.mark.parametrize("name", SENT)
def test_what_is_hostile_is_refused_in_a_sentence(as_person: Person, name: str) -> None:
    ben, hostile = as_person("ben"), HOSTILE[name]
    answer = ben.send("/upload", files=(io.BytesIO(hostile.make()), hostile.name))
    assert answer.status_code == 422
    assert hostile.refused.replace("'", "&#39;") in answer.text
    assert ben.get("/").status_code == 200


def test_what_can_be_read_of_it_goes_in_and_the_rest_comes_back(as_person: Person) -> None:
    ben, hostile = (
        as_person("ben"),
        lines(GOOD.format(1), GOOD.format(2).replace("Quill", "Q" * 200_000)),
    )
    answer = ben.send("/upload", files=(io.BytesIO(hostile.encode()), "long.csv"))
    assert answer.status_code == 200
    assert "Line 3" in answer.text


def test_who_takes_too_much_is_told_so(as_person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart.open_apart, "__defaults__", (Limits(memory=24 << 20),))
    ben = as_person("ben")
    content = HOSTILE["the same row again"].make()
    answer = ben.send("/upload", files=(io.BytesIO(content), "reports.csv"))
    assert answer.status_code == 422
    assert "takes more memory" in answer.text
    assert ben.get("/").status_code == 200


def test_a_list_of_an_authority_is_read_apart_too(
    as_person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    cora = as_person("cora")
    said = {"organisation": LEEDS, "on-day": "1", "on-month": "3", "on-year": "2026"}
    for limits, status, words in (
        (Limits(memory=16 << 20), 422, "takes more memory"),
        (Limits(), 200, "NOBODY-7"),
    ):
        monkeypatch.setattr(reading_apart.read_list_apart, "__defaults__", (limits,))
        sent = (io.BytesIO(f"{HEADINGS}NOBODY-7,1,0,a) Yes,b) No\n".encode()), "list.csv")
        answer = cora.send("/inspect/list-8", **said, file=sent)
        assert answer.status_code == status
        assert words in answer.text
    assert cora.get("/").status_code == 200
