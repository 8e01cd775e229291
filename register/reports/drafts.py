"""Drafts: what somebody has typed of a report is kept, page by page, until it is sent."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from register.access.policy import Permission, needs
from register.errors import Forbidden, NotFound
from register.reports.models import Draft
from register.reports.statement import Value
from register.work import Work

KEPT = timedelta(days=7)
"""A draft that nobody went on with for so long is thrown away: it holds a child's data."""


class Purpose(StrEnum):
    """What a draft is to become."""

    REPORT = "report"
    CORRECT = "correct"
    CLOSE = "close"


@needs(Permission.REPORT_RECEIVE)
def begin_draft(
    work: Work,
    key: str,
    purpose: Purpose,
    base: Mapping[str, Value],
    of: tuple[int, int | None] | None = None,
) -> Draft:
    """Begin a draft with the values that it is filled in with; `of` is a report and its version."""
    if work.actor.user_id is None:
        raise Forbidden("Only people write drafts.")
    work.session.execute(delete(Draft).where(Draft.kept_at < work.now - KEPT))
    report_id, version_id = of or (None, None)
    draft = Draft(
        key=key,
        user_id=work.actor.user_id,
        purpose=purpose.value,
        report_id=report_id,
        version_id=version_id,
        base=dict(base),
        typed={},
        begun_at=work.now,
        kept_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    return draft


@needs(Permission.REPORT_RECEIVE)
def find_draft(work: Work, key: str) -> Draft | None:
    """Give one's own draft; None where there is none, or it was sent."""
    draft = work.session.get(Draft, key)
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
    own = select(Draft).where(Draft.user_id == work.actor.user_id)
    return list(work.session.scalars(own.order_by(Draft.kept_at.desc(), Draft.key)))


@needs(Permission.REPORT_RECEIVE)
def keep_draft(work: Work, key: str, typed: Mapping[str, str]) -> Draft:
    """Keep what was typed on a page."""
    draft = get_draft(work, key)
    _keep(work, draft, typed)
    return draft


def keep_unseen(work: Work, key: str, typed: Mapping[str, str]) -> None:
    """Keep what was typed on a page that was sent after its session had ended.

    Asked only for a browser that had opened the draft as its owner. Nothing is given back: who
    signs in again finds it.
    """
    draft = work.session.get(Draft, key)
    if draft is not None:
        _keep(work, draft, typed)


@needs(Permission.REPORT_RECEIVE)
def discard_draft(work: Work, key: str) -> None:
    """Throw a draft away; raise NotFound."""
    work.session.delete(get_draft(work, key))


def _keep(work: Work, draft: Draft, typed: Mapping[str, str]) -> None:
    draft.typed = {**draft.typed, **typed}
    draft.kept_at = work.now
    work.session.flush()
