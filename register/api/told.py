"""What the register knows, as plain values for the wire."""

from datetime import UTC, datetime

from register.inspection.feeds import OwnFeed
from register.inspection.made_of import Made
from register.inspection.mismatches import Held, MismatchRow
from register.inspection.missing import Account, MissingChild
from register.inspection.news import News
from register.inspection.one_mismatch import MismatchPage
from register.inspection.reviews import ReviewPage, ReviewRow
from register.numbers import episode_number
from register.reports.fields import APART_FIELDS
from register.reports.values import Moment

Told = dict[str, object]


def told_report(made: Made, received: str, *, stands: bool, marks: dict[str, str]) -> Told:
    """Tell what became of a report; `marks` are the sentences on what was sent."""
    return {
        "organisation": made.statement.organisation,
        "reference": made.statement.reference,
        "received": received,
        "stands": stands,
        "child": made.child,
        "episode": made.episode or None,
        "decision": made.decision,
        "reviews": list(made.reviews),
        "mismatches": [told_mismatch(each) for each in made.mismatches],
        "warnings": [{"pointer": f"/{name}", "detail": why} for name, why in marks.items()],
    }


def told_held(made: Made) -> Told:
    """Tell a report as it stands, values that cannot be used as they were sent.

    What is shown to people one at a time alone is shown to no system.
    """
    statement = made.statement
    said = {**statement.doubtful, **statement.values}
    held = told_report(made, "held", stands=True, marks=statement.marks)
    return held | {
        "report": {name: value for name, value in said.items() if name not in APART_FIELDS},
        "updated_at": time(statement.updated_at),
    }


def told_mismatch(row: MismatchRow) -> Told:
    """Tell one mismatch."""
    return {
        "number": row.mismatch,
        "child": row.number,
        "episode": None if row.episode is None else episode_number(row.episode),
        "rule": row.rule.code,
        "title": row.rule.title,
        "field": row.field.name if row.field else None,
        "severity": row.severity.value,
        "state": row.state.value,
        "owner": row.owner,
        "counterpart": row.counterpart,
        "sector": row.sector.value,
        "police": [_held(each) for each in row.police],
        "authority": [_held(each) for each in row.authority],
        "opened_at": time(row.opened_at),
        "due_at": time(row.due_at),
        "closed_at": time(row.closed_at),
        "seen": row.id,
    }


def told_mismatch_whole(page: MismatchPage) -> Told:
    """Tell one mismatch, with what may be answered and what happened to it."""
    return told_mismatch(page.row) | {
        "answers": [each.value for each in page.answers],
        "history": [
            {
                "at": time(each.at),
                "what": each.what,
                "organisation": each.organisation,
                "words": each.words,
            }
            for each in page.history
        ],
    }


def told_missing(line: MissingChild) -> Told:
    """Tell one child missing now."""
    return {
        "child": line.number,
        "name": line.person.name,
        "name_is_disputed": line.person.name_is_disputed,
        "age": line.person.age,
        "risk": line.risk,
        "responsible": line.responsible,
        "police": [_account(each) for each in line.police],
        "authority": [_account(each) for each in line.authority],
        "mismatches": [each.mismatch for each in line.mismatches],
    }


def told_review(row: ReviewRow) -> Told:
    """Tell one proposed link."""
    sides = zip((row.one, row.other), row.persons, strict=True)
    one, other = (
        {
            "organisation": statement.organisation,
            "reference": statement.reference,
            "name": person.name,
            "age": person.age,
        }
        for statement, person in sides
    )
    return {"number": row.id, "probability": row.probability, "one": one, "other": other}


def told_review_whole(page: ReviewPage) -> Told:
    """Tell one proposed link with all that is held against each other."""
    return {
        "number": page.id,
        "probability": page.probability,
        "reasons": list(page.reasons),
        "children": list(page.numbers),
        "fields_compared": [
            {
                "field": each.field.name,
                "one": list(each.one.values),
                "other": list(each.other.values),
                "outcome": each.outcome.value,
            }
            for each in page.fields
        ],
        "is_open": page.is_open,
        "seen": page.seen,
    }


def told_news(news: News) -> Told:
    """Tell one change."""
    return {
        "change": news.number,
        "kind": news.kind,
        "child": news.child or None,
        "at": time(news.at),
        "gone": news.is_gone,
        "mismatches": [{"number": each.number, "what": each.what} for each in news.mismatches],
        "faults": [{"rule": each.rule, "what": each.what} for each in news.faults],
    }


def told_feed(feed: OwnFeed) -> Told:
    """Tell a sender's own feed, and what stands amiss with it."""
    return {
        "organisation": feed.organisation,
        "agreed_since": time(feed.agreed_since),
        "every": feed.every or None,
        "heard_at": time(feed.heard_at),
        "silent_from": time(feed.silent_from),
        "percent_rejected": feed.percent_rejected,
        "faults": [
            {
                "rule": each.rule,
                "title": each.title,
                "severity": each.severity.value,
                "detail": each.detail,
                "opened_at": time(each.opened_at),
                "due_at": time(each.due_at),
                "overdue": each.is_overdue,
            }
            for each in feed.faults
        ],
    }


def moment(at: Moment | None) -> str | None:
    """Write a time, or the day where no time is known."""
    if at is None:
        return None
    return at.day.isoformat() if at.day_only else time(at.earliest)


def _account(account: Account) -> Told:
    return {
        "organisation": account.organisation,
        "since": moment(account.since),
        "until": moment(account.until),
        "is_open": account.is_open,
        "is_missing": account.is_missing,
    }


def time(at: datetime | None) -> str | None:
    """Write a time in UTC with its offset."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _held(held: Held) -> Told:
    return {
        "organisation": held.organisation,
        "value": held.value,
        "protected": held.is_hidden,
    }
