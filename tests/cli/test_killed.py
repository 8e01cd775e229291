"""Killed at any moment, ever again: nothing acknowledged is lost, nothing is there twice."""

import pytest
from sqlalchemy import text

from tests.cli.conftest import MakeProgram, Program, Write
from tests.cli.dying import Variant, apart, hasty
from tests.cli.facts import Facts, check_whole, end_of, versions_in
from tests.cli.killing import Killer, Sendings, prepare, seeded
from tests.registers import DRILL

PART = 1 if DRILL else 5
"""Continuous integration kills a fifth as often."""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sendings:
    """Send all to an embedded register; those on PostgreSQL must come to the same."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return prepare(folder, Program(f"sqlite:///{folder}/register.sqlite3", folder))


def test_killed_ever_again_it_ends_in_the_same_register(register: Program, sent: Sendings) -> None:
    kills = (500 if register.url.startswith("sqlite") else 100) // PART
    killer = Killer(register, sent, seeded())
    killer.send_all(kills)
    assert killer.strikes == kills
    assert end_of(register) == sent.end
    check_whole(register)


@pytest.mark.parametrize(
    ("variant", "seen"),
    [(hasty, "acknowledged versions lost"), (apart, "no report stands without")],
)
def test_control_a_program_that_speaks_or_commits_too_early_is_caught(
    make_program: MakeProgram, sent: Sendings, variant: Variant, seen: str
) -> None:
    killer = Killer(make_program(), sent, seeded(), variant=variant)
    with pytest.raises(AssertionError, match=seen):
        killer.send_all(kills=100)


TWICE = """
CREATE TABLE twice AS SELECT * FROM report_version;
UPDATE twice SET id = id + 9;
INSERT INTO twice SELECT * FROM report_version;
DROP TABLE report_version;
ALTER TABLE twice RENAME TO report_version
"""


@pytest.mark.parametrize(
    ("spoilt", "seen"),
    [
        ("DELETE FROM audit_event WHERE kind = 'report:received'", "the log is equal"),
        ("UPDATE report_version SET digest = 'other'", "acknowledged versions lost"),
        ("UPDATE membership SET known_to = known_from", "no report stands without"),
        (TWICE, "no duplicates"),
    ],
)
def test_control_what_is_spoilt_is_seen(
    embedded: Program, write: Write, spoilt: str, seen: str
) -> None:
    file = write({"reference": "R1"}, {"reference": "R2"})
    embedded.do("import", file)
    Facts().check(embedded, versions_in(file))
    with embedded.engine().begin() as connection:
        for statement in spoilt.split(";"):
            connection.execute(text(statement))
    with pytest.raises(AssertionError, match=seen):
        Facts().check(embedded, versions_in(file))
