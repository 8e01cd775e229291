"""Speaking to the interface as a system does: a token first, then requests with it."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from register.access.policy import ROLES
from register.terms import Role

LEEDS, WEST_YORKSHIRE, BARKING = "E08000035", "E23000010", "E09000002"


def _all(role: Role) -> tuple[str, ...]:
    return tuple(sorted(ROLES[role]))


CLIENTS = {
    "leeds": (Role.MACHINE, LEEDS, _all(Role.MACHINE)),
    "police": (Role.MACHINE, WEST_YORKSHIRE, _all(Role.MACHINE)),
    "barking": (Role.MACHINE, BARKING, _all(Role.MACHINE)),
    "reader": (Role.MACHINE, LEEDS, ("mismatch:read",)),
    "department": (Role.DEPARTMENT, "", ("figures:read",)),
    "desk": (Role.STEWARD, "", _all(Role.STEWARD)),
}
"""Each client: what it is, whose, and its scopes."""
OPEN = {
    "updated_at": "2026-03-02T22:15:00+00:00",
    "forename": "Tariq",
    "surname": "Adeyemi-Test",
    "date_of_birth": "2011-05-31",
    "sex": "male",
    "nhs_number": "9000000009",
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-02T21:40:00+00:00",
    "reported_at": "2026-03-02T22:10:00+00:00",
    "risk_level": "high",
}
"""A report of nobody."""
API = "/api/v1"


class Speaker:
    """A system with a token."""

    def __init__(self, app: Flask, name: str, secret: str, scope: str = "") -> None:
        self.client = app.test_client()
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        answer = self.client.post(f"{API}/token", data=form, auth=(name, secret))
        assert answer.status_code == 200, answer.text
        self.token = answer.get_json()["access_token"]

    def ask(self, method: str, path: str, **how: Any) -> TestResponse:  # noqa: ANN401  # passed on
        """Ask with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **how.pop("headers", {})}
        return self.client.open(f"{API}{path}", method=method, headers=headers, **how)

    def put(self, organisation: str, reference: str, **said: Any) -> TestResponse:  # noqa: ANN401  # fields
        """Send one report: OPEN, but for what is said; None leaves a field out."""
        body = {name: value for name, value in {**OPEN, **said}.items() if value is not None}
        return self.ask("PUT", f"/reports/{organisation}/{reference}", json=body)
