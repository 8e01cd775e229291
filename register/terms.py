"""The words of the trade that are more than text: codes, each with the label a page shows.

Codes are those of the contract, section 1; SSDA903 codes follow the guide to the return.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person or a machine is to the register."""

    AUTHORITY_USER = "authority_user"
    AUTHORITY_MANAGER = "authority_manager"
    FORCE_USER = "force_user"
    FORCE_COORDINATOR = "force_coordinator"
    INSPECTOR = "inspector"
    """Of children's services: authorities, and what follows from their side."""
    POLICE_INSPECTOR = "police_inspector"
    DEPARTMENT = "department"
    """The register's keeper: figures, no cases."""
    STEWARD = "steward"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"
    """A force's or an authority's own system, acting in its organisation's name."""
    OPERATOR = "operator"
    NOBODY = "nobody"
    """Not signed in: holds no permission."""


class Sector(StrEnum):
    """The side that an organisation reports from."""

    POLICE = "police"
    AUTHORITY = "authority"
    OTHER = "other"


class Kind(StrEnum):
    """What a report states: a going missing, or that a child is looked after."""

    MISSING = "missing"
    ROSTER = "roster"


class Category(StrEnum):
    """Missing: whereabouts not known. Away: known, but not where the child should be."""

    MISSING = "missing"
    AWAY = "away"


class Status(StrEnum):
    """How far the organisation's own case has come."""

    OPEN = "open"
    LOCATED = "located"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Precision(StrEnum):
    """How well a date of birth is known."""

    EXACT = "exact"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"
    DISPUTED = "disputed"


class Sex(StrEnum):
    """Sex as recorded."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class CareStatus(StrEnum):
    """What children's services are to the child."""

    LOOKED_AFTER = "looked_after"
    CHILD_PROTECTION_PLAN = "child_protection_plan"
    CHILD_IN_NEED = "child_in_need"
    CARE_LEAVER = "care_leaver"
    NONE = "none"
    UNKNOWN = "unknown"


class ClosedReason(StrEnum):
    """Why an organisation closed its case."""

    RETURNED = "returned"
    LOCATED = "located"
    TURNED_18 = "turned_18"
    LEFT_CARE = "left_care"
    DECEASED = "deceased"
    ABROAD = "abroad"
    OTHER = "other"


class FoundHow(StrEnum):
    """Who or what ended the search."""

    RETURNED = "returned"
    POLICE = "police"
    OTHER_FORCE = "other_force"
    CARER = "carer"
    SOCIAL_WORKER = "social_worker"
    HOSPITAL = "hospital"
    PUBLIC = "public"
    CUSTODY = "custody"


class RiskLevel(StrEnum):
    """The College of Policing's continuum of risk, least first."""

    NO_APPARENT_RISK = "no_apparent_risk"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class InterviewOutcome(StrEnum):
    """What became of the offer of a return interview."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSING_AGAIN = "missing_again"
    NOT_REQUIRED = "not_required"


class Severity(StrEnum):
    """How grave a mismatch is, gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class MismatchState(StrEnum):
    """How the work on a mismatch stands (domain 7); the first four still wait for somebody."""

    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    ESCALATED = "escalated"
    BOTH_CORRECT = "both_correct"
    ACCEPTED_DIFFERENCE = "accepted_difference"
    FALSE_POSITIVE = "false_positive"
    CORRECTED_BY_POLICE = "corrected_by_police"
    CORRECTED_BY_AUTHORITY = "corrected_by_la"
    CLOSED = "closed"


WAITING = frozenset(list(MismatchState)[:4])
"""States in which a mismatch waits for somebody."""
SETTLED = frozenset(list(MismatchState)[4:7])
"""States into which a person settles a mismatch whose values still differ."""


class Answer(StrEnum):
    """What a person may say of a mismatch; all but the last three put it into a state."""

    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    ESCALATED = "escalated"
    BOTH_CORRECT = "both_correct"
    ACCEPTED_DIFFERENCE = "accepted_difference"
    FALSE_POSITIVE = "false_positive"
    COMMENT = "comment"
    CORRECTION_REQUESTED = "correction_requested"
    WITHDRAWN = "withdrawn"


class SettledReason(StrEnum):
    """Why two values that differ may both be right (domain 7): inspectors ask for the rest."""

    DEFINITION_DIFFERENCE = "definition_difference"
    NOT_LOOKED_AFTER = "not_CLA"
    OUT_OF_SCOPE_COUNTRY = "out_of_scope_country"
    DATE_ONLY_PRECISION = "date_only_precision"
    RECORDED_AFTERWARDS = "recorded_afterwards"
    ANOTHER_DUTY = "another_duty"


ETHNICITY_CODES = frozenset(
    "WBRI WIRI WOTH WIRT WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH "
    "REFU NOBT".split()
)
"""SSDA903 `ETHNIC`."""

LEGAL_STATUS_CODES = frozenset("C1 C2 D1 E1 V2 V3 V4 J1 J2 J3 L1 L2 L3".split())
"""SSDA903 `LS`."""

SHORT_BREAK_CODES = frozenset({"V3", "V4"})
"""Short breaks are left out of the published figures for looked-after children."""


LABELS: dict[str, str] = {
    "no_apparent_risk": "no apparent risk (as graded)",
    "looked_after": "looked after",
    "child_protection_plan": "child protection plan",
    "child_in_need": "child in need",
    "care_leaver": "care leaver",
    "none": "not in care and on no plan",
    "turned_18": "turned 18",
    "left_care": "left care",
    "located": "located, not returned",
    "away": "away from placement without authorisation",
    "withdrawn": "withdrawn (entered in error)",
    "info": "information",
    "both_correct": "both correct",
    "accepted_difference": "difference accepted",
    "false_positive": "not a mismatch",
    "corrected_by_police": "corrected by police",
    "corrected_by_la": "corrected by the authority",
    "definition_difference": "the two count by different definitions",
    "not_CLA": "the child was not looked after then",
    "out_of_scope_country": "it happened outside England",
    "date_only_precision": "one side knows the day only",
    "recorded_afterwards": "one side learnt of it afterwards",
    "another_duty": "another organisation has the duty",
    "not_looked_after": "not looked after",
    "sexual_exploitation": "at risk of sexual exploitation",
    "criminal_exploitation": "at risk of criminal exploitation",
    "self_harm": "at risk of self-harm",
    # SSDA903 `ETHNIC`
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WOTH": "any other White background",
    "WIRT": "Traveller of Irish heritage",
    "WROM": "Gypsy or Roma",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "any other mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "any other Asian background",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "any other Black background",
    "CHNE": "Chinese",
    "OOTH": "any other ethnic group",
    "REFU": "refused to say",
    "NOBT": "not yet obtained",
    # SSDA903 `LS`
    "C1": "interim care order",
    "C2": "full care order",
    "D1": "freeing order",
    "E1": "placement order",
    "V2": "accommodated under section 20",
    "V3": "short breaks, recorded one by one",
    "V4": "short breaks, recorded as an agreement",
    "J1": "remanded to the authority or to youth detention",
    "J2": "placed in the authority's accommodation by police (PACE)",
    "J3": "sentenced to a youth rehabilitation order with residence",
    "L1": "police protection, in the authority's accommodation",
    "L2": "emergency protection order",
    "L3": "child assessment order, in the authority's accommodation",
    # SSDA903 `PLACE`
    "A3": "placed for adoption with consent, with the current foster carer",
    "A4": "placed for adoption with consent, not with the current foster carer",
    "A5": "placed for adoption under an order, with the current foster carer",
    "A6": "placed for adoption under an order, not with the current foster carer",
    "H5": "semi-independent living",
    "K1": "secure children's home",
    "K2": "children's home",
    "P1": "placed with parents",
    "P2": "independent living",
    "P3": "residential employment",
    "R1": "residential care home",
    "R2": "hospital or other health establishment",
    "R3": "family centre or mother and baby unit",
    "R5": "young offender institution",
    "S1": "residential school",
    "T0": "temporary placement",
    "T1": "temporary stay in hospital",
    "T2": "temporary stay on holiday",
    "T3": "temporary stay while the carer is on holiday",
    "T4": "temporary accommodation",
    "U1": "foster placement with a relative or friend, long-term",
    "U2": "foster placement with a relative or friend who may adopt",
    "U3": "foster placement with a relative or friend",
    "U4": "foster placement, long-term",
    "U5": "foster placement with a carer who may adopt",
    "U6": "foster placement",
    "Z1": "other placement",
}


def label(code: str) -> str:
    """Give the words a page shows for a code; an unlisted code is its own words."""
    return LABELS.get(code, code.replace("_", " "))
