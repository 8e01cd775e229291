"""Figures of goings missing and figures of mismatches: a page each, and each leads to the other."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from register.inspection.figures import read_figures
from register.web.inspecting import default_days, read_scope
from register.work import begin_work
from tests.web.conftest import Client, Clock
from tests.web.story import LEEDS

Person = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("told")


def test_the_two_pages_show_every_figure_once(
    as_person: Person, engine: Engine, clock: Clock
) -> None:
    cora = as_person("cora")
    asked = [f"/inspect?organisation={LEEDS}&about={about}" for about in ("goings", "mismatches")]
    pages = [cora.get(address).text for address in asked]
    with begin_work(engine, clock=clock, writes=False) as work:
        scope = read_scope(default_days(work) | {"organisation": LEEDS})
        made = [figure.key for figure in read_figures(work, scope).figures]
    shown = [_keys(page) for page in pages]
    assert [*shown[0], *shown[1]] == made
    assert all(shown)
    for page, others in zip(pages, reversed(shown), strict=True):
        (way,) = re.findall(r'no-visited-state"\s+href="(/inspect[^"]+)"', page)
        assert _keys(cora.get(way.replace("&amp;", "&")).text) == others


def test_a_list_behind_leads_back_to_the_page_that_it_is_behind(as_person: Person) -> None:
    cora = as_person("cora")
    for name, first in (("all", "agreement"), ("mismatches", "mismatches")):
        behind = cora.get(f"/inspect/behind/{name}?organisation={LEEDS}").text
        (way,) = re.findall(r'href="(/inspect\?[^"]+)"[^>]*>\s*Back to the figures', behind)
        assert _keys(cora.get(way.replace("&amp;", "&")).text)[0] == first


def test_what_figures_are_about_is_kept_when_others_are_asked_for(as_person: Person) -> None:
    page = as_person("cora").get("/inspect?about=mismatches").text
    assert '<input type="hidden" name="about" value="mismatches">' in page
    assert "<title>Figures of mismatches" in page
    assert "<title>Figures of goings missing" in as_person("cora").get("/inspect?about=else").text


def _keys(page: str) -> list[str]:
    found = re.findall(r'<h2 class="govuk-heading-m" id="([\w-]+)"', page)
    return [key for key in found if key != "feeds"]
