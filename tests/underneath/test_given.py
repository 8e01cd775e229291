"""Whom the net shows besides an organisation's own: given, under inspection, or all."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from register.linkage.subjects import memberships
from register.terms import Role
from register.underneath.roles import APP, see_all
from register.work import Actor, begin_work
from tests.underneath.children import ELSEWHERE, TENANTS, reporters_shown
from tests.underneath.conftest import SignIn

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
MINE, OTHER = TENANTS[0], TENANTS[1]
ADA = Actor("ada", Role.AUTHORITY_USER, MINE)


def _tenants_shown(engine: Engine, actor: Actor) -> set[str]:
    with begin_work(engine, actor, clock=lambda: NOW, writes=False) as work:
        return reporters_shown(work.session.connection()) & {*TENANTS}


@pytest.mark.usefixtures("apart")
def test_a_child_given_to_one_person_is_shown_to_them_until_it_ends(
    enter: SignIn, above: Engine
) -> None:
    app, colleague = enter(APP), Actor("ben", Role.AUTHORITY_USER, MINE)
    with above.begin() as connection:
        said = {"code": OTHER, "mine": MINE, "at": NOW, "until": NOW + timedelta(hours=1)}
        give = """
            INSERT INTO need (who, organisation, report, why, reason, given_by, at, until)
            SELECT 'ada', :mine, min(id), 'glass', 'to find her', 'ada', :at, :until
            FROM report WHERE organisation = :code
        """
        connection.execute(text(give), said)
    assert _tenants_shown(app, ADA) == {MINE, OTHER}
    assert _tenants_shown(app, colleague) == {MINE}
    with above.begin() as connection:
        connection.execute(text("UPDATE need SET until = :at"), {"at": NOW})
    assert _tenants_shown(app, ADA) == {MINE}


@pytest.mark.parametrize("actor", [ADA, Actor("nobody", Role.DEPARTMENT)], ids=["ada", "nobody"])
def test_what_a_connection_was_made_to_keep_shows_the_next_nothing(
    enter: SignIn, actor: Actor
) -> None:
    app = enter(APP, pool_size=1, max_overflow=0)
    shown = _tenants_shown(app, actor)
    kept = {"organisations": f"{{{OTHER}}}", "organisation": OTHER, "given": "{1,2,3,4,5,6,7,8}"}
    with app.connect() as connection:
        for name, value in kept.items():
            connection.execute(text(f"SET register.{name} = '{value}'"))
        connection.commit()
    with app.connect() as connection:
        connection.execute(text(f"SET LOCAL ROLE {APP}"))
        assert OTHER in reporters_shown(connection), "control: nobody has said who asks"
    assert _tenants_shown(app, actor) == shown


def test_of_feeds_each_is_shown_its_own_alone(enter: SignIn, above: Engine) -> None:
    app, third = enter(APP), Actor("ada", Role.AUTHORITY_USER, TENANTS[2])
    for table, column in (
        ("feed", "organisation"),
        ("feed_fault", "organisation"),
        ("change", "sender"),
    ):
        query = text(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''")  # noqa: S608  # ours
        with begin_work(app, ADA, writes=False) as work:
            assert [*work.session.scalars(query)] == [MINE]
        with begin_work(app, third, writes=False) as work:
            assert [*work.session.scalars(query)] == []
        with above.connect() as connection:
            assert {*connection.scalars(query)} == {MINE, OTHER}, "the control: both are there"


@pytest.mark.parametrize("table", ["report_version", "extract_report", "handover"])
def test_what_names_a_report_is_shown_with_the_report(
    enter: SignIn, above: Engine, table: str
) -> None:
    """An inner column of the same name would make the condition true of every row."""
    alone = f"FROM {table} AS row LEFT JOIN report ON report.id = row.report_id"  # ours
    foreign = text(f"SELECT count(*) {alone} WHERE report.id IS NULL")  # ours
    for code in (*TENANTS[:9], ELSEWHERE):
        with begin_work(enter(APP), Actor("ada", Role.AUTHORITY_USER, code), writes=False) as work:
            assert work.session.connection().scalar(foreign) == 0
    with above.connect() as connection:
        whole = text(f"SELECT count(*) {alone}")  # ours
        assert connection.scalar(whole), "the control: there is what is hidden"


@pytest.mark.usefixtures("apart")
def test_an_inspector_is_shown_whom_they_inspect_while_it_is_open(
    enter: SignIn, above: Engine
) -> None:
    app, inspector = enter(APP), Actor("ada", Role.INSPECTOR, "OFSTED")
    assert _tenants_shown(app, inspector) == set()
    with above.begin() as connection:
        opened = (
            "INSERT INTO inspection (id, first_day, last_day, opened_at) "
            "VALUES (7, '2026-03-01', '2026-03-31', '2026-03-01')"
        )
        connection.execute(text(opened))
        for code in (MINE, OTHER):
            connection.execute(text("INSERT INTO inspected VALUES (7, :code)"), {"code": code})
        connection.execute(text("INSERT INTO inspector VALUES (7, 'ada')"))
    assert _tenants_shown(app, inspector) == {MINE, OTHER}
    assert _tenants_shown(app, Actor("ben", Role.INSPECTOR, "OFSTED")) == set()
    with above.begin() as connection:
        connection.execute(text("UPDATE inspection SET closed_at = '2026-03-02'"))
    assert _tenants_shown(app, inspector) == set()


def test_what_was_out_of_sight_is_asked_for_again_by_who_then_sees_all(enter: SignIn) -> None:
    with begin_work(enter(APP), ADA, writes=False) as work:
        before = memberships(work, range(1, 20))
        see_all(work.session)
        assert len(before) < len(memberships(work, range(1, 20))) == 19
