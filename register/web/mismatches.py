"""Mismatches: the list, narrowed as one likes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register import pipeline
from register.access.policy import SEES_ALL, Permission, is_allowed
from register.inspection.mismatches import Wanted, mismatch_list
from register.inspection.one_mismatch import mismatch_page
from register.mismatches.rules import RULES
from register.mismatches.settling import Said
from register.numbers import read_row
from register.reports.organisations import all_organisations
from register.terms import Answer, SettledReason, Severity
from register.web.attempts import attempt, typed
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
STATES = {
    "open": "open",
    "settled": "settled",
    "closed": "closed",
    "all": "open, settled and closed",
}
ANSWERS = {
    Answer.ACKNOWLEDGED: ("We have seen this", "Your team is looking into it."),
    Answer.COMMENT: ("Comment", "For the other side to read; nothing else changes."),
    Answer.CORRECTION_REQUESTED: (
        "Ask the other side to correct",
        "Say what is right, and how you know.",
    ),
    Answer.DISPUTED: ("Dispute it", "You hold that your own value is right."),
    Answer.BOTH_CORRECT: ("Both are correct", "The values differ for a reason that is known."),
    Answer.ACCEPTED_DIFFERENCE: ("Accept the difference", "It stays, and nobody need act on it."),
    Answer.FALSE_POSITIVE: ("It is not a mismatch", "The register compares what is not the same."),
    Answer.ESCALATED: ("Escalate it", "It goes to who leads on missing children."),
}


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
    actor = visitor().actor
    own = actor.organisation if actor.role not in SEES_ALL else ""
    figures = is_allowed(actor, Permission.FIGURES_READ)
    return render_template(
        "mismatches.html", found=found, wanted=wanted, own=own, figures=figures, **_choices(wanted)
    )


@pages.get("/mismatches/<int:number>")
def one(number: int) -> str:
    """Show one mismatch, its history, and what this visitor may answer."""
    return _page(number, {}, {})


@pages.post("/mismatches/<int:number>")
def answer(number: int) -> tuple[str, int] | Response:
    """Keep an answer, or say what it lacks, or what has changed since it was shown."""
    said = typed("answer", "reason", "words", "seen")
    seen = read_row(said["seen"])
    told = Said(said["answer"], said["reason"], said["words"])
    problems: dict[str, str] = {}
    with open_work() as work:
        mismatch_page(work, number)
    _, status = attempt(lambda work: pipeline.settle(work, number, told, seen), problems)
    if problems:
        return _page(number, problems, said), status
    flash("Your answer was kept.")
    return redirect(url_for(".one", number=number))


@pages.get("/mismatches/<int:number>/answers/<int:settlement>/take-back")
def take_back_form(number: int, settlement: int) -> str:
    """Show an answer, and ask why it should no longer count."""
    return _answer(number, settlement, {}, {})


@pages.post("/mismatches/<int:number>/answers/<int:settlement>/take-back")
def take_back(number: int, settlement: int) -> tuple[str, int] | Response:
    """Take an answer back, or say why not; one that was taken back already stays so."""
    said = typed("words")
    problems: dict[str, str] = {}
    with open_work() as work:
        mismatch_page(work, number).event(settlement)
    done, status = attempt(
        lambda work: pipeline.withdraw_answer(work, settlement, said["words"]), problems
    )
    if problems:
        return _answer(number, settlement, problems, said), status
    flash("The answer was taken back." if done else "It was taken back already.")
    return redirect(url_for(".one", number=number))


def _choices(wanted: Wanted) -> dict[str, Any]:
    """Give what the list may be narrowed by: asked of no mismatch, so it tells nothing of any."""
    offered = {
        each.code
        for each in all_organisations()
        if each.is_current or each.code == wanted.organisation
    }
    return {
        "organisations": sorted(offered, key=organisation),
        "rules": RULES,
        "severities": list(Severity),
        "states": STATES,
        "ages": AGES,
    }


def _page(number: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        page = mismatch_page(work, number)
    shown = {"answers": ANSWERS, "reasons": list(SettledReason)}
    return render_template("mismatch.html", page=page, problems=problems, said=said, **shown)


def _answer(number: int, settlement: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        page = mismatch_page(work, number)
    event = page.event(settlement)
    return render_template(
        "take_answer_back.html", page=page, event=event, problems=problems, said=said
    )
