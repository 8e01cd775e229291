"""Sending reports in a file, and the rows that could not go in."""

from datetime import date
from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.audit.service import record
from register.errors import Invalid, Refused
from register.inspection.feeds import own_faults
from register.web.attempts import typed
from register.web.days import day_boxes, read_period
from register.web.desk import open_work, visitor
from register.web.mending import rows_to_mend, send_mended
from register.web.uploading import rejects_file, take_upload

pages = Blueprint("submissions", __name__)
ENDS = {"from": "first day", "to": "last day"}


@pages.get("/upload")
def form() -> str:
    """Ask for a file; tell what is amiss with the feed of whoever sends."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    with open_work() as work:
        faults = own_faults(work)
    return render_template("upload.html", problems={}, said={}, faults=faults)


@pages.post("/upload")
def receive() -> str | tuple[str, int]:
    """Take the file in, and tell what became of its rows."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    files = [file for file in request.files.getlist("files") if file.filename]
    problems, days = _read_days()
    if not files:
        problems["files"] = "Choose a file"
    if problems:
        return render_template("upload.html", problems=problems, said=request.form), 422
    try:
        taken = take_upload(files, days)
    except Refused as refusal:
        problems["files"] = str(refusal)
        return render_template("upload.html", problems=problems, said=request.form), 422
    return render_template("uploaded.html", taken=taken)


@pages.get("/upload/rejects/<name>")
def rejects(name: str) -> Response:
    """Give back the rows that could not go in, each with its reason."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    rows = BytesIO(rejects_file(name))
    _note(name)
    return send_file(rows, "text/csv", as_attachment=True, download_name=name)


@pages.get("/upload/rejects/<name>/mend")
def mend_form(name: str) -> str:
    """Show the rows that could not go in, to be mended in place."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    file = rows_to_mend(name)
    _note(name)
    return render_template("mend.html", file=file, problems={})


@pages.post("/upload/rejects/<name>/mend")
def mend(name: str) -> str | tuple[str, int]:
    """Send the mended rows again, and tell what became of them."""
    require(visitor().actor, Permission.REPORT_RECEIVE)
    said = {box: text.strip() for box, text in request.form.items()}
    try:
        taken = send_mended(name, said)
    except Refused as refusal:
        file = rows_to_mend(name, said)
        _note(name)
        return render_template("mend.html", file=file, problems={"rows": str(refusal)}), 422
    return render_template("uploaded.html", taken=taken)


def _read_days() -> tuple[dict[str, str], tuple[date, date] | None]:
    """Read the two days between which the file holds everything; both, or neither."""
    said = typed(*day_boxes(*ENDS))
    given = [end for end in ENDS if any(said[box] for box in day_boxes(end))]
    if not given:
        return {}, None
    problems = {end: "Give both days, or leave both blank" for end in ENDS if end not in given}
    try:
        days = read_period(said, {end: ENDS[end] for end in given})
    except Invalid as refusal:
        return refusal.problems | problems, None
    if problems:
        return problems, None
    first, last = days
    if last < first:
        return {"to": "The last day must be the same as or after the first"}, None
    return {}, (first, last)


def _note(name: str) -> None:
    """Log that rows which could not go in are shown."""
    with open_work() as work:
        # The rest of its name is the sender's own, and may name a child.
        record(work, "rejects:viewed", f"rejects {name.partition('-')[0]}")
