"""The one validator: what page, API and file send is read here, and nowhere else.

Only a required field that is missing or unreadable refuses a report. Everything else that cannot
be used is kept as sent, marked with a sentence, and left out of linking (contract, section 1).
Sentences never quote a value: some values are protected, and a mark may be shown more widely.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from marshmallow import RAISE, Schema, ValidationError
from marshmallow import fields as types

from register.errors import Invalid
from register.reports.contradictions import find_contradictions, find_impossible_values
from register.reports.fields import BY_NAME, IDENTITY_FIELDS, Field, fields_of
from register.reports.organisations import find_organisation
from register.reports.statement import Value
from register.reports.values import REFERENCE_LENGTH, VALUE_LENGTH
from register.terms import Kind, Sector

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MISSING = "is missing; a report cannot be received without it"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that a layout could not turn into one of ours: as it was sent, and why."""

    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one report.

    `content` holds the usable values in their normal form, without `organisation` and
    `reference`, which stand apart; a blank is absent, `updated_at` too. `doubtful` holds what was
    sent and cannot be used, `marks` one sentence a field, also for values that are used though
    they contradict each other.
    """

    organisation: str
    reference: str
    kind: Kind
    content: dict[str, Value]
    doubtful: dict[str, str]
    marks: dict[str, str]


def read_report(
    raw: Mapping[str, object],
    kind: Kind = Kind.MISSING,
    *,
    now: datetime | None = None,
    unread: Mapping[str, Unread] = _NOTHING,
    marks: Mapping[str, str] = _NOTHING,
) -> Reading:
    """Read one report from values by field name: text, a list of texts, or a number.

    `now` is the time of arrival, against which a source's future is told; without it nothing is.
    `unread` are values that the layout could not read, `marks` what it has to say of others.
    Raises Invalid with one sentence for each field that keeps the report out.
    """
    sent = {name: value for name, value in raw.items() if not _is_blank(value)}
    problems = _refused_names(sent, kind) | _refused_lengths(sent)
    accepted = {name: value for name, value in sent.items() if name not in problems}
    content, complaints = _load(accepted, kind)
    for name, value in unread.items():
        content.pop(name, None)
        sent[name], complaints[name] = value.value, value.why
    required = _required(kind)
    problems |= {name: why for name, why in complaints.items() if name in required}
    problems |= _refused_sender(content, kind) if "organisation" not in problems else {}
    if not problems:
        problems = _refused_nameless(content, complaints, kind)
    if problems:
        known = {name: problems[name] for name in BY_NAME if name in problems}
        raise Invalid(known | problems)
    for name, why in find_impossible_values(content, now).items():
        complaints[name] = why
        content.pop(name)
    return Reading(
        *_take_name(content, kind),
        kind=kind,
        content=content,
        doubtful={name: storable(sent[name]) for name in complaints},
        marks=_joined(complaints, find_contradictions(content, now), marks),
    )


def storable(value: object) -> str:
    """Write a value as sent so that every database can keep it: NUL and half characters escaped."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ";".join(value)
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return _UNSTORABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def nearest(name: str, known: list[str]) -> str:
    """Give the end of a sentence that suggests the known name that was probably meant."""
    close = get_close_matches(name.strip().lower().replace(" ", "_"), known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


class _Parsed(types.Field[Value]):
    """One field of the schema: its own parser from the field table, for one value or several."""

    def __init__(self, field: Field, *, required: bool) -> None:
        super().__init__(required=required, error_messages={"required": _MISSING})
        self.field = field

    def _deserialize(
        self,
        value: object,
        attr: str | None,  # noqa: ARG002  # marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002  # marshmallow's signature
        **_kwargs: object,
    ) -> Value:
        try:
            if self.field.many:
                return self._several(value)
            return self.field.parse(_text(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def _several(self, value: object) -> list[str]:
        parts = value if isinstance(value, list) else _text(value).split(";")
        good: list[str] = []
        complaints: list[str] = []
        for part in parts:
            if _is_blank(part):
                continue
            try:
                good.append(self.field.parse(_text(part)))
            except ValueError as error:
                complaints.append(str(error))
        good = list(dict.fromkeys(good))
        if complaints:
            raise ValidationError(f"one of its values {complaints[0]}", valid_data=good)
        return good


@cache
def report_schema(kind: Kind) -> Schema:
    """Give the schema of one kind of report, made from the field table once."""
    required = _required(kind)
    made = Schema.from_dict(
        {field.name: _Parsed(field, required=field.name in required) for field in fields_of(kind)},
        name=f"{kind.title()}Report",
    )
    return made(unknown=RAISE)


@lru_cache(maxsize=256)
def _schema_of(kind: Kind, names: frozenset[str]) -> Schema:
    """Give the schema of what was sent: most fields are blank in most reports."""
    whole = report_schema(kind)
    return type(whole)(only=(names & whole.fields.keys()) | _required(kind), unknown=RAISE)


@cache
def _required(kind: Kind) -> frozenset[str]:
    required = {field.name for field in fields_of(kind) if field.required}
    return frozenset(required | ({"child_reference"} if kind is Kind.ROSTER else set()))


def _load(accepted: Mapping[str, object], kind: Kind) -> tuple[dict[str, Value], dict[str, str]]:
    """Give what could be read, and for each field that could not be one sentence."""
    try:
        loaded: dict[str, Value] = _schema_of(kind, frozenset(accepted)).load(accepted)
    except ValidationError as error:
        complaints = {name: why[0] for name, why in error.messages_dict.items()}
        loaded = error.valid_data if isinstance(error.valid_data, dict) else {}
    else:
        complaints = {}
    return {name: value for name, value in loaded.items() if value}, complaints


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value == []


def _text(value: object) -> str:
    """Give text as text; a number, as JSON may send one, is written out."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    raise ValueError("is not text")


def _refused_names(sent: Mapping[str, object], kind: Kind) -> dict[str, str]:
    known = report_schema(kind).fields
    problems = {}
    for name in sent:
        if name in known:
            continue
        if name in BY_NAME:
            kinds = " or ".join(f"{each.value} report" for each in BY_NAME[name].kinds)
            problems[name] = f"belongs to a {kinds}, not to a {kind.value} one"
        else:
            problems[storable(name)] = f"is no field of a report{nearest(name, list(known))}"
    return problems


def _refused_lengths(sent: Mapping[str, object]) -> dict[str, str]:
    return {
        name: f"is longer than {VALUE_LENGTH:,} characters; shorten it"
        for name, value in sent.items()
        if isinstance(value, str | list) and _length(value) > VALUE_LENGTH
    }


def _length(value: str | list[object]) -> int:
    return len(value) if isinstance(value, str) else len(storable(value))


def _refused_sender(content: Mapping[str, Value], kind: Kind) -> dict[str, str]:
    organisation = find_organisation(str(content.get("organisation", "")))
    if organisation is None:
        return {"organisation": _MISSING}
    if organisation.sector is Sector.OTHER:
        why = "sends no reports: only police forces and local authorities do"
        return {"organisation": why}
    if kind is Kind.ROSTER and organisation.sector is not Sector.AUTHORITY:
        return {"organisation": "is no local authority; only they look after children"}
    return {}


def _refused_nameless(
    content: Mapping[str, Value], complaints: Mapping[str, str], kind: Kind
) -> dict[str, str]:
    if not any(name in content for name in IDENTITY_FIELDS):
        unusable = [name for name in IDENTITY_FIELDS if name in complaints]
        why = f"or another of {', '.join(IDENTITY_FIELDS)} must say whom the report is about"
        if unusable:
            why += f" ({', '.join(unusable)} cannot be used as sent)"
        return {"child_reference": why}
    if kind is Kind.ROSTER and len(_roster_reference(content)) > REFERENCE_LENGTH:
        return {"child_reference": "is longer than 53 characters"}
    return {}


def _roster_reference(content: Mapping[str, Value]) -> str:
    """Name a period of being looked after: the child, and the day on which it began if known."""
    parts = (content["child_reference"], content.get("looked_after_from", ""))
    return "/".join(str(part) for part in parts if part)


def _take_name(content: dict[str, Value], kind: Kind) -> tuple[str, str]:
    if kind is Kind.ROSTER:
        content["reference"] = _roster_reference(content)
    return str(content.pop("organisation")), str(content.pop("reference"))


def _joined(*several: Mapping[str, str]) -> dict[str, str]:
    """Join what is to be said of each field; the same sentence is said once."""
    said: dict[str, list[str]] = {}
    for marks in several:
        for name, why in marks.items():
            sentences = said.setdefault(name, [])
            if why not in sentences:
                sentences.append(why)
    return {name: "; ".join(sentences) for name, sentences in said.items()}
