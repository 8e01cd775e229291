"""Folding the whole register again, to the same result, or to find out where it is not."""

from sqlalchemy import Engine

from register.audit.service import record
from register.pipeline import Outcome, fold_again
from register.work import OPERATOR, begin_work


class _NotKept(Exception):
    """Leaves a piece of work without keeping it; carries what would have changed."""


def rebuild(engine: Engine, *, keep: bool = True) -> str:
    """Fold everything again; give in words what differed from what stood, blank for nothing.

    Without `keep` nothing is changed: what would be different is found and left.
    """
    try:
        differences = _fold_again(engine, keep=keep)
    except _NotKept as found:
        differences = str(found)
        with begin_work(engine, OPERATOR) as work:
            record(work, "register:checked", differences=differences)
    return differences


def _fold_again(engine: Engine, *, keep: bool) -> str:
    with begin_work(engine, OPERATOR) as work:
        differences = _in_words(fold_again(work))
        if not keep:
            raise _NotKept(differences)
        record(work, "register:rebuilt", differences=differences)
        return differences


def _in_words(outcome: Outcome) -> str:
    regrouped = outcome.regrouped
    counts = {
        "versions that count": outcome.versions_changed,
        "stored keys": regrouped.keys_changed,
        "reports in another child": regrouped.moved,
        "reviews opened": regrouped.reviews_opened,
        "reviews closed": regrouped.reviews_closed,
        "reviews of other children": regrouped.reviews_moved,
        "rows of children, episodes and reach": outcome.rows_changed,
        "mismatches opened": outcome.opened,
        "mismatches closed": outcome.closed,
        "mismatches changed": outcome.changed,
        "outlooks": outcome.outlooks_changed,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)
