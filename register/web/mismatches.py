"""Mismatches: the list, narrowed as one likes."""

from flask import Blueprint, render_template, request

from register.access.policy import SEES_ALL
from register.inspection.mismatches import Wanted, mismatch_list
from register.terms import Severity
from register.web.desk import open_work, visitor
from register.web.words import organisation

pages = Blueprint("mismatches", __name__)
AGES = {
    0: "at any time",
    1: "more than a day ago",
    3: "more than 3 days ago",
    7: "more than 7 days ago",
    30: "more than 30 days ago",
}
STATES = {"open": "open", "closed": "closed", "all": "open and closed"}


@pages.get("/mismatches")
def everything() -> str:
    """List mismatches, the gravest first."""
    asked = request.args
    age = asked.get("older_than", 0, int)
    wanted = Wanted(
        organisation=asked.get("organisation", "")[:16],
        rule=asked.get("rule", "")[:8],
        severity=asked.get("severity", "")[:16],
        state=asked.get("state", "open")[:8],
        older_than=age if age in AGES else 0,
    )
    with open_work() as work:
        found = mismatch_list(work, wanted, asked.get("page", 1, int))
    choices = {
        "organisations": sorted(found.organisations, key=organisation),
        "severities": list(Severity),
        "states": STATES,
        "ages": AGES,
    }
    own = visitor().actor.organisation if visitor().actor.role not in SEES_ALL else ""
    return render_template("mismatches.html", found=found, wanted=wanted, own=own, **choices)
