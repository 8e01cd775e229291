"""The first page: whoever signs in sees at once what they owe a child."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, is_allowed
from register.web.children import missing_now
from register.web.desk import visitor

pages = Blueprint("first", __name__)
OF_A_LIST = frozenset({"show", "page", "as_at"})
"""What is asked of the list of missing children, which everybody may ask for here."""


@pages.get("/")
def page() -> str | Response:
    """Show the visitor's own desk; to who has none, who is missing now."""
    if not is_allowed(visitor().actor, Permission.CHILD_READ):
        return redirect(url_for("users.everybody"))
    return missing_now()
