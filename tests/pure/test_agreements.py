"""What `config/feeds.toml` agrees with senders, and what is said of one that cannot be used."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from register.errors import RegisterError
from register.mismatches.clocks import Clock
from register.mismatches.feeds import Agreement, feeds, read_feeds
from register.settings import CONFIG_DIR
from tests.registers import AUTHORITY, FORCE


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
