"""Periods of care, put together from the episodes of an SSDA903 return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_GOES_ON = "X1"
"""`REC` of an episode behind which the next one follows at once."""
_STARTS_CARE = "S"
_LEGAL_STATUS_ONLY = "L"
"""`RNE` of an episode that begins in the placement in which the last one ended."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of `episodes.csv`: a placement under a legal status, from one day to another.

    `unread_end` is an end that was given and is no day.
    """

    line: int
    began: date
    ended: date | None
    unread_end: str = ""
    rne: str = ""
    legal_status: str = ""
    placement: str = ""
    rec: str = ""
    home_postcode: str = ""
    placement_postcode: str = ""
    urn: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether the child was in it on a day; its last day counts."""
        return self.began <= day and (self.ended is None or day <= self.ended)


@dataclass(frozen=True, slots=True)
class CarePeriod:
    """A time of being looked after without a break: one episode behind the other."""

    episodes: tuple[Episode, ...]

    @property
    def began(self) -> date:
        """The first day that the return knows of."""
        return self.episodes[0].began

    @property
    def start_is_known(self) -> bool:
        """Whether care began with the first episode here, and not in an earlier year's return."""
        return self.episodes[0].rne == _STARTS_CARE

    @property
    def ended(self) -> date | None:
        """The day on which the child ceased to be looked after; None while care goes on."""
        last = self.episodes[-1]
        return None if last.rec == _GOES_ON else last.ended

    def holds(self, day: date) -> bool:
        """Tell whether the child was looked after on a day."""
        return self.began <= day and (self.ended is None or day <= self.ended)

    def episode_on(self, day: date) -> Episode | None:
        """Give the episode of a day; on a day of change the one that began."""
        return next((each for each in reversed(self.episodes) if each.holds(day)), None)

    def placement_began(self, episode: Episode) -> date:
        """Give the first day of an episode's placement: a new legal status alone begins none."""
        place = self.episodes.index(episode)
        while place and self.episodes[place].rne == _LEGAL_STATUS_ONLY:
            place -= 1
        return self.episodes[place].began

    def placement_ended(self, episode: Episode) -> date | None:
        """Give the day on which an episode's placement ended while care went on."""
        following = self.episodes[self.episodes.index(episode) + 1 :]
        changed = next((each for each in following if each.rne != _LEGAL_STATUS_ONLY), None)
        return changed.began if changed else None


def find_periods(episodes: Sequence[Episode]) -> list[CarePeriod]:
    """Join a child's episodes into periods of care, in order."""
    periods: list[list[Episode]] = []
    for episode in sorted(episodes, key=lambda each: (each.began, each.ended or date.max)):
        if periods and not _starts_anew(periods[-1][-1], episode):
            periods[-1].append(episode)
        else:
            periods.append([episode])
    return [CarePeriod(tuple(period)) for period in periods]


def period_on(periods: Sequence[CarePeriod], day: date) -> CarePeriod | None:
    """Give the period of care of a day, None if the child was not looked after."""
    return next((each for each in reversed(periods) if each.holds(day)), None)


def _starts_anew(last: Episode, episode: Episode) -> bool:
    ceased = last.ended is not None and last.rec not in {_GOES_ON, ""}
    return ceased or episode.rne == _STARTS_CARE
