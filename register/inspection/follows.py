"""From which reports and judgements each link, value and mismatch of one child follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from register.access.policy import Permission, needs
from register.inspection.children import ChildPage, EpisodeView, child_page
from register.inspection.judged import Act
from register.inspection.mismatches import MismatchRow
from register.inspection.reviews import VERDICTS
from register.inspection.sides import Line, Standing
from register.mismatches.answers import Answered, answers_on
from register.reports.statement import Statement, Value
from register.terms import label
from register.work import Work

Section = tuple[str, list[str]]
"""A heading and its lines."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the sections are made of; reports are named by organisation and reference."""

    page: ChildPage
    names: Mapping[int, str]
    answers: Mapping[int, list[Answered]]


@needs(Permission.CHILD_READ)
def explain_child(work: Work, number: str) -> list[Section]:
    """Tell what a child's record follows from, now or as at the time at which the work reads.

    Raises NotFound. Values that this reader may not have are not told.
    """
    page = child_page(work, number)
    statements = {each.statement.report_id: each.statement for each in page.reports}
    told = _Told(
        page,
        {report: _name(each) for report, each in statements.items()},
        answers_on(work, [each.matter for each in page.mismatches]),
    )
    seen_at = f"as known at {_time(work.as_at)}" if work.as_at else "as known now"
    sections = [
        (f"{page.number}, {seen_at}", [f"{page.person.name}, age {page.person.age}"]),
        ("Reports", [_report(each) for _, each in sorted(statements.items())]),
        ("Why they are one child", list(_joins(told))),
        ("What people judged", [_act(act) for act in page.acts]),
        ("Values", [_value(told, line) for line in page.sides.lines]),
    ]
    sections += [_episode(told, each) for each in page.episodes]
    mismatches = [line for each in page.mismatches for line in _mismatch(told, each)]
    gaps = [f"{gap.rule.code}: {gap.organisation or 'a source'}, {gap.why}" for gap in page.gaps]
    sections += [("Mismatches", mismatches), ("Not compared", gaps)]
    return [(heading, lines) for heading, lines in sections if lines]


def _report(each: Statement) -> str:
    gone = ", withdrawn by its source: tells nothing" if each.withdrawn else ""
    changed = _time(each.updated_at)
    return f"{_name(each)}: came in {_time(each.received_at)}, last changed {changed}{gone}"


def _joins(told: _Told) -> Iterator[str]:
    for join in told.page.joins:
        by = "by a person's judgement" if join.is_judged else "by linking"
        yield f"{_name(join.other)} with {_name(join.one)}, {by}: {' '.join(join.reasons)}"
    owned: dict[tuple[str, str], list[str]] = {}
    for each in told.page.reports:
        own = (each.statement.organisation, each.statement.text("child_reference"))
        owned.setdefault(own, []).append(_name(each.statement))
    for (code, reference), names in owned.items():
        if reference and len(names) > 1:
            yield f"{', '.join(names)}: {code} has them under one id of its own"


def _act(act: Act) -> str:
    sides = " and ".join(", ".join(map(_name, side)) for side in (act.one, act.other))
    state = "" if act.counts else " (superseded)"
    if taken := act.taken_back:
        state = f" (taken back by {taken.actor}, {_time(taken.at)}: \u201c{taken.reason}\u201d)"
    said = f"{act.number}: {VERDICTS[act.verdict]}{state}, by {act.actor}, {_time(act.at)}"
    return f"{said}: {sides}. \u201c{act.reason}\u201d"


def _value(told: _Told, line: Line) -> str:
    said = "; ".join(
        f"{told.names.get(word.report_id, word.organisation)} says {_text(word.value)}"
        for word in line.said
    )
    if line.standing is Standing.HIDDEN:
        view = "not shown"
    elif line.standing is Standing.DISPUTED:
        view = "disputed"
    else:
        view = f"{_text(line.view)}, by {', '.join(line.origin)}"
    return f"{line.field.label}: {view} ({said})"


def _episode(told: _Told, view: EpisodeView) -> Section:
    spells = [
        " then ".join(told.names[each.report_id] for each in spell.statements)
        for spell in view.episode.spells
    ]
    lines = [f"one going missing by {len(spells)} accounts: {'; '.join(spells)}"]
    return (
        f"Missing episode {view.number}",
        lines + [_value(told, line) for line in view.sides.lines],
    )


def _mismatch(told: _Told, row: MismatchRow) -> Iterator[str]:
    held = [*row.police, *row.authority]
    values = "; ".join(
        f"{each.organisation} says {_text(each.value) if each.value else 'nothing'}"
        for each in held
        if not each.is_hidden
    )
    yield (
        f"{row.rule.code} {row.rule.title}: {label(row.state)}, opened {_time(row.opened_at)}, "
        f"owned by {row.owner}{': ' + values if values else ''}"
    )
    for each in told.answers.get(row.matter, ()):
        answer = each.settlement
        gone = "" if each.standing else " (taken back)"
        words = f" \u201c{answer.words}\u201d" if answer.words else ""
        said = "an answer taken back" if answer.withdraws else label(answer.answer)
        yield (
            f"  {said}{gone} by {answer.actor}, {_time(answer.at)}{words}"
            f"{', ' + label(answer.reason) if answer.reason else ''}"
        )


def _name(statement: Statement) -> str:
    return f"{statement.organisation}/{statement.reference}"


def _text(value: Value | None) -> str:
    if value is None:
        return "what is not shown"
    return value if isinstance(value, str) else ", ".join(value)


def _time(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
