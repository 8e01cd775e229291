"""The words of the trade that are more than text: codes, each with the label a page shows.

Codes are those of the contract, section 1; SSDA903 codes follow the guide to the return.
"""

from enum import StrEnum
from zoneinfo import ZoneInfo

from register.codes import RETURN_WORDS

REASON_LENGTH = 400
"""Letters in which somebody says why."""
LONDON = ZoneInfo("Europe/London")
"""Whose clocks say when a day begins and ends."""


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


class SealReason(StrEnum):
    """Why a child is sealed."""

    HIGH_RISK = "high_risk"
    ADOPTION = "adoption"
    WITNESS = "witness"
    STAFF = "staff"
    PUBLIC_INTEREST = "public_interest"


class Sealed(StrEnum):
    """How a report came under a seal."""

    NAMED = "named"
    """It was the child's when the seal was placed."""
    JOINED = "joined"
    """It became the child's since."""
    BORN = "born"
    """It looked like the child's when it came in, or when the seal was placed."""


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
    "high_risk": "somebody is a danger to the child",
    "adoption": "adopted: the two identities must not meet",
    "witness": "protected person or witness",
    "staff": "known to people who work here",
    "public_interest": "of interest to press or public",
    "not_looked_after": "not looked after",
    "sexual_exploitation": "at risk of sexual exploitation",
    "criminal_exploitation": "at risk of criminal exploitation",
    "self_harm": "at risk of self-harm",
    **RETURN_WORDS,
}


def label(code: str) -> str:
    """Give the words a page shows for a code; an unlisted code is its own words."""
    return LABELS.get(code, code.replace("_", " "))
