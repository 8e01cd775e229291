"""The rule set that a person may tune is refused in a sentence where it cannot be used."""

from pathlib import Path

import pytest

from register.errors import RegisterError
from register.mismatches.limits import Level
from register.mismatches.ruleset import read_ruleset, ruleset
from register.settings import CONFIG_DIR
from register.terms import Severity

SHIPPED = (CONFIG_DIR / "rules.toml").read_text("utf-8")


def tuned(folder: Path, before: str, after: str) -> Path:
    """Write the shipped rule set with one thing changed."""
    assert before in SHIPPED
    file = folder / "rules.toml"
    file.write_text(SHIPPED.replace(before, after, 1), "utf-8")
    return file


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("away_hours = 24", "away_hours = -1", "away_hours must be a whole number"),
        ("away_hours = 24", "away_hours = true", "away_hours must be a whole number"),
        ("away_hours = 24", "awayhours = 24", "lacks, or does not know, away_hours, awayhours"),
        ("[rules.A1]", "[rules.A0]", "one .rules.CODE. for each rule; see A0, A1"),
        ('clock = "4 hours"', 'clock = "soon"', "A1. clock: 'soon' is no period: write"),
        ('severity = "critical"', 'severity = "dire"', "A1. severity: 'dire' is not a valid"),
        ('severity = "critical"\n', "", "A1. has no severity"),
        ('grave_clock = "1 hour"', 'brave_clock = "1 hour"', "A1. does not know brave_clock"),
        ("[thresholds]", "[thresholds", "rules.toml cannot be used"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    with pytest.raises(RegisterError, match=sentence):
        read_ruleset(tuned(tmp_path, before, after))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=r"rules\.toml cannot be used"):
        read_ruleset(tmp_path / "rules.toml")


def test_control_what_is_tuned_well_is_taken(tmp_path: Path) -> None:
    assert read_ruleset(tuned(tmp_path, "", "")) == ruleset()
    other = read_ruleset(tuned(tmp_path, "away_hours = 24", "away_hours = 36"))
    assert other.thresholds.away_hours == 36


def test_a_level_without_its_own_figure_has_the_usual_one() -> None:
    limits = ruleset().rules
    assert limits["A1"].severity_at(Level.GRAVE) is Severity.CRITICAL
    assert str(limits["A1"].clock_at(Level.GRAVE)) == "1 hour"
    assert str(limits["B2"].clock_at(Level.GRAVE)) == "2 hours"
    assert limits["A5"].clock_at(Level.MILD) is None
