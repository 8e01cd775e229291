"""Trying what a form asks for: a refusal is shown on the form, with all that was typed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from flask import request

from register.errors import Conflict, Invalid
from register.terms import REASON_LENGTH
from register.web.desk import open_work
from register.work import Work

T = TypeVar("T")
SHOWN = "shown"
"""The name of the problem that concerns all that is shown, and no single field."""


def typed(*names: str) -> dict[str, str]:
    """Give what was typed into fields of the form."""
    return {name: request.form.get(name, "").strip() for name in names}


def reason_problems(reason: str) -> dict[str, str]:
    """Say what a reason lacks."""
    if not reason:
        return {"reason": "Say why: the reason is kept with your judgement"}
    if len(reason) > REASON_LENGTH:
        return {"reason": f"The reason must be {REASON_LENGTH} characters or fewer"}
    return {}


def attempt(act: Callable[[Work], T], problems: dict[str, str]) -> tuple[T | None, HTTPStatus]:
    """Do it unless there are problems already; what refuses it is added to them."""
    if problems:
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with open_work(writes=True) as work:
            return act(work), HTTPStatus.OK
    except Invalid as refusal:
        problems.update(refusal.problems)
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refusal:
        problems[SHOWN] = str(refusal)
        return None, HTTPStatus.CONFLICT
