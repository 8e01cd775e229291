"""Every going missing as the agencies tell it before anything disagrees."""

from datetime import timedelta
from random import Random

from register.simulation.chances import happens
from register.simulation.goings_missing import GoingMissing
from register.simulation.places import (
    BRADFORD,
    COVENTRY,
    MANCHESTER,
    SALFORD,
    UNCONNECTED,
    Authority,
)
from register.simulation.recorded import Carefulness, Recorded, record
from register.simulation.statements import (
    Case,
    Statement,
    authority_statement,
    extract_end,
    police_statement,
)
from register.simulation.world import Resident

# Authorities that send their statutory return, and those that send the register's own layout but
# know the day only.
STATUTORY_RETURN = (BRADFORD, SALFORD)
DAYS_ONLY = (MANCHESTER, COVENTRY, *STATUTORY_RETURN)
POLICE_ID_KNOWN = 0.6
# An extract says how a case ended only if the end came well before it.
WELL_BEFORE = timedelta(hours=26)

BY_POLICE = Carefulness(
    nhs_number_known=0.22, upn_known=0.05, forename_slip=0.018, surname_slip=0.018,
    names_swapped=0.005, nickname=0.03, transliterated=0.04, accents_dropped=0.9,
    forename_blank=0.002, surname_blank=0.001, other_surname=0.003, middle_name_added=0.02,
    birth_date_blank=0.012, birth_date_slip=0.02, sex_blank=0.01, sex_wrong=0.006,
    postcode_blank=0.1, postcode_slip=0.01, moved=0.05, number_slip=0.05,
)  # fmt: skip
BY_AUTHORITY = Carefulness(
    nhs_number_known=0.7, upn_known=0.8, forename_slip=0.004, surname_slip=0.004,
    names_swapped=0, nickname=0.005, transliterated=0.01, accents_dropped=0.3,
    forename_blank=0, surname_blank=0, other_surname=0.001, middle_name_added=0.01,
    birth_date_blank=0, birth_date_slip=0.004, sex_blank=0, sex_wrong=0.002,
    postcode_blank=0.03, postcode_slip=0.004, moved=0.02, number_slip=0.01,
)  # fmt: skip
BY_INTERPRETER = Carefulness(
    nhs_number_known=0.05, upn_known=0, transliterated=0.5, birth_date_slip=0.08,
    birth_date_blank=0.02, middle_name_added=0,
)  # fmt: skip


class Agencies:
    """What every organisation has on file about every child it has met, written once."""

    def __init__(self, rng: Random) -> None:
        """Draw from `rng`."""
        self._rng = rng
        self._on_file: dict[tuple[str, str], Recorded] = {}
        self._own_ids: dict[tuple[str, str], str] = {}

    def police_file(self, force: str, resident: Resident) -> Recorded:
        """Return what a force has on file."""
        kept = BY_INTERPRETER if resident.unaccompanied else BY_POLICE
        return self._file(force, resident, kept)

    def authority_file(self, authority: Authority, resident: Resident) -> Recorded:
        """Return what an authority has on file."""
        return self._file(authority.code, resident, BY_AUTHORITY)

    def _file(self, organisation: str, resident: Resident, kept: Carefulness) -> Recorded:
        key = organisation, resident.child.person
        if key not in self._on_file:
            self._on_file[key] = record(self._rng, resident.child, kept)
        return self._on_file[key]

    def _own_id(self, force: str, going: GoingMissing) -> str:
        key = force, going.resident.child.person
        if key not in self._own_ids:
            known = not going.alone or happens(self._rng, POLICE_ID_KNOWN)
            number = 4_000_000 + len(self._own_ids) * 37
            self._own_ids[key] = f"N{number}" if known else ""
        return self._own_ids[key]

    def tell(self, going: GoingMissing) -> Case:
        """Return the case with the statement of each side that would make one."""
        resident = going.resident
        force = resident.area.force
        police, authority = [], []
        if going.category == "missing" and going.reported_at < extract_end(force):
            own_id = self._own_id(force, going)
            on_file = self.police_file(force, resident)
            police = [police_statement(self._rng, going, on_file, force, own_id)]
        responsible = resident.care.responsible if resident.care else None
        if responsible and _heard_of(responsible, going):
            on_file = self.authority_file(responsible, resident)
            authority = [
                authority_statement(self._rng, going, on_file, days_only=responsible in DAYS_ONLY)
            ]
        case = Case(going, police, authority)
        _mark(case)
        return case


def _heard_of(authority: Authority, going: GoingMissing) -> bool:
    connected = authority not in UNCONNECTED
    return connected and going.reported_at < extract_end(authority.code)


def _mark(case: Case) -> None:
    """Note on the statements what follows from the child alone."""
    resident, care = case.resident, case.resident.care
    kinds = set(case.going.kinds)
    if resident.unaccompanied:
        kinds.add("unaccompanied")
    if resident.child.twin:
        kinds.add("twin")
    if care and care.out_of_area:
        kinds.add("out_of_area")
    for statement in case.police + case.authority:
        statement.kinds |= kinds
    for statement in case.police:
        statement.kinds |= _expectation(case, statement)
    if not case.police:
        for statement in case.authority:
            away = case.going.category == "away"
            statement.kinds.add("away_only" if away else "cannot_compare")
    if resident.never_found and care:
        for statement in case.police + case.authority:
            statement.kinds.add("B4")


def _expectation(case: Case, police: Statement) -> set[str]:
    """Say what the police's word alone should be taken for (domain.md 7.1, rulings 1 and 2)."""
    if case.authority:
        late = case.going.returned_at and not police.values["returned_at"]
        known_later = late and any(said.values["returned_at"] for said in case.authority)
        return {"cannot_compare"} if known_later else set()
    if case.resident.care:
        return {"cannot_compare"}
    return {"A6"} if police.values["care_status"] else {"unknown_care"}
