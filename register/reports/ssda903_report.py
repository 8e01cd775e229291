"""What a row of an SSDA903 return says in the fields of a report, ready for the one validator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from register.reports.schema import Unread
from register.reports.ssda903_care import CarePeriod, period_on
from register.reports.ssda903_return import Child, read_day_or_none
from register.reports.ssda903_rules import GoingMissing, Rule
from register.reports.values import UPN_UNKNOWN

MISSING_HEADINGS = {
    "child_reference": "CHILD",
    "reference": "CHILD",
    "category": "MISSING",
    "missing_at": "MIS_START",
    "found_at": "MIS_END",
    "returned_at": "MIS_END",
    "date_of_birth": "DOB",
}
ROSTER_HEADINGS = {"child_reference": "CHILD", "looked_after_from": "DECOM"}
CARRIES = frozenset(
    "organisation reference updated_at child_reference date_of_birth sex ethnicity upn "
    "home_postcode care_status legal_status responsible_authority placement_type placement_urn "
    "placement_postcode placement_started_on category status missing_at found_at returned_at "
    "looked_after_from looked_after_to".split()
)
"""The fields that a return can hold: no name, no time of day, nothing of the police."""
_FIELDS = {"MIS_START": "missing_at", "CHILD": "child_reference", "DOB": "date_of_birth"}
_SEXES = {"M": "male", "1": "male", "F": "female", "2": "female", "U": "unknown"}
_NO_DAY = "is not a day written DD/MM/YYYY"


@dataclass(frozen=True, slots=True)
class Sent:
    """The values of a report by field, those that cannot be read, and what is said of others."""

    raw: dict[str, object]
    unread: dict[str, Unread] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)


def missing_report(
    row: GoingMissing,
    reference: str,
    child: Child | None,
    care: Sequence[CarePeriod],
    broken: Iterable[Rule],
) -> Sent:
    """Give what a row of `missing.csv` says, with what the tables beside it know of that day."""
    sent = Sent(
        {
            "child_reference": row.child,
            "reference": reference,
            "category": "away" if row.is_away else "missing",
            "status": "open" if row.is_open else "closed",
            "missing_at": row.start.isoformat(),
        }
    )
    end = _end_field(row)
    if row.end:
        sent.raw[end] = row.end.isoformat()
    elif row.unread_end:
        sent.unread[end] = Unread(row.unread_end, f"rule 1005: {_NO_DAY}")
    _add_person(sent, child, row.date_of_birth)
    if child:
        sent.raw["ethnicity"] = child.ethnicity
    _add_care(sent, row, care)
    for rule in broken:
        _mark(sent, _marked_field(rule, row), f"rule {rule.number}: {rule.why}")
    return sent


def roster_report(name: str, period: CarePeriod, child: Child | None) -> Sent:
    """Give what the episodes of one period of care say: that this child was looked after."""
    last = period.episodes[-1]
    sent = Sent(
        {
            "child_reference": name,
            "legal_status": last.legal_status,
            "looked_after_from": period.began.isoformat(),
        }
    )
    if period.ended:
        sent.raw["looked_after_to"] = period.ended.isoformat()
    elif last.unread_end:
        sent.unread["looked_after_to"] = Unread(last.unread_end, _NO_DAY)
    if not period.start_is_known:
        why = "is the first day that the return knows of; care began before it"
        _mark(sent, "looked_after_from", why)
    _add_person(sent, child, "")
    return sent


def _add_person(sent: Sent, child: Child | None, date_of_birth: str) -> None:
    """Say who the child is; the header is believed over the date of birth in `missing.csv`."""
    in_header = child.date_of_birth if child else ""
    born = (child.born if child else None) or read_day_or_none(date_of_birth)
    if born:
        sent.raw["date_of_birth"] = born.isoformat()
    elif in_header or date_of_birth:
        sent.unread["date_of_birth"] = Unread(in_header or date_of_birth, _NO_DAY)
    if child is None:
        return
    sent.raw["sex"] = _SEXES.get(child.sex.upper(), child.sex)
    if child.upn.upper() not in UPN_UNKNOWN:
        sent.raw["upn"] = child.upn


def _add_care(sent: Sent, row: GoingMissing, care: Sequence[CarePeriod]) -> None:
    period = period_on(care, row.start)
    if period is None:
        if not care:
            # A return is of looked-after children; without episodes nothing speaks against it.
            sent.raw["care_status"] = "looked_after"
        return
    sent.raw["care_status"] = "looked_after"
    episode = period.episode_on(row.start)
    if episode:
        sent.raw.update(
            legal_status=episode.legal_status,
            home_postcode=episode.home_postcode,
            placement_type=episode.placement,
            placement_urn=episode.urn,
            placement_postcode=episode.placement_postcode,
            placement_started_on=period.placement_began(episode).isoformat(),
        )


def _end_field(row: GoingMissing) -> str:
    """Name what the end is: found where whereabouts were unknown, back where they were known."""
    return "returned_at" if row.is_away else "found_at"


def _marked_field(rule: Rule, row: GoingMissing) -> str:
    if rule.column in _FIELDS:
        return _FIELDS[rule.column]
    return "status" if rule.column == "REC" or row.is_open else _end_field(row)


def _mark(sent: Sent, name: str, why: str) -> None:
    said = sent.marks.get(name)
    sent.marks[name] = f"{said}; {why}" if said else why
