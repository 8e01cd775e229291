"""Return interviews: the worklist, counted down from the return, and what became of each."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.entering.interview import SAYS, Told, record_interview
from register.inspection.interviews import interview, interviews
from register.reports.boxes import box_names
from register.reports.fields import BY_NAME
from register.web.attempts import attempt, typed
from register.web.desk import open_work, visitor

pages = Blueprint("interviewing", __name__)
HELD = BY_NAME["return_interview_at"]
BOXES = box_names(HELD)


@pages.get("/interviews")
def interview_list() -> str:
    """List the returns whose interview is owed, counted down from the return."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    with open_work() as work:
        found = interviews(work)
    return render_template("interviews.html", found=found)


@pages.get("/interviews/<int:episode>")
def interview_form(episode: int) -> str:
    """Ask what became of one return interview."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    return _form(episode, {}, {})


@pages.post("/interviews/<int:episode>")
def keep_interview(episode: int) -> str | tuple[str, int] | Response:
    """Keep what became of it, or say what it lacks."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    said = typed("outcome", "reason", *BOXES)
    with open_work() as work:
        owed = interview(work, episode)
    told = Told(said["outcome"], said["reason"], said)
    report = owed.own.report_id if owed.own else None
    problems: dict[str, str] = {}
    done, status = attempt(lambda work: record_interview(work, episode, report, told), problems)
    if problems:
        return _form(episode, problems, said), status
    kept = "It is kept on your report." if done else "That was kept already: nothing was changed."
    flash(f"{owed.person.name}: {kept}")
    return redirect(url_for(".interview_list"))


def _form(episode: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        owed = interview(work, episode)
    return render_template(
        "interview.html", owed=owed, problems=problems, said=said, says=SAYS, field=HELD
    )
