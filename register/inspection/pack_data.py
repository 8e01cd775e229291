"""What an inspection comes to, as plain data that others can read and hash.

Of chronologies, only times, codes and organisations are given out: names, dates of birth, numbers
and free words of people or sources are left out, and only told to have been there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from register.inspection.chronology import Chronology, Entry
from register.inspection.figure import Figure
from register.inspection.figures import Figures
from register.inspection.samples import DrawnSample
from register.reports import values
from register.reports.fields import BY_NAME, Field
from register.reports.statement import Value
from register.reports.values import Moment

Data = dict[str, object]
LEFT_OUT = "left out"
_IDENTIFYING = frozenset(
    {
        values.words,
        values.reference,
        values.nhs_number,
        values.upn,
        values.postcode,
        values.day,
        values.whole_number,
    }
)
"""Parsers of fields whose values could tell who the child is, or where."""


def figures_data(found: Figures) -> Data:
    """Give figures as plain data: texts, numbers, lists."""
    scope = found.scope
    return {
        "organisation": scope.organisation,
        "during": [scope.first.isoformat(), scope.last.isoformat()],
        "as_at": stated(found.moment),
        "figures": [_figure(each) for each in found.figures],
    }


def sample_data(sample: DrawnSample, frames: Mapping[str, Sequence[str]]) -> Data:
    """Give a sample with the children it was drawn from, so that the draw can be done again."""
    scope = sample.scope
    return {
        "number": sample.number,
        "seed": sample.seed,
        "organisation": scope.organisation,
        "during": [scope.first.isoformat(), scope.last.isoformat()],
        "as_at": stated(sample.as_at),
        "drawn_at": stated(sample.drawn_at),
        "drawn_by": sample.actor,
        "strata": [
            {
                "name": each.name,
                "title": each.title,
                "wanted": each.wanted,
                "frame": list(frames[each.name]),
                "drawn": list(each.drawn),
            }
            for each in sample.strata
        ],
    }


def chronology_data(chronology: Chronology) -> Data:
    """Give a child's story without who the child is."""
    return {
        "child": chronology.number,
        "as_at": stated(chronology.moment),
        "entries": [_entry(each) for each in chronology.entries],
    }


def may_be_given(field: Field) -> bool:
    """Tell whether a field's values may stand in a pack."""
    return not field.protected and field.parse not in _IDENTIFYING


def given(field: str, value: Value) -> str:
    """Write a value as it may stand in a pack."""
    if not value:
        return ""
    if not may_be_given(BY_NAME[field]):
        return LEFT_OUT
    return value if isinstance(value, str) else ";".join(value)


def stated(at: datetime) -> str:
    """Write a time in UTC."""
    return at.astimezone(UTC).isoformat()


def _entry(entry: Entry) -> Data:
    return {
        "known_at": stated(entry.known_at),
        "happened_at": _written(entry.happened),
        "told_at": "" if entry.told_at is None else stated(entry.told_at),
        "kind": entry.kind,
        "who": entry.who,
        "organisation": entry.organisation,
        "what": entry.what,
        "words": LEFT_OUT if entry.words else "",
        "changes": [
            [
                each.field.name,
                given(each.field.name, each.before),
                given(each.field.name, each.after),
            ]
            for each in entry.changes
        ],
    }


def _written(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return moment.day.isoformat() if moment.day_only else stated(moment.earliest)


def _figure(figure: Figure) -> Data:
    told = asdict(figure)
    told["lengths"] = [
        {
            "label": each.label,
            "seconds": None if each.length is None else int(each.length.total_seconds()),
            "of": each.of,
        }
        for each in figure.lengths
    ]
    told["lines"] = [{"label": line.label, "counts": list(line.counts)} for line in figure.lines]
    return told
