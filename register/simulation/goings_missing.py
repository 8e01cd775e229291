"""What truly happened in the month: who went missing, when, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from register.simulation.chances import Weighted, happens
from register.simulation.days import (
    DAYS,
    FIRST_DAY,
    REPEATED_HOUR,
    minutes,
    some_time,
)
from register.simulation.places import SALFORD
from register.simulation.world import OLDEST_AT_PRIMARY, Resident

TIMES_IN_CARE: Weighted[int] = Weighted({1: 59, 2: 16, 3: 10, 4: 5, 5: 4, 6: 3, 8: 2, 12: 1})
TIMES_AT_HOME: Weighted[int] = Weighted({1: 90, 2: 8, 3: 2})
# Four fifths are back within a day, nine tenths within two (domain.md 0, fact 5).
HOURS_AWAY: Weighted[tuple[float, float]] = Weighted(
    {(1, 6): 50, (6, 20): 32, (20, 40): 15, (40, 90): 2.5, (90, 240): 0.5}
)
SHORT: tuple[float, float] = (2, 8)
NEVER_FOUND_ONCE_MISSING = 0.065
NEVER_FOUND_AGAIN = 0.002
NEVER_FOUND_FROM_HOME = 0.004
OFTEN = 8
MOST_OFTEN = 25
SIBLINGS_TOGETHER = 20
IN_REPEATED_HOUR = 12
REST = timedelta(hours=5)
SOON = timedelta(hours=72)
RISKS: Weighted[str] = Weighted({"no_apparent_risk": 8, "low": 22, "medium": 52, "high": 18})
FLAGS: Weighted[str] = Weighted(
    {
        "": 62, "criminal_exploitation": 12, "sexual_exploitation": 9, "mental_health": 5,
        "self_harm": 5, "trafficking": 3, "sexual_exploitation;criminal_exploitation": 4,
    }
)  # fmt: skip
FOUND_HOW: Weighted[str] = Weighted(
    {
        "returned": 58, "police": 19, "carer": 9, "public": 3, "social_worker": 4,
        "other_force": 3, "hospital": 2, "custody": 2,
    }
)  # fmt: skip
AWAY_ONLY = 0.06
FRESH = 0.4  # who may still go missing on the last day
BEFORE_18 = 10  # days in which those go missing who turn 18 soon after


@dataclass(slots=True)
class GoingMissing:
    """One time that one child was missing; times in UTC, None where it never came to that.

    `category` is `away` where the carers knew all along where the child was.
    """

    resident: Resident
    missing_at: datetime
    reported_at: datetime
    found_at: datetime | None
    returned_at: datetime | None
    risk_level: str
    risk_flags: str
    found_how: str
    category: str = "missing"
    again_soon: bool = False
    alone: bool = True
    kinds: set[str] = field(default_factory=set)


class Month:
    """Draws the goings-missing of a month for the children of a world."""

    def __init__(self, rng: Random, residents: list[Resident]) -> None:
        """Draw from `rng`; what happened is in `goings_missing`, in order of time."""
        self._rng = rng
        self.goings_missing: list[GoingMissing] = []
        often = True
        for resident in residents:
            times = self._times(resident)
            if often and resident.care and times >= OFTEN:
                times, often = MOST_OFTEN, False
            self._run_away(resident, times)
        self._siblings_together()
        self._in_the_repeated_hour()
        self.goings_missing.sort(key=lambda going: (going.missing_at, going.resident.child.person))

    def _times(self, resident: Resident) -> int:
        if resident.never_found:
            return 1
        if not resident.care:
            return TIMES_AT_HOME.draw(self._rng)
        young = resident.age_on(FIRST_DAY) < OLDEST_AT_PRIMARY
        if happens(self._rng, 0.88 if young else 0.03):
            return 0
        return 1 if young else TIMES_IN_CARE.draw(self._rng)

    def _run_away(self, resident: Resident, times: int) -> None:
        rng = self._rng
        latest = DAYS - (0 if happens(rng, FRESH) else 1)
        if resident.never_found:
            latest = BEFORE_18
        days = sorted(rng.sample(range(latest), times))
        starts = [some_time(rng, FIRST_DAY + timedelta(days=day)) for day in days]
        for place, start in enumerate(starts):
            following = starts[place + 1] if place + 1 < times else None
            if following and following - start < 2 * REST:
                continue
            span = SHORT if times >= OFTEN else HOURS_AWAY.draw(rng)
            lost = resident.never_found or happens(rng, _never_found(resident, times))
            going = self._going(resident, start, minutes(rng, *span), lost=lost and not following)
            if following and going.returned_at and going.returned_at > following - REST:
                going.found_at = following - REST - timedelta(minutes=30)
                going.returned_at = following - REST
            going.alone = times == 1
            going.again_soon = bool(
                following and going.returned_at and following - going.returned_at < SOON
            )
            if times >= MOST_OFTEN:
                going.kinds.add("repeat_runaway")
            self.goings_missing.append(going)

    def _going(
        self, resident: Resident, start: datetime, span: timedelta, *, lost: bool
    ) -> GoingMissing:
        rng = self._rng
        found = None if lost else start + span
        away = self._is_away_only(resident, lost=lost)
        return GoingMissing(
            resident=resident,
            missing_at=start,
            reported_at=start + min(minutes(rng, 0.3, 5), span * rng.uniform(0.2, 0.8)),
            found_at=found,
            returned_at=found + minutes(rng, 0.1, 2) if found else None,
            risk_level=RISKS.draw(rng),
            risk_flags=FLAGS.draw(rng),
            found_how=FOUND_HOW.draw(rng),
            category="away" if away else "missing",
        )

    def _is_away_only(self, resident: Resident, *, lost: bool) -> bool:
        return bool(
            resident.care
            and not lost
            and resident.care.responsible is not SALFORD  # codes everything as missing
            and happens(self._rng, AWAY_ONLY)
        )

    def _singles(self) -> list[GoingMissing]:
        return [going for going in self.goings_missing if going.alone and going.returned_at]

    def _siblings_together(self) -> None:
        """Let some siblings who each went missing once go together instead."""
        by_household: dict[int, list[GoingMissing]] = {}
        for going in self._singles():
            by_household.setdefault(going.resident.child.household, []).append(going)
        together = [group for group in by_household.values() if len(group) > 1]
        for first, *others in together[:SIBLINGS_TOGETHER]:
            first.kinds.add("siblings_together")
            for other in others:
                other.kinds.add("siblings_together")
                other.missing_at = first.missing_at + timedelta(minutes=self._rng.randrange(10))
                other.reported_at = max(first.reported_at, other.missing_at)
                other.found_at, other.returned_at = first.found_at, first.returned_at
                other.category, other.found_how = first.category, first.found_how

    def _in_the_repeated_hour(self) -> None:
        """Move some to the hour that the clocks show twice, so that each half has its own."""
        rng = self._rng
        alone = [going for going in self._singles() if not going.kinds]
        for place, going in enumerate(rng.sample(alone, IN_REPEATED_HOUR)):
            offset = timedelta(minutes=rng.randrange(60), hours=place % 2)
            span = minutes(rng, 3, 20)
            going.missing_at = REPEATED_HOUR[0] + offset
            going.reported_at = going.missing_at + minutes(rng, 0.2, 3)
            going.found_at = going.missing_at + span
            going.returned_at = going.found_at + minutes(rng, 0.1, 2)
            going.category = "missing"
            going.kinds.add("repeated_hour")


def _never_found(resident: Resident, times: int) -> float:
    if not resident.care:
        return NEVER_FOUND_FROM_HOME
    return NEVER_FOUND_ONCE_MISSING if times == 1 else NEVER_FOUND_AGAIN
