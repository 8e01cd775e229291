"""What is agreed with senders: how often each is heard of, how much may be rejected (pure)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from register.errors import RegisterError
from register.mismatches.clocks import Clock, Holidays, ends, read_clock
from register.mismatches.ruleset import ruleset
from register.reports.organisations import find_organisation
from register.reports.values import midnight
from register.settings import CONFIG_DIR
from register.terms import Sector, Severity

SILENT, REJECTS = "G1", "G2"
TITLES = {SILENT: "Feed silent", REJECTS: "Too many rows rejected"}
_FILE = CONFIG_DIR / "feeds.toml"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One sender's feed: from when it was agreed to run, and how often something comes."""

    since: datetime
    every: Clock


@dataclass(frozen=True, slots=True)
class Feeds:
    """What is agreed with all senders, by their codes; and how grave a shortfall is."""

    senders: Mapping[str, Agreement]
    silence: Severity
    intervals: int
    rejects: Severity
    rejects_clock: Clock
    percent: float
    holidays: Holidays

    def silent_from(self, sender: str, heard_at: datetime | None) -> datetime | None:
        """Give the instant from which a sender is silent, if no more is heard of it."""
        agreement = self.senders.get(sender)
        if agreement is None:
            return None
        last = max(heard_at, agreement.since) if heard_at else agreement.since
        return ends(agreement.every, last, self.holidays)

    def silence_due(self, sender: str, silent_from: datetime) -> datetime:
        """Give when the sender's time to answer for its silence runs out."""
        due = silent_from
        for _ in range(self.intervals):
            due = ends(self.senders[sender].every, due, self.holidays)
        return due

    def rejects_too_many(self, rows: int, rejected: int) -> bool:
        """Tell whether a file had more rejects than may be."""
        return rejected * 100 > rows * self.percent


@cache
def feeds() -> Feeds:
    """Give what is agreed, read once from `config/feeds.toml`."""
    return read_feeds(_FILE)


def read_feeds(file: Path) -> Feeds:
    """Read what is agreed; raise RegisterError with a sentence that names what is wrong."""
    try:
        content = tomllib.loads(file.read_text("utf-8"))
        usual = {Sector(name): read_clock(text) for name, text in content["usual"].items()}
        silence, rejects = content["silence"], content["rejects"]
        return Feeds(
            senders={
                code: _agreement(code, row, usual)
                for code, row in content.get("senders", {}).items()
            },
            silence=Severity(silence["severity"]),
            intervals=int(silence["intervals"]),
            rejects=Severity(rejects["severity"]),
            rejects_clock=read_clock(rejects["clock"]),
            percent=float(rejects["percent"]),
            holidays=ruleset().holidays,
        )
    except KeyError as error:
        raise RegisterError(f"{file.name} cannot be used: it lacks {error}.") from error
    except (OSError, ValueError, TypeError) as error:
        raise RegisterError(f"{file.name} cannot be used: {error}.") from error


def _agreement(code: str, row: Mapping[str, Any], usual: Mapping[Sector, Clock]) -> Agreement:
    found = find_organisation(code)
    if found is None or found.sector is Sector.OTHER:
        raise ValueError(f"[senders.{code}] is no force and no authority")
    day = row.get("from")
    if type(day) is not date or row.keys() - {"from", "every"}:
        raise ValueError(f"[senders.{code}] must have from = 2026-12-01, and may have every")
    every = read_clock(row["every"]) if "every" in row else usual[found.sector]
    return Agreement(midnight(day), every)
