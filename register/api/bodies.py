"""Bodies of requests: JSON read so that everybody reads the same of it, and judged elsewhere."""

import json
from http import HTTPStatus
from typing import Any, NoReturn

from flask import request
from marshmallow import Schema

from register.api.faults import Problem
from register.api.schemas import MOST_ITEMS
from register.errors import Invalid
from register.reports.schema import nearest, storable

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


def refuse_unknown(sent: dict[str, Any], schema: type[Schema]) -> None:
    """Refuse keys that a body does not have, with the one that was probably meant."""
    known = list(schema().fields)
    strange = {
        storable(name): f"is not known here{nearest(name, known)}"
        for name in sent
        if name not in known
    }
    if strange:
        raise Invalid(strange)


def read_text(sent: dict[str, Any], name: str) -> str:
    """Give a value that must be text, blank where it is left out; raise Invalid."""
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise Invalid({name: "must be text"})
    if storable(value) != value:
        raise Invalid({name: "holds characters that cannot be kept (NUL or half a character)"})
    return value


def read_items(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the reports of a batch; Invalid for what is no list of objects, or too long a one."""
    items = sent.get("reports")
    if set(sent) != {"reports"} or not isinstance(items, list):
        raise Invalid({"reports": "must be a list of reports, and the only key"})
    if not 1 <= len(items) <= MOST_ITEMS:
        raise Invalid({"reports": f"must hold 1 to {MOST_ITEMS} reports"})
    if not all(isinstance(each, dict) for each in items):
        raise Invalid({"reports": "must hold objects only"})
    return items


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice: two readers could take it for two things")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
