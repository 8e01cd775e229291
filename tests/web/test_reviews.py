"""The review page: all that is compared, why it is asked, what each thing weighs, never a place."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from register import pipeline
from register.linkage import service as linkage
from register.linkage.enactments import BROUGHT, model_for
from register.linkage.models import Judgement, Review
from register.work import begin_work
from tests.registers import AUTHORITY, FORCE, say, send
from tests.subjects import CHILD, HOME, NHS, TWIN
from tests.web.conftest import Client, Clock, hidden_of

Person = Callable[[str], Client]
JAYDEN, KAYDEN = ({**each, "home_postcode": HOME} for each in (CHILD, TWIN))
OWN = {"child_reference": "L-1"}
LATER = {"updated_at": "2026-03-05T10:00:00+00:00"}
SIDES = re.compile(r'<th scope="row" role="rowheader" class="[^"]*">(.*?)</tr>', re.DOTALL)


def page_of(engine: Engine) -> str:
    """Give the address of the one review that waits."""
    with begin_work(engine, writes=False) as work:
        number = work.session.scalars(select(Review.id).where(Review.known_to.is_(None))).one()
    return f"/reviews/{number}"


def row(page: str, title: str) -> str:
    """Give the words of one line of the comparison, without marks and headings of cells."""
    content = page.split("<main")[1].split("<details", maxsplit=1)[0]
    shown = re.sub(r'<span class="register-cell-heading".*?</span>', " ", content)
    (found,) = (each for each in SIDES.findall(shown) if each.startswith(title))
    return " ".join(re.sub("<[^>]*>", " ", found).split())


@pytest.fixture
def told(engine: Engine, clock: Clock) -> Engine:
    """Give a register in which one pair of near names waits."""
    reports = [say(FORCE, "P1", **JAYDEN), say(AUTHORITY, "L1", **KAYDEN, **OWN)]
    send(engine, reports, now=clock.now)
    return engine


def test_all_that_either_side_tells_is_compared(
    engine: Engine, clock: Clock, as_person: Person
) -> None:
    """The report that speaks for the authority's child has another surname than the force's."""
    renamed = {**KAYDEN, **OWN, "surname": "Birch", "missing_at": "2026-02-01"}
    reports = [say(AUTHORITY, "L1", **renamed), say(FORCE, "P1", **JAYDEN)]
    send(engine, reports, now=clock.now)
    page = as_person("dan").get(page_of(engine)).text
    assert row(page, "Surname").endswith("Birch Oakley Differs"), "control"
    send(engine, [say(AUTHORITY, "L2", **KAYDEN, **OWN)], now=clock.now)
    page = as_person("dan").get(page_of(engine)).text
    assert "Leeds, 2 reports" in page
    assert re.search(r"Birch Oakley .*Oakley Agrees$", row(page, "Surname"))
    assert "1 February 2026" in row(page, "Last seen")
    assert "at 10:00pm" in row(page, "Last seen")


def test_no_place_is_shown_and_whether_it_agrees_is(told: Engine, as_person: Person) -> None:
    page = as_person("dan").get(page_of(told)).text
    assert HOME not in page
    assert row(page, "Home postcode").endswith("Agrees")
    assert row(page, "Home postcode").count("Not shown: a protected place") == 2
    assert "Jayden" in row(page, "Forename"), "control: what is not protected is shown"


def test_why_it_is_asked_and_what_each_thing_weighs(told: Engine, as_person: Person) -> None:
    page = as_person("dan").get(page_of(told)).text
    assert "The two give the same date of birth, surname, home postcode" in page
    assert "pairs of twins agree as well" in page or "pair of twins in" in page
    weights = page.split("How much each piece of evidence weighs")[1]
    for title in ("Before anything is compared", "Forename", "Together", "Against twins"):
        assert title in weights
    assert "Against unrelated children" in weights.split("Against each other explanation")[1]
    assert "Asked by the rule “near forenames”" in weights
    assert "The model in force now" not in weights


def test_a_judgement_keeps_what_was_shown(told: Engine, as_person: Person) -> None:
    dan, page = as_person("dan"), page_of(told)
    dan.send(page, verdict="unclear", reason="Twins, perhaps.")
    with begin_work(told, writes=False) as work:
        shown = work.session.scalars(select(Judgement.shown)).one()
    assert {"probability", "reasons", "rule", "model", "evidence"} == set(shown)
    assert (
        "judged on 2 March 2026 at 10:40pm GMT: cannot tell: ask the source." in dan.get(page).text
    )


def test_what_changed_since_it_was_shown_is_said_and_what_was_typed_is_kept(
    told: Engine, clock: Clock, as_person: Person
) -> None:
    dan, page = as_person("dan"), page_of(told)
    said = {"verdict": "unclear", "reason": "Twins, perhaps."}
    shown = hidden_of(dan.get(page).text)
    send(told, [say(FORCE, "P1", **JAYDEN, **LATER, risk_level="high")], now=clock.now)
    answer = dan.post(page, data={**shown, **said})
    assert answer.status_code == 409
    assert f"corrected since: {FORCE} P1" in answer.text
    assert "Twins, perhaps." in answer.text
    assert 'value="unclear" checked' in answer.text
    assert dan.post(page, data={**hidden_of(answer.text), **said}).status_code == 302
    late = dan.post(page, data={**shown, **said})
    assert late.status_code == 409
    assert "This review no longer waits" in late.text
    assert "What you wrote: “Twins, perhaps.”" in late.text
    with begin_work(told, writes=False) as work:
        assert len(work.session.scalars(select(Judgement)).all()) == 1


def test_what_was_judged_and_what_is_new_since_are_told(
    told: Engine, clock: Clock, as_person: Person
) -> None:
    dan = as_person("dan")
    page = page_of(told)
    said = {"verdict": "different", "reason": "Two brothers: the school knows both."}
    dan.send(page, **said)
    with begin_work(told, writes=False) as work:
        waiting = select(Review.id).where(Review.known_to.is_(None))
        assert not work.session.scalars(waiting).all(), "control: it is not asked again"
    news = [say(FORCE, "P1", **JAYDEN, **NHS, **LATER)]
    news += [say(AUTHORITY, "L1", **KAYDEN, **OWN, **NHS, **LATER)]
    send(told, news, now=clock.now)
    page = dan.get(page_of(told)).text
    assert "New since a person judged that these are two children: NHS number" in page
    assert "not the same child." in page
    assert "Two brothers: the school knows both." in page


def test_another_model_in_force_is_told(told: Engine, clock: Clock, as_person: Person) -> None:
    text = BROUGHT.read_text("utf-8").replace('version = "', 'version = "newer ', 1)
    with begin_work(told, clock=clock) as work:
        pipeline.adopt(work, text, "a trial", ())
    dan = as_person("dan")
    assert "The model in force now is newer" in dan.get(page_of(told)).text
    page = dan.get("/reviews/model").text
    assert page.index("a trial") < page.index("It came with the register.")
    assert "Date of birth" in page
    assert "Against twins" in page
    assert "in 100 on the register links them" in page.replace("\n", " ").replace("  ", " ")


def test_what_too_many_share_is_told_and_no_place(
    engine: Engine, clock: Clock, as_person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    dan = as_person("dan")
    assert "see what" not in dan.get("/reviews").text, "control"
    assert "Nothing is shared by too many" in dan.get("/reviews/shared-by-too-many").text
    monkeypatch.setattr(linkage, "model_for", lambda work: replace(model_for(work), shared=2))
    names = ("Ada", "Bertha", "Cecily", "Dora")
    rows = [
        say(FORCE, name, forename=name, surname=f"{name}son", home_postcode=HOME, **NHS)
        for name in names
    ]
    send(engine, rows, now=clock.now)
    assert "see what" in dan.get("/reviews").text
    page = dan.get("/reviews/shared-by-too-many").text
    assert HOME not in page
    assert "not shown: a protected place" in page
    assert "NHS number: 943" in page, "control: what is no place is shown"


@pytest.mark.parametrize("username", ["amina", "ben", "cora", "eve"])
@pytest.mark.parametrize("page", ["shared-by-too-many", "model"])
def test_only_stewards_see_these_pages(as_person: Person, username: str, page: str) -> None:
    assert as_person(username).get(f"/reviews/{page}").status_code == 403


def test_what_weighs_nothing_is_compared_as_it_stands(
    engine: Engine, as_person: Person, clock: Clock
) -> None:
    """Far from each other the day of going missing is no evidence; both know it, and agree."""
    far = {"missing_at": "2026-03-02T22:10:00+00:00"}
    reports = [say(FORCE, "P1", **JAYDEN), say("E09000008", "L1", **KAYDEN, **OWN, **far)]
    send(engine, reports, now=clock.now)
    page = as_person("dan").get(page_of(engine)).text
    assert row(page, "Last seen").endswith("Agrees")


def test_the_most_urgent_stands_first_and_leads_on_to_the_next(
    as_person: Person, engine: Engine
) -> None:
    send(engine, [say(FORCE, "P-1", **JAYDEN), say(AUTHORITY, "L-1", **KAYDEN)])
    dan = as_person("dan")
    page = dan.get("/reviews").text
    first = dan.get("/reviews/next").headers["Location"]
    assert f'href="{first}"' in page
    number = first.rpartition("/")[2]
    following = dan.get(f"/reviews/next?after={number}").headers["Location"]
    assert following != first
    kept = dan.send(first, verdict="different", reason="Two girls: both were seen at once.")
    assert kept.headers["Location"] in {following, "/reviews"}
