"""How values are written on a page: times with their zone, codes as words, names for codes."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Flask

from register.linkage.explanation import WHOM
from register.mismatches.ladder import words_for
from register.reports import values
from register.reports.boxes import came_twice
from register.reports.fields import BY_NAME, Field
from register.reports.organisations import find_organisation
from register.reports.statement import Value
from register.reports.values import Moment, read_moment
from register.terms import LONDON, label

CODED = frozenset({"placement_type"})
"""Fields that take any words, in which most sources send codes."""


def teach_words(app: Flask) -> None:
    """Make the ways of writing known to the templates, as filters."""
    app.jinja_env.filters.update(
        when=when,
        length_of_time=length_of_time,
        ago=ago,
        due=due,
        chance=chance,
        bits=bits,
        reports=reports,
        whom=WHOM.__getitem__,
        day=day,
        moment=moment,
        words=words,
        sentence=sentence,
        organisation=organisation,
        value=value,
        rung=words_for,
        field_label=field_label,
    )
    app.jinja_env.globals.update(came_twice=came_twice)


def when(at: datetime | None) -> str:
    """Write an instant in England's local time, and say which: GMT, or BST in summer."""
    if at is None:
        return "not known"
    local = at.astimezone(LONDON)
    clock = local.strftime("%I:%M%p").lstrip("0").lower()
    return f"{day(local.date())} at {clock} {local.tzname()}"


def length_of_time(length: timedelta) -> str:
    """Write a length of time by its two largest parts: `3 days 4 hours`."""
    minutes = int(length.total_seconds()) // 60
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    told = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(told[:2]) or "less than a minute"


def ago(at: datetime, now: datetime) -> str:
    """Write how long ago something was: in minutes, hours, or days from the third on."""
    minutes = max(0, int((now - at).total_seconds()) // 60)
    hours = minutes // 60
    count, unit = (minutes, "minute") if minutes < 60 else (hours, "hour")  # noqa: PLR2004  # an hour's
    if hours >= 72:  # noqa: PLR2004  # three days' hours
        count, unit = hours // 24, "day"
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def due(at: datetime) -> str:
    """Write a deadline; midnight, which could be either end of a day, as the end of the day."""
    local = at.astimezone(LONDON)
    if local.time() == time.min:
        return f"the end of {day(local.date() - timedelta(days=1))}"
    return when(at)


def chance(probability: float) -> str:
    """Write a probability in hundredths, never as certainty."""
    hundredths = round(probability * 100)
    if not 0 < hundredths < 100:  # noqa: PLR2004  # hundredths
        return "more than 99 in 100" if hundredths else "less than 1 in 100"
    return f"{hundredths} in 100"


def bits(weight: float) -> str:
    """Write a weight with its sign."""
    return (
        f"{weight:+.1f}".replace("-", "\N{MINUS SIGN}")
        .replace("+0.0", "0")
        .replace("\N{MINUS SIGN}0.0", "0")
    )


def reports(count: int) -> str:
    """Write how many reports stand behind what follows, where it is more than one."""
    return f", {count} reports" if count > 1 else ""


def day(at: date | datetime | None) -> str:
    """Write a date, that of England for an instant: `2 March 2026`."""
    if at is None:
        return "not known"
    local = at.astimezone(LONDON) if isinstance(at, datetime) else at
    return f"{local.day} {local:%B %Y}"


def moment(known: Moment | None) -> str:
    """Write a time, or a day of which no time is known."""
    if known is None:
        return "not known"
    return f"{day(known.day)} (no time given)" if known.day_only else when(known.earliest)


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


def field_label(name: str) -> str:
    """Write a field's name as the field table labels it."""
    return BY_NAME[name].label if name in BY_NAME else sentence(words(name))


def value(said: Value | None, field: Field) -> str:
    """Write a value of a field."""
    if not said:
        return "not known"
    texts = [said] if isinstance(said, str) else said
    write = _code if field.name in CODED else _WRITTEN.get(field.parse, _code)
    return ", ".join(write(text) for text in texts)


def _code(code: str) -> str:
    return sentence(label(code))


def _digits(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}"


_WRITTEN: dict[Callable[[str], str], Callable[[str], str]] = {
    values.moment: lambda text: moment(read_moment(text)),
    values.day: lambda text: day(date.fromisoformat(text)),
    values.organisation: organisation,
    values.authority: organisation,
    values.force: organisation,
    values.nhs_number: _digits,
    values.words: str,
    values.reference: str,
    values.upn: str,
    values.postcode: str,
    values.whole_number: str,
}
"""By the parser that the field table names; what has none here is a code."""
