"""What an operation finds on its desk: the parts of the application, who asks, a piece of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, cast

from flask import current_app, g, request
from sqlalchemy import Engine

from register.access.openings import Limits, set_limits
from register.clients.service import Bearer, read_fingerprint
from register.errors import Invalid
from register.settings import Settings
from register.terms import Role
from register.work import Actor, Work, begin_work

NOBODY = Actor(name="no token", role=Role.NOBODY)
CERTIFICATE_HEADER = "X-Client-Certificate-SHA256"
"""In which one's own proxy tells the certificate that a client showed it."""


class Parts(Protocol):
    """What `create_app` joined: how the application is set, its database and its clock."""

    @property
    def settings(self) -> Settings:
        """How it is set."""

    @property
    def engine(self) -> Engine:
        """Its database."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """What tells it the time."""


def parts() -> Parts:
    """Give the parts of the application that serves this request."""
    return cast("Parts", current_app.extensions["register"])


def bearer() -> Bearer | None:
    """Give who asks; None for somebody without a token that holds."""
    return cast("Bearer | None", g.get("bearer"))


@contextmanager
def open_work(*, writes: bool = False) -> Iterator[Work]:
    """Begin the request's piece of work, as whoever asks; `writes` where something is kept."""
    here, who = parts(), bearer()
    actor = who.actor if who else NOBODY
    with begin_work(here.engine, actor, clock=here.clock, writes=writes) as work:
        given = here.settings
        most = (given.children_a_day, given.children_a_day_of_systems, given.export_rows)
        set_limits(work, Limits(*most))
        yield work


def certificate() -> str:
    """Give the fingerprint of the client's certificate: only a proxy of one's own is believed."""
    if not parts().settings.trusted_proxies:
        return ""
    try:
        return read_fingerprint(request.headers.get(CERTIFICATE_HEADER, ""))
    except Invalid:
        return ""
