"""The questions of a report in the order in which a page asks them, each field in one of them."""

from dataclasses import dataclass

from register.reports.fields import BY_NAME, Field
from register.terms import Sector


@dataclass(frozen=True, slots=True)
class Step:
    """One page of questions; `sector` where only one side is asked them.

    The first fields, `leading`, are asked openly, the others on demand.
    """

    code: str
    title: str
    leading: tuple[Field, ...]
    others: tuple[Field, ...]
    sector: Sector | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Give every field of the page."""
        return self.leading + self.others


def _step(code: str, title: str, first: str, others: str, sector: Sector | None = None) -> Step:
    leading, rest = (tuple(BY_NAME[n] for n in names.split()) for names in (first, others))
    return Step(code, title, leading, rest, sector)


STEPS: tuple[Step, ...] = (
    _step(
        "child",
        "Who is the child?",
        "child_reference forename surname date_of_birth sex",
        "middle_names known_as date_of_birth_precision ethnicity nhs_number upn "
        "home_office_reference unaccompanied home_postcode",
    ),
    _step(
        "care",
        "Whose child is it?",
        "care_status responsible_authority",
        "legal_status host_authority police_force placement_type placement_urn "
        "placement_postcode placement_started_on placement_notified_at",
    ),
    _step(
        "missing",
        "When and where was the child last seen?",
        "missing_at category last_seen_place",
        "reported_at last_seen_postcode missing_from host_informed_at reference",
    ),
    _step(
        "risk",
        "What is the risk, and what does the child look like?",
        "risk_level risk_flags clothing",
        "height_cm build hair eyes marks",
    ),
    _step(
        "police",
        "What have police done?",
        "next_review_at pnc_circulated_at ukmpu_notified_at prevention_interview_at",
        "",
        Sector.POLICE,
    ),
    _step(
        "end",
        "How did it end?",
        "status returned_at found_at found_how",
        "closed_reason closed_at",
    ),
    _step(
        "interview",
        "What became of the return interview?",
        "return_interview_offered_at return_interview_outcome return_interview_reason "
        "return_interview_at",
        "",
        Sector.AUTHORITY,
    ),
)
BY_CODE: dict[str, Step] = {step.code: step for step in STEPS}
ASKED = tuple(field for step in STEPS for field in step.fields)
"""Every field that a page asks for: all of a report's but those that it fills in by itself."""


def steps_of(sector: Sector) -> tuple[Step, ...]:
    """Give the pages that an organisation of this side is asked."""
    return tuple(step for step in STEPS if step.sector in {None, sector})
