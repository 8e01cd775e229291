"""Reporting on a page: a child missing, a correction, a close; kept as it is typed, sent once."""

import secrets
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.exceptions import NotFound, Unauthorized
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.access.sessions import left_open
from register.entering import report as entering
from register.entering.beginning import begin_change, begin_known, begin_report
from register.entering.own import number_of, own_statement
from register.inspection.own_reports import own_reports
from register.reports.boxes import box_names, box_of
from register.reports.composing import Composed, problems_in
from register.reports.drafts import Purpose, discard_draft, find_drafts, keep_unseen
from register.reports.fields import Field
from register.reports.organisations import all_organisations, find_organisation
from register.reports.steps import BY_CODE, Step, steps_of
from register.terms import Sector
from register.web.attempts import SHOWN, attempt
from register.web.desk import NOBODY, open_work, parts, visitor
from register.web.gate import DRAFTS
from register.web.words import field_label
from register.work import begin_work

pages = Blueprint("entering", __name__)
MOST_KEPT = 20
KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list of organisations offers."""

    value: str
    text: str


@pages.get("/reports")
def own() -> str:
    """Offer to report a child missing, to go on with a draft, or with a report sent before."""
    asked = request.args.get("asked", "").strip()
    with open_work() as work:
        found = own_reports(work, asked)
        drafts = find_drafts(work)
        return render_template("own_reports.html", found=found, drafts=drafts, asked=asked)


@pages.post("/reports/begin")
def begin() -> Response:
    """Begin a draft: of somebody new, of a child reported before, or of what others know."""
    key = secrets.token_hex(KEY_BYTES)
    report = request.form.get("report", type=int)
    episode = request.form.get("episode", type=int)
    with open_work(writes=True) as work:
        if episode is not None:
            begin_known(work, key, episode)
        else:
            begin_report(work, key, report)
    first = "child" if report is None and episode is None else "missing"
    return redirect(url_for(".step", key=key, code=first))


@pages.post("/reports/<int:report>/<any(correct, close):purpose>")
def change(report: int, purpose: str) -> Response:
    """Begin to correct, or to close, one's own report."""
    key = secrets.token_hex(KEY_BYTES)
    with open_work(writes=True) as work:
        begin_change(work, key, report, Purpose(purpose))
    where = ".step" if purpose == Purpose.CLOSE else ".check"
    return redirect(url_for(where, key=key, code="end" if purpose == Purpose.CLOSE else None))


@pages.get("/drafts/<key>/<code>")
def step(key: str, code: str) -> str:
    """Ask one page of questions, filled in with what is known."""
    asked = _step(code)
    with open_work() as work:
        looked = entering.look(work, key)
    _remember(key)
    return _ask(looked.purpose, key, asked, looked.composed, {})


@pages.post("/drafts/<key>/<code>")
def answer(key: str, code: str) -> str | tuple[str, int] | Response:
    """Keep a page's answers, and go on unless one of them cannot be used."""
    asked = _step(code)
    said = {name: _typed(name) for field in asked.fields for name in box_names(field)}
    if not visitor().is_authenticated:
        return _keep_unseen(key, code, said)
    with open_work(writes=True) as work:
        made = entering.keep_step(work, key, asked, said)
        purpose = entering.look(work, key).purpose
    problems = problems_in(made, asked)
    kept = bool(request.form.get("keep")) and not any(p.blocks for p in problems.values())
    if problems and not kept:
        return _ask(purpose, key, asked, made, problems), 422
    following = "care" if code == "child" and purpose is Purpose.REPORT else ""
    following = "missing" if code == "care" and purpose is Purpose.REPORT else following
    if not following or request.form.get("back"):
        return redirect(url_for(".check", key=key))
    return redirect(url_for(".step", key=key, code=following))


@pages.get("/drafts/<key>")
def check(key: str) -> str:
    """Show all answers, to be looked over before they are sent."""
    return _check(key, {})


@pages.post("/drafts/<key>")
def send(key: str) -> str | tuple[str, int] | Response:
    """Send the draft once, or say what it lacks, or what has changed."""
    if not visitor().is_authenticated:
        return redirect(url_for("sign_in.form", next=url_for(".check", key=key)))
    problems: dict[str, str] = {}
    version = request.form.get("version", 0, int)
    sent, status = attempt(lambda work: entering.send(work, key, version), problems)
    if sent is None:
        return _check(key, problems), status
    session[DRAFTS] = [each for each in session.get(DRAFTS, []) if each != key]
    return redirect(url_for(".sent", report=sent.report_id, again=int(sent.again) or None))


@pages.get("/reports/<int:report>/sent")
def sent(report: int) -> str:
    """Say that a report was sent, and what can be done next."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    with open_work() as work:
        statement = own_statement(work, report)
        number = number_of(work, report)
    again = request.args.get("again") == "1"
    return render_template("report_sent.html", said=statement, number=number, again=again)


@pages.post("/drafts/<key>/discard")
def discard(key: str) -> Response:
    """Throw a draft away."""
    with open_work(writes=True) as work:
        discard_draft(work, key)
    flash("The draft was thrown away. Nothing was sent.")
    return redirect(url_for(".own"))


def _keep_unseen(key: str, code: str, said: dict[str, str]) -> Response:
    here = parts()
    with begin_work(here.engine, NOBODY, clock=here.clock) as work:
        # Flask-Login keeps the token there, also of whom it lets in no more.
        token = session.get("_user_id", "")
        owner = left_open(work, token, here.settings)
        if owner is None:  # signed out, ended or barred: it is nobody's any more
            raise Unauthorized
        keep_unseen(work, key, owner, said)
    return redirect(url_for("sign_in.form", next=url_for(".step", key=key, code=code)))


def _typed(name: str) -> str:
    return ";".join(text.strip() for text in request.form.getlist(name) if text.strip())


def _remember(key: str) -> None:
    others = [each for each in session.get(DRAFTS, []) if each != key]
    session[DRAFTS] = [*others, key][-MOST_KEPT:]


def _step(code: str) -> Step:
    if code not in BY_CODE:
        raise NotFound
    return BY_CODE[code]


def _ask(purpose: Purpose, key: str, asked: Step, made: Composed, problems: object) -> str:
    require(visitor().actor, Permission.REPORT_RECEIVE)
    back = bool(request.values.get("back"))
    return render_template(
        "report_step.html",
        step=asked,
        key=key,
        purpose=purpose,
        made=made,
        problems=problems,
        back=back,
        box_of=box_of,
        organisations=_organisations,
    )


def _check(key: str, problems: dict[str, str]) -> str:
    with open_work() as work:
        looked = entering.look(work, key)
    _remember(key)
    own = find_organisation(visitor().actor.organisation)
    shown = steps_of(own.sector if own else Sector.OTHER)
    return render_template(
        "report_check.html",
        looked=looked,
        steps=shown,
        problems=_told(problems),
        first_box=lambda field: box_names(field)[0],
    )


def _told(problems: dict[str, str]) -> dict[str, str]:
    """Put the field's label before what the validator says of it."""
    return {
        name: text if name == SHOWN else f"{field_label(name)} {text}"
        for name, text in problems.items()
    }


def _organisations(field: Field) -> list[Choice]:
    sector = Sector.POLICE if box_of(field) == "force" else Sector.AUTHORITY
    known = [each for each in all_organisations() if each.sector is sector and each.is_current]
    return [Choice(each.code, each.name) for each in sorted(known, key=lambda each: each.name)]
