"""A few children as two forces and two authorities have them, sent through the whole pipeline."""

from datetime import date

from register.pipeline import complete, submit
from register.reports.extracts import Held
from register.reports.fields import BY_NAME
from register.reports.schema import read_report
from register.reports.service import open_submission
from register.terms import Kind
from register.work import Work

LEEDS, BARKING = "E08000035", "E09000002"
WEST_YORKSHIRE, MET = "E23000010", "E23000001"
PLACE = "LS9 9ZZ"
"""A postcode that no page may show to anybody but who sent it."""
WHOLE_YEAR = (date(2026, 1, 1), None)

TARIQ = {
    "forename": "Tariq",
    "surname": "Adeyemi-Test",
    "date_of_birth": "2011-05-31",
    "sex": "male",
    "nhs_number": "9000000009",
}
POLICE_OPEN = {
    "organisation": WEST_YORKSHIRE,
    "reference": "WY-26-0001",
    "updated_at": "2026-03-02T23:15:00+00:00",
    **TARIQ,
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-02T22:40:00+00:00",
    "reported_at": "2026-03-02T23:10:00+00:00",
    "risk_level": "high",
    "last_seen_postcode": PLACE,
    "last_seen_place": "Secret Street",
}
BEFORE = {
    "category": "missing",
    "status": "closed",
    "closed_reason": "returned",
}
POLICE_BEFORE = (
    POLICE_OPEN
    | BEFORE
    | {
        "reference": "WY-26-0000",
        "missing_at": "2026-01-10T20:00:00+00:00",
        "reported_at": "2026-01-10T20:30:00+00:00",
        "returned_at": "2026-01-11T06:00:00+00:00",
        "found_at": "2026-01-11T05:00:00+00:00",
        "updated_at": "2026-01-11T08:00:00+00:00",
    }
)
AUTHORITY_BEFORE = (
    BEFORE
    | TARIQ
    | {
        "organisation": LEEDS,
        "reference": "L-77/1",
        "child_reference": "L-77",
        "updated_at": "2026-01-12T09:00:00+00:00",
        "forename": "Tarik",
        "care_status": "looked_after",
        "legal_status": "C2",
        "responsible_authority": LEEDS,
        "missing_at": "2026-01-10",
        "returned_at": "2026-01-11",
        "return_interview_at": "2026-01-12",
        "return_interview_offered_at": "2026-01-11",
        "placement_postcode": PLACE,
    }
)
MAYA_AUTHORITY = {
    "organisation": LEEDS,
    "reference": "L-80/1",
    "child_reference": "L-80",
    "updated_at": "2026-03-02T18:00:00+00:00",
    "forename": "Maya",
    "surname": "Rivers-Test",
    "date_of_birth": "2012-02-01",
    "sex": "female",
    "care_status": "looked_after",
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-01",
}
MAYA_POLICE = {
    "organisation": WEST_YORKSHIRE,
    "reference": "WY-26-0002",
    "updated_at": "2026-03-02T19:00:00+00:00",
    "forename": "Maja",
    "surname": "Rivers-Test",
    "date_of_birth": "2012-01-02",
    "sex": "female",
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-01T21:00:00+00:00",
}
GRACE_POLICE = {
    "organisation": WEST_YORKSHIRE,
    "reference": "WY-26-0003",
    "updated_at": "2026-03-02T20:00:00+00:00",
    "forename": "Grace",
    "surname": "Okafor-Test",
    "date_of_birth": "2009-07-14",
    "sex": "female",
    "nhs_number": "9000000017",
    "responsible_authority": LEEDS,
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-02T16:30:00+00:00",
    "reported_at": "2026-03-02T18:00:00+00:00",
    "risk_level": "medium",
}
GRACE_AUTHORITY = GRACE_POLICE | {
    "organisation": LEEDS,
    "reference": "L-81/1",
    "child_reference": "L-81",
    "care_status": "looked_after",
    "missing_at": "2026-03-02T16:15:00+00:00",
}
JONAH_AUTHORITY = {
    "organisation": LEEDS,
    "reference": "L-82/4",
    "child_reference": "L-82",
    "updated_at": "2026-03-01T22:00:00+00:00",
    "forename": "Jonah",
    "surname": "Whitlock-Test",
    "date_of_birth": "2010-11-02",
    "sex": "male",
    "care_status": "looked_after",
    "responsible_authority": LEEDS,
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-01T19:00:00+00:00",
}
JONAH_POLICE = JONAH_AUTHORITY | {
    "organisation": WEST_YORKSHIRE,
    "reference": "WY-26-0004",
    "child_reference": "",
    "updated_at": "2026-03-02T04:00:00+00:00",
    "status": "closed",
    "closed_reason": "returned",
    "found_at": "2026-03-02T02:10:00+00:00",
    "returned_at": "2026-03-02T02:40:00+00:00",
    "prevention_interview_at": "2026-03-02T03:00:00+00:00",
    "risk_level": "low",
}
ELSEWHERE = {
    "organisation": BARKING,
    "reference": "BD-1",
    "updated_at": "2026-03-02T12:00:00+00:00",
    "forename": "Nobody",
    "surname": "Elsewhere-Test",
    "date_of_birth": "2010-09-09",
    "category": "away",
    "status": "open",
    "missing_at": "2026-03-01",
}


def tell(work: Work) -> None:
    """Send every report, and say that all sources but the Met are complete."""
    sent = [
        POLICE_BEFORE,
        AUTHORITY_BEFORE,
        POLICE_OPEN,
        MAYA_AUTHORITY,
        MAYA_POLICE,
        GRACE_POLICE,
        GRACE_AUTHORITY,
        JONAH_POLICE,
        JONAH_AUTHORITY,
        ELSEWHERE,
    ]
    send(work, *sent)


def send(work: Work, *rows: dict[str, str]) -> None:
    """Send reports as one whole submission of each organisation's."""
    for organisation in sorted({row["organisation"] for row in rows}):
        own = [row for row in rows if row["organisation"] == organisation]
        digest = f"{organisation} {work.now.isoformat()}"
        submission = open_submission(work, "register", "story.csv", digest)
        readings = [read_report(row, Kind.MISSING, now=work.now) for row in own]
        outcome = submit(work, submission.id, readings)
        reports = frozenset(outcome.received.reports[organisation])
        held = Held(submission.id, organisation, frozenset(BY_NAME), reports)
        complete(work, WHOLE_YEAR, [held])
