"""What one's own organisation must answer, by clock."""

from flask import Blueprint, render_template, request

from register.access.policy import Permission, require
from register.inspection.to_answer import alerts, to_answer
from register.web.desk import open_work, visitor

pages = Blueprint("to_answer", __name__)


@pages.get("/to-answer")
def everything() -> str:
    """List what one's own organisation must answer, by clock."""
    require(visitor().actor, Permission.MISMATCH_SETTLE)
    with open_work() as work:
        found = to_answer(work, request.args.get("page", 1, int))
        new = alerts(work)
    return render_template("to_answer.html", found=found, alerts=new)
