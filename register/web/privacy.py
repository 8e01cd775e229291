"""The privacy officer's page: what was opened at need, and what nothing explains."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from register.access.notices import mark_seen
from register.inspection.privacy import privacy_page
from register.web.desk import open_work

pages = Blueprint("privacy", __name__)


@pages.get("/privacy")
def page() -> str:
    """Show what waits for the officer."""
    with open_work() as work:
        found = privacy_page(work)
    return render_template("privacy.html", page=found)


@pages.post("/privacy/notices/<int:notice>/seen")
def seen(notice: int) -> Response:
    """Keep that a notice was looked into."""
    with open_work(writes=True) as work:
        mark_seen(work, notice)
    flash("Kept: you have looked into it.")
    return redirect(url_for(".page"))
