"""What operations take besides a body: parts of the path, headers, and questions of a list."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from flask import request
from werkzeug.routing import PathConverter

from register.errors import Invalid

Parameter = Mapping[str, object]
MOST = 200
USUAL = 100


class ReferenceConverter(PathConverter):
    """A reference in an address: anything, also with slashes, but the name of an act behind one.

    A reference that ends so is sent in a batch.
    """

    regex = "(?!.*/withdraw$)[^/].*?"


def _parameter(where: str, name: str, description: str, **schema: object) -> Parameter:
    return {
        "in": where,
        "name": name,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _path(name: str, description: str, example: object, **schema: object) -> Parameter:
    found = _parameter("path", name, description, **schema)
    return {**found, "required": True, "example": example}


ORGANISATION = _path("organisation", "The code of one's own force or authority", "E23000010")
REFERENCE = _path("reference", "One's own reference for this going missing", "WY-26-0001")
NUMBER = _path("number", "Its number", 17, type="integer", minimum=0)
IF_MATCH = _parameter("header", "If-Match", "Only if this ETag is the version that counts")
IF_NONE_MATCH = _parameter(
    "header", "If-None-Match", "`*`: only if there is none; on reading: unless this ETag"
)
IDEMPOTENCY_KEY = _parameter(
    "header",
    "Idempotency-Key",
    "A name of this request, so that a repeat is answered as the first was",
    maxLength=200,
    pattern="^[!-~]([ -~]*[!-~])?$",
)
OF = _parameter("query", "organisation", "Whose; blank for all of England")
FIRST = _parameter("query", "from", "The first day", format="date")
LAST = _parameter("query", "to", "The last day", format="date")
STATES = ("open", "settled", "closed", "all")
STATE = _parameter("query", "state", "Which of them", enum=list(STATES), default="open")
CURSOR = _parameter("query", "cursor", "`next` of the part before; blank for the first")
SINCE = _parameter("query", "since", "`next` of the last answer; blank for the beginning")
LIMIT = _parameter(
    "query", "limit", "Lines of one part", type="integer", minimum=1, maximum=MOST, default=USUAL
)


def read_limit() -> int:
    """Give how many lines are asked for; raise Invalid."""
    text = request.args.get("limit", str(USUAL))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
        raise Invalid({"limit": f"must be a whole number from 1 to {MOST}"})
    return int(text)


def read_cursor(name: str, what: str) -> int:
    """Give the number behind which to go on; raise Invalid for what is no cursor of this list."""
    text = request.args.get(name, "")
    if not text:
        return 0
    try:
        kind, _, number = urlsafe_b64decode(text.encode()).decode("ascii").partition(":")
        found = int(number) if number.isdecimal() and len(number) < 20 else -1  # noqa: PLR2004  # 64 bits
    except ValueError as error:
        raise Invalid({name: _NO_CURSOR}) from error
    if kind != what or found < 0:
        raise Invalid({name: _NO_CURSOR})
    return found


def write_cursor(what: str, last: int | None) -> str | None:
    """Write where a list goes on; None at its end."""
    return None if last is None else urlsafe_b64encode(f"{what}:{last}".encode()).decode()


_NO_CURSOR = "is no cursor of this list: send what `next` gave, or leave it out"
