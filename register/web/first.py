"""The first page: whoever signs in sees at once what they owe a child."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register import pipeline
from register.access.policy import SENDERS, Permission, is_allowed
from register.inspection.desks import authority_desk, police_desk
from register.inspection.searches import found_since
from register.mismatches.settling import Said
from register.reports.organisations import find_organisation
from register.terms import Answer, Sector
from register.web.children import missing_now
from register.web.desk import open_work, visitor
from register.web.frame import first_way

pages = Blueprint("first", __name__)
OF_A_LIST = frozenset({"show", "as_at"})
"""What is asked of the list of all who are missing, which everybody may ask for here."""


@pages.get("/")
def page() -> str | Response:
    """Show the visitor's own desk; to who has none, who is missing now."""
    if not is_allowed(visitor().actor, Permission.CHILD_READ):
        return redirect(url_for(first_way(visitor().actor)))
    sector = own_sector()
    if sector is None or OF_A_LIST & request.args.keys():
        return missing_now()
    number = request.args.get("page", 1, int)
    read, template = _DESKS[sector]
    with open_work() as work:
        desk = read(work, number)
        found = found_since(work)  # last, for it looks beyond whom the desk may show
    return render_template(template, desk=desk, found=found)


@pages.post("/known/<int:mismatch>")
def known(mismatch: int) -> Response:
    """Say that one's own organisation knows of what the other side reports."""
    seen = request.form.get("seen", 0, int)
    said = Said(Answer.ACKNOWLEDGED.value, "", request.form.get("words", "")[:200])
    with open_work(writes=True) as work:
        pipeline.settle(work, mismatch, said, seen)
    flash("It is kept that you know of this. It stays open until it is answered or recorded.")
    return redirect(url_for(".page"))


def own_sector() -> Sector | None:
    """Give the side whose desk the visitor has; None for who has none."""
    actor = visitor().actor
    found = find_organisation(actor.organisation)
    if actor.role not in SENDERS or found is None or found.sector is Sector.OTHER:
        return None
    return found.sector


_DESKS = {
    Sector.AUTHORITY: (authority_desk, "authority_desk.html"),
    Sector.POLICE: (police_desk, "police_desk.html"),
}
