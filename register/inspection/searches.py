"""Quick checks that found nobody: whoever made one is told when a report that fits comes later.

What was typed is kept sealed, for its own person alone, and no longer than it is of use.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select

from register.access.policy import Permission, is_allowed, needs
from register.db import HIGHEST_ID
from register.errors import NotFound
from register.inspection.models import Search
from register.inspection.seeking import Sought, that_find
from register.secrecy.keys import key_for, key_of
from register.secrecy.values import seal, unseal
from register.underneath.roles import see_all
from register.work import Work

KEPT = timedelta(days=28)
"""How long somebody is told of a report that comes later."""
MOST_KEPT = 20
"""Of one person's; the oldest one goes for a newer one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A search that found nobody when it was made; `is_found` where it finds somebody now."""

    id: int
    made_at: datetime
    until: datetime
    purpose: str
    sought: Sought
    is_found: bool = False


def keep_search(work: Work, sought: Sought, purpose: str) -> None:
    """Keep a search that found nobody, as the last thing of this work; a system's is not kept."""
    if work.actor.user_id is not None:
        work.before_commit.append(lambda work: _keep(work, sought, purpose))


@needs(Permission.CHILD_CHECK)
def kept_searches(work: Work) -> list[Kept]:
    """Give one's own searches that found nobody, the last first, and whether they find now."""
    rows = _own(work)
    if not rows:
        return []
    see_all(work.session)  # whoever's child it is by now
    searches = [_opened(work, row) for row in rows]
    found = that_find(work, [each.sought for each in searches])
    return [
        Kept(each.id, each.made_at, each.until, each.purpose, each.sought, is_found=now)
        for each, now in zip(searches, found, strict=True)
    ]


def found_since(work: Work) -> list[Kept]:
    """Give one's own searches that found nobody once and find somebody now."""
    if not is_allowed(work.actor, Permission.CHILD_CHECK):
        return []
    return [each for each in kept_searches(work) if each.is_found]


@needs(Permission.CHILD_CHECK)
def kept_search(work: Work, number: int) -> Kept:
    """Give one's own search; raise NotFound."""
    return _opened(work, _one(work, number))


@needs(Permission.CHILD_CHECK)
def forget_search(work: Work, number: int) -> None:
    """Forget one's own search: it was made anew, or is wanted no more; raise NotFound."""
    work.session.delete(_one(work, number))


def forget_searches(work: Work) -> None:
    """Forget every search whose time is over."""
    work.session.execute(delete(Search).where(Search.made_at < work.now - KEPT))


def _one(work: Work, number: int) -> Search:
    row = next((each for each in _own(work) if each.id == min(number, HIGHEST_ID)), None)
    if row is None:
        raise NotFound("There is no such search: it is over, or was looked at already.")
    return row


def _own(work: Work) -> Sequence[Search]:
    query = select(Search).where(_lasts(work)).order_by(Search.made_at.desc()).limit(MOST_KEPT)
    return work.session.scalars(query).all()


def _lasts(work: Work) -> ColumnElement[bool]:
    return (Search.user_id == work.actor.user_id) & (Search.made_at >= work.now - KEPT)


def _keep(work: Work, sought: Sought, purpose: str) -> None:
    see_all(work.session)  # the key may have to be made
    rows = _own(work)
    same = [row for row in rows if _opened(work, row).sought == sought]
    for row in [*same, *rows[MOST_KEPT - 1 :]]:
        work.session.delete(row)
    text = json.dumps(asdict(sought), default=date.isoformat)
    place = _place(work.actor.user_id, work.now)
    content = seal(key_for(work), place, text)
    work.session.add(
        Search(user_id=work.actor.user_id, purpose=purpose, content=content, made_at=work.now)
    )
    work.session.flush()


def _opened(work: Work, row: Search) -> Kept:
    said = json.loads(unseal(key_of(work), _place(row.user_id, row.made_at), row.content))
    born = date.fromisoformat(said["born"]) if said["born"] else None
    sought = Sought(**{**said, "born": born})
    return Kept(row.id, row.made_at, row.made_at + KEPT, row.purpose, sought)


def _place(user: int | None, at: datetime) -> tuple[str, ...]:
    return "search", str(user), at.isoformat()
