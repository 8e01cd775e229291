"""Figures of all England: found beside the page that asks for them, and kept for a while.

They go through every going missing of the period, which takes seconds of a large register: nobody
waits for them at a page, and whoever asks next is shown what was found, with the time of it.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from register.access.policy import Permission, needs
from register.errors import RegisterError
from register.inspection.feeds import faults_during
from register.inspection.figure import Figure
from register.inspection.figures import About, Figures, find_figures, scope_for, tell_figures
from register.inspection.scope import Scope
from register.terms import Role
from register.work import Actor, Work, begin_work

LASTS = timedelta(hours=1)
"""How old figures may be before they are found anew; those of before are shown meanwhile."""
MOST = 50
"""Figures that are kept, and that are looked for, at most: each of a period and of one matter."""
_ANYBODY = Actor("figures", Role.NOBODY)
"""Nobody whom a seal lets see more than another."""


@dataclass(frozen=True, slots=True)
class _Asked:
    scope: Scope
    about: About
    as_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """Figures, the time as at which they hold, and when they were found.

    Those of an earlier time are found anew too: whom a seal hides today it hides of then.
    """

    figures: tuple[Figure, ...]
    moment: datetime
    at: datetime


class England:
    """What one process found of England's figures, and what it is looking for, one at a time."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime], patience: timedelta = timedelta()
    ) -> None:
        """Keep nothing yet; `patience` is how long whoever asks waits for what nobody has found."""
        self._engine, self._clock, self._wait = engine, clock, patience.total_seconds()
        self._pool = ThreadPoolExecutor(1, "figures of England")
        self._kept: dict[_Asked, Found] = {}
        self._sought: dict[_Asked, Future[Found]] = {}

    def ask(self, scope: Scope, about: About, as_at: datetime | None) -> Found | None:
        """Give what was found, and have it found anew where it is old; None: not found yet.

        What is found while one waits is not kept: it is as quickly found again. Raises what went
        wrong in finding it, RegisterError where too much is looked for.
        """
        self._keep_found()
        asked = _Asked(scope, about, as_at)
        kept = self._kept.get(asked)
        is_old = kept is None or self._clock() - kept.at >= LASTS
        sought = self._sought.get(asked)
        if is_old and sought is None:
            if len(self._sought) >= MOST:
                raise RegisterError("Too many figures of England are asked for. Try again later.")
            # Of two who ask in the same instant each may have it looked for: it is found twice.
            sought = self._sought[asked] = self._pool.submit(self._find, asked)
        if sought is not None and not kept:
            wait([sought], self._wait)
        if sought is not None and sought.done():
            self._sought.pop(asked, None)
            return sought.result()
        return kept

    def _keep_found(self) -> None:
        for asked, sought in [*self._sought.items()]:
            if sought.done() and not sought.exception():
                self._sought.pop(asked, None)
                self._kept.pop(asked, None)
                self._kept[asked] = sought.result()
        for asked in [*self._kept][:-MOST]:
            self._kept.pop(asked, None)

    def _find(self, asked: _Asked) -> Found:
        with begin_work(
            self._engine, _ANYBODY, clock=self._clock, writes=False, as_at=asked.as_at
        ) as work:
            return Found(find_figures(work, asked.scope, [asked.about]), work.moment, work.now)


@needs(Permission.FIGURES_READ)
def read_england(work: Work, england: England, scope: Scope, about: About) -> Figures | None:
    """Give figures of all England as they were found; None where they are being looked for."""
    scope = scope_for(work, scope)
    found = england.ask(scope, about, work.as_at)
    if found is None:
        return None
    faults = faults_during(work, scope)
    return tell_figures(work, Figures(scope, found.moment, found.figures, faults))
