"""One's own feed: what is agreed, when something last came, what stands amiss with it."""

from flask import jsonify, request
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Blueprint, Operation
from register.api.desk import open_work
from register.api.parameters import IF_NONE_MATCH
from register.api.told import told_feed
from register.inspection.feeds import own_feed
from register.mismatches.feeds import TITLES
from register.terms import Severity

feeds = Blueprint("feeds", __name__, description="One's own feed, and what is amiss with it.")


def _time(description: str) -> fields.String:
    told = {"format": "date-time", "description": description}
    return fields.String(required=True, allow_none=True, metadata=told)


class FaultAnswer(Schema):
    """Something that stands amiss with the feed."""

    rule = fields.String(required=True, metadata={"enum": list(TITLES)})
    title = fields.String(required=True)
    severity = fields.String(required=True, metadata={"enum": [each.value for each in Severity]})
    detail = fields.String(required=True)
    opened_at = fields.String(required=True, metadata={"format": "date-time"})
    due_at = fields.String(required=True, metadata={"format": "date-time"})
    overdue = fields.Boolean(required=True)


class FeedAnswer(Schema):
    """One's own feed as it stands."""

    organisation = fields.String(required=True)
    agreed_since = _time("From when it was agreed to run; null where nothing is agreed")
    every = fields.String(
        required=True, allow_none=True, metadata={"description": "How often something comes"}
    )
    heard_at = _time("When something last came; null where nothing has since the agreement")
    silent_from = _time("When it is silent unless something comes before")
    percent_rejected = fields.Float(
        required=True, metadata={"description": "Of a file's rows so many may be rejected"}
    )
    faults = fields.List(fields.Nested(FaultAnswer), required=True)


EXAMPLE = {
    "organisation": "E08000035",
    "agreed_since": "2026-03-01T00:00:00+00:00",
    "every": "24 hours",
    "heard_at": "2026-03-02T06:00:00+00:00",
    "silent_from": "2026-03-03T06:00:00+00:00",
    "percent_rejected": 1.0,
    "faults": [
        {
            "rule": "G1",
            "title": "Feed silent",
            "severity": "high",
            "detail": "nothing since 2026-03-02 06:00 UTC",
            "opened_at": "2026-03-03T06:00:00+00:00",
            "due_at": "2026-03-05T06:00:00+00:00",
            "overdue": False,
        }
    ],
}


@feeds.operation(
    "GET",
    "/feed",
    Operation(
        scope=Permission.REPORT_RECEIVE,
        answers={200: Answer(FeedAnswer, EXAMPLE, ("ETag",)), 304: Answer(None, None, ("ETag",))},
        parameters=(IF_NONE_MATCH,),
    ),
)
def feed() -> Response:
    """Read how one's own feed stands.

    Whatever comes ends a silence; many rejects are over with the next file that has few enough.
    """
    with open_work() as work:
        found = own_feed(work)
    answer = jsonify(told_feed(found))
    answer.add_etag()
    return answer.make_conditional(request)
