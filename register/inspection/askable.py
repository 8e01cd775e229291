"""Of which reports a reader may ask to be shown a protected value, and what bars all of them."""

from collections.abc import Callable

from register.access.policy import Permission, is_allowed, may_read_protected
from register.records.refuge import marks_refuge
from register.records.service import Folded
from register.reports.protected import protected_values
from register.reports.statement import Statement
from register.work import Work


def _names_refuge(work: Work, folded: Folded) -> bool:
    """Tell whether any report on the child speaks of a refuge, whoever sent it."""
    told = protected_values(work, [each.report_id for each in folded.statements])
    return marks_refuge(text for values in told.values() for text in values.values())


Bar = Callable[[Work, Folded], bool]
BARS: tuple[Bar, ...] = (_names_refuge,)
"""What keeps everything that the other side sent from being shown, whoever asks."""


def reports_to_ask(work: Work, folded: Folded) -> frozenset[int]:
    """Give the reports on a child of which the reader may ask to be shown a protected value."""
    if not is_allowed(work.actor, Permission.PLACE_REVEAL) or work.as_at is not None:
        return frozenset()
    own = {each.report_id for each in folded.statements if is_own(work, each)}
    others = {each.report_id for each in folded.statements} - own
    if others and _seeks(work, folded) and not any(bar(work, folded) for bar in BARS):
        return frozenset(own | others)
    return frozenset(own)


def is_own(work: Work, said: Statement) -> bool:
    """Tell whether the reader's own organisation sent it."""
    return may_read_protected(work.actor, said.organisation)


def _seeks(work: Work, folded: Folded) -> bool:
    """Tell whether the child is missing now, and to the reader's organisation too it is open."""
    return any(
        episode.is_missing
        and any(s.is_open and s.organisation == work.actor.organisation for s in episode.spells)
        for episode in folded.episodes
    )
