"""A steward's judgements on whole children: join two, part one, take a judgement back."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register import pipeline
from register.access.policy import Permission, require
from register.errors import NotFound
from register.inspection.judged import act_page
from register.inspection.regrouping import apart, beside, numbers_of
from register.inspection.reviews import VERDICTS
from register.numbers import read_row
from register.reports.fields import BY_NAME
from register.web.attempts import attempt, reason_problems, typed
from register.web.desk import open_work, visitor

pages = Blueprint("judging", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/children/<number>/join")
def join_form(number: str) -> Answer:
    """Ask for the other child's number; with it, show the two side by side."""
    require(visitor().actor, Permission.LINK_DECIDE)
    other = request.args.get("other", "").strip()
    with open_work() as work:
        page = beside(work, number, number)
    if not other:
        problems = {"other": "Write the other child's number"} if "other" in request.args else {}
        return render_template("join_whom.html", page=page, other="", problems=problems)
    try:
        return _two(number, other, {}, {})
    except NotFound as missing:
        problems = {"other": str(missing)}
        return render_template("join_whom.html", page=page, other=other, problems=problems), 404


@pages.post("/children/<number>/join")
def join(number: str) -> Answer:
    """Make one child of the two, or say why not."""
    said = typed("other", "reason", "seen")
    with open_work() as work:
        children = beside(work, number, said["other"]).children
    problems = reason_problems(said["reason"])
    _, status = attempt(
        lambda work: pipeline.merge(work, *children, said["reason"], said["seen"]), problems
    )
    if problems:
        return _two(number, said["other"], problems, said), status
    return _go_on(children, "Your judgement was kept.")


@pages.get("/children/<number>/part")
def part_form(number: str) -> str:
    """Show a child's reports, for those of another child to be chosen."""
    return _reports(number, {}, {}, set())


@pages.post("/children/<number>/part")
def part(number: str) -> Answer:
    """Part the chosen reports from the rest, or say why not."""
    said = typed("reason", "seen")
    chosen = {read_row(each) for each in request.form.getlist("apart")} - {0}
    with open_work() as work:
        page = apart(work, number)
    problems = reason_problems(said["reason"])
    if not chosen or chosen >= {each.statement.report_id for each in page.reports}:
        choose = "Choose the reports that are about another child, and leave at least one"
        problems = {"apart": choose} | problems
    _, status = attempt(
        lambda work: pipeline.split(work, page.child, chosen, said["reason"], said["seen"]),
        problems,
    )
    if problems:
        return _reports(number, problems, said, chosen), status
    return _go_on([each.statement.report_id for each in page.reports], "Your judgement was kept.")


@pages.get("/judgements/<int:act>/take-back")
def take_back_form(act: int) -> str:
    """Show what was judged, and ask why it should no longer count."""
    return _judgement(act, {}, {})


@pages.post("/judgements/<int:act>/take-back")
def take_back(act: int) -> Answer:
    """Take a judgement back, or say why not; one that was taken back already stays so."""
    said = typed("reason")
    with open_work() as work:
        page = act_page(work, act)
    problems = reason_problems(said["reason"])
    outcome, status = attempt(lambda work: pipeline.withdraw(work, act, said["reason"]), problems)
    if problems:
        return _judgement(act, problems, said), status
    if outcome is None:
        return _go_on(page.reports, "That judgement was taken back already: nothing was changed.")
    return _go_on(page.reports, "The judgement was taken back.")


def _go_on(reports: Iterable[int], done: str) -> Response:
    """Go to the child's page and say how many children these reports are of now."""
    with open_work() as work:
        numbers = numbers_of(work, reports)
    several = f"those of {len(numbers)} children now: {', '.join(numbers)}"
    flash(f"{done} The reports are {several if len(numbers) > 1 else 'all about one child now'}.")
    return redirect(url_for("children.child", number=numbers[0]))


def _two(number: str, other: str, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        page = beside(work, number, other)
    shown = {"page": page, "verdicts": VERDICTS, "problems": problems, "said": said}
    return render_template("join.html", **shown)


def _reports(number: str, problems: dict[str, str], said: dict[str, str], chosen: set[int]) -> str:
    with open_work() as work:
        page = apart(work, number)
    return render_template(
        "part.html", page=page, fields=BY_NAME, problems=problems, said=said, chosen=chosen
    )


def _judgement(act: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        page = act_page(work, act)
    shown = {"page": page, "verdicts": VERDICTS, "problems": problems, "said": said}
    return render_template("take_back.html", **shown)
