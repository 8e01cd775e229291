"""The commands that keep a register: rebuild, audit, work, database, user, demo."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select, text

from register.access.models import User
from register.access.recovery import ask_recovery, withdraw_recovery
from register.linkage.models import Membership
from register.mismatches.models import Mismatch
from register.terms import Role
from register.work import Actor, begin_work
from tests.cli.conftest import Program, Write

PHRASE = "a long enough phrase"


def sql(register: Program, *statements: str) -> None:
    engine = register.engine()
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_rebuild_finds_nothing_and_then_what_was_tampered_with(
    register: Program, write: Write
) -> None:
    register.do("import", write({}, {"reference": "R2", "surname": "King"}))
    assert "What stands is what follows from the reports." in register.do("rebuild", "--check")
    sql(register, "UPDATE membership SET child_id = 1, subject_id = 1")
    sentence = register.refuse("rebuild", "--check")
    assert "1 reports in another child" in sentence
    assert register.refuse("rebuild", "--check") == sentence, "checking mends nothing"
    assert "Folded again: " in register.do("rebuild")
    assert "What stands is what follows from the reports." in register.do("rebuild", "--check")


def test_the_log_is_proved_and_tampering_is_told(register: Program, write: Write) -> None:
    register.do("import", write({}))
    printed = register.do("audit", "verify")
    assert re.search(r"The log is whole: \d+ entries, \d+ checkpoints, root [0-9a-f]{64}", printed)
    sql(register, "UPDATE audit_event SET actor = 'somebody' WHERE seq = 1")
    assert "1" in register.refuse("audit", "verify")


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM audit_event WHERE seq = 1",
        "DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)",
        "UPDATE audit_event SET detail = '{}' WHERE seq = 0",
        "UPDATE audit_head SET size = size - 1",
        "DELETE FROM audit_head",
    ],
)
def test_no_tampering_with_the_log_goes_unseen(
    register: Program, write: Write, tampering: str
) -> None:
    register.do("import", write({}))
    sql(register, tampering)
    register.refuse("audit", "verify")


def test_time_brings_what_fell_due(register: Program, write: Write) -> None:
    """A child still missing, of whom nobody has said a word since: work opens what follows."""
    open_report = {"status": "open", "returned_at": "", "risk_level": "high"}
    register.do("import", write(open_report), "--extract", "2026-01-01..")
    printed = register.do("work")
    assert re.search(r"\d+ mismatches opened, \d+ closed; a checkpoint at \d+ entries\.", printed)
    assert "no new checkpoint" in register.do("work")
    engine = register.engine()
    with begin_work(engine, writes=False) as work:
        rows = work.session.scalars(select(Mismatch).where(Mismatch.known_to.is_(None))).all()
        assert all(row.opened_at <= work.now for row in rows)
    engine.dispose()
    assert "What stands is what follows" in register.do("rebuild", "--check")


def test_the_schema_is_brought_up_once(register: Program) -> None:
    assert "newest schema" in register.do("database", "upgrade")
    assert "newest schema" in register.do("database", "upgrade")


def test_a_new_register_is_made_where_there_is_none(tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "new" / "instance"
    new = Program("", folder)
    new.do("import", write({}), REGISTER_DATABASE_URL="")
    assert (folder / "register.sqlite3").exists()


def test_a_database_without_tables_is_told_what_to_do(blank_url: str, tmp_path: Path) -> None:
    blank = Program(blank_url, tmp_path)
    if blank_url.startswith("postgresql"):
        assert "register database upgrade" in blank.refuse("export", "links")
    blank.do("database", "upgrade")
    assert blank.rows("links") == []


def test_the_roles_of_a_database_are_printed_for_its_administrator(register: Program) -> None:
    assert "CREATE ROLE register_app LOGIN NOINHERIT" in register.do("database", "roles")


def test_nobody_is_served_from_a_database_that_would_not_hold(register: Program) -> None:
    if register.url.startswith("sqlite"):
        assert "no more than they may see" in register.do("database", "check")
        return
    assert "who is a superuser" in register.refuse("database", "check")
    assert "Nobody is served from it" in register.refuse("serve")


def test_a_schema_of_another_version_is_told(register: Program) -> None:
    sql(register, "UPDATE alembic_version SET version_num = 'of_the_future'")
    assert "not one that this version knows" in register.refuse("database", "upgrade")


def add(register: Program, username: str, *arguments: str) -> str:
    return register.do(
        "user", "add", username, "--name", "Ada Authority", "--password", PHRASE, *arguments
    )


def test_people_are_added_listed_barred_and_signed_out(register: Program) -> None:
    add(register, "ada", "--role", "authority_user", "--organisation", "E08000035")
    assert "ada\tauthority_user\tE08000035\tAda Authority" in register.do("user", "list")
    assert "0 sessions" in register.do("user", "sign-out", "ada")
    register.do("user", "bar", "ada")
    assert "(barred)" in register.do("user", "list")
    engine = register.engine()
    with begin_work(engine, writes=False) as work:
        (person,) = work.session.scalars(select(User))
        assert PHRASE not in person.password_hash
    engine.dispose()


def test_who_cannot_be_added_is_told_why(register: Program) -> None:
    add(register, "ada", "--role", "steward")
    again = ("user", "add", "ada", "--name", "Ada", "--password", PHRASE, "--role", "steward")
    register.refuse(*again)
    for role, organisation, password in (
        ("authority_user", "", PHRASE),
        ("authority_user", "X1", PHRASE),
        ("steward", "", "short"),
    ):
        register.refuse(
            "user",
            "add",
            "bob",
            "--name",
            "Bob",
            "--role",
            role,
            "--organisation",
            organisation,
            "--password",
            password,
        )
    assert register.run("user", "add", "bob", "--name", "Bob", "--role", "king").exit_code == 2
    register.refuse("user", "bar", "nobody")
    register.refuse("user", "sign-out", "nobody")


def test_control_the_tampered_table_is_what_the_links_come_from(
    register: Program, write: Write
) -> None:
    register.do("import", write({}))
    engine = register.engine()
    with begin_work(engine, writes=False) as work:
        assert len(work.session.scalars(select(Membership)).all()) == len(register.rows("links"))
    engine.dispose()


def test_the_operator_is_one_of_two_who_let_somebody_begin_anew(register: Program) -> None:
    add(register, "ada", "--role", "steward")
    register.refuse("user", "begin-anew", "ada")
    asked = register.do("user", "begin-anew", "ada", "--reason", "she came to my desk")
    assert "An administrator must confirm it" in asked
    assert "another administrator" in register.refuse("user", "begin-anew", "ada", "--confirm")
    engine = register.engine()
    with begin_work(engine, Actor("eve", Role.ADMINISTRATOR)) as work:
        withdraw_recovery(work, "ada")
        ask_recovery(work, "ada", "she rang")
    engine.dispose()
    assert "told this once: " in register.do("user", "begin-anew", "ada", "--confirm")
