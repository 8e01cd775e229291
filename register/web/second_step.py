"""The second step of signing in: a security key or a code, or on a first day setting one up."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from register.access.factors import has_app, invitation, question
from register.access.models import HalfSignIn
from register.access.sessions import Visit, find_session
from register.access.signing_in import (
    Outcome,
    find_half,
    finish_with_factor,
    finish_with_new_factor,
    may_set_up,
    must_set_up,
)
from register.errors import Invalid
from register.web.desk import NOBODY, parts
from register.web.gate import safe_next
from register.web.ways_in import (
    HALF,
    caller,
    enter,
    factor_desk,
    factor_name,
    proof,
    wait_sentence,
    worded,
)
from register.work import Work, begin_work

pages = Blueprint("second_step", __name__)
Answer = str | tuple[str, int] | Response
UNPROVED = "That did not fit. Use a code that the app shows now and that you have not used yet."


@pages.get("/sign-in/second-step")
def form() -> Answer:
    """Ask for a security key or a code; lead to setting one up who has none."""
    return _ask({})


@pages.post("/sign-in/second-step")
def finish() -> Answer:
    """Check the second step and begin the session."""
    outcome, visit = _with_half(
        lambda work, half: finish_with_factor(work, half, proof(), factor_desk(), caller())
    )
    if visit is not None:
        enter(outcome, visit)
        return redirect(safe_next(request.form.get("next", "")))
    return _ask({"code": wait_sentence(outcome.wait) if outcome.wait else UNPROVED})


@pages.post("/sign-in/set-up")
def set_up() -> Answer:
    """Keep a first factor, which its first answer proves, and begin the session."""
    name = factor_name()
    try:
        outcome, visit = _with_half(
            lambda work, half: finish_with_new_factor(
                work, half, name, proof(), factor_desk(), caller()
            )
        )
    except Invalid as refusal:
        return _ask(worded(refusal.problems))
    if visit is None:
        return redirect(url_for("sign_in.form"))
    enter(outcome, visit)
    return redirect(safe_next(request.form.get("next", "")))


def _with_half(act: Callable[[Work, HalfSignIn], Outcome]) -> tuple[Outcome, Visit | None]:
    here = parts()
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        half = find_half(work, session.get(HALF, ""), to_finish=True)
        outcome = act(work, half) if half else Outcome()
        visit = find_session(work, outcome.token, here.settings) if outcome.token else None
    return outcome, visit


def _ask(problems: dict[str, str]) -> Answer:
    here, following = parts(), safe_next(request.values.get("next", ""))
    status = 401 if problems else 200
    with begin_work(here.engine, NOBODY, clock=here.clock, writes=False) as work:
        half = find_half(work, session.get(HALF, ""))
        if half is None:
            return redirect(url_for("sign_in.form", next=following))
        shown: dict[str, object] = {"problems": problems, "next": following, "said": request.form}
        if not must_set_up(work, half):
            shown["asked"] = question(work, half, factor_desk())
            shown["codes"] = has_app(work, half.user_id)
            return render_template("second_step.html", **shown), status
        if not may_set_up(work, half):
            return render_template("set_up_late.html"), 403
        shown["asked"], shown["app"] = invitation(work, half, half.user, factor_desk())
    return render_template("set_up.html", action=url_for(".set_up"), **shown), status
