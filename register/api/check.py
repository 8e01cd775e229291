"""The quick check for systems: is this child known, and missing, and whom to call."""

from datetime import date

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf
from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Asks, Blueprint, Operation
from register.api.bodies import read_object, read_text, refuse_unknown
from register.api.desk import open_work
from register.api.replies import reply, respond
from register.api.schemas import Closed
from register.api.told import Told
from register.errors import Invalid
from register.inspection.check import PURPOSES, Found, quick_check
from register.inspection.seeking import MOST_FOUND, Sought

checks = Blueprint("check", __name__, description="The quick check, wherever a child is known.")
LONGEST = 200
_TEXTS = ("forename", "surname", "identifier", "reference")


class CheckSent(Closed):
    """Whom to look for: by both names and the date of birth, by a number, or by a reference."""

    forename = fields.String(validate=Length(max=LONGEST))
    surname = fields.String(validate=Length(max=LONGEST))
    date_of_birth = fields.String(metadata={"format": "date"})
    identifier = fields.String(
        validate=Length(max=LONGEST),
        metadata={"description": "An NHS number, a pupil number or a Home Office reference"},
    )
    reference = fields.String(
        validate=Length(max=LONGEST),
        metadata={"description": "What any organisation calls the report, or the child"},
    )
    purpose = fields.String(
        required=True,
        validate=OneOf(list(PURPOSES)),
        metadata={"description": "; ".join(f"`{code}`: {why}" for code, why in PURPOSES.items())},
    )


class FoundAnswer(Schema):
    """A child who fits; whoever acts on it holds the date of birth against what they know."""

    child = fields.String(required=True)
    name = fields.String(required=True)
    age = fields.String(required=True)
    date_of_birth = fields.List(fields.String(), required=True)
    sex = fields.List(fields.String(), required=True)
    missing_now = fields.Boolean(required=True)
    call = fields.List(
        fields.String(), required=True, metadata={"description": "Organisations that know more"}
    )


class CheckAnswer(Schema):
    """Who fits, the best first; `restricted` are whom to call about records that may not be told.

    Nobody found is no proof that no such child is missing.
    """

    found = fields.List(fields.Nested(FoundAnswer), required=True)
    restricted = fields.List(fields.String(), required=True)


SENT = {
    "forename": "Tariq",
    "surname": "Adeyemi-Test",
    "date_of_birth": "2011-05-31",
    "purpose": "found",
}
TOLD = {
    "found": [
        {
            "child": "C-000001-V",
            "name": "Tariq Adeyemi-Test",
            "age": "14",
            "date_of_birth": ["2011-05-31"],
            "sex": ["male"],
            "missing_now": True,
            "call": ["E23000010"],
        }
    ],
    "restricted": [],
}


@checks.operation(
    "POST",
    "/check",
    Operation(
        scope=Permission.CHILD_CHECK,
        sent=Asks(CheckSent, SENT),
        answers={200: Answer(CheckAnswer, TOLD)},
    ),
)
def look() -> Response:
    """Ask whether a child is known anywhere, is missing now, and whom to call; it is logged."""
    sent = read_object()
    refuse_unknown(sent, CheckSent)
    sought, purpose = _read(sent)
    with open_work() as work:
        checked = quick_check(work, sought, purpose)
    found = [_told(each) for each in checked.found[:MOST_FOUND]]
    return respond(reply({"found": found, "restricted": list(checked.restricted)}))


def _read(sent: dict[str, object]) -> tuple[Sought, str]:
    """Read whom somebody asks about, and why; raise Invalid with what is wrong."""
    said = {name: read_text(sent, name).strip() for name in (*_TEXTS, "purpose")}
    problems = {
        name: f"must be of {LONGEST} characters or fewer"
        for name in _TEXTS
        if len(said[name]) > LONGEST
    }
    if said["purpose"] not in PURPOSES:
        problems["purpose"] = f"must be one of {', '.join(PURPOSES)}"
    born = None
    if text := read_text(sent, "date_of_birth").strip():
        try:
            born = date.fromisoformat(text)
        except ValueError:
            problems["date_of_birth"] = "must be a day, such as 2012-05-31"
    sought = Sought(said["forename"], said["surname"], born, said["identifier"], said["reference"])
    if not sought.by and not problems:
        problems["forename"] = "must stand with surname and date_of_birth, or give identifier"
    if problems:
        raise Invalid(problems)
    return sought, said["purpose"]


def _told(found: Found) -> Told:
    return {
        "child": found.number,
        "name": found.person.name,
        "age": found.person.age,
        "date_of_birth": list(found.born),
        "sex": list(found.sex),
        "missing_now": found.is_missing,
        "call": list(found.organisations),
    }
