"""THE FIELD TABLE: every field of a report, one line each.

From it follow the schema of page, API and file, the columns of the CSV layout, what is compared
between the two sources, who is believed, which rule a difference raises, and what is protected.
Names and meanings are those of the contract, section 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from register import terms
from register.reports import values
from register.terms import Kind, Sector

Parser = Callable[[str], str]
POLICE, AUTHORITY = Sector.POLICE, Sector.AUTHORITY


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a report.

    `protected` values are sealed where they are kept, and never leave the register in a file or a
    list; those that stand `apart` are shown one at a time alone (`inspection/revealing.py`).
    `parse` reads one value as sent; `many` fields hold several, parted by `;`.
    `believed` is the sector whose word is taken where the two differ; None: neither, the value is
    *disputed*. `rule` is the mismatch that a difference raises, blank for none.
    """

    name: str
    label: str
    parse: Parser
    many: bool = False
    required: bool = False
    protected: bool = False
    apart: bool = False
    believed: Sector | None = None
    rule: str = ""
    kinds: tuple[Kind, ...] = (Kind.MISSING,)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The parser of a coded value; an unlisted code is refused with the list.

    `codes` stand in the order in which a page offers them.
    """

    codes: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """Give the code that is meant, whatever its case."""
        for code in (text, text.lower(), text.upper()):
            if code in self.codes:
                return str(code)
        listed = ", ".join(sorted(self.codes)) if len(self.codes) < 12 else "its code list"  # noqa: PLR2004  # a page's width
        message = f"is not one of {listed}"
        raise ValueError(message)


def one_of(codes: type[StrEnum] | frozenset[str]) -> OneOf:
    """Make the parser of a coded value."""
    return OneOf(tuple(sorted(codes)) if isinstance(codes, frozenset) else tuple(codes))


YES_NO = frozenset({"yes", "no"})
BOTH = (Kind.MISSING, Kind.ROSTER)
RISK_FLAGS = frozenset(
    "sexual_exploitation criminal_exploitation trafficking self_harm mental_health "
    "forced_marriage parental_abduction".split()
)

FIELDS: tuple[Field, ...] = (
    Field("organisation", "Organisation", values.organisation, required=True, kinds=BOTH),
    Field("reference", "Reference", values.reference, required=True),
    Field("updated_at", "Last changed by the source", values.moment, kinds=BOTH),
    Field("child_reference", "Organisation's own id for the child", values.reference, kinds=BOTH),
    # Who the child is
    Field("forename", "Forename", values.words, rule="D2", kinds=BOTH),
    Field("middle_names", "Middle names", values.words),
    Field("surname", "Surname", values.words, rule="D2", kinds=BOTH),
    Field("known_as", "Known as", values.words, many=True),
    Field("date_of_birth", "Date of birth", values.day, rule="D1", kinds=BOTH),
    Field("date_of_birth_precision", "How the date of birth is known", one_of(terms.Precision)),
    Field("sex", "Sex", one_of(terms.Sex), rule="D6", kinds=BOTH),
    Field("ethnicity", "Ethnicity", one_of(terms.ETHNICITY_CODES), believed=AUTHORITY),
    Field("nhs_number", "NHS number", values.nhs_number, believed=AUTHORITY, rule="D3", kinds=BOTH),
    Field("upn", "Unique pupil number", values.upn, believed=AUTHORITY, rule="D3", kinds=BOTH),
    Field("home_office_reference", "Home Office reference", values.reference),
    Field("unaccompanied", "Unaccompanied child", one_of(YES_NO), believed=AUTHORITY),
    Field("home_postcode", "Home postcode", values.postcode, protected=True),
    # Whose child
    Field("care_status", "Care status", one_of(terms.CareStatus), believed=AUTHORITY),
    Field(
        "legal_status",
        "Legal status",
        one_of(terms.LEGAL_STATUS_CODES),
        believed=AUTHORITY,
        kinds=BOTH,
    ),
    Field("looked_after_from", "Looked after from", values.day, kinds=(Kind.ROSTER,)),
    Field("looked_after_to", "Looked after to", values.day, kinds=(Kind.ROSTER,)),
    Field(
        "responsible_authority",
        "Responsible authority",
        values.authority,
        believed=AUTHORITY,
        rule="E1",
    ),
    Field("host_authority", "Host authority", values.authority, believed=AUTHORITY),
    Field("police_force", "Police force", values.force, believed=POLICE),
    Field(
        "placement_type",
        "Placement type",
        values.words,
        protected=True,
        apart=True,
        believed=AUTHORITY,
    ),
    Field(
        "placement_urn",
        "Placement URN",
        values.words,
        protected=True,
        apart=True,
        believed=AUTHORITY,
    ),
    Field(
        "placement_postcode",
        "Placement postcode",
        values.postcode,
        protected=True,
        apart=True,
        believed=AUTHORITY,
    ),
    Field("placement_started_on", "Placement started", values.day, protected=True),
    # The going missing
    Field("category", "Missing or away", one_of(terms.Category), required=True),
    Field("status", "Status of the case", one_of(terms.Status), required=True),
    Field("missing_at", "Last seen or left", values.moment, required=True, believed=POLICE),
    Field("reported_at", "Reported", values.moment, believed=POLICE),
    Field("found_at", "Whereabouts known", values.moment, believed=POLICE),
    Field("returned_at", "Back at home or placement", values.moment, believed=AUTHORITY),
    Field("closed_at", "Case closed", values.moment),
    Field("closed_reason", "Why it was closed", one_of(terms.ClosedReason)),
    Field("missing_from", "Missing from", values.words, protected=True),
    Field("last_seen_place", "Last seen at", values.words, protected=True, believed=POLICE),
    Field("last_seen_postcode", "Last seen postcode", values.postcode, protected=True),
    Field("found_how", "How found", one_of(terms.FoundHow), believed=POLICE),
    Field("risk_level", "Risk level", one_of(terms.RiskLevel), believed=POLICE),
    Field("risk_flags", "Risk flags", one_of(RISK_FLAGS), many=True),
    # Police clocks
    Field("next_review_at", "Next review", values.moment, believed=POLICE),
    Field("pnc_circulated_at", "Circulated on PNC", values.moment, believed=POLICE),
    Field("ukmpu_notified_at", "UK Missing Persons Unit told", values.moment, believed=POLICE),
    Field("prevention_interview_at", "Prevention interview", values.moment, believed=POLICE),
    # Authority clocks
    Field(
        "return_interview_offered_at",
        "Return interview offered",
        values.moment,
        believed=AUTHORITY,
    ),
    Field(
        "return_interview_outcome",
        "Answer to the offer",
        one_of(terms.InterviewOutcome),
        believed=AUTHORITY,
    ),
    Field("return_interview_reason", "Reason given", values.words, believed=AUTHORITY),
    Field("return_interview_at", "Return interview held", values.moment, believed=AUTHORITY),
    Field("placement_notified_at", "Host told of the placement", values.moment),
    Field("host_informed_at", "Host told of this going missing", values.moment),
    # Description
    Field("height_cm", "Height (cm)", values.whole_number),
    Field("build", "Build", values.words),
    Field("hair", "Hair", values.words),
    Field("eyes", "Eyes", values.words),
    Field("marks", "Marks", values.words),
    Field("clothing", "Clothing", values.words),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
IDENTITY_FIELDS = (
    "surname",
    "forename",
    "nhs_number",
    "upn",
    "home_office_reference",
    "child_reference",
)
"""At least one of these must be known, or a report speaks of nobody (contract, section 1)."""
PROTECTED_FIELDS: frozenset[str] = frozenset(field.name for field in FIELDS if field.protected)
APART_FIELDS: frozenset[str] = frozenset(field.name for field in FIELDS if field.apart)


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """Give the fields that a report of this kind may carry."""
    return tuple(field for field in FIELDS if kind in field.kinds)
