"""Inspections: opening one, the children it looks at, closing it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from register.access.policy import INSPECTS, Permission, require
from register.inspection.inspections import (
    close_inspection,
    inspection_list,
    inspection_page,
    open_inspection,
    sample,
)
from register.reports.organisations import all_organisations
from register.web.attempts import attempt, typed
from register.web.days import day_boxes, read_period
from register.web.desk import open_work, visitor
from register.work import Work

pages = Blueprint("inspections", __name__)
Answer = str | tuple[str, int] | Response
ENDS = {"from": "first day", "to": "last day"}


@pages.get("/inspections")
def everything() -> str:
    """List one's inspections, and ask for a new one."""
    return _list({}, {})


@pages.post("/inspections")
def begin() -> Answer:
    """Open an inspection."""
    require(visitor().actor, Permission.INSPECTION_RUN)
    said = typed("organisations", "colleagues", *day_boxes(*ENDS))
    problems: dict[str, str] = {}
    codes, people = _codes(said["organisations"]), said["colleagues"].split()

    def act(work: Work) -> int:
        first, last = read_period(said, ENDS)
        return open_inspection(work, codes, (first, last), people)

    number, status = attempt(act, problems)
    if problems:
        return _list(problems, said), status
    flash("The inspection is open. Its organisations' privacy officers have been told.")
    return redirect(url_for(".one", inspection=number))


@pages.get("/inspections/<int:inspection>")
def one(inspection: int) -> str:
    """Show one inspection and the children it looks at."""
    return _page(inspection, {}, {})


@pages.post("/inspections/<int:inspection>/sample")
def choose(inspection: int) -> Answer:
    """Choose a child to be seen whole."""
    said = typed("number", "reason")
    problems: dict[str, str] = {}
    number, status = attempt(
        lambda work: sample(work, inspection, said["number"], said["reason"]), problems
    )
    if problems:
        return _page(inspection, problems, said), status
    flash(f"{number} is among the children that this inspection looks at.")
    return redirect(url_for(".one", inspection=inspection))


@pages.post("/inspections/<int:inspection>/close")
def close(inspection: int) -> Response:
    """Close an inspection."""
    with open_work(writes=True) as work:
        close_inspection(work, inspection)
    flash("The inspection is closed.")
    return redirect(url_for(".one", inspection=inspection))


def _list(problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        found = inspection_list(work)
    shown = {"problems": problems, "said": said}
    return render_template("inspections.html", found=found, **shown)


def _codes(text: str) -> list[str]:
    """Read one organisation of the visitor's side a line, by its name or its code."""
    side = INSPECTS.get(visitor().actor.role)
    known = [each for each in all_organisations() if each.is_current and each.sector is side]
    by_name = {each.name.casefold(): each.code for each in known}
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = [
        [by_name[name]] if (name := line.casefold()) in by_name else line.split() for line in lines
    ]
    return [code for codes in found for code in codes]


def _page(inspection: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        page = inspection_page(work, inspection)
    return render_template("inspection.html", page=page, problems=problems, said=said)
