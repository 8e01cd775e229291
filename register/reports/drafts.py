"""Drafts: what somebody has typed of a report is kept sealed, page by page, until it is sent."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from register.access.policy import Permission, needs
from register.errors import Forbidden, NotFound
from register.reports.models import Draft
from register.reports.statement import Value
from register.secrecy.keys import key_for, key_of
from register.secrecy.values import seal, unseal
from register.work import Work

KEPT = timedelta(days=7)
"""A draft that nobody went on with for so long is thrown away: it holds a child's data."""


class Purpose(StrEnum):
    """What a draft is to become."""

    REPORT = "report"
    CORRECT = "correct"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft holds: what it was filled in with, and what stands in the boxes changed since.

    `source` is the report that it was filled in from, one's own organisation's or another's.
    """

    base: Mapping[str, Value] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    source: int | None = None


@needs(Permission.REPORT_RECEIVE)
def begin_draft(
    work: Work,
    key: str,
    purpose: Purpose,
    content: Content,
    of: tuple[int, int | None] | None = None,
) -> Draft:
    """Begin a draft; `of` is the report that it changes, and the version that counts of it."""
    if work.actor.user_id is None:
        raise Forbidden("Only people write drafts.")
    report_id, version_id = of or (None, None)
    draft = Draft(
        key=key,
        user_id=work.actor.user_id,
        purpose=purpose.value,
        report_id=report_id,
        version_id=version_id,
        begun_at=work.now,
    )
    keep_content(work, draft, content)
    work.session.add(draft)
    work.session.flush()
    return draft


@needs(Permission.REPORT_RECEIVE)
def find_draft(work: Work, key: str) -> Draft | None:
    """Give one's own draft; None where there is none, or it was sent."""
    draft = _lasting(work, key)
    return draft if draft is not None and draft.user_id == work.actor.user_id else None


@needs(Permission.REPORT_RECEIVE)
def get_draft(work: Work, key: str) -> Draft:
    """Give one's own draft; raise NotFound."""
    draft = find_draft(work, key)
    if draft is None:
        raise NotFound("There is no such draft: it was sent, thrown away, or is another person's.")
    return draft


@needs(Permission.REPORT_RECEIVE)
def find_drafts(work: Work) -> list[Draft]:
    """Give one's own drafts, the last one first."""
    own = (Draft.user_id == work.actor.user_id) & (Draft.kept_at >= work.now - KEPT)
    return list(work.session.scalars(select(Draft).where(own).order_by(Draft.kept_at.desc())))


def keep_unseen(work: Work, key: str, owner: int, typed: Mapping[str, str]) -> None:
    """Keep what its owner typed on a page that was sent after their session had idled too long.

    Asked only for a browser that had opened the draft as its owner. Nothing is given back: who
    signs in again finds it.
    """
    draft = _lasting(work, key)
    if draft is not None and draft.user_id == owner:
        content = content_of(work, draft)
        keep_content(work, draft, replace(content, typed={**content.typed, **typed}))


@needs(Permission.REPORT_RECEIVE)
def discard_draft(work: Work, key: str) -> None:
    """Throw a draft away; raise NotFound."""
    work.session.delete(get_draft(work, key))


def forget_drafts(work: Work) -> None:
    """Throw away every draft that nobody went on with for a week."""
    work.session.execute(delete(Draft).where(Draft.kept_at < work.now - KEPT))


def content_of(work: Work, draft: Draft) -> Content:
    """Open what a draft holds."""
    return Content(**json.loads(unseal(key_of(work), ("draft", draft.key), draft.content)))


def keep_content(work: Work, draft: Draft, content: Content) -> None:
    """Seal what a draft holds, in place of what it held."""
    text = json.dumps(asdict(content))
    draft.content = seal(key_for(work), ("draft", draft.key), text)
    draft.kept_at = work.now


def _lasting(work: Work, key: str) -> Draft | None:
    draft = work.session.get(Draft, key)
    return draft if draft is not None and draft.kept_at >= work.now - KEPT else None
