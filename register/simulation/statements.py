"""What an organisation says about one going missing, at the end of its extract."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from register.simulation.chances import Weighted, happens
from register.simulation.days import LAST_DAY, end_of, local_day, minutes
from register.simulation.goings_missing import GoingMissing
from register.simulation.names import without_accents
from register.simulation.places import KENT_POLICE
from register.simulation.recorded import Recorded
from register.simulation.world import Resident

Value = str | int | date | datetime

# The Kent force's extract ends before the others'.
EXTRACT_ENDS: dict[str, date] = {KENT_POLICE: date(2026, 11, 1)}
PNC_WITHIN, UNIT_WITHIN = (1.0, 40.0), (50.0, 71.0)
LONG_ENOUGH_FOR_PNC = timedelta(hours=4)
LONG_ENOUGH_FOR_THE_UNIT = timedelta(hours=72)
DECLINED = (
    "did not wish to talk",
    "no answer after three visits",
    "wishes to speak to own social worker only",
)
HAIR: Weighted[str] = Weighted({"brown": 40, "black": 30, "blonde": 20, "auburn": 6, "dyed": 4})
BUILDS = ("slim", "medium", "stocky", "athletic")
CLOTHES = ("black tracksuit", "school uniform", "grey hooded top", "jeans and white trainers",
           "dark puffer jacket", "denim jacket", "blue football shirt")  # fmt: skip
NOT_LOOKED_AFTER: Weighted[str] = Weighted(
    {"none": 78, "child_in_need": 9, "child_protection_plan": 4, "": 9}
)
SEEN_AT = ("bus station", "home address", "town centre", "park", "school gates",
           "railway station", "shopping centre", "friend's address")  # fmt: skip


@dataclass(slots=True)
class Statement:
    """One report: fields of contract 1, typed; `earlier` holds the versions before it.

    `person` and `kinds` are the truth: who the child is, and what was planted here.
    """

    organisation: str
    person: str
    values: dict[str, Value]
    kinds: set[str] = field(default_factory=set)
    earlier: list[dict[str, Value]] = field(default_factory=list)
    reference: str = ""

    def moment(self, name: str) -> datetime | None:
        """Return a time of this statement, None where it is blank or a bare day."""
        value = self.values.get(name)
        return value if isinstance(value, datetime) else None


@dataclass(slots=True)
class Case:
    """One going missing with what each side says of it."""

    going: GoingMissing
    police: list[Statement]
    authority: list[Statement]

    @property
    def resident(self) -> Resident:
        """The child it is about."""
        return self.going.resident


def extract_end(organisation: str) -> datetime:
    """Return the instant up to which this organisation's extract is complete, in UTC."""
    return end_of(EXTRACT_ENDS.get(organisation, LAST_DAY))


def _known(moment: datetime | None, until: datetime) -> datetime | str:
    return moment if moment and moment < until else ""


def _status(found: Value, returned: Value) -> str:
    if returned:
        return "closed"
    return "located" if found else "open"


def _last_change(values: dict[str, Value], until: datetime, lag: timedelta) -> datetime:
    moments = [value for value in values.values() if isinstance(value, datetime)]
    return min(max(moment for moment in moments if moment <= until) + lag, until)


def police_statement(
    rng: Random, going: GoingMissing, on_file: Recorded, force: str, own_id: str
) -> Statement:
    """Return what a force says: times to the minute, risk, its own clocks."""
    until = extract_end(force)
    found, returned = _known(going.found_at, until), _known(going.returned_at, until)
    closed = _known(going.returned_at and going.returned_at + minutes(rng, 0.3, 2), until)
    values: dict[str, Value] = {
        **on_file.fields(),
        "child_reference": own_id,
        "police_force": force,
        "category": "missing",
        "status": _status(found, returned),
        "missing_at": going.missing_at,
        "reported_at": going.reported_at,
        "found_at": found,
        "returned_at": returned,
        "closed_at": closed,
        "closed_reason": "returned" if returned else "",
        "found_how": going.found_how if found else "",
        "risk_level": going.risk_level,
        "risk_flags": going.risk_flags,
        "last_seen_place": rng.choice(SEEN_AT),
        "last_seen_postcode": going.resident.area.postcode(rng) if happens(rng, 0.3) else "",
        **_whose(rng, going.resident),
    }
    values |= _police_clocks(rng, going, until)
    if not found:
        values |= _description(rng)
    values["updated_at"] = _last_change(values, until, minutes(rng, 0, 1))
    if not found:
        values["next_review_at"] = until + minutes(rng, 1, 12)
    return Statement(force, going.resident.child.person, values)


def _whose(rng: Random, resident: Resident) -> dict[str, Value]:
    """Say what a force knows of the child's care; for a quarter it does not."""
    care = resident.care
    if not care:
        return {"care_status": NOT_LOOKED_AFTER.draw(rng)}
    knows = happens(rng, 0.75)
    return {
        "care_status": "looked_after" if knows else "",
        "responsible_authority": care.responsible.code if knows and happens(rng, 0.8) else "",
        "missing_from": care.placement_name,
        "unaccompanied": "yes" if resident.unaccompanied and knows else "",
        "home_office_reference": (resident.home_office_reference if happens(rng, 0.4) else ""),
        "date_of_birth_precision": "estimated"
        if resident.unaccompanied and happens(rng, 0.2)
        else "",
    }


def _police_clocks(rng: Random, going: GoingMissing, until: datetime) -> dict[str, Value]:
    end = min(going.found_at or until, until)
    clocks: dict[str, Value] = {}
    if end - going.missing_at > LONG_ENOUGH_FOR_PNC:
        circulated = going.missing_at + minutes(rng, *PNC_WITHIN)
        clocks["pnc_circulated_at"] = circulated if circulated < end else ""
    if end - going.missing_at > LONG_ENOUGH_FOR_THE_UNIT:
        clocks["ukmpu_notified_at"] = going.missing_at + minutes(rng, *UNIT_WITHIN)
    if going.returned_at:
        seen = going.returned_at + minutes(rng, 0.5, 18)
        clocks["prevention_interview_at"] = _known(seen, until)
    return clocks


def _description(rng: Random) -> dict[str, Value]:
    return {
        "height_cm": rng.randrange(135, 188),
        "build": rng.choice(BUILDS),
        "hair": HAIR.draw(rng),
        "eyes": rng.choice(("brown", "blue", "green", "hazel")),
        "clothing": rng.choice(CLOTHES),
    }


def authority_statement(
    rng: Random, going: GoingMissing, on_file: Recorded, *, days_only: bool
) -> Statement:
    """Return what the responsible authority says, to the day or to the minute."""
    care, resident = going.resident.care, going.resident
    if care is None:
        raise ValueError(f"Child {resident.child.person} is not looked after by anybody.")
    code = care.responsible.code
    until = extract_end(code)
    found, returned = _known(going.found_at, until), _known(going.returned_at, until)
    values: dict[str, Value] = {
        **on_file.fields(),
        "child_reference": care.child_reference,
        "ethnicity": resident.child.ethnicity,
        "home_office_reference": resident.home_office_reference,
        "unaccompanied": "yes" if resident.unaccompanied else "no",
        "date_of_birth_precision": resident.birth_date_precision,
        "police_force": care.host.force,
        "category": going.category,
        "status": _status(found, returned),
        "missing_at": going.missing_at - (timedelta() if days_only else minutes(rng, 0, 0.6)),
        "found_at": found,
        "returned_at": returned,
        "closed_at": returned,
        "closed_reason": "returned" if returned else "",
        "missing_from": care.placement_name,
        **_placement(going.resident, going.missing_at),
        **(_interview(rng, going, until) if returned else {}),
    }
    if care.out_of_area and happens(rng, 0.85):
        values["host_informed_at"] = _known(going.reported_at + minutes(rng, 1, 20), until)
    values["updated_at"] = _last_change(values, until, minutes(rng, 1, 20))
    if days_only:
        values = {name: _day(name, value) for name, value in values.items()}
    return Statement(code, resident.child.person, values)


def _day(name: str, value: Value) -> Value:
    if isinstance(value, datetime) and name != "updated_at":
        return local_day(value)
    return value


def _placement(resident: Resident, missing_at: datetime) -> dict[str, Value]:
    care = resident.care
    if care is None:
        return {}
    ended = care.looked_after_to is not None and care.looked_after_to < local_day(missing_at)
    return {
        "care_status": "none" if ended else "looked_after",
        "legal_status": care.legal_status,
        "responsible_authority": care.responsible.code,
        "host_authority": care.host.code,
        "placement_type": care.placement_type,
        "placement_urn": care.placement_urn,
        "placement_postcode": care.placement_postcode,
        "placement_started_on": care.placement_started_on,
        "placement_notified_at": care.host_told_on or "",
    }


def _interview(rng: Random, going: GoingMissing, until: datetime) -> dict[str, Value]:
    """Offer a return interview in time, as most are; held within 72 hours of the return."""
    if going.returned_at is None:
        return {}
    offered = going.returned_at + minutes(rng, 2, 30)
    if offered >= until:
        return {}
    answers = {"accepted": 72, "declined": 22, "not_required": 0}
    outcome = Weighted(answers | {"missing_again": 30 if going.again_soon else 0}).draw(rng)
    held = _known(offered + minutes(rng, 2, 38), until) if outcome == "accepted" else ""
    return {
        "return_interview_offered_at": offered,
        "return_interview_outcome": outcome,
        "return_interview_reason": rng.choice(DECLINED) if outcome == "declined" else "",
        "return_interview_at": held,
    }


def same_name(ours: Value, theirs: Value) -> bool:
    """Tell whether two names are equal but for accents and capitals."""
    return without_accents(str(ours)).casefold() == without_accents(str(theirs)).casefold()
