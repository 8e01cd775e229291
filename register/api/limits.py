"""How much a client may ask, and what happens when too much comes at once.

Each client has a bucket of requests that fills by itself; what finds it empty is answered 429. And
so many requests at once are worked on: what comes beyond is answered 503 straight away, rather
than wait until its sender has given up. What is refused here has changed nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from math import ceil
from threading import BoundedSemaphore, Lock

from flask import Flask, Response, current_app, g

from register.api.desk import parts
from register.api.faults import Problem

MOST_NAMES = 10_000
"""Buckets that a process keeps: beyond it those that are full again are let go, which harms nobody;
and all of them, where none is."""


@dataclass(slots=True)
class Bucket:
    """What is left to somebody, and when it was counted."""

    left: float
    at: datetime


class Limits:
    """The buckets of one process, and its places."""

    def __init__(self, rate: int, places: int) -> None:
        self.rate, self.most = rate, rate * 4
        self.places = BoundedSemaphore(places)
        self._buckets: dict[str, Bucket] = {}
        self._door = Lock()

    def spend(self, name: str, now: datetime) -> float:
        """Take one request out of a bucket and give what is left; below nought, it was empty."""
        with self._door:
            if len(self._buckets) > MOST_NAMES:
                self._let_go(now)
            bucket = self._buckets.setdefault(name, Bucket(self.most, now))
            passed = max((now - bucket.at).total_seconds(), 0)
            bucket.left = min(bucket.left + passed * self.rate, self.most)
            bucket.at = max(now, bucket.at)
            if bucket.left < 1:
                return bucket.left - 1
            bucket.left -= 1
            return bucket.left

    def _let_go(self, now: datetime) -> None:
        spent = {name: each for name, each in self._buckets.items() if not self._is_full(each, now)}
        self._buckets = spent if len(spent) <= MOST_NAMES else {}

    def _is_full(self, bucket: Bucket, now: datetime) -> bool:
        return bucket.left + (now - bucket.at).total_seconds() * self.rate >= self.most


def set_limits(app: Flask) -> None:
    """Give the application its buckets and places."""
    settings = app.extensions["register"].settings
    app.extensions["register-limits"] = Limits(settings.api_per_second, settings.api_at_once)
    app.before_request(_take_place)
    app.after_request(_tell)
    app.teardown_request(_leave_place)


def spend(name: str) -> None:
    """Take one request out of somebody's bucket; raise Problem where it is empty."""
    limits: Limits = current_app.extensions["register-limits"]
    left = limits.spend(name, parts().clock())
    g.limits = {
        "RateLimit-Limit": str(limits.most),
        "RateLimit-Remaining": str(max(int(left), 0)),
        "RateLimit-Reset": str(ceil((limits.most - max(left, 0)) / limits.rate)),
    }
    if left < 0:
        wait = {"Retry-After": str(max(ceil(-left / limits.rate), 1))}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests: wait, then go on.", wait)


def _take_place() -> None:
    limits: Limits = current_app.extensions["register-limits"]
    g.has_place = limits.places.acquire(blocking=False)
    if not g.has_place:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The register is busy: nothing was changed. Send it again.",
            {"Retry-After": "1"},
        )


def _tell(response: Response) -> Response:
    response.headers.update(g.get("limits", {}))
    return response


def _leave_place(_error: BaseException | None) -> None:
    if g.pop("has_place", False):
        limits: Limits = current_app.extensions["register-limits"]
        limits.places.release()
