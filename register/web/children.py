"""Children: who is missing now, and one child's page."""

from flask import Blueprint, render_template

pages = Blueprint("children", __name__)


@pages.get("/")
def missing_now() -> str:
    """List the children who are missing now to either source."""
    return render_template("missing_now.html")
