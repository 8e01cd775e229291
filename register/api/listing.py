"""Lists as systems read them: a part at a time, each with the cursor behind which to go on."""

from collections.abc import Callable
from typing import TypeVar

from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Operation
from register.api.desk import open_work
from register.api.parameters import (
    CURSOR,
    LIMIT,
    Parameter,
    read_cursor,
    read_limit,
    write_cursor,
)
from register.api.replies import reply, respond
from register.api.told import Told
from register.inspection.lists import Part
from register.work import Work

T = TypeVar("T")


def listing(scope: Permission, answer: Answer, *parameters: Parameter) -> Operation:
    """Give a list as the document tells it; `parameters` are those that narrow it."""
    return Operation(
        scope=scope,
        answers={200: answer},
        refusals=(422,),
        parameters=(*parameters, CURSOR, LIMIT),
    )


def listed(
    name: str,
    tell: Callable[[T], Told],
    behind: Callable[[Work, int, int], Part[T]],
    narrowed: str = "",
) -> Response:
    """Send the part of a list that is asked for; a cursor is good for what it is narrowed to."""
    kind = f"{name} {narrowed}".strip()
    after, most = read_cursor("cursor", kind), read_limit()
    with open_work() as work:
        part = behind(work, after, most)
    told = [tell(each) for each in part.rows]
    return respond(reply({name: told, "next": write_cursor(kind, part.last)}))
