"""Reads the rule set in force: `config/rules.toml`, and the bank holidays of England."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from govuk_bank_holidays.bank_holidays import BankHolidays

from register.errors import RegisterError
from register.mismatches.clocks import Clock, Holidays, read_clock
from register.mismatches.limits import Limit, Ruleset, Thresholds
from register.mismatches.rules import RULES
from register.settings import CONFIG_DIR
from register.terms import Severity

_FILE = CONFIG_DIR / "rules.toml"


@cache
def ruleset() -> Ruleset:
    """Give the rule set in force, read once."""
    return read_ruleset(_FILE)


def read_ruleset(file: Path) -> Ruleset:
    """Read a rule set; raise RegisterError with a sentence that names what is wrong in the file."""
    try:
        content = tomllib.loads(file.read_text("utf-8"))
        thresholds = _thresholds(content.get("thresholds", {}))
        limits = {code: _limit(code, row) for code, row in content.get("rules", {}).items()}
    except (OSError, ValueError) as error:
        raise RegisterError(f"The rule set {file.name} cannot be used: {error}.") from error
    if limits.keys() != RULES.keys():
        names = ", ".join(sorted(limits.keys() ^ RULES.keys()))
        raise RegisterError(
            f"The rule set {file.name} must have one [rules.CODE] for each rule; see {names}."
        )
    return Ruleset(thresholds, limits, _holidays())


def _thresholds(row: Mapping[str, Any]) -> Thresholds:
    kinds = {field.name: field.type for field in fields(Thresholds)}
    if row.keys() != kinds.keys():
        names = ", ".join(sorted(row.keys() ^ kinds.keys()))
        raise ValueError(f"[thresholds] lacks, or does not know, {names}")
    values: dict[str, Any] = {}
    for name, value in row.items():
        whole = kinds[name] is int
        if whole and (type(value) is not int or value < 0):
            raise ValueError(f"{name} must be a whole number from 0 on")
        values[name] = value if whole else frozenset(value)
    return Thresholds(**values)


def _limit(code: str, row: Mapping[str, Any]) -> Limit:
    values: dict[str, Severity | Clock] = {}
    for name, text in row.items():
        if name not in {field.name for field in fields(Limit)}:
            raise ValueError(f"[rules.{code}] does not know {name}")
        try:
            values[name] = read_clock(text) if name.endswith("clock") else Severity(text)
        except ValueError as error:
            raise ValueError(f"[rules.{code}] {name}: {error}") from error
    if "severity" not in values:
        raise ValueError(f"[rules.{code}] has no severity")
    return Limit(**values)  # type: ignore[arg-type]  # each name was read as its own kind


def _holidays() -> Holidays:
    # The list that comes with the package; nothing is fetched. It ends some years ahead: after
    # that only week-ends are free, and a clock runs out a day early rather than late.
    known = BankHolidays(use_cached_holidays=True)
    days = known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return frozenset(day["date"] for day in days)
