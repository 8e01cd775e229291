"""Schemas of lists, reviews, judgements, answers and changes."""

from marshmallow import Schema, fields

from register.api.schemas import Closed, MismatchAnswer
from register.inspection.news import FEED
from register.inspection.reviews import VERDICTS
from register.linkage.readings import Outcome
from register.mismatches.feeds import TITLES
from register.terms import Answer, SettledReason


def _next() -> fields.String:
    return fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The cursor of the next part; null at the end"},
    )


class Account(Schema):
    """What one organisation says of a going missing."""

    organisation = fields.String(required=True)
    since = fields.String(required=True, metadata={"description": "A time, or a day"})
    until = fields.String(required=True, allow_none=True)
    is_open = fields.Boolean(required=True)
    is_missing = fields.Boolean(required=True)


class MissingLine(Schema):
    """One child missing now."""

    child = fields.String(required=True, metadata={"example": "C-000001-V"})
    name = fields.String(required=True)
    name_is_disputed = fields.Boolean(required=True)
    age = fields.String(required=True)
    risk = fields.String(required=True)
    responsible = fields.String(required=True)
    police = fields.List(fields.Nested(Account), required=True)
    authority = fields.List(fields.Nested(Account), required=True)
    mismatches = fields.List(fields.Integer(), required=True)


class MissingAnswer(Schema):
    """Who is missing now, a part of them."""

    missing = fields.List(fields.Nested(MissingLine), required=True)
    next = _next()


class MismatchesAnswer(Schema):
    """Mismatches, a part of them."""

    mismatches = fields.List(fields.Nested(MismatchAnswer), required=True)
    next = _next()


class Happened(Schema):
    """One thing that happened to a mismatch."""

    at = fields.String(required=True, metadata={"format": "date-time"})
    what = fields.String(required=True)
    organisation = fields.String(required=True)
    words = fields.String(required=True)


class MismatchWhole(MismatchAnswer):
    """One mismatch, with what this client may answer and what happened to it."""

    answers = fields.List(
        fields.String(metadata={"enum": [each.value for each in Answer]}), required=True
    )
    history = fields.List(fields.Nested(Happened), required=True)


class AnswerSent(Closed):
    """An answer to a mismatch."""

    answer = fields.String(
        required=True,
        metadata={"enum": [each.value for each in Answer if each is not Answer.WITHDRAWN]},
    )
    reason = fields.String(
        metadata={
            "enum": [each.value for each in SettledReason],
            "description": "For `both_correct`: why",
        }
    )
    words = fields.String(metadata={"description": "Why; most answers need it"})
    seen = fields.Integer(
        required=True, metadata={"description": "`seen` of the mismatch as it was read"}
    )


class Side(Schema):
    """One report of a proposed link."""

    organisation = fields.String(required=True)
    reference = fields.String(required=True)
    name = fields.String(required=True)
    age = fields.String(required=True)


class ReviewLine(Schema):
    """One proposed link that waits for a person."""

    number = fields.Integer(required=True)
    probability = fields.Float(required=True, allow_none=True)
    one = fields.Nested(Side, required=True)
    other = fields.Nested(Side, required=True)


class ReviewsAnswer(Schema):
    """Proposed links, a part of them."""

    reviews = fields.List(fields.Nested(ReviewLine), required=True)
    next = _next()


class ComparedField(Schema):
    """One field of both sides; of a protected one only whether it agrees."""

    field = fields.String(required=True)
    one = fields.List(fields.Raw(metadata={"type": ["string", "array"]}), required=True)
    other = fields.List(fields.Raw(metadata={"type": ["string", "array"]}), required=True)
    outcome = fields.String(required=True, metadata={"enum": [each.value for each in Outcome]})


class ReviewWhole(Schema):
    """One proposed link: what is held against each other, and what speaks for and against."""

    number = fields.Integer(required=True)
    probability = fields.Float(required=True)
    reasons = fields.List(fields.String(), required=True)
    children = fields.List(fields.String(), required=True)
    fields_compared = fields.List(fields.Nested(ComparedField), required=True)
    is_open = fields.Boolean(required=True)
    seen = fields.String(
        required=True, metadata={"description": "To be sent back with the judgement"}
    )


class JudgementSent(Closed):
    """A person's word on a proposed link, which their system passes on."""

    verdict = fields.String(required=True, metadata={"enum": list(VERDICTS)})
    reason = fields.String(required=True)
    seen = fields.String(required=True, metadata={"description": "`seen` of the review as read"})


class JudgementAnswer(Schema):
    """What became of the two reports."""

    review = fields.Integer(required=True)
    verdict = fields.String(required=True, metadata={"enum": list(VERDICTS)})


class MismatchNews(Schema):
    """What became of one mismatch."""

    number = fields.Integer(required=True)
    what = fields.String(required=True, metadata={"enum": ["opened", "changed", "ended"]})


class FaultNews(Schema):
    """What became of something amiss with one's own feed."""

    rule = fields.String(required=True, metadata={"enum": list(TITLES)})
    what = fields.String(required=True, metadata={"enum": ["opened", "changed", "ended"]})


class NewsLine(Schema):
    """One change: of one child, or of one's own feed."""

    change = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": ["child", FEED]})
    child = fields.String(
        required=True,
        allow_none=True,
        metadata={"example": "C-000001-V", "description": "Null where one's own feed changed"},
    )
    at = fields.String(required=True, metadata={"format": "date-time"})
    gone = fields.Boolean(
        required=True, metadata={"description": "The child left one's sight with this change"}
    )
    mismatches = fields.List(fields.Nested(MismatchNews), required=True)
    faults = fields.List(
        fields.Nested(FaultNews),
        required=True,
        metadata={"description": "Of one's own feed: what `/feed` tells as it stands"},
    )


class NewsAnswer(Schema):
    """What changed, in order, and the cursor to ask with next time."""

    changes = fields.List(fields.Nested(NewsLine), required=True)
    next = fields.String(
        required=True, metadata={"description": "Keep it: it is `since` of the next request"}
    )
    more = fields.Boolean(
        required=True, metadata={"description": "Whether to ask again straight away"}
    )
