"""Bodies of requests: JSON read so that everybody reads the same of it, and judged elsewhere."""

import json
from http import HTTPStatus
from typing import Any, NoReturn

from flask import request

from register.api.faults import Problem

_UNREADABLE = "The body cannot be read: it must be one JSON object in UTF-8, each key once."


def read_object() -> dict[str, Any]:
    """Read the body as one JSON object; Problem for what is none, or could be read in two ways."""
    if not request.is_json:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json."
        )
    try:
        text = request.get_data().decode("utf-8")
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, _UNREADABLE) from error
    if not isinstance(value, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, _UNREADABLE)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice: two readers could take it for two things")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
