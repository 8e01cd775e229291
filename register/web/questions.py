"""Questions of inspectors and the replies to them, for who asks and for who is asked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, is_allowed, require
from register.inspection.questions import (
    CLOCKS,
    ask_question,
    find_question,
    list_questions,
)
from register.inspection.questions import reply as keep_reply
from register.web.attempts import attempt, typed
from register.web.desk import open_work, visitor
from register.web.inspecting import organisations

pages = Blueprint("questions", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/questions")
def everything() -> str:
    """List the questions that the visitor asked, or is asked."""
    with open_work() as work:
        found = list_questions(work)
    return render_template("questions.html", found=found, may_ask=_may(Permission.QUESTION_ASK))


@pages.get("/questions/ask")
def ask_form() -> str:
    """Ask whom, what, and until when."""
    said = {name: request.args.get(name, "")[:40] for name in ("organisation", "child")}
    require(visitor().actor, Permission.QUESTION_ASK)
    return _ask({}, said)


@pages.post("/questions/ask")
def ask() -> Answer:
    """Put the question, or say what it lacks."""
    said = typed("organisation", "child", "words", "clock")
    problems: dict[str, str] = {}
    number, status = attempt(lambda work: ask_question(work, **said), problems)
    if number is None:
        return _ask(problems, said), status
    flash("Your question was put.")
    return redirect(url_for(".one", number=number))


@pages.get("/questions/<int:number>")
def one(number: int) -> str:
    """Show a question and its replies."""
    return _question(number, {}, {})


@pages.post("/questions/<int:number>")
def reply(number: int) -> Answer:
    """Keep a reply, or say what it lacks."""
    said = typed("words")
    problems: dict[str, str] = {}
    _, status = attempt(lambda work: keep_reply(work, number, said["words"]), problems)
    if problems:
        return _question(number, problems, said), status
    flash("Your reply was kept.")
    return redirect(url_for(".one", number=number))


def _ask(problems: dict[str, str], said: dict[str, str]) -> str:
    return render_template(
        "ask.html", problems=problems, said=said, clocks=CLOCKS, choices=organisations()
    )


def _question(number: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        found = find_question(work, number)
    shown = {"problems": problems, "said": said, "may_reply": _may(Permission.QUESTION_ANSWER)}
    return render_template("question.html", found=found, **shown)


def _may(permission: Permission) -> bool:
    return is_allowed(visitor().actor, permission)
