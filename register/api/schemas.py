"""What goes over the wire: schemas of requests and answers; a report's from the field table."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, fields
from marshmallow.validate import Length

from register.reports.fields import Field, fields_of
from register.terms import Kind, MismatchState, Sector, Severity

EXAMPLE: Mapping[str, object] = {
    "updated_at": "2026-03-02T23:15:00+00:00",
    "forename": "Tariq",
    "surname": "Adeyemi-Test",
    "date_of_birth": "2011-05-31",
    "sex": "male",
    "nhs_number": "9000000009",
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-02T22:40:00+00:00",
    "reported_at": "2026-03-02T23:10:00+00:00",
    "risk_level": "high",
    "risk_flags": ["self_harm"],
}
"""A report of nobody, in every example."""
MOST_ITEMS = 500
"""Reports of one batch: they go through in one piece of work."""


class Closed(Schema):
    """What is sent: a key that is not named is refused."""

    class Meta:
        """As above."""

        unknown = RAISE


def _field(field: Field) -> fields.Field[Any]:
    said = field.label + (" (protected)" if field.protected else "")
    about: dict[str, Any] = {"description": said, "type": "string"}
    if field.many:
        about["type"] = ["array", "string"]
        about["items"] = {"type": "string"}
    if field.name in EXAMPLE:
        about["example"] = EXAMPLE[field.name]
    return fields.Raw(metadata=about, required=field.required, allow_none=not field.required)


def _report_schema(name: str, named: Collection[str]) -> type[Schema]:
    """Make the schema of a report as it is sent; `read_report` is what judges its values.

    `named` are required fields that may be left out, because something else tells them.
    """
    made: dict[str, fields.Field[Any]] = {}
    for field in fields_of(Kind.MISSING):
        made[field.name] = _field(field)
    for each in named:
        made[each].required = False
        made[each].allow_none = True
    return Closed.from_dict(made, name=name)


ReportSent = _report_schema("Report", ("organisation", "reference"))
ReportOfBatch = _report_schema("ReportOfBatch", ("organisation",))


class BatchSent(Closed):
    """Several reports; an `organisation` that is left out is one's own."""

    reports = fields.List(
        fields.Nested(ReportOfBatch), required=True, validate=Length(1, MOST_ITEMS)
    )


class Withdrawal(Closed):
    """That a report was entered in error."""

    updated_at = fields.Raw(
        allow_none=True,
        metadata={
            "type": "string",
            "description": "When the source withdrew it; the time of arrival if blank",
            "example": "2026-03-03T09:00:00+00:00",
        },
    )


class Warned(Schema):
    """A value that is kept but cannot be used, or contradicts another."""

    pointer = fields.String(required=True, metadata={"example": "/nhs_number"})
    detail = fields.String(
        required=True, metadata={"example": "fails the check digit of NHS numbers"}
    )


class HeldValue(Schema):
    """What one organisation's report says; null where it says nothing, or it is protected."""

    organisation = fields.String(required=True, metadata={"example": "E23000010"})
    value = fields.Raw(
        required=True,
        allow_none=True,
        metadata={"type": ["string", "array"], "items": {"type": "string"}},
    )
    protected = fields.Boolean(required=True)


class MismatchAnswer(Schema):
    """One disagreement between sources, as this client may see it."""

    number = fields.Integer(required=True, metadata={"example": 17})
    child = fields.String(required=True, metadata={"example": "C-000001-V"})
    episode = fields.String(required=True, allow_none=True, metadata={"example": "E-000001-B"})
    rule = fields.String(required=True, metadata={"example": "A2"})
    title = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    severity = fields.String(
        required=True, metadata={"enum": [each.value for each in Severity], "example": "high"}
    )
    state = fields.String(required=True, metadata={"enum": [each.value for each in MismatchState]})
    owner = fields.String(required=True, metadata={"description": "Whose turn it is"})
    counterpart = fields.String(required=True)
    sector = fields.String(required=True, metadata={"enum": [each.value for each in Sector]})
    police = fields.List(fields.Nested(HeldValue), required=True)
    authority = fields.List(fields.Nested(HeldValue), required=True)
    opened_at = fields.String(required=True, metadata={"format": "date-time"})
    due_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    closed_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    seen = fields.Integer(
        required=True, metadata={"description": "To be sent back with an answer to this mismatch"}
    )


class ReportAnswer(Schema):
    """What became of a report, and what the register made of it."""

    organisation = fields.String(required=True, metadata={"example": "E23000010"})
    reference = fields.String(required=True, metadata={"example": "WY-26-0001"})
    received = fields.String(
        required=True,
        metadata={
            "enum": ["accepted", "unchanged", "held"],
            "description": "`accepted`: a new version; `unchanged`: known already; `held`: read "
            "back, nothing was sent",
        },
    )
    stands = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether what was sent is what counts now: false where a version with "
            "a later `updated_at` is known"
        },
    )
    child = fields.String(required=True, metadata={"example": "C-000001-V"})
    episode = fields.String(required=True, allow_none=True, metadata={"example": "E-000001-B"})
    decision = fields.String(required=True, metadata={"enum": ["linked", "alone"]})
    reviews = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Proposed links on this child that wait for a person's word"},
    )
    mismatches = fields.List(fields.Nested(MismatchAnswer), required=True)
    warnings = fields.List(fields.Nested(Warned), required=True)


class HeldReport(ReportAnswer):
    """One's own report as it stands, with what the register made of it."""

    report = fields.Dict(
        required=True, metadata={"description": "The fields as the register holds them"}
    )
    updated_at = fields.String(required=True, metadata={"format": "date-time"})


class BatchResult(Schema):
    """What became of one report of a batch: what the register made of it, or the problem."""

    status = fields.Integer(required=True, metadata={"example": 201})
    report = fields.Nested(ReportAnswer, required=True, allow_none=True)
    problem = fields.Nested("ProblemAnswer", required=True, allow_none=True)


class BatchAnswer(Schema):
    """The results, in the order of what was sent."""

    results = fields.List(fields.Nested(BatchResult), required=True)


class Pointed(Schema):
    """One field at fault."""

    pointer = fields.String(required=True, metadata={"example": "/missing_at"})
    detail = fields.String(required=True)


class ProblemAnswer(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True, metadata={"example": "about:blank"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(Pointed), required=True)


class TokenAsked(Schema):
    """Client credentials, where they do not stand in HTTP Basic."""

    class Meta:
        """The rest of the form is OAuth's matter."""

        unknown = INCLUDE

    grant_type = fields.String(required=True, metadata={"enum": ["client_credentials"]})
    scope = fields.String(metadata={"example": "report:receive mismatch:read"})
    client_id = fields.String()
    client_secret = fields.String()


class TokenAnswer(Schema):
    """A token, and for how long it holds."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"]})
    expires_in = fields.Integer(required=True, metadata={"example": 3600})
    scope = fields.String(metadata={"example": "report:receive"})


class OAuthRefusal(Schema):
    """Why no token was given (RFC 6749, 5.2)."""

    error = fields.String(required=True, metadata={"example": "invalid_client"})
    error_description = fields.String()
