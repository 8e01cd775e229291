"""Folding the whole register again, to the same result, or to find out where it is not."""

from sqlalchemy import Engine

from register.audit.service import record
from register.pipeline import Outcome, fold_again
from register.work import OPERATOR, begin_work


class _NotKept(Exception):
    """Leaves a piece of work without keeping it."""


def rebuild(engine: Engine, *, keep: bool = True) -> str:
    """Fold everything again; give in words what differed from what stood, blank for nothing.

    Without `keep` nothing is changed: what would be different is found and left.
    """
    outcome = Outcome()
    try:
        with begin_work(engine, OPERATOR) as work:
            outcome = fold_again(work)
            if not keep:
                raise _NotKept
            record(work, "register:rebuilt", differences=_in_words(outcome))
    except _NotKept:
        pass
    return _in_words(outcome)


def _in_words(outcome: Outcome) -> str:
    regrouped = outcome.regrouped
    counts = {
        "stored keys": regrouped.keys_changed,
        "reports in another child": regrouped.moved,
        "reviews opened": regrouped.reviews_opened,
        "reviews closed": regrouped.reviews_closed,
        "rows of children and episodes": outcome.rows_changed,
        "mismatches opened": outcome.opened,
        "mismatches closed": outcome.closed,
        "mismatches changed": outcome.changed,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)
