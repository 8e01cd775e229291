"""What a single value may look like: one parser a kind, text in, normal text out.

Each parser takes the text as sent (trimmed, not empty) and gives back its normal form, or raises
`ValueError` with a sentence. The normal forms are JSON: text, or a list of texts.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from register.reports.organisations import find_organisation
from register.terms import LONDON, Sector

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN_UNKNOWN = frozenset({"UN1", "UN2", "UN3", "UN4", "UN5"})
TEXT_LENGTH = 400
YEARS = range(1900, 2101)
"""A year outside these is a slip of the pen, or a placeholder such as 9999-12-31."""
REFERENCE_LENGTH = 64
VALUE_LENGTH = 65_536
"""The longest value that is kept; a longer one refuses its report rather than lose its tail."""
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, or a day of which no time is known.

    `earliest` and `latest` are aware UTC times: the same for a time; for a day, local midnight
    (Europe/London) and the next.
    """

    earliest: datetime
    latest: datetime
    day_only: bool

    @property
    def day(self) -> date:
        """The local date, the only thing an authority's day can be compared with."""
        return self.earliest.astimezone(LONDON).date()

    @property
    def clock_start(self) -> datetime:
        """When a clock of hours may start: a bare day starts none before it ends (7.1, 5)."""
        return self.latest

    def is_before(self, other: "Moment") -> bool:
        """Tell whether this certainly lies before: on the day where that is all that is known."""
        if self.day_only or other.day_only:
            return self.day < other.day
        return self.earliest < other.earliest

    def is_near(self, other: "Moment", time: timedelta, days: int) -> bool:
        """Tell whether the two lie no further apart than allowed: by the clock, or by the day."""
        if self.day_only or other.day_only:
            return abs(self.day - other.day) <= timedelta(days)
        return abs(self.earliest - other.earliest) <= time


def district_of(postcode: str) -> str:
    """Give the district of a postcode in its normal form: what stands before the blank."""
    return postcode.partition(" ")[0]


def midnight(day: date) -> datetime:
    """Give the instant at which a day begins in London, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def age_on(birth: date, day: date) -> int:
    """Give whole years; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


@lru_cache(maxsize=65536)
def read_moment(text: str) -> Moment:
    """Read the normal form of a moment: an ISO day, or an ISO time with its offset."""
    if _ISO_DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return Moment(midnight(day), midnight(day + timedelta(days=1)), day_only=True)
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        message = "has no offset from UTC; write for example 2026-03-02T22:40:00+00:00"
        raise ValueError(message)
    at = at.astimezone(UTC)
    return Moment(at, at, day_only=False)


def moment(text: str) -> str:
    """Normalise a moment; the offset as sent is kept."""
    try:
        read_moment(text)
        value = text if _ISO_DAY.fullmatch(text) else datetime.fromisoformat(text).isoformat()
        _check_year(value)
    except (ValueError, OverflowError) as error:
        if "offset" in str(error):
            raise
        message = (
            "is neither a time with its offset, like 2026-03-02T22:40:00+00:00, "
            "nor a day (2026-03-02)"
        )
        raise ValueError(message) from error
    return value


def day(text: str) -> str:
    """Normalise a day, `YYYY-MM-DD`."""
    try:
        value = date.fromisoformat(text).isoformat()
        _check_year(value)
    except ValueError as error:
        message = "is not a date written as 2012-05-31"
        raise ValueError(message) from error
    if value != text:
        message = "is not a date written as 2012-05-31"
        raise ValueError(message)
    return value


def _check_year(iso: str) -> None:
    if int(iso[:4]) not in YEARS:
        message = "lies outside the years that the register can keep"
        raise ValueError(message)


def words(text: str) -> str:
    """Normalise free text: composed characters, single spaces, at most 400 characters."""
    if any(character in _BIDI for character in text):
        message = "holds marks that turn the direction of writing; type it without them"
        raise ValueError(message)
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        message = "holds characters that cannot be kept (NUL or half a character)"
        raise ValueError(message)
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) > TEXT_LENGTH:
        message = f"is longer than {TEXT_LENGTH} characters"
        raise ValueError(message)
    return text


def reference(text: str) -> str:
    """Normalise an organisation's own reference: opaque, at most 64 characters."""
    text = words(text)
    if len(text) > REFERENCE_LENGTH:
        message = f"is longer than {REFERENCE_LENGTH} characters"
        raise ValueError(message)
    return text


def nhs_number(text: str) -> str:
    """Check an NHS number: ten digits, weights 10 to 2, modulus 11 (NHS Data Dictionary)."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        message = "is not ten digits"
        raise ValueError(message)
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    check = (11 - total % 11) % 11
    if check != int(digits[9]) or digits == "0" * 10:
        message = "fails the check digit of NHS numbers"
        raise ValueError(message)
    return digits


def upn(text: str) -> str:
    """Check a unique pupil number (DfE's guide to UPNs): letter, authority, school, year, serial.

    The codes for *no number known* (UN1 to UN5) are refused, so that they never count as evidence
    of who a child is. An authority code that is not known is marked elsewhere, not refused: codes
    are given out faster than lists of them, and the check letter catches the slips.
    """
    number = re.sub(r"\s", "", text).upper()
    if number in UPN_UNKNOWN:
        message = f"{number} says why no number is known; it is no number"
        raise ValueError(message)
    if not re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", number):
        message = "is not a letter, eleven digits and a digit or letter"
        raise ValueError(message)
    last = number[12]
    serial = int(last) if last.isdigit() else UPN_LETTERS.find(last)
    total = sum(int(digit) * weight for weight, digit in enumerate(number[1:12], start=2))
    if serial < 0 or UPN_LETTERS[(total + serial * 13) % 23] != number[0]:
        message = "fails the check letter of pupil numbers"
        raise ValueError(message)
    return number


def postcode(text: str) -> str:
    """Normalise a postcode to its written form, one space before the last three characters."""
    joined = re.sub(r"\s", "", text).upper()
    if not _POSTCODE.fullmatch(joined):
        message = "is not shaped like a postcode"
        raise ValueError(message)
    return f"{joined[:-3]} {joined[-3:]}"


def organisation(text: str) -> str:
    """Check an organisation's code against the reference data."""
    code = text.upper()
    if find_organisation(code) is None:
        message = "is no code of a force, an authority or another organisation the register knows"
        raise ValueError(message)
    return code


def _organisation_of(text: str, sector: Sector, what: str) -> str:
    code = organisation(text)
    found = find_organisation(code)
    if found is None or found.sector is not sector:
        message = f"is not the code of {what}"
        raise ValueError(message)
    return code


def authority(text: str) -> str:
    """Check a local authority's code."""
    return _organisation_of(text, Sector.AUTHORITY, "a local authority")


def force(text: str) -> str:
    """Check a police force's code."""
    return _organisation_of(text, Sector.POLICE, "a police force")


def whole_number(text: str) -> str:
    """Normalise a whole number of at most six digits, kept as text."""
    if not re.fullmatch(r"[0-9]{1,6}", text):
        message = "is not a whole number"
        raise ValueError(message)
    return str(int(text))
