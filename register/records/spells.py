"""Spells and episodes: what the floors above know of a child's goings-missing.

A *spell* is one organisation's account of one going missing; an *episode* is the register's: the
spells of all organisations that speak of the same one (`episodes.py` decides which).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from register.reports.statement import Statement
from register.reports.values import Moment
from register.terms import Category, Sector, Status


@dataclass(frozen=True)  # without slots: what the rules ask again and again is worked out once
class Spell:
    """One organisation's account of one going missing: one report, or two rows of an authority.

    Those are its *missing* row and the *away* row that follows it on adjoining days (domain 7.1,
    3), in that order.
    """

    statements: tuple[Statement, ...]

    @cached_property
    def organisation(self) -> str:
        """The organisation whose account this is."""
        return self.statements[0].organisation

    @cached_property
    def sector(self) -> Sector:
        """Police or authority."""
        return self.statements[0].sector

    @cached_property
    def last(self) -> Statement:
        """The report that tells how the spell stands now."""
        return self.statements[-1]

    @cached_property
    def start(self) -> Moment:
        """When the child was last seen or left: `missing_at`, which every report must carry."""
        start = self.statements[0].moment("missing_at")
        assert start is not None, "a going missing without missing_at is rejected on receipt"  # noqa: S101  # an invariant, not input
        return start

    @cached_property
    def category(self) -> Category:
        """Missing if any of its reports says so."""
        texts = {statement.text("category") for statement in self.statements}
        return Category.MISSING if Category.MISSING in texts else Category.AWAY

    @cached_property
    def is_missing(self) -> bool:
        """Whereabouts are not known now, this organisation says."""
        return self.last.text("status") == Status.OPEN and self.last.text("category") == "missing"

    @cached_property
    def is_away(self) -> bool:
        """Whereabouts are known but the child has not returned, this organisation says."""
        status = self.last.text("status")
        away = status == Status.OPEN and self.last.text("category") == Category.AWAY
        return away or status == Status.LOCATED

    @cached_property
    def is_open(self) -> bool:
        """Missing or away now, this organisation says."""
        return self.is_missing or self.is_away

    @cached_property
    def missing_until(self) -> Moment | None:
        """When *missing* ended: whereabouts known; else returned, else closed. None: not known."""
        first = self.statements[0]
        if first is not self.last and first.text("category") == Category.MISSING:
            ended = _first_of(first, "found_at", "returned_at", "closed_at")
            return ended or self.last.moment("missing_at")
        return (
            None
            if self.is_missing
            else _first_of(self.last, "found_at", "returned_at", "closed_at")
        )

    @cached_property
    def end(self) -> Moment | None:
        """When the child was back; else found, else closed. None: still open, or not known."""
        return (
            None if self.is_open else _first_of(self.last, "returned_at", "found_at", "closed_at")
        )

    @cached_property
    def returned(self) -> Moment | None:
        """When the child came back to home or placement, the start of the interview's clock.

        `returned_at`; else `found_at` of a closed report that gives no other reason than return
        (`deceased`, `turned_18`, `left_care`, `abroad` never start one: domain 7.1, 3).
        """
        if self.is_open or self.last.text("closed_reason") not in {"", "returned", "located"}:
            return None
        return _first_of(self.last, "returned_at", "found_at")


@dataclass(frozen=True)  # as above
class Episode:
    """One going missing of one child. `number` is the least report id among its spells."""

    spells: tuple[Spell, ...]

    @cached_property
    def number(self) -> int:
        """The register number, from the earliest report."""
        return min(statement.report_id for statement in self.statements())

    def statements(self) -> Iterator[Statement]:
        """Give every report of the episode."""
        for spell in self.spells:
            yield from spell.statements

    def of(self, sector: Sector) -> tuple[Spell, ...]:
        """Give one side's spells, earliest first."""
        return self._by_side.get(sector, ())

    @cached_property
    def _by_side(self) -> dict[Sector, tuple[Spell, ...]]:
        sides = {spell.sector for spell in self.spells}
        return {side: tuple(s for s in self.spells if s.sector is side) for side in sides}

    def is_missing_to(self, sector: Sector) -> bool:
        """Tell whether this side says that whereabouts are not known now."""
        return any(spell.is_missing for spell in self.of(sector))

    @cached_property
    def is_open(self) -> bool:
        """Missing or away to either side."""
        return any(spell.is_open for spell in self.spells)

    @cached_property
    def is_missing(self) -> bool:
        """Missing now to either side (domain 7.1, 4)."""
        return any(spell.is_missing for spell in self.spells)

    @cached_property
    def start(self) -> Moment:
        """The earliest account of when it began."""
        return min((spell.start for spell in self.spells), key=lambda start: start.earliest)


def _first_of(statement: Statement, *fields: str) -> Moment | None:
    for field in fields:
        if (found := statement.moment(field)) is not None:
            return found
    return None
