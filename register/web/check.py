"""The quick check, and what may follow it: breaking the glass, giving a child to a colleague."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.access.stepping_up import Purpose
from register.inspection.check import PURPOSES, Checked, quick_check
from register.inspection.needs import assign, break_glass
from register.inspection.searches import KEPT, forget_search, kept_search, kept_searches
from register.inspection.seeking import Sought
from register.reports.fields import BY_NAME
from register.web.again import require_fresh
from register.web.attempts import attempt, typed
from register.web.days import day_boxes, read_day
from register.web.desk import open_work, visitor

pages = Blueprint("check", __name__)
Answer = str | tuple[str, int] | Response
LONGEST = 200


@pages.get("/check")
def form() -> str:
    """Ask whom to look for, and why."""
    require(visitor().actor, Permission.CHILD_CHECK)
    return _form({}, {})


@pages.post("/check")
def look() -> Answer:
    """Tell whether such a child is known, and whom to call: never more than that."""
    require(visitor().actor, Permission.CHILD_CHECK)
    said = typed("forename", "surname", *day_boxes("born"), "identifier", "reference", "purpose")
    problems: dict[str, str] = {}
    sought = _read(said, problems)
    if problems:
        return _form(problems, said), 422
    with open_work() as work:
        checked = quick_check(work, sought, said["purpose"])
    return _told(checked)


@pages.post("/check/kept/<int:number>/again")
def again(number: int) -> str:
    """Make a search anew that found nobody before, as it was typed then."""
    require(visitor().actor, Permission.CHILD_CHECK)
    with open_work() as work:
        kept = kept_search(work, number)
        checked = quick_check(work, kept.sought, kept.purpose)
    if checked.found or checked.restricted:  # one that still finds nobody was kept anew
        _forget(number)
    return _told(checked)


@pages.post("/check/kept/<int:number>/forget")
def forget(number: int) -> Response:
    """Be told no more of a search that found nobody."""
    _forget(number)
    flash("The search is forgotten. You are not told of reports that fit it.")
    return redirect(url_for(".form"))


@pages.get("/children/<number>/glass")
def glass_form(number: str) -> str:
    """Ask why somebody must see a child outside their work."""
    require(visitor().actor, Permission.CHILD_BREAK_GLASS)
    return render_template("glass.html", number=number[:40], problems={}, said={})


@pages.post("/children/<number>/glass")
def glass(number: str) -> Answer:
    """Open the child's page for an hour, and tell the privacy officers."""
    require(visitor().actor, Permission.CHILD_BREAK_GLASS)
    require_fresh(Purpose.GLASS)
    said = typed("reason")
    problems: dict[str, str] = {}
    child, status = attempt(lambda work: break_glass(work, number, said["reason"]), problems)
    if problems:
        shown = {"number": number[:40], "problems": problems, "said": said}
        return render_template("glass.html", **shown), status
    flash("You see this child for an hour. The privacy officers have been told.")
    return redirect(url_for("children.child", number=child))


@pages.get("/children/<number>/assign")
def assign_form(number: str) -> str:
    """Ask to whom a child is given, and why."""
    require(visitor().actor, Permission.CHILD_ASSIGN)
    return render_template("assign.html", number=number[:40], problems={}, said={})


@pages.post("/children/<number>/assign")
def give(number: str) -> Answer:
    """Give a child to a colleague to work on."""
    require(visitor().actor, Permission.CHILD_ASSIGN)
    said = typed("username", "reason")
    problems: dict[str, str] = {}
    _, status = attempt(
        lambda work: assign(work, number, said["username"], said["reason"]), problems
    )
    if problems:
        shown = {"number": number[:40], "problems": problems, "said": said}
        return render_template("assign.html", **shown), status
    flash(f"The child was given to {said['username']}.")
    return redirect(url_for("children.child", number=number))


def _form(problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        kept = kept_searches(work)
    shown = {"problems": problems, "said": said, "kept": kept}
    return render_template("check.html", purposes=PURPOSES, **shown)


def _told(checked: Checked) -> str:
    return render_template(
        "checked.html",
        found=checked.found,
        restricted=checked.restricted,
        fields=BY_NAME,
        days=KEPT.days,
    )


def _forget(number: int) -> None:
    with open_work(writes=True) as work:
        forget_search(work, number)


def _read(said: dict[str, str], problems: dict[str, str]) -> Sought:
    names = ("forename", "surname", "identifier", "reference")
    problems |= {
        name: f"Write {LONGEST} characters or fewer" for name in names if len(said[name]) > LONGEST
    }
    if said["purpose"] not in PURPOSES:
        problems["purpose"] = "Choose why you ask"
    born = None
    try:
        born = read_day(said, "born")
    except ValueError:
        problems["born"] = "The date of birth must be a real date, like 27 3 2012"
    sought = Sought(said["forename"], said["surname"], born, said["identifier"], said["reference"])
    if not sought.by and not problems.keys() - {"purpose"}:
        problems["forename"] = "Write both names and the date of birth, or a number, or a reference"
    return sought
