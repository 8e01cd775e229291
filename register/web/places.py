"""Protected places: one value on a page of its own, and the notices of what was shown."""

from flask import Blueprint, render_template, request

from register.inspection.revealing import notice_list, place_asked, show_place, showing_list
from register.secrecy.showings import ShowingReason, Why
from register.web.attempts import attempt, typed
from register.web.desk import open_work, visitor

pages = Blueprint("places", __name__)


@pages.post("/children/<number>/place")
def ask(number: str) -> str:
    """Ask why one protected value is needed; what it is about is in no address."""
    return _form(number, {}, {})


@pages.post("/children/<number>/place/shown")
def show(number: str) -> str | tuple[str, int]:
    """Show the one value, once, to whoever signed in just now; or say what is lacking."""
    said = typed("report", "field", "reason", "words")
    why, token = Why(said["reason"], said["words"]), visitor().get_id() or ""
    problems: dict[str, str] = {}
    shown, status = attempt(
        lambda work: show_place(work, number, said["report"], said["field"], why, token), problems
    )
    if shown is None:
        return _form(number, problems, said), status
    return render_template("place.html", shown=shown)


@pages.get("/notices")
def notices() -> str:
    """List what was shown to anybody of what the visitor's organisation sent."""
    with open_work() as work:
        page = notice_list(work, request.args.get("page", 1, int))
    return render_template("notices.html", page=page)


@pages.get("/showings")
def showings() -> str:
    """List all showings, with who asked and why, for whoever looks into them."""
    with open_work() as work:
        page = showing_list(work, request.args.get("page", 1, int))
    return render_template("showings.html", page=page)


def _form(number: str, problems: dict[str, str], said: dict[str, str]) -> str:
    named = typed("report", "field")
    with open_work() as work:
        asked = place_asked(work, number, named["report"], named["field"])
    reasons = list(ShowingReason)
    return render_template(
        "ask_place.html", asked=asked, problems=problems, said=said, reasons=reasons
    )
