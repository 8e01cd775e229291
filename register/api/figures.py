"""Figures for inspectors and the Department: counts and shares, nobody's case."""

from datetime import date, timedelta

from flask import request
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Blueprint, Operation
from register.api.desk import open_work, parts
from register.api.parameters import FIRST, LAST, OF
from register.api.replies import reply, respond
from register.api.told import Told, time
from register.errors import Invalid
from register.inspection.figure import Figure
from register.inspection.figures import read_figures
from register.inspection.scope import Scope
from register.terms import LONDON

figures = Blueprint("figures", __name__, description="Figures, of an organisation or of England.")
USUAL = timedelta(days=90)


class LineAnswer(Schema):
    """One line of a figure; null where a number is too small to be told."""

    label = fields.String(required=True)
    counts = fields.List(fields.Integer(allow_none=True), required=True)


class ShareAnswer(Schema):
    """A part of a whole."""

    label = fields.String(required=True)
    part = fields.Integer(required=True, allow_none=True)
    whole = fields.Integer(required=True, allow_none=True)


class FigureAnswer(Schema):
    """One figure: what it means, and its numbers."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    definition = fields.String(required=True)
    headings = fields.List(fields.String(), required=True)
    lines = fields.List(fields.Nested(LineAnswer), required=True)
    shares = fields.List(fields.Nested(ShareAnswer), required=True)


class FiguresAnswer(Schema):
    """All figures of an organisation, or of England, over some days."""

    at = fields.String(required=True, metadata={"format": "date-time"})
    rounded = fields.Boolean(
        required=True, metadata={"description": "Small numbers are left out, others rounded"}
    )
    figures = fields.List(fields.Nested(FigureAnswer), required=True)


EXAMPLE = {
    "at": "2026-03-09T12:00:00+00:00",
    "rounded": True,
    "figures": [
        {
            "key": "agreement",
            "title": "How far police and authorities agree",
            "definition": "Of the goings missing that both sources told of, or should have.",
            "headings": ["Goings missing"],
            "lines": [{"label": "Agree", "counts": [120]}],
            "shares": [{"label": "Agreement rate", "part": 120, "whole": 150}],
        }
    ],
}


@figures.operation(
    "GET",
    "/figures",
    Operation(
        scope=Permission.FIGURES_READ,
        answers={200: Answer(FiguresAnswer, EXAMPLE)},
        refusals=(404, 422),
        parameters=(OF, FIRST, LAST),
    ),
)
def figure_out() -> Response:
    """Give the figures of some days, by default of the last ninety.

    Where they are rounded, they are of the whole months that those days lie in.
    """
    today = parts().clock().astimezone(LONDON).date()
    last = _day("to", today)
    scope = Scope(request.args.get("organisation", ""), _day("from", _before(last)), last)
    with open_work() as work:
        found = read_figures(work, scope)
    told = [_told(each) for each in found.figures]
    body = {"at": time(found.moment), "rounded": found.is_coarse, "figures": told}
    return respond(reply(body))


def _before(last: date) -> date:
    return max(last, date.min + USUAL) - USUAL


def _day(name: str, usual: date) -> date:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else usual
    except ValueError as error:
        raise Invalid({name: "must be a day, such as 2026-03-01"}) from error


def _told(figure: Figure) -> Told:
    return {
        "key": figure.key,
        "title": figure.title,
        "definition": figure.definition,
        "headings": list(figure.headings),
        "lines": [{"label": each.label, "counts": list(each.counts)} for each in figure.lines],
        "shares": [
            {"label": each.label, "part": each.part, "whole": each.whole} for each in figure.shares
        ],
    }
