"""Reviews: proposed links, two reports side by side, and a person's judgement."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, is_allowed
from register.inspection.crowds import crowd_list
from register.inspection.model_in_force import model_page
from register.inspection.reviews import (
    VERDICTS,
    judge_review,
    next_review,
    review_list,
    review_page,
)
from register.linkage.crowds import count_crowds
from register.web.attempts import attempt, reason_problems, typed
from register.web.desk import open_work
from register.web.earlier import earlier_time

pages = Blueprint("reviews", __name__)


@pages.get("/reviews")
def waiting() -> str:
    """List the proposed links that wait for a person."""
    with open_work() as work:
        page = review_list(work, request.args.get("page", 1, int))
        # What is shared by too many is known of today only.
        told = is_allowed(work.actor, Permission.CROWD_READ) and not earlier_time()
        crowds = count_crowds(work) if told else 0
    return render_template("reviews.html", page=page, crowds=crowds)


@pages.get("/reviews/shared-by-too-many")
def crowded() -> str:
    """List what too many children share to be compared by it."""
    with open_work() as work:
        page = crowd_list(work, request.args.get("page", 1, int))
    return render_template("crowds.html", page=page)


@pages.get("/reviews/model")
def model() -> str:
    """Show the model in force, and who decided on it."""
    with open_work() as work:
        page = model_page(work)
    return render_template("model.html", page=page)


@pages.get("/reviews/next")
def following() -> Response:
    """Go to the most urgent review, another one than the one that was on the page."""
    return _go_on(request.args.get("after", 0, int))


@pages.get("/reviews/<int:review>")
def one(review: int) -> str:
    """Show two reports that may be about one child."""
    with open_work() as work:
        page = review_page(work, review)
    return render_template("review.html", page=page, verdicts=VERDICTS, problems={}, said={})


@pages.post("/reviews/<int:review>")
def judge(review: int) -> tuple[str, int] | Response:
    """Keep a judgement, or say what it lacks, and what was shown and has changed."""
    said = typed("verdict", "reason", "seen")
    problems = reason_problems(said["reason"])
    if said["verdict"] not in VERDICTS:
        problems = {"verdict": "Choose whether the two reports are about the same child"} | problems
    _, status = attempt(
        lambda work: judge_review(work, review, said["verdict"], said["reason"], said["seen"]),
        problems,
    )
    if not problems:
        flash(f"Your judgement was kept: {VERDICTS[said['verdict']]}.")
        return _go_on(review)
    with open_work() as work:
        page = review_page(work, review)
    shown = {"page": page, "verdicts": VERDICTS, "problems": problems, "said": said}
    return render_template("review.html", **shown), status


def _go_on(after: int) -> Response:
    with open_work() as work:
        review = next_review(work, after)
    return redirect(url_for(".one", review=review) if review else url_for(".waiting"))
