"""The one door to the rules: a case goes in, what disagrees comes out, now and later."""

from dataclasses import dataclass
from datetime import datetime

from register.mismatches.case import Case, Finding, Gap
from register.mismatches.hearing import Hearing
from register.mismatches.limits import Ruleset
from register.mismatches.rules import RULES


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules make of a case.

    `findings` hold at the case's now, `coming` will from their `fires_at` on unless a report
    comes between; `gaps` is what could not be compared, `gaps_from` when there will be more of it.
    """

    findings: tuple[Finding, ...]
    coming: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    gaps_from: tuple[datetime, ...]

    @property
    def next_change_at(self) -> datetime | None:
        """The next instant at which time alone brings a mismatch or a gap; None: never."""
        fires = (finding.fires_at for finding in self.coming if finding.fires_at)
        return min((*fires, *self.gaps_from), default=None)


def judge(case: Case, ruleset: Ruleset) -> Judged:
    """Judge one child; nothing of it depends on the order of the case's reports."""
    hearing = Hearing(case, ruleset)
    findings = [finding for rule in RULES.values() for finding in rule.judge(hearing)]
    return Judged(
        tuple(each for each in findings if each.fires_at is None or each.fires_at <= case.now),
        tuple(each for each in findings if each.fires_at and each.fires_at > case.now),
        tuple(hearing.gaps),
        tuple(hearing.gaps_from),
    )
