"""Commands about how pairs are judged: `explain`, `what-if`, `model show` and `model adopt`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from register import pipeline
from register.cli.ground import Time, open_database
from register.cli.lengthy import in_bulk, progress
from register.errors import Refused
from register.inspection.explaining import Explained, explain_reports
from register.inspection.follows import Section, explain_child
from register.inspection.what_if import Changed, WhatIf, what_if
from register.linkage.enactments import (
    BROUGHT,
    digest_of,
    enactments,
    model_for,
    model_from,
)
from register.linkage.explanation import LINKING, WHOM
from register.linkage.match import Bits, Model
from register.linkage.subjects import count_subjects
from register.work import Work, begin_work

FILE = click.Path(path_type=Path)
MOST_SHOWN = 50
WHOM_SHORT = ("sibling", "twin", "like name", "stranger")


class Probability(click.ParamType[float]):
    """A probability between 0 and 1."""

    name = "PROBABILITY"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read `.97` or `0.97`."""
        try:
            found = float(str(value))
        except ValueError:
            found = -1.0
        if not 0 < found < 1:
            self.fail(f"{value} is not a probability: give one such as 0.97.", param, ctx)
        return found


class ReportName(click.ParamType[tuple[str, str]]):
    """A report, by its organisation and its reference."""

    name = "ORGANISATION/REFERENCE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Read `E23000010/WY-26-0001`; what follows the first stroke is the reference."""
        organisation, stroke, reference = str(value).partition("/")
        if not (organisation and stroke and reference):
            self.fail(f"{value} is no report: write ORGANISATION/REFERENCE.", param, ctx)
        return organisation, reference


@click.command("explain")
@click.argument("what")
@click.argument("other", type=ReportName(), required=False)
@click.option("--as-at", type=Time(), help="As known at a time, with its offset, or a day.")
def explain(what: str, other: tuple[str, str] | None, as_at: datetime | None) -> None:
    """Say from what a child's record follows, or why two reports are, or are not, linked.

    WHAT is a child's register number; or a report, ORGANISATION/REFERENCE, with OTHER.
    """
    with open_database() as engine, begin_work(engine, writes=False, as_at=as_at) as work:
        if other is None:
            sections = explain_child(work, what)
        else:
            found = explain_reports(work, ReportName().convert(what, None, None), other)
    # Only now, when the log holds that it was read, is it shown.
    if other is None:
        _show_sections(sections)
    else:
        _show_explanation(found)


def _show_sections(sections: Iterable[Section]) -> None:
    for heading, lines in sections:
        click.echo(f"{heading}\n" + "".join(f"  {line}\n" for line in lines))


def _show_explanation(found: Explained) -> None:
    told = found.explanation
    click.echo(f"{told.sentence}\n")
    _show_line("Bits for one child, against", WHOM_SHORT)
    _show_line("before anything is compared", _numbers(told.priors))
    for line in told.lines:
        _show_line(line.evidence, _numbers(line.bits), f"{line.outcome}: {line.words}")
    _show_line("together", _numbers(told.sums))
    one, other = found.numbers
    children = f"one child now, {one}" if one == other else f"two children now, {one} and {other}"
    guard = f"the guard \u201c{told.guard}\u201d decides" if told.guard else "no guard speaks"
    if one != other and told.decision in LINKING:
        click.echo("Other reports, or a person's judgement, keep them apart.")
    click.echo(
        f"\nThe likeliest other explanation: {WHOM[told.rival]}. All four together come to "
        f"{told.bits:.1f} bits, a probability of {told.probability:.6f}.\n"
        f"Model {told.model}; {guard}; {children}."
    )


def _show_line(title: str, cells: Iterable[str], words: str = "") -> None:
    row = "".join(f"{cell:>10}" for cell in cells)
    click.echo(f"  {title:<28}{row}  {words}".rstrip())


def _numbers(bits: Bits) -> Iterable[str]:
    return (f"{each:.1f}" for each in bits)


@click.command("what-if")
@click.option("--threshold", type=Probability(), help="Link from this probability on.")
@click.option("--review-threshold", type=Probability(), help="Ask people from this one on.")
@click.option("--model", "file", type=FILE, help="Another model file.")
@click.option("--all", "everybody", is_flag=True, help="Name all children, however many.")
@in_bulk()
def try_model(
    threshold: float | None, review_threshold: float | None, file: Path | None, *, everybody: bool
) -> None:
    """Name the children whom another model would change; nothing is changed."""
    with open_database() as engine, begin_work(engine, writes=False) as work:
        now = model_for(work)
        then = model_from(_text_of(file)) if file else now
        then = replace(then, link=threshold or then.link, review=review_threshold or then.review)
        if then.review > then.link:
            raise Refused("Nobody could be asked: the review threshold is above the other one.")
        found = _tried(work, then)
    click.echo(f"{_named(then)}; in force is {_named(now)}.")
    _show(found, everybody=everybody)
    click.echo("Nothing was changed.")


@click.group("model")
def model() -> None:
    """The model of linking that is in force."""


@model.command("show")
@click.option("--text", is_flag=True, help="Print the model file that is in force, and no more.")
def show_model(*, text: bool) -> None:
    """Tell which model is in force, and every decision that put one there."""
    brought = BROUGHT.read_text("utf-8")
    with open_database() as engine, begin_work(engine, writes=False) as work:
        decisions = enactments(work)
        if text:
            click.echo(decisions[0].text if decisions else brought, nl=False)
            return
        click.echo(f"In force: {_named(model_for(work))}.")
        for each in decisions:
            click.echo(
                f"  {each.at:%Y-%m-%d %H:%M} UTC, {each.actor}: {each.version} "
                f"({each.digest[:12]}). {each.reason}"
            )
        if decisions and decisions[0].digest != digest_of(brought):
            click.echo(
                f"The program brings another, {model_from(brought).version}: see "
                f"`register what-if --model {BROUGHT}`."
            )


@model.command("adopt")
@click.argument("file", type=FILE)
@click.option("--reason", required=True, help="Why; it stands in the log. Name no child in it.")
@click.option("--yes", is_flag=True, help="Don't ask once more.")
@in_bulk()
def adopt_model(file: Path, reason: str, *, yes: bool) -> None:
    """Put the model in FILE into force, after naming the children whom that changes."""
    text = _text_of(file)
    with open_database() as engine:
        with begin_work(engine, writes=False) as work:
            now, then = model_for(work), model_from(text)
            found = _tried(work, then)
        click.echo(f"{_named(then)}; in force is {_named(now)}.")
        _show(found, everybody=True)
        if not yes:
            click.confirm("Put it into force?", abort=True)
        with begin_work(engine) as work:
            outcome = pipeline.adopt(work, text, reason, found.missing)
    regrouped = outcome.regrouped
    click.echo(
        f"{then.version} is in force: {regrouped.moved} reports in another child, "
        f"{regrouped.reviews_opened} reviews opened, {regrouped.reviews_closed} closed; "
        f"{outcome.opened} mismatches opened, {outcome.closed} closed."
    )


def _tried(work: Work, then: Model) -> WhatIf:
    with progress("Comparing", count_subjects(work)) as step:
        return what_if(work, then, step)


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is no text in UTF-8.") from error


def _named(found: Model) -> str:
    return f"model {found.version}, linking from {found.link}, asking from {found.review}"


def _show(found: WhatIf, *, everybody: bool) -> None:
    children = sum(len(each.children) for each in found.changed)
    click.echo(f"Children who would change: {children}; missing now: {len(found.missing)}.")
    missing = [each for each in found.changed if each.missing]
    others = [each for each in found.changed if not each.missing]
    if missing:
        click.echo("Missing now:")
        for each in missing:
            click.echo(_line(each))
    if others:
        click.echo("Others:")
        for each in others if everybody else others[:MOST_SHOWN]:
            click.echo(_line(each))
        if len(others) > MOST_SHOWN and not everybody:
            click.echo(f"  and {len(others) - MOST_SHOWN} more: see --all.")
    click.echo(
        f"Reviews: {found.asked_before} now, {found.asked_after} then; {found.asked_anew} would be "
        f"asked anew, {found.asked_no_more} no more."
    )


def _line(each: Changed) -> str:
    numbers = " and ".join(each.numbers)
    kinds = {(True, False): "would part", (False, True): "would become one child"}
    what = kinds.get((each.parts, each.joins), "would exchange reports")
    groups = " | ".join(
        " + ".join(f"{code}/{reference}" for code, reference in reports) for reports in each.after
    )
    return f"  {numbers} {what}: {groups}"
