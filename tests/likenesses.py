"""A small world of children who are nearly alike, and what organisations may report of them."""

from typing import Any

from hypothesis import strategies as st

from register.reports.schema import Reading
from tests.registers import AUTHORITY, FORCE, HOST, OTHER_FORCE, listed, say

# Twins, near twins, nicknames, one without a forename, days and months swapped, a shared and a
# wrong identifier: whatever makes groups touch.
PEOPLE: tuple[dict[str, str], ...] = (
    {"forename": "Amina", "surname": "Khan", "date_of_birth": "2010-03-05", "sex": "female"},
    {"forename": "Amira", "surname": "Khan", "date_of_birth": "2010-03-05", "sex": "female"},
    {"forename": "Amina", "surname": "Khan", "date_of_birth": "2010-05-03", "sex": "female"},
    {"surname": "Khan", "date_of_birth": "2010-03-05", "home_postcode": "LS1 4AP"},
    {"forename": "Elizabeth", "surname": "Brown", "date_of_birth": "2009-07-01"},
    {"forename": "Liz", "surname": "Brown", "date_of_birth": "2009-07-01"},
    {"forename": "Elspeth", "surname": "Brown", "date_of_birth": "2009-07-01"},
    {"forename": "Elizabeth", "surname": "Browne", "date_of_birth": "2009-07-02"},
    {"forename": "Liz", "surname": "Brown", "nhs_number": "9000000009"},
    {"forename": "Amina", "surname": "Khan", "nhs_number": "9000000009"},
    {"forename": "Amina Grace", "surname": "Khan-Brown", "date_of_birth": "2010-03-05"},
    {"forename": "Amina", "surname": "Khan", "date_of_birth": "2010-03-05", "sex": "male"},
)
TIMES: tuple[dict[str, str], ...] = (
    {"missing_at": "2026-03-02T22:00:00+00:00", "returned_at": "2026-03-03T09:00:00+00:00"},
    {"missing_at": "2026-03-02", "returned_at": "2026-03-03"},
    {"missing_at": "2026-03-03T20:00:00+00:00", "returned_at": "2026-03-05T09:00:00+00:00"},
    {"missing_at": "2026-03-03", "status": "open"},
)
CHANGED = ("2026-03-05T10:00:00+00:00", "2026-03-06T10:00:00+00:00", "2026-03-07")


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Draw one version of one of a few reports, so that versions of one report are frequent."""
    organisation = draw(st.sampled_from((FORCE, OTHER_FORCE, AUTHORITY, HOST)))
    said: dict[str, Any] = {**draw(st.sampled_from(PEOPLE)), **draw(st.sampled_from(TIMES))}
    own = draw(st.sampled_from(("", "", "c1", "c2")))
    if draw(st.integers(0, 9)) == 0 and organisation in {AUTHORITY, HOST}:
        return listed(organisation, own or "c1", **draw(st.sampled_from(PEOPLE)))
    if draw(st.integers(0, 7)) == 0:
        said["status"] = "withdrawn"
    if organisation in {AUTHORITY, HOST}:
        said |= {"care_status": "looked_after", "responsible_authority": AUTHORITY}
    return say(
        organisation,
        draw(st.sampled_from(("R1", "R2", "R3"))),
        child_reference=own,
        updated_at=draw(st.sampled_from(CHANGED)),
        **said,
    )
