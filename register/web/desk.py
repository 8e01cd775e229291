"""What a view finds on its desk: the parts of the application, the visitor, a piece of work."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from flask import current_app, request
from flask_login import current_user
from sqlalchemy import Engine

from register.access.openings import Limits, set_limits
from register.errors import Refused
from register.inspection.england import England
from register.settings import Settings
from register.terms import LONDON, Role
from register.work import Actor, Work, begin_work

NOBODY = Actor(name="not signed in", role=Role.NOBODY)


@dataclass(frozen=True, slots=True)
class Parts:
    """What `create_app` joined: how the application is set, its database, its clock.

    And what was found of England's figures.
    """

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime]
    england: England


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in, as Flask-Login asks for it; its id is the session's token."""

    token: str
    actor: Actor
    name: str
    must_change_password: bool = False
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Give what the cookie keeps: the token of a session that the server can end."""
        return self.token


class Nobody:
    """Somebody not signed in, as Flask-Login asks for it."""

    actor = NOBODY
    name = ""
    is_authenticated = False
    is_active = False
    is_anonymous = True

    def get_id(self) -> None:
        """Give no id: there is no session."""


def parts() -> Parts:
    """Give the parts of the application that serves this request."""
    return cast("Parts", current_app.extensions["register"])


def visitor() -> Visitor | Nobody:
    """Give who asks."""
    return cast("Visitor | Nobody", current_user)


@contextmanager
def open_work(*, writes: bool = False) -> Iterator[Work]:
    """Begin the request's piece of work, as the visitor; `writes` where something is to be kept.

    A page that is asked for `as_at` a time shows what was known then.
    """
    here = parts()
    as_at = None if writes else as_at_asked()
    actor = visitor().actor
    with begin_work(here.engine, actor, clock=here.clock, writes=writes, as_at=as_at) as work:
        set_limits(work, limits_in(here.settings))
        yield work


def this_page(changed: Mapping[str, str | None]) -> str:
    """Give the address of this page with words of its query changed; None leaves one out."""
    asked: dict[str, str | None] = {**request.args.to_dict(), **changed}
    words = {name: said for name, said in asked.items() if said is not None}
    return f"{request.path}?{urlencode(words)}" if words else request.path


def limits_in(settings: Settings) -> Limits:
    """Read how much one person is given."""
    return Limits(settings.children_a_day, settings.children_a_day_of_systems, settings.export_rows)


def as_at_asked() -> datetime | None:
    """Read the time as at which a page is asked for; one without an offset is London's.

    Raises Refused for what is no time, and for a time to come.
    """
    said = request.args.get("as_at", "").strip()
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
        at = (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(
            "The time as at which this should be shown cannot be read. "
            "Write it like 2026-03-03T02:10, or choose it on the page."
        ) from error
    if at > parts().clock():
        raise Refused("That time is still to come: nobody knows yet what will be known then.")
    return at
