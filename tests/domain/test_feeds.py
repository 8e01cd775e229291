"""G1 and G2: a sender that falls silent, and a file with many rejects. Each has its control."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from inspect import unwrap
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register.errors import RegisterError
from register.inspection.exports import export
from register.intake import Intake
from register.mismatches import supply
from register.mismatches.clocks import Clock
from register.mismatches.feeds import Agreement, Feeds, feeds, read_feeds
from register.reports.files import open_source
from register.settings import CONFIG_DIR
from register.work import OPERATOR, begin_work
from tests.registers import AUTHORITY, FORCE, OTHER_FORCE, say, send

SINCE = datetime(2026, 3, 28, 0, tzinfo=UTC)
HEADINGS = "organisation,reference,child_reference,category,status,missing_at"
GOOD = FORCE + ",P{},C1,missing,open,2026-03-27T21:00:00+00:00"
BAD = FORCE + ",P{},C1,missing,open,yesterday"
Rows = list[dict[str, str]]


@pytest.fixture(name="agreed")
def _agreed(monkeypatch: pytest.MonkeyPatch) -> Feeds:
    agreed = replace(
        feeds(),
        senders={
            FORCE: Agreement(SINCE, Clock(hours=1)),
            AUTHORITY: Agreement(SINCE, Clock(hours=24)),
        },
    )
    monkeypatch.setattr(supply, "feeds", lambda: agreed)
    return agreed


def at(hours: float) -> datetime:
    return SINCE + timedelta(hours=hours)


def pass_time(engine: Engine, hours: float) -> int:
    with begin_work(engine, OPERATOR, clock=lambda: at(hours)) as work:
        return supply.find_silent(work)


def standing(engine: Engine, hours: float | None = None) -> Rows:
    """Give what an export tells of feeds, now or as it was known then."""
    as_at = None if hours is None else at(hours)
    with begin_work(engine, writes=False, as_at=as_at) as work:
        return export(work, "feeds")[1]


def report(engine: Engine, organisation: str, hours: float) -> None:
    send(engine, [say(organisation, "R1", child_reference="C1")], now=at(hours))


@pytest.mark.usefixtures("agreed")
def test_a_feed_falls_silent_and_is_heard_again(engine: Engine) -> None:
    report(engine, FORCE, 1)
    assert pass_time(engine, 1.9) == 0
    # Judged hours too late, it bears the instant at which it fell due.
    assert pass_time(engine, 7) == 1
    [row] = standing(engine)
    assert row["rule"] == "G1"
    assert (row["owner"], row["severity"]) == (FORCE, "high")
    assert row["opened_at"] == at(2).isoformat()
    assert row["due_at"] == at(4).isoformat()
    assert pass_time(engine, 8) == 0, "one silence is one mismatch"
    report(engine, FORCE, 9)
    assert standing(engine) == []
    assert [row["rule"] for row in standing(engine, 8)] == ["G1"], "what was known then stays"
    assert pass_time(engine, 10.5) == 1, "a second silence is another one"


@pytest.mark.usefixtures("agreed")
def test_the_same_again_is_a_word_too(engine: Engine) -> None:
    report(engine, FORCE, 1)
    report(engine, FORCE, 1.8)
    assert pass_time(engine, 2.5) == 0


@pytest.mark.usefixtures("agreed")
def test_who_never_sent_is_silent_from_the_day_of_the_agreement(engine: Engine) -> None:
    assert pass_time(engine, 0.5) == 0
    assert pass_time(engine, 25) == 2
    assert {(row["owner"], row["opened_at"]) for row in standing(engine)} == {
        (FORCE, at(1).isoformat()),
        (AUTHORITY, at(24).isoformat()),
    }


@pytest.mark.usefixtures("agreed")
def test_hours_are_elapsed_over_the_change_of_clocks(engine: Engine) -> None:
    report(engine, AUTHORITY, 12)
    report(engine, FORCE, 35.5)
    assert pass_time(engine, 35.9) == 0
    assert pass_time(engine, 36) == 1


def test_nobody_is_asked_with_whom_nothing_is_agreed(engine: Engine) -> None:
    """The control: without the agreement the same silence is none."""
    report(engine, FORCE, 1)
    assert pass_time(engine, 1000) == 0
    assert standing(engine) == []


@pytest.mark.usefixtures("agreed")
def test_another_sender_does_not_speak_for_the_silent_one(engine: Engine) -> None:
    report(engine, FORCE, 1)
    report(engine, OTHER_FORCE, 3)
    assert pass_time(engine, 3) == 1


@pytest.fixture(name="take")
def _take(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int, int, float], None]:
    def take(good: int, bad: int, hours: float) -> None:
        path = tmp_path / "feed.csv"
        rows = [GOOD.format(n) for n in range(good)] + [BAD.format(n) for n in range(bad)]
        path.write_text("\n".join([HEADINGS, *rows, ""]), "utf-8")
        monkeypatch.setitem(unwrap(begin_work).__kwdefaults__, "clock", lambda: at(hours))
        source = open_source(path, None, FORCE, now=at(hours))
        intake = Intake(engine, OPERATOR, tmp_path / "rejects.csv")
        intake.take(path.name, source, None, lambda _: None)

    return take


def test_rejects_over_one_in_a_hundred(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    take(98, 2, 1)
    [row] = standing(engine)
    assert (row["rule"], row["owner"], row["severity"]) == ("G2", FORCE, "medium")
    # A Saturday: one working day ends with the Monday, in summer time by then.
    assert row["due_at"] == "2026-03-30T23:00:00+00:00"
    take(90, 10, 2)
    [worse] = standing(engine)
    assert worse["opened_at"] == row["opened_at"], "the clock runs on until a file is good"
    take(100, 0, 3)
    assert standing(engine) == []


def test_one_in_a_hundred_is_not_over_it(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    """The control: exactly what is allowed raises nothing."""
    take(99, 1, 1)
    assert standing(engine) == []


@pytest.mark.usefixtures("agreed")
def test_a_file_with_headings_alone_is_a_word(
    engine: Engine, take: Callable[[int, int, float], None]
) -> None:
    take(0, 0, 1)
    assert pass_time(engine, 1.5) == 0


def test_what_the_house_brings_agrees_on_nothing() -> None:
    assert feeds().senders == {}
    assert feeds().percent == 1


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("[senders]", "[senders.E99]\nfrom = 2026-12-01", "is no force"),
        ("[senders]", "[senders.E23000010]\nevery = '1 hour'", "must have from"),
        ("[senders]", "[senders.E23000010]\nfrom = 2026-12-01\nevery = 'daily'", "is no period"),
        ("[rejects]", "[rejets]", "it lacks 'rejects'"),
        ('severity = "high"', 'severity = "dire"', "dire"),
        ("[usual]", "[usual", "cannot be used"),
    ],
)
def test_an_agreement_that_cannot_be_used(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    path = tmp_path / "feeds.toml"
    text = (CONFIG_DIR / "feeds.toml").read_text("utf-8")
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    with pytest.raises(RegisterError, match=r"feeds.toml cannot be used") as error:
        read_feeds(path)
    assert said in str(error.value)


def test_an_agreement_that_can(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    text = (CONFIG_DIR / "feeds.toml").read_text("utf-8")
    listed = "[senders.E23000010]\nfrom = 2026-06-01\n[senders.E08000035]\nfrom = 2026-01-01\n"
    path.write_text(text.replace("[senders]\n", listed + "every = '1 working day'\n"), "utf-8")
    read = read_feeds(path)
    midnight = datetime(2026, 5, 31, 23, tzinfo=UTC)
    assert read.senders[FORCE] == Agreement(midnight, Clock(hours=1))
    assert read.senders[AUTHORITY].every == Clock(working_days=1)
