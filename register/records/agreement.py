"""When two reports say the same: what is no difference between names, dates, times and codes."""

from datetime import date, timedelta

from register.linkage.names import fold
from register.reports import values
from register.reports.fields import BY_NAME
from register.reports.organisations import current_code
from register.reports.statement import Statement, Value
from register.reports.values import read_moment
from register.terms import Precision

TIME_TOLERANCE = timedelta(hours=2)
"""Two times may differ by this and be the same event (domain 7, compare rule for times)."""
DAYS_TOLERANCE = 1
"""As above, in local days, where one side knows only the day."""
ESTIMATE_TOLERANCE = timedelta(days=366)
"""An estimated date of birth contradicts another that is further away than this."""
_SILENT: dict[str, frozenset[str]] = {
    "sex": frozenset({"unknown"}),
    "care_status": frozenset({"unknown"}),
    "ethnicity": frozenset({"REFU", "NOBT"}),
}
"""Codes that say no more than a blank does."""


def agree(field: str, one: Statement, other: Statement) -> bool | None:
    """Tell whether two reports say the same of a field; None where one of them does not say.

    Knows what the values alone do not tell: other names a child goes by, and how well a date of
    birth is known. None also where a source itself disputes the date of birth.
    """
    mine, theirs = said(one, field), said(other, field)
    if not mine or not theirs:
        return None
    if field == "date_of_birth":
        return _same_birth(one, other)
    if field in {"forename", "surname"} and (
        _names(one, field) & _other_names(other) or _names(other, field) & _other_names(one)
    ):
        return True
    if field == "forename" and (
        _names(one, field) & _names(other, field) or _goes_on(one, other) or _goes_on(other, one)
    ):
        return True
    return same_value(field, mine, theirs)


def same_value(field: str, one: Value, other: Value) -> bool | None:
    """Tell whether two values of a field are the same in meaning; None where one is blank.

    Case, accents, spaces and hyphens make no difference in words, a former code of an authority
    none to its present one, and a time none to the day it lies on.
    """
    if not one or not other:
        return None
    if not isinstance(one, str) or not isinstance(other, str):
        return {plain(each) for each in one} == {plain(each) for each in other}
    parse = BY_NAME[field].parse
    if parse is values.moment:
        return read_moment(one).is_near(read_moment(other), TIME_TOLERANCE, DAYS_TOLERANCE)
    if parse in {values.words, values.reference}:
        return (plain(one) or one) == (plain(other) or other)
    if parse in {values.authority, values.force, values.organisation}:
        return current_code(one) == current_code(other)
    return one == other


def plain(text: str) -> str:
    """Reduce words to what is compared: no case, accents, spaces or hyphens."""
    return fold(text).replace(" ", "")


def said(statement: Statement, field: str) -> Value:
    """Give what a report says of a field, blank where it says nothing.

    A date of birth without a word on how well it is known is exact (contract, section 1).
    """
    if field == "date_of_birth_precision" and statement.text("date_of_birth"):
        return precision_of(statement)
    value = statement.values.get(field, "")
    return "" if isinstance(value, str) and value in _SILENT.get(field, ()) else value


def precision_of(statement: Statement) -> Precision:
    """Tell how well a report knows the date of birth that it gives."""
    return Precision(statement.text("date_of_birth_precision") or Precision.EXACT)


def _same_birth(one: Statement, other: Statement) -> bool | None:
    mine, theirs = one.day("date_of_birth"), other.day("date_of_birth")
    if mine is None or theirs is None:
        return None
    return mine == theirs or _may_be_born(mine, theirs, {precision_of(one), precision_of(other)})


def _may_be_born(mine: date, theirs: date, known: set[Precision]) -> bool | None:
    """Compare two different dates of birth as far as the less well known of them allows."""
    if Precision.DISPUTED in known:
        return None
    if Precision.ESTIMATED in known:
        return abs(mine - theirs) <= ESTIMATE_TOLERANCE
    if Precision.YEAR in known:
        return mine.year == theirs.year
    if Precision.MONTH in known:
        return (mine.year, mine.month) == (theirs.year, theirs.month)
    return False


def _names(statement: Statement, field: str) -> set[str]:
    """Give a name, and a forename also as written together with the middle names."""
    name = statement.text(field)
    together = f"{name} {statement.text('middle_names')}" if field == "forename" else name
    return {plain(name), plain(together)} - {""}


def _goes_on(shorter: Statement, longer: Statement) -> bool:
    """Tell whether one forename is the beginning of the other: Liam, and Liam Jaxon."""
    first, whole = (
        [plain(name) for text in ("forename", "middle_names") for name in each.text(text).split()]
        for each in (shorter, longer)
    )
    return first == whole[: len(first)]


def _other_names(statement: Statement) -> set[str]:
    """Give what else the child is known as: each name whole, and its words."""
    whole = statement.texts("known_as")
    return {plain(part) for name in whole for part in (name, *name.split())} - {""}
