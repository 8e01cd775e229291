"""Pages as they were known at an earlier time: which can be asked so, and how links keep to it."""

from datetime import datetime
from http import HTTPStatus

from flask import Flask, g, has_request_context, redirect, request
from flask.wrappers import Response as Answer
from werkzeug.wrappers import Response

from register.errors import Invalid, Refused
from register.reports.boxes import fill_when, when_boxes
from register.web.days import read_time
from register.web.desk import as_at_asked, parts, this_page
from register.web.gate import BY_ITSELF, READS

ASKED = "as_at"
SHOWN_AS_AT = frozenset(
    {
        "first.page",
        "children.missing_now",
        "children.child",
        "children.find",
        "inspecting.figures",
        "inspecting.behind",
        "sampling.chronology",
        "mismatches.everything",
        "mismatches.one",
        "reviews.waiting",
        "reviews.one",
        "reviews.model",
    }
)
"""All that can be seen as it was known at an earlier time; the rest is of today."""
BOXES = when_boxes(ASKED)
"""What the form asks with; the answer leads to the one word that links carry."""
_NOT_CARRIED = frozenset({ASKED, "page", BY_ITSELF, *BOXES})
_NOTHING_SAID = "Enter the date and time as at which you want to see this"


def show_earlier_times(app: Flask) -> None:
    """Let pages be asked for as at a time, and their links with them; nothing else may be."""
    app.before_request(_refuse_elsewhere)
    app.before_request(_read_boxes)
    app.after_request(_tell)
    app.url_defaults(_keep)
    app.context_processor(_band)
    app.jinja_env.globals.update(asked_as_at=_asked, now_or_then=_now_or_then)


def wrong_time() -> dict[str, str]:
    """Give what is wrong with the time that was typed into the band, by its box."""
    wrong: dict[str, str] = g.get("wrong_time", {})
    return wrong


def earlier_time() -> datetime | None:
    """Give the time as at which the page is shown; None for now, or for one that is refused."""
    try:
        return as_at_asked()
    except Refused:
        return None


def _refuse_elsewhere() -> None:
    if request.endpoint in SHOWN_AS_AT and request.method in READS:
        return
    if request.values.get(ASKED):
        raise Refused(
            "What was known at an earlier time can be looked at, not changed, and not every page "
            "shows it. Nothing was kept: go back to now first."
        )


def _read_boxes() -> Response | None:
    """Lead to the page as at the time that was typed; a page that is none is shown with why."""
    typed = request.args.keys() & {*BOXES}
    if not typed or request.endpoint not in SHOWN_AS_AT or request.method not in READS:
        return None
    try:
        at = read_time(request.args, ASKED, parts().clock())
    except Invalid as refusal:
        g.wrong_time = refusal.problems
        return None
    if at is None:
        g.wrong_time = {BOXES[0]: _NOTHING_SAID}
        return None
    return redirect(this_page(dict.fromkeys(_NOT_CARRIED) | {ASKED: at.isoformat()}))


def _tell(response: Answer) -> Answer:
    if wrong_time() and response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _keep(endpoint: str, values: dict[str, object]) -> None:
    """Let every link to what can be shown as at a time keep to the time of the page it is on."""
    if endpoint in SHOWN_AS_AT and has_request_context() and earlier_time():
        values.setdefault(ASKED, request.args[ASKED])


def _asked() -> str:
    """Give the time for the hidden field of a form that reads: a browser drops a form's query."""
    return request.args[ASKED] if earlier_time() else ""


def _now_or_then() -> str:
    return "then" if earlier_time() else "now"


def _band() -> dict[str, object]:
    """Give what the band across the page shows, and the form to ask for another time."""
    shown = request.endpoint in SHOWN_AS_AT
    at = earlier_time() if shown else None
    wrong = wrong_time()
    carried = _NOT_CARRIED - {ASKED} if at else _NOT_CARRIED
    return {
        "as_at": at,
        "can_be_earlier": shown,
        "as_at_boxes": request.args if wrong else fill_when(ASKED, at.isoformat()) if at else {},
        "as_at_wrong": wrong,
        "asked_besides": [
            (name, said) for name, said in request.args.items() if name not in carried
        ],
        "back_to_now": this_page(dict.fromkeys(_NOT_CARRIED)),
    }
