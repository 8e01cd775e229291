"""Files that an authority hands on: made of its own reports, with who gets them and what for."""

import csv
import io
from datetime import date

from flask import Blueprint, Response, render_template

from register.access.policy import Permission, require
from register.access.stepping_up import Purpose
from register.errors import Forbidden
from register.inspection.returns import (
    PURPOSES,
    RECIPIENTS,
    Table,
    Told,
    list_8,
    missing_table,
)
from register.terms import LONDON, Sector
from register.web.again import require_fresh
from register.web.attempts import typed
from register.web.desk import open_work, parts, visitor
from register.web.first import own_sector
from register.work import Work

pages = Blueprint("handing_on", __name__)
YEARS_BACK = 6
WHAT = {
    "missing": "the file missing.csv of the SSDA903 return, for a year",
    "list8": "the missing columns of Annex A list 8, as of today",
}


@pages.get("/returns")
def form() -> str:
    """Ask which file, for whom, and what for."""
    _refuse_others()
    return _form({}, {})


@pages.post("/returns")
def download() -> tuple[str, int] | Response:
    """Give the file, and keep in the log to whom it goes and what for."""
    _refuse_others()
    require_fresh(Purpose.FILE)
    said = typed("what", "year", "recipient", "purpose")
    problems = _problems(said)
    if problems:
        return _form(problems, said), 422
    told = Told(said["recipient"], said["purpose"])
    with open_work(writes=True) as work:
        table = _table(work, said, told)
    name = f"{said['year']}-{table.name}" if said["what"] == "missing" else table.name
    answer = Response(_written(table), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _refuse_others() -> None:
    require(visitor().actor, Permission.REPORT_RECEIVE)
    if own_sector() is not Sector.AUTHORITY:
        raise Forbidden("Only local authorities make these returns.")


def _table(work: Work, said: dict[str, str], told: Told) -> Table:
    if said["what"] == "missing":
        return missing_table(work, int(said["year"]), told)
    return list_8(work, _today(), told)


def _problems(said: dict[str, str]) -> dict[str, str]:
    problems = {}
    if said["what"] not in WHAT:
        problems["what"] = "Choose which file"
    if said["what"] == "missing" and said["year"] not in _years():
        problems["year"] = "Choose the year in which the return ends"
    if said["recipient"] not in RECIPIENTS:
        problems["recipient"] = "Choose who gets the file"
    if said["purpose"] not in PURPOSES:
        problems["purpose"] = "Choose what it is for"
    return problems


def _form(problems: dict[str, str], said: dict[str, str]) -> str:
    shown = {"what": WHAT, "years": _years(), "recipients": RECIPIENTS, "purposes": PURPOSES}
    return render_template("returns.html", problems=problems, said=said, **shown)


def _years() -> list[str]:
    """Give the years in which a return may end, the one that runs first."""
    today = _today()
    running = today.year + (today >= date(today.year, 4, 1))
    return [str(running - back) for back in range(YEARS_BACK)]


def _today() -> date:
    return parts().clock().astimezone(LONDON).date()


def _written(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([table.columns, *table.rows])
    return text.getvalue()
