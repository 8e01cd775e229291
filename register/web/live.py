"""Lists that load themselves again, without a script: when they were made, and how to stop it."""

from flask import Flask, Response, request

from register.web.desk import parts, this_page
from register.web.earlier import earlier_time, wrong_time
from register.web.gate import BY_ITSELF

EVERY = 60
"""Seconds after which a list loads itself again."""
STAYS = "stays"
LIVE = frozenset({"first.page", "children.missing_now", "to_answer.everything", "reviews.waiting"})
"""Lists that change while somebody looks at them, and on which nobody types what would be lost."""


def keep_live(app: Flask) -> None:
    """Ask the browser to load the lists again, unless the visitor stopped it."""
    app.context_processor(_told)
    app.after_request(_ask_again)


def _told() -> dict[str, object]:
    """Give what a list says of itself: when it was made, and the way to stop or go on."""
    return {
        "is_live": _is_list() and not request.args.get(STAYS),
        "is_list": _is_list(),
        "made_at": parts().clock(),
        "live_every": EVERY,
        "stay_here": this_page({STAYS: "1", BY_ITSELF: None}),
        "go_on": this_page({STAYS: None, BY_ITSELF: None}),
    }


def _ask_again(response: Response) -> Response:
    whole = response.status_code == 200 and response.mimetype == "text/html"  # noqa: PLR2004  # found
    if whole and _is_list() and not request.args.get(STAYS):
        # It says that nobody asked: such a request does not keep a session alive (gate.py).
        again = this_page({BY_ITSELF: "1"})
        response.headers["Refresh"] = f"{EVERY}; url={again}"
    return response


def _is_list() -> bool:
    is_now = earlier_time() is None and not wrong_time()
    return request.endpoint in LIVE and request.method == "GET" and is_now
