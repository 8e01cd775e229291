"""Seals: placing one on a child, reviewing it, letting out what only looked like the child."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from register.access.policy import Permission, require
from register.access.seals import Placed
from register.access.stepping_up import Purpose
from register.errors import NotFound
from register.inspection.sealed import seal_list, seal_page, to_seal
from register.numbers import read_row
from register.reports.organisations import Organisation, all_organisations, current_code
from register.sealing import change_seal, seal
from register.terms import SealReason, Sector
from register.web.again import require_fresh
from register.web.attempts import attempt, reason_problems, typed
from register.web.days import day_boxes, read_day
from register.web.desk import open_work, visitor

pages = Blueprint("sealing", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/seals")
def everything() -> str:
    """List the seals that the reader may open, those due first."""
    with open_work() as work:
        return render_template("seals.html", found=seal_list(work))


@pages.get("/seals/<int:number>")
def one(number: int) -> str:
    """Show a seal and what is under it."""
    return _seal(number, {}, {})


@pages.post("/seals/<int:number>")
def change(number: int) -> Answer:
    """Note that the seal was reviewed, or release it, whole or from one report."""
    said = typed("reason", "kind", "report")
    problems = reason_problems(said["reason"])
    if said["kind"] not in {"reviewed", "released"}:
        problems["kind"] = "Choose what you decided"
    if said["kind"] == "released":
        require_fresh(Purpose.GLASS)
    # One that is named and is none is not to be taken for all of them.
    report = read_row(said["report"]) if said["report"] else None
    _, status = attempt(
        lambda work: change_seal(work, number, said["kind"], said["reason"], report),
        problems,
    )
    if problems:
        return _seal(number, problems, said), status
    flash("Your decision was kept, and stands in the log.")
    return redirect(url_for(".everything"))


@pages.get("/children/<number>/seal")
def form(number: str) -> str:
    """Ask why a child is to be sealed, and who may open it."""
    require(visitor().actor, Permission.SEAL_PLACE)
    return _to_seal(number, {}, {})


@pages.post("/children/<number>/seal")
def place(number: str) -> Answer:
    """Seal the child, or say what is wrong; or offer one more organisation to choose."""
    said = typed("reason", "because", "apart_from", "seen", "another", *day_boxes("expires_on"))
    if said["another"]:
        return _with_another(number, said)
    require_fresh(Purpose.GLASS)
    with open_work() as work:
        child = to_seal(work, number).child
    problems = reason_problems(said["reason"])
    placed = _read(said, problems)
    other = _other(said, problems)
    _, status = attempt(lambda work: seal(work, child, placed, said["seen"], other), problems)
    if problems:
        return _to_seal(number, problems, said), status
    flash("The child is sealed, with all that may lead to it.")
    return redirect(url_for(".everything"))


def _with_another(number: str, said: dict[str, str]) -> Answer:
    problems: dict[str, str] = {}
    _other(said, problems)
    page = _to_seal(number, problems, said)
    return (page, 422) if problems else page


def _read(said: dict[str, str], problems: dict[str, str]) -> Placed:
    """Read what the form says; what cannot be read is told in `problems`."""
    if said["because"] not in {each.value for each in SealReason}:
        problems["because"] = "Choose why the child is to be sealed"
    codes = frozenset(_readers())
    if codes - {each.code for each in _others()}:
        problems["readers"] = "Choose organisations from the list"
    try:
        until = read_day(said, "expires_on")
    except ValueError:
        problems["expires_on"] = "The day must be a real date, like 31 3 2027"
        until = None
    reason = SealReason.HIGH_RISK if "because" in problems else SealReason(said["because"])
    return Placed(reason, said["reason"], codes, until)


def _readers() -> list[str]:
    """Give the organisations chosen so far, as codes."""
    return [code for code in request.form.getlist("readers") if code]


def _others() -> list[Organisation]:
    """Give the authorities and forces of today but for one's own."""
    own = current_code(visitor().actor.organisation)
    found = [each for each in all_organisations() if each.is_current and each.code != own]
    ours = [each for each in found if each.sector is not Sector.OTHER]
    return sorted(ours, key=lambda each: each.name)


def _other(said: dict[str, str], problems: dict[str, str]) -> int | None:
    """Find the child that an adoption parts this one from."""
    if not said["apart_from"]:
        return None
    try:
        with open_work() as work:
            return to_seal(work, said["apart_from"]).child
    except NotFound as missing:
        problems["apart_from"] = str(missing)
        return None


def _seal(number: int, problems: dict[str, str], said: dict[str, str]) -> str:
    with open_work() as work:
        page = seal_page(work, number)
    return render_template("seal.html", page=page, problems=problems, said=said)


def _to_seal(number: str, problems: dict[str, str], said: dict[str, str]) -> str:
    other = request.values.get("apart_from", "").strip() if "apart_from" not in problems else ""
    with open_work() as work:
        page = to_seal(work, number, other)
    shown = {"page": page, "problems": problems, "said": said, "reasons": SealReason}
    readers = _readers()
    if said.get("another") or not readers:
        readers.append("")
    return render_template("seal_child.html", **shown, readers=readers, others=_others())
