"""The pages that the navigation has no room for, each with what one does there."""

from flask import Blueprint, render_template

from register.web.desk import visitor
from register.web.frame import split, ways_of

pages = Blueprint("more", __name__)


@pages.get("/more")
def page() -> str:
    """List the visitor's other pages, by heading."""
    _, others = split(ways_of(visitor().actor))
    titles = dict.fromkeys(way.group for way in others)
    groups = [(title, [way for way in others if way.group == title]) for title in titles]
    return render_template("more.html", groups=groups)
