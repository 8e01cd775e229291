"""What a child's page is made of: the person in a few words, both sides, the line of time."""

from datetime import UTC, datetime

import pytest

from register.inspection.paging import PAGE, Page, clamp
from register.inspection.persons import person_of
from register.inspection.sides import Standing, lay_out
from register.inspection.timeline import LEAST, WIDTH, draw
from register.records.episodes import align
from register.records.reconcile import reconcile, reconcile_episode
from register.reports.statement import Statement
from register.reports.values import age_on
from register.reports.values import day as read_day
from register.terms import Role
from register.work import OPERATOR, Actor
from tests.statements import AUTHORITY, FORCE, report

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
AUTHORITY_USER = Actor("amina", Role.AUTHORITY_USER, AUTHORITY)
FORCE_USER = Actor("ben", Role.FORCE_USER, FORCE)


def two_sides(**theirs: str) -> list[Statement]:
    said = {"forename": "Ada", "surname": "Test", "date_of_birth": "2012-03-09"}
    police = report(FORCE, "03-02 22:00", **said, number=1)
    return [police, report(AUTHORITY, "03-02", **{**said, **theirs}, number=2)]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2012-03-09", "2026-03-08", 13),
        ("2012-03-09", "2026-03-09", 14),
    ],
)
def test_age_is_in_whole_years(born: str, on: str, age: int) -> None:
    days = [datetime.fromisoformat(read_day(text)).date() for text in (born, on)]
    assert age_on(*days) == age


@pytest.mark.parametrize(
    ("theirs", "name", "age", "is_adult"),
    [
        ({}, "Ada Test", "14", False),
        ({"date_of_birth": "2011-03-09"}, "Ada Test", "14 or 15 (date of birth disputed)", False),
        ({"date_of_birth_precision": "disputed"}, "Ada Test", "14 (age disputed)", False),
        ({"date_of_birth": "2001-01-01"}, "Ada Test", "14 or 25 (date of birth disputed)", False),
    ],
)
def test_a_person_in_a_few_words(
    theirs: dict[str, str],
    name: str,
    age: str,
    is_adult: bool,  # noqa: FBT001  # a column of the table
) -> None:
    person = person_of(reconcile(two_sides(**theirs)), NOW)
    assert (person.name, person.age, person.is_adult) == (name, age, is_adult)


def test_an_age_that_nobody_knows_exactly_is_about_so_much() -> None:
    one = report(FORCE, "03-02 22:00", date_of_birth="2012-01-01", date_of_birth_precision="year")
    assert person_of(reconcile([one]), NOW).age == "about 14"


def test_a_person_of_whom_nothing_is_known() -> None:
    person = person_of(reconcile([report(FORCE, "03-02 22:00")]), NOW)
    assert (person.name, person.age, person.is_adult) == ("Name not known", "not known", False)


def test_an_adult_is_one_by_every_date_of_birth_given() -> None:
    grown = two_sides(date_of_birth="2001-01-01")
    assert person_of(reconcile(grown[1:]), NOW).is_adult
    assert not person_of(reconcile(grown), NOW).is_adult


def test_each_line_says_how_the_words_stand_and_whose_the_view_is() -> None:
    statements = two_sides(surname="Other", legal_status="C2", sex="female")
    sides = lay_out(
        reconcile(statements).values, {s.report_id: s for s in statements}, AUTHORITY_USER
    )
    lines = {line.field.name: line for line in sides.lines}
    assert sides.police == (FORCE,)
    assert sides.authority == (AUTHORITY,)
    assert lines["forename"].standing is Standing.AGREES
    assert lines["surname"].standing is Standing.DISPUTED
    assert lines["surname"].view is None
    assert [said.value for said in lines["surname"].police] == ["Test"]
    assert lines["legal_status"].standing is Standing.ALONE
    assert lines["legal_status"].origin == (AUTHORITY,)


def test_a_difference_is_shown_though_one_side_is_believed() -> None:
    statements = two_sides(missing_at="2026-03-02T10:00:00+00:00")
    (episode,) = align(statements)
    sides = lay_out(
        reconcile_episode(episode), {s.report_id: s for s in statements}, AUTHORITY_USER
    )
    line = next(line for line in sides.lines if line.field.name == "missing_at")
    assert line.standing is Standing.DIFFERS
    assert line.origin == (FORCE,)


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        (AUTHORITY_USER, "LS1 1AA"),
        (FORCE_USER, None),
        (Actor("s", Role.STEWARD), None),
        (OPERATOR, None),
    ],
)
def test_a_protected_value_is_shown_to_who_sent_it(actor: Actor, shown: str | None) -> None:
    statements = two_sides(home_postcode="LS1 1AA", placement_postcode="LS2 2BB")
    known = {each.report_id: each for each in statements}
    sides = lay_out(reconcile(statements).values, known, actor, frozenset({2}))
    lines = {line.field.name: line for line in sides.lines}
    line, apart = lines["home_postcode"], lines["placement_postcode"]
    assert (apart.view, apart.said[0].value) == (None, None), "by itself alone, whoever asks"
    assert apart.said[0].may_ask, "that the other report may be asked for is told by who lays out"
    assert line.said[0].value == shown
    assert line.view == shown
    assert (line.standing is Standing.HIDDEN) == (shown is None)


def test_bars_lie_in_order_within_the_drawing_and_open_ones_reach_now() -> None:
    statements = [
        report(FORCE, "01-10 20:00", "01-11 06:00", found_at="2026-01-11T02:00:00+00:00"),
        report(AUTHORITY, "01-10", "01-11"),
        report(FORCE, "03-08 22:00"),
    ]
    drawn = draw(align(statements), NOW)
    assert drawn is not None
    assert [lane.organisation for lane in drawn.lanes] == [FORCE, AUTHORITY]
    assert [bar.phase for bar in drawn.lanes[0].bars] == ["missing", "away", "missing"]
    last = drawn.lanes[0].bars[-1]
    assert last.is_open
    assert last.end == NOW
    for lane in drawn.lanes:
        for bar in lane.bars:
            assert bar.left >= 0
            assert bar.width >= LEAST
            assert bar.left + bar.width <= WIDTH + 0.1
    assert [band.number for band in drawn.bands] == [1, 2]
    assert [tick.at for tick in drawn.ticks] == sorted(tick.at for tick in drawn.ticks)
    assert drawn.ticks


def test_a_going_missing_that_is_told_before_it_begins_is_drawn_all_the_same() -> None:
    drawn = draw(align([report(FORCE, "03-20 22:00")]), NOW)
    assert drawn is not None
    assert drawn.lanes[0].bars[0].width == LEAST


def test_nothing_is_drawn_of_a_child_that_was_never_missing() -> None:
    assert draw((), NOW) is None


@pytest.mark.parametrize(("asked", "given"), [(-5, 1), (0, 1), (1, 1), (3, 3), (4, 3), (999, 3)])
def test_a_page_that_is_not_there_is_the_nearest_that_is(asked: int, given: int) -> None:
    assert clamp(asked, 2 * PAGE + 1) == given
    assert clamp(asked, 0) == 1
    assert Page([], given, 2 * PAGE + 1).count == 3


def test_a_list_of_long_rows_has_fewer_on_a_page() -> None:
    page = Page(["eleventh"], 2, 11, size=10)
    assert (page.count, page.first, clamp(9, 11, 10)) == (2, 11, 2)
    told = page.telling([11])
    assert (told.rows, told.number, told.count, told.first) == ([11], 2, 2, 11)
