"""The inspector's desk, read only: figures of an organisation and a period, and what is behind."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from register.errors import Invalid
from register.inspection.behind import list_behind
from register.inspection.charts import columns_of
from register.inspection.england import read_england
from register.inspection.figures import About, Figures, read_figures
from register.inspection.scope import Scope, year_before
from register.reports.organisations import all_organisations
from register.terms import LONDON, Sector
from register.web.days import boxes, read_period, read_time
from register.web.desk import open_work, parts, this_page
from register.web.gate import BY_ITSELF
from register.work import Work

pages = Blueprint("inspecting", __name__, url_prefix="/inspect")
KNOWN = "known_at"
SOON = 3
"""Seconds after which a page comes again that has no figures yet."""
ENDS = {"from": "first day", "to": "last day"}


@pages.get("")
def figures() -> Response:
    """Show the figures of an organisation and a period; without any, of the last year.

    Those of goings missing and those of mismatches have a page each. England's are looked for
    beside the page, which comes again until they are found.
    """
    said = dict(request.args)
    about = About.MISMATCHES if said.get("about") == About.MISMATCHES else About.GOINGS
    found: Figures | None = None
    problems: dict[str, str] = {}
    with open_work() as work:
        said = default_days(work) | said
        try:
            found = _read(work, read_scope(said), about)
        except Invalid as refusal:
            problems = refusal.problems
    asked = {"about": about, "said": said, "problems": problems, "carried": carried(said)}
    choices = organisations()
    page = render_template("inspect.html", found=found, choices=choices, drawn=columns_of, **asked)
    answer = make_response(page, 422 if problems else 200)
    if not (found or problems):
        answer.headers["Refresh"] = f"{SOON}; url={this_page({BY_ITSELF: '1'})}"
    return answer


def _read(work: Work, scope: Scope, about: About) -> Figures | None:
    if scope.organisation:
        return read_figures(work, scope, [about])
    return read_england(work, parts().england, scope, about)


@pages.get("/behind/<name>")
def behind(name: str) -> str:
    """Show the list behind a figure."""
    said = dict(request.args)
    with open_work() as work:
        said = default_days(work) | said
        asked = {key: said.get(key, "")[:8] for key in ("rule", "month")}
        page = request.args.get("page", 1, int)
        found = list_behind(work, read_scope(said), name, page, **asked)
    about = About.MISMATCHES if found.mismatches else About.GOINGS
    kept = carried(said) | asked
    return render_template("behind.html", found=found, about=about, carried=kept)


def read_scope(said: Mapping[str, str]) -> Scope:
    """Read whose children are meant, and the period; raise Invalid, NotFound."""
    first, last = read_period(said, ENDS)
    return Scope(said.get("organisation", "").strip()[:16], first, last)


def default_days(work: Work) -> dict[str, str]:
    """Give the boxes of the twelve months up to the day of the page."""
    last = work.moment.astimezone(LONDON).date()
    return boxes("from", year_before(last)) | boxes("to", last)


def carried(said: Mapping[str, str]) -> dict[str, str]:
    """Give what a link keeps of what was asked: the organisation and the period."""
    names = [
        "organisation",
        *(f"{end}-{part}" for end in ENDS for part in ("day", "month", "year")),
    ]
    return {name: said[name] for name in names if said.get(name)}


def read_known_at(said: Mapping[str, str]) -> datetime | None:
    """Read as at which time a form asks, None for now; raise Invalid."""
    return read_time(said, KNOWN, parts().clock())


def organisations(*, forces: bool = True) -> list[dict[str, str]]:
    """Give the choices of whose children are meant: authorities, and forces unless left out."""
    ours = [
        each
        for each in all_organisations()
        if each.is_current and each.nation == "England" and each.sector is not Sector.OTHER
    ]
    ours.sort(key=lambda each: (each.sector is Sector.POLICE, each.name))
    return [
        {"value": each.code, "text": each.name}
        for each in ours
        if forces or each.sector is Sector.AUTHORITY
    ]
