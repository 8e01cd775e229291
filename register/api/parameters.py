"""What operations take besides a body: parts of the path, headers, and questions of a list."""

from collections.abc import Mapping

Parameter = Mapping[str, object]


def _path(name: str, description: str, example: object, **schema: object) -> Parameter:
    return {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def _header(name: str, description: str, **schema: object) -> Parameter:
    return {
        "in": "header",
        "name": name,
        "description": description,
        "schema": {"type": "string", **schema},
    }


ORGANISATION = _path("organisation", "The code of one's own force or authority", "E23000010")
REFERENCE = _path("reference", "One's own reference for this going missing", "WY-26-0001")
IF_MATCH = _header("If-Match", "Change it only if this ETag is the version that counts")
IF_NONE_MATCH = _header("If-None-Match", "`*`: only if there is none; on reading: unless this ETag")
IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    "A name of this request, so that a repeat is answered as the first was",
    maxLength=200,
    pattern="^[ -~]+$",
)
