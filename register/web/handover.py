"""Handing a case to another force, and answering one that was offered."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.inspection.handovers import ANSWERS, answer_offer, forces, offer_case, read_case
from register.records.handovers import ACCEPTED, DECLINED, TAKEN_BACK
from register.web.attempts import attempt, typed
from register.web.desk import open_work, visitor
from register.work import Work

pages = Blueprint("handover", __name__)
Answer = str | tuple[str, int] | Response
KEPT = {
    ACCEPTED: "The case is your force's now.",
    DECLINED: "You declined the case. The other force still has it.",
    TAKEN_BACK: "The offer was taken back. The case is still your force's.",
}


@pages.get("/cases/<number>")
def case(number: str) -> str:
    """Show whose a case is, and what may be done about that."""
    return _page(number, {}, {})


@pages.post("/cases/<number>/offer")
def offer(number: str) -> Answer:
    """Offer the case to another force."""
    said = typed("force", "reason")
    refused = _refused(
        number, said, lambda work: offer_case(work, number, said["force"], said["reason"])
    )
    if refused:
        return refused
    flash("The case was offered. It stays your force's until the other accepts.")
    return redirect(url_for(".case", number=number))


@pages.post("/cases/<number>/answer")
def answer(number: str) -> Answer:
    """Accept or decline a case, or take one's own offer back."""
    said = typed("said", "reason")
    refused = _refused(
        number, said, lambda work: answer_offer(work, number, said["said"], said["reason"])
    )
    if refused:
        return refused
    flash(KEPT[said["said"]])
    # Whoever declined sees the child no longer, unless it is theirs to see otherwise.
    declined = said["said"] == DECLINED
    return redirect(url_for("first.page") if declined else url_for(".case", number=number))


def _refused(
    number: str, said: dict[str, str], act: Callable[[Work], None]
) -> tuple[str, int] | None:
    """Do it; give the page with what was typed and what is wrong, where it cannot be done."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    problems: dict[str, str] = {}
    _, status = attempt(act, problems)
    return (_page(number, problems, said), status) if problems else None


def _page(number: str, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        found = read_case(work, number)
    choices = [each for each in forces() if each.code not in found.owners]
    shown = {"problems": problems, "said": said, "forces": choices, "answers": ANSWERS}
    return render_template("case.html", case=found, **shown)
