"""What an inspector takes a closer look at: samples, their packs, chronologies."""

import io
import zipfile
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.access.stepping_up import Purpose
from register.errors import Invalid
from register.inspection.chronology import ORDERS, read_chronology
from register.inspection.pack import Pack, make_pack
from register.inspection.samples import STRATA, draw_sample, find_sample, list_samples
from register.web.again import require_fresh
from register.web.attempts import attempt, typed
from register.web.desk import open_work, visitor
from register.web.inspecting import default_days, organisations, read_known_at, read_scope

pages = Blueprint("sampling", __name__, url_prefix="/inspect")
Answer = str | tuple[str, int] | Response


@pages.get("/samples")
def everything() -> str:
    """List the samples, with the form that draws one."""
    return _samples({}, {})


@pages.post("/samples")
def draw() -> Answer:
    """Draw a sample and show it, or say what it lacks."""
    said = dict(request.form)
    problems: dict[str, str] = {}
    number, status = None, 422
    try:
        scope, at, wanted = read_scope(said), read_known_at(said), _wanted(said)
    except Invalid as refusal:
        problems = refusal.problems
    else:
        seed = said.get("seed", "").strip()
        number, status = attempt(lambda work: draw_sample(work, scope, wanted, seed, at), problems)
    if number is None:
        return _samples(problems, said), status
    return redirect(url_for(".sample", number=number))


@pages.get("/samples/<int:number>")
def sample(number: int) -> str:
    """Show a sample, its seed, and its children."""
    return _sample(number, {}, {})


@pages.post("/samples/<int:number>/pack")
def pack(number: int) -> Answer:
    """Give the evidence pack of a sample, or say what it lacks."""
    require_fresh(Purpose.FILE)
    said = typed("recipient", "purpose")
    problems: dict[str, str] = {}
    made, status = attempt(lambda work: make_pack(work, number, **said), problems)
    if made is None:
        return _sample(number, problems, said), status
    return send_file(
        io.BytesIO(_zipped(made)),
        "application/zip",
        as_attachment=True,
        download_name=f"{made.name}.zip",
    )


@pages.get("/children/<number>/chronology")
def chronology(number: str) -> Answer:
    """Show what was told and decided of a child, with when it happened and when it was known."""
    require(visitor().actor, Permission.SAMPLE_DRAW)
    asked = request.args.get("order", "")
    order = asked if asked in ORDERS else ORDERS[0]
    with open_work() as work:
        found = read_chronology(work, number)
    if found.number != number:
        return redirect(url_for(".chronology", number=found.number, order=asked or None))
    return render_template("chronology.html", found=found, order=order)


def _samples(problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        drawn = list_samples(work)
        said = default_days(work) | said
    choices = organisations()
    return render_template(
        "samples.html", drawn=drawn, said=said, problems=problems, strata=STRATA, choices=choices
    )


def _sample(number: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        found = find_sample(work, number)
    return render_template("sample.html", found=found, problems=problems, said=said)


def _wanted(said: Mapping[str, str]) -> dict[str, int]:
    counts = {name: said.get(f"count-{name}", "").strip() or "0" for name in STRATA}
    wrong = {
        f"count-{name}": "Write a whole number"
        for name, text in counts.items()
        if not (text.isascii() and text.isdecimal() and len(text) < 4)  # noqa: PLR2004  # three figures
    }
    if wrong:
        raise Invalid(wrong)
    return {name: int(text) for name, text in counts.items()}


def _zipped(made: Pack) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.files.items():
            archive.writestr(f"{made.name}/{name}", content)
    return buffer.getvalue()
