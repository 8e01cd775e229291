"""How values are written on a page: times with their zone, codes as words, names for codes."""

from datetime import date, datetime

from flask import Flask

from register.reports.organisations import find_organisation
from register.reports.values import LONDON, Moment
from register.terms import label


def teach_words(app: Flask) -> None:
    """Make the ways of writing known to the templates, as filters."""
    app.jinja_env.filters.update(
        when=when, day=day, words=words, organisation=organisation, moment=moment, sentence=sentence
    )


def when(at: datetime | None) -> str:
    """Write an instant in England's local time, and say which: GMT, or BST in summer."""
    if at is None:
        return "not known"
    local = at.astimezone(LONDON)
    clock = local.strftime("%I:%M%p").lstrip("0").lower()
    return f"{day(local.date())} at {clock} {local.tzname()}"


def day(value: date | None) -> str:
    """Write a date: `2 March 2026`."""
    return f"{value.day} {value:%B %Y}" if value else "not known"


def moment(value: Moment | None) -> str:
    """Write a time, or a day of which no time is known."""
    if value is None:
        return "not known"
    return f"{day(value.day)} (no time given)" if value.day_only else when(value.earliest)


def words(code: str) -> str:
    """Write a code as the words of the trade."""
    return label(code) if code else "not known"


def sentence(text: str) -> str:
    """Begin with a capital letter and leave the rest."""
    return text[:1].upper() + text[1:]


def organisation(code: str) -> str:
    """Write an organisation's name; a code the register does not know stands as it is."""
    if not code:
        return "not known"
    found = find_organisation(code)
    return found.name if found else code
