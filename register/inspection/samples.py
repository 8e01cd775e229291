"""Samples of children by stratum, drawn by a seed, and kept: who drew, when, as at what time."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from register.access.policy import Permission, needs, sight_of
from register.access.reach import inspected_by
from register.audit.service import Entry, record, record_many
from register.db import HIGHEST_ID
from register.errors import Invalid, NotFound
from register.inspection.drawing import draw
from register.inspection.gone import concerning
from register.inspection.inspections import give_sampled
from register.inspection.measures import MEASURES
from register.inspection.models import Sample
from register.inspection.scope import Scope, goings, seen_in
from register.mismatches.models import Mismatch
from register.mismatches.standing import waiting
from register.numbers import child_number, read_number
from register.pipeline import take_turn
from register.records.models import EpisodeRow
from register.work import Work

STRATA = {
    "repeat": "Went missing repeatedly",
    "out-of-area": "Placed out of area",
    "unaccompanied": "Unaccompanied child",
    "over-72-hours": "Missing or away for over 72 hours",
    "mismatched": "With an open mismatch",
    "all": "Any child who went missing",
}
"""The strata, by the measure that tells who belongs to one; `mismatched` has its own."""
MOST = 50
"""So many children of one stratum at most: a sample is read child by child."""
SEED_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a sample: register numbers, in the order in which they were drawn."""

    name: str
    title: str
    wanted: int
    frame: int
    """How many children belong to it."""
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """One sample, as it was drawn."""

    number: int
    seed: str
    scope: Scope
    as_at: datetime
    strata: tuple[Stratum, ...]
    actor: str
    drawn_at: datetime

    @property
    def children(self) -> tuple[str, ...]:
        """Every child that was drawn, once, by number."""
        return tuple(sorted({child for each in self.strata for child in each.drawn}))


@needs(Permission.SAMPLE_DRAW)
def draw_sample(
    work: Work, scope: Scope, wanted: Mapping[str, int], seed: str = "", at: datetime | None = None
) -> int:
    """Draw and keep a sample, as the register is known now or was at a time; give its number.

    Without a seed one is made. Raises Invalid for what cannot be drawn.
    """
    _check(wanted, seed)
    seed = seed or secrets.token_hex(8)
    if at is None:
        # Or what is being written by somebody else now could still come in as known before.
        take_turn(work)
    known = replace(work, as_at=at or work.now)
    found = [_stratum(known, scope, seed, name, count) for name, count in wanted.items() if count]
    sample = Sample(
        seed=seed,
        organisation=scope.organisation,
        starts_on=scope.first,
        ends_on=scope.last,
        as_at=known.moment,
        strata=[[each.name, each.wanted, each.frame, list(each.drawn)] for each in found],
        actor=work.actor.name,
        drawn_at=work.now,
    )
    work.session.add(sample)
    work.session.flush()
    children = sorted({number for each in found for number in each.drawn})
    told = {"seed": seed, "as_at": known.moment.isoformat(), **scope.told()}
    drawn = [read_number(each)[1] for each in children]
    record_many(work, [Entry("inspection:viewed", f"sample {sample.id}", told, drawn)])
    give_sampled(work, drawn, f"Drawn by lot: sample {sample.id}")
    return sample.id


@needs(Permission.SAMPLE_DRAW)
def find_sample(work: Work, number: int) -> DrawnSample:
    """Give a sample by its number; raise NotFound."""
    query = select(Sample).where(Sample.id == number, _is_ones_own(work))
    sample = work.session.scalar(query) if 0 < number <= HIGHEST_ID else None
    if sample is None:
        raise NotFound("There is no such sample, or none that you may see.")
    found = _drawn(sample)
    children = [read_number(each)[1] for each in found.children]
    record(work, "inspection:viewed", f"sample {number}", children=children)
    return found


@needs(Permission.SAMPLE_DRAW)
def list_samples(work: Work, most: int = 50) -> Sequence[DrawnSample]:
    """Give the last samples that the reader may see, the newest first."""
    own = select(Sample).where(_is_ones_own(work))
    rows = work.session.scalars(own.order_by(Sample.id.desc()).limit(most))
    return [_drawn(each) for each in rows]


def _is_ones_own(work: Work) -> ColumnElement[bool]:
    """Give the condition that the reader drew a sample, or inspects whose children it is of.

    It tells which children something is amiss with, to be drawn from them.
    """
    if sight_of(work.actor).everything:
        return true()
    inspected = Sample.organisation.in_(inspected_by(work.actor.name))
    return (Sample.actor == work.actor.name) | inspected


def _check(wanted: Mapping[str, int], seed: str) -> None:
    problems = {
        name: f"Give a number from 0 to {MOST}"
        for name, count in wanted.items()
        if name not in STRATA or not 0 <= count <= MOST
    }
    if not any(wanted.values()):
        problems.setdefault("all", "Ask for at least one child")
    if len(seed) > SEED_LENGTH or not seed.isprintable():
        problems["seed"] = f"A seed has at most {SEED_LENGTH} letters and figures"
    if problems:
        raise Invalid(problems)


def frame_of(work: Work, scope: Scope, stratum: str) -> list[str]:
    """Give the register numbers of all children of a stratum, in order."""
    told = goings(work, scope) & seen_in(work, scope, EpisodeRow.child)
    children = select(EpisodeRow.child).where(told, _belongs(work, scope, stratum)).distinct()
    return sorted(child_number(child) for child in work.session.scalars(children))


def _belongs(work: Work, scope: Scope, stratum: str) -> ColumnElement[bool]:
    if stratum != "mismatched":
        return MEASURES[stratum].condition(work, scope)
    open_ones = select(Mismatch.child).where(waiting(work), concerning(work, scope))
    return EpisodeRow.child.in_(open_ones)


def _stratum(work: Work, scope: Scope, seed: str, name: str, count: int) -> Stratum:
    frame = frame_of(work, scope, name)
    return Stratum(name, STRATA[name], count, len(frame), tuple(draw(seed, name, frame, count)))


def _drawn(sample: Sample) -> DrawnSample:
    return DrawnSample(
        number=sample.id,
        seed=sample.seed,
        scope=Scope(sample.organisation, sample.starts_on, sample.ends_on),
        as_at=sample.as_at,
        strata=tuple(
            Stratum(name, STRATA[name], wanted, frame, tuple(drawn))
            for name, wanted, frame, drawn in sample.strata
        ),
        actor=sample.actor,
        drawn_at=sample.drawn_at,
    )
