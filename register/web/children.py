"""Children: who is missing now, and one child's page."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, is_allowed
from register.inspection.children import child_page, state_of
from register.inspection.missing import missing_now as read_missing
from register.inspection.reviews import VERDICTS
from register.terms import Sector
from register.web.desk import open_work, visitor

pages = Blueprint("children", __name__)


@pages.get("/missing")
def missing_now() -> str:
    """List the children who are missing now to either source."""
    located = request.args.get("show") == "located"
    with open_work() as work:
        found = read_missing(work, request.args.get("page", 1, int), located=located)
    return render_template("missing_now.html", found=found, located=located)


@pages.get("/children/<number>")
def child(number: str) -> str | Response:
    """Show one child as police and authority have it, side by side."""
    with open_work() as work:
        page = child_page(work, number)
    if page.number != number:
        return redirect(url_for(".child", number=page.number))
    may = {
        "may_judge": is_allowed(visitor().actor, Permission.LINK_DECIDE),
        "may_seal": is_allowed(visitor().actor, Permission.SEAL_PLACE),
        "may_assign": is_allowed(visitor().actor, Permission.CHILD_ASSIGN),
        "may_break_glass": is_allowed(visitor().actor, Permission.CHILD_BREAK_GLASS),
    }
    shown = {"sectors": Sector, "state_of": state_of, "verdicts": VERDICTS}
    return render_template("child.html", page=page, **shown, **may)


@pages.get("/find")
def find() -> Response:
    """Go to the child whose register number was typed."""
    return redirect(url_for(".child", number=request.args.get("number", "").strip() or "-"))
