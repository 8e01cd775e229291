"""Doing what was asked, once: a repeat under the same Idempotency-Key hears the first answer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Response, request

from register.api.desk import bearer, open_work
from register.api.faults import Problem
from register.audit.service import record
from register.clients.idempotency import (
    Asked,
    Reply,
    Reused,
    in_flight,
    keep,
    keep_refused,
    recall,
)
from register.inspection.made_of import are_all_in_sight
from register.numbers import read_number
from register.reports.schema import storable
from register.work import Work

_KEY = re.compile(r"[ -~]{1,200}")
_CHILD = re.compile(r'"child": "([^"]+)"')
"""How an answer that `reply` wrote names a child."""
Act = Callable[[Work], Reply]
Anew = Callable[[Work, Any], object]
"""Tells what was answered once as it may be told now."""


def reply(body: object, status: int = HTTPStatus.OK, **headers: str) -> Reply:
    """Write an answer; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(body, ensure_ascii=False), named)


def respond(answer: Reply, **headers: str) -> Response:
    """Send an answer."""
    response = Response(answer.body, answer.status, mimetype="application/json")
    response.headers.update({**answer.headers, **headers})
    return response


def once(sent: Mapping[str, object], act: Act, anew: Anew) -> Response:
    """Do it in one piece of work and answer; under a key that is known, answer as before.

    But what was answered of a child that the sender may not see any more is told `anew`.
    """
    asked = _asked(sent)
    if asked is None:
        with open_work(writes=True) as work:
            answer = act(work)
        return respond(answer)
    try:
        with in_flight(asked), open_work(writes=True) as work:
            kept = recall(work, asked)
            if kept is None:
                answer = act(work)
                keep(work, asked, answer)
            else:
                children = _children_in(kept)
                if not are_all_in_sight(work, children):
                    body = anew(work, json.loads(kept.body))
                    kept = replace(kept, body=json.dumps(body, ensure_ascii=False))
                    children = _children_in(kept)
                record(work, "list:viewed", "an answer again", children=children)
    except Reused:
        with open_work(writes=True) as work:
            keep_refused(work, asked, storable(_written(sent)))
        raise
    return respond(kept, **{"Idempotency-Replayed": "true"}) if kept else respond(answer)


def _asked(sent: Mapping[str, object]) -> Asked | None:
    key = request.headers.get("Idempotency-Key")
    who = bearer()
    if key is None or who is None:
        return None
    if not _KEY.fullmatch(key):
        sentence = "The Idempotency-Key must be 1 to 200 plain characters."
        raise Problem(HTTPStatus.BAD_REQUEST, sentence)
    text = f"{request.method} {request.path}\n{_written(sent)}"
    return Asked(who.client, key, sha256(text.encode(errors="replace")).hexdigest())


def _children_in(answer: Reply) -> set[int]:
    return {read_number(each)[1] for each in _CHILD.findall(answer.body)}


def _written(sent: Mapping[str, object]) -> str:
    return json.dumps(sent, sort_keys=True, ensure_ascii=False)
