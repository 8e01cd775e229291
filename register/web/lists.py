"""Annex A list 8: asked for, and shown beside what the register works out."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.errors import Invalid, Refused
from register.inspection.list_eight import Comparison, compare_list
from register.reports.annex_a import COLUMNS
from register.reports.reading_apart import read_list_apart
from register.web.days import read_period
from register.web.desk import parts, visitor
from register.web.inspecting import organisations, read_known_at
from register.work import begin_work

pages = Blueprint("lists", __name__, url_prefix="/inspect")
Answer = str | tuple[str, int] | Response
ON = {"on": "day of the inspection"}


@pages.get("/list-8")
def list_form() -> str:
    """Ask for an authority's list 8."""
    require(visitor().actor, Permission.SAMPLE_DRAW)
    return _list({}, {}, None)


@pages.post("/list-8")
def list_eight() -> Answer:
    """Show the register's four columns beside those of the list."""
    require(visitor().actor, Permission.SAMPLE_DRAW)
    said, problems = dict(request.form), dict[str, str]()
    try:
        found = _compare(said)
    except Invalid as refusal:
        return _list(refusal.problems, said, None), 422
    except Refused as refusal:
        problems["file"] = str(refusal)
        return _list(problems, said, None), 422
    return _list({}, said, found)


def _compare(said: Mapping[str, str]) -> Comparison:
    problems = {} if said.get("organisation") else {"organisation": "Choose the authority"}
    file = request.files.get("file")
    if file is None or not file.filename:
        problems["file"] = "Choose a file"
    try:
        (on,) = read_period(said, ON)
    except Invalid as refusal:
        problems |= refusal.problems
    if problems or file is None:
        raise Invalid(problems)
    here, at = parts(), read_known_at(said)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list-8.csv"
        file.save(path)
        listed = read_list_apart(path, Path(folder) / "read")
    with begin_work(here.engine, visitor().actor, clock=here.clock, writes=False, as_at=at) as work:
        return compare_list(work, listed, said["organisation"], on)


def _list(problems: dict[str, str], said: dict[str, str], found: Comparison | None) -> str:
    return render_template(
        "list_eight.html",
        problems=problems,
        said=said,
        found=found,
        columns=COLUMNS,
        choices=organisations(forces=False),
    )
