"""Lists as systems read them: to the end, a part at a time, each part behind the last one read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import or_, select

from register.access.policy import Permission, needs
from register.audit.service import record
from register.db import HIGHEST_ID
from register.inspection.mismatches import MismatchRow, Wanted, matching, rows_of
from register.inspection.missing import MissingChild, lines_of
from register.inspection.reviews import ReviewRow, lines_of_reviews, waiting_reviews
from register.linkage.models import Review
from register.mismatches.models import Mismatch
from register.records.models import EpisodeRow
from register.records.sight import within_sight
from register.underneath.roles import see_all
from register.work import Work, stands

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a list, and the number of its last line; None where nothing follows."""

    rows: Sequence[T]
    last: int | None


@needs(Permission.CHILD_READ)
def missing_behind(work: Work, after: int, most: int) -> Part[MissingChild]:
    """Give those missing now within the reader's sight, by the number of their going missing."""
    missing = or_(EpisodeRow.missing_to_police, EpisodeRow.missing_to_authority)
    wanted = stands(work, EpisodeRow) & EpisodeRow.is_open & missing
    wanted &= within_sight(work, EpisodeRow.child) & (EpisodeRow.number > min(after, HIGHEST_ID))
    query = select(EpisodeRow).where(wanted).order_by(EpisodeRow.number).limit(most + 1)
    found = work.session.scalars(query).all()
    rows = found[:most]
    record(work, "list:viewed", "missing now", children=sorted({row.child for row in rows}))
    last = rows[-1].number if len(found) > most else None
    return Part(lines_of(work, rows), last)


@needs(Permission.MISMATCH_READ)
def mismatches_behind(work: Work, wanted: Wanted, after: int, most: int) -> Part[MismatchRow]:
    """Give the mismatches within the reader's sight, by their numbers."""
    sight = within_sight(work, Mismatch.child) & (Mismatch.number > min(after, HIGHEST_ID))
    query = select(Mismatch).where(matching(work, wanted), sight).order_by(Mismatch.number)
    found = rows_of(work, work.session.scalars(query.limit(most + 1)).all())
    rows = found[:most]
    record(work, "list:viewed", "mismatches", children=sorted({row.child for row in rows}))
    return Part(rows, rows[-1].mismatch if len(found) > most else None)


@needs(Permission.REVIEW_READ)
def reviews_behind(work: Work, after: int, most: int) -> Part[ReviewRow]:
    """Give the proposed links that wait for a person, within the reader's sight."""
    see_all(work.session)  # the other child may lie beyond reach
    following = select(Review).where(waiting_reviews(work), Review.id > min(after, HIGHEST_ID))
    found = work.session.scalars(following.order_by(Review.id).limit(most + 1)).all()
    rows = lines_of_reviews(work, found[:most])
    return Part(rows, rows[-1].id if len(found) > most else None)
