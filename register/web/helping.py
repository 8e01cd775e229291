"""Help that needs no sign-in: the words of the trade, and how accessible the pages are."""

from flask import Blueprint, render_template

from register.web.plain_words import GROUPS

pages = Blueprint("help", __name__)


@pages.get("/help/words")
def words() -> str:
    """Say what each word means here."""
    return render_template("words.html", groups=GROUPS)


@pages.get("/help/accessibility")
def accessibility() -> str:
    """Say how accessible the pages are, what was tested, and what falls short."""
    return render_template("accessibility.html")
