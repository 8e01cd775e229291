"""Pages as they were known at an earlier time: which can be asked so, and how links keep to it."""

from datetime import datetime

from flask import Flask, has_request_context, request, url_for

from register.errors import Refused
from register.terms import LONDON
from register.web.desk import as_at_asked, parts
from register.web.gate import READS

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
_NOT_CARRIED = frozenset({ASKED, "page"})


def show_earlier_times(app: Flask) -> None:
    """Let pages be asked for as at a time, and their links with them; nothing else may be."""
    app.before_request(_refuse_elsewhere)
    app.url_defaults(_keep)
    app.context_processor(_band)
    app.jinja_env.globals.update(asked_as_at=_asked, now_or_then=_now_or_then)


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
    return {
        "as_at": at,
        "can_be_earlier": shown,
        "as_at_typed": at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M") if at else "",
        "as_at_latest": parts().clock().astimezone(LONDON).strftime("%Y-%m-%dT%H:%M"),
        "asked_besides": [
            (name, said) for name, said in request.args.items() if name not in _NOT_CARRIED
        ],
        "back_to_now": _now() if at else "",
    }


def _now() -> str:
    asked = {name: said for name, said in request.args.items() if name not in _NOT_CARRIED}
    return url_for(request.endpoint or "", **{**asked, **(request.view_args or {}), ASKED: None})
