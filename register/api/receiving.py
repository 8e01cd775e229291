"""Receiving over HTTP: reports in one piece of work, each with what the register made of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from register.api.faults import Unmet
from register.api.told import Told, told_report
from register.errors import Invalid, RegisterError
from register.inspection.made_of import (
    Known,
    Made,
    Name,
    known_reports,
    made_of,
    own_name,
)
from register.inspection.made_of import own_report as find_own
from register.pipeline import submit, take_turn
from register.reports.digest import digest
from register.reports.protected import whole_of
from register.reports.schema import Reading, read_report
from register.reports.sealing import kept_digest
from register.reports.service import open_submission
from register.secrecy.keys import key_of
from register.terms import Status
from register.work import Work

_OF_THE_CHILD = ("child", "episode", "decision", "reviews", "mismatches")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a sender asks of a report's state before it is changed; blanks ask nothing."""

    match: frozenset[str] = frozenset()
    none_match: frozenset[str] = frozenset()

    def check(self, known: Known | None) -> None:
        """Raise Unmet unless the version that counts is what is asked for."""
        now = {known.digest, "*"} if known else set()
        if (self.match and not self.match & now) or self.none_match & now:
            raise Unmet("The report is not as the condition says; nothing was changed.")


@dataclass(frozen=True, slots=True)
class Sent:
    """One report as it was sent, named by the address or by itself."""

    organisation: str
    reference: str
    body: Mapping[str, object]
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one report: the answer, whether it is new, and the tag of what counts."""

    told: Told
    is_new: bool
    tag: str


def take(work: Work, sent: Sent) -> Taken:
    """Take one report in; raise NotFound for another organisation's, Invalid, Unmet."""
    (result,) = take_many(work, [sent])
    if isinstance(result, RegisterError):
        raise result
    return result


def take_many(work: Work, several: Sequence[Sent]) -> list[Taken | RegisterError]:
    """Take reports in, the good ones together; give for each what became of it, or why not."""
    readings = [_read(work, each) for each in several]
    if names := [_name_of(each) for each in readings if isinstance(each, Reading)]:
        take_turn(work)  # what a condition asks for holds until the report is kept
    before = known_reports(work, names)
    asked = [_as_asked(*each, before) for each in zip(several, readings, strict=True)]
    good = [each for each in asked if isinstance(each, Reading)]
    if not good:
        return [each for each in asked if isinstance(each, RegisterError)]
    submission = open_submission(work, "api", _counted(len(several)), _digest_of(several))
    received = submit(work, submission.id, good).received
    made = made_of(work, set().union(*received.reports.values()))
    by_name = {
        (each.statement.organisation, each.statement.reference): each for each in made.values()
    }
    seen = {name: set(known.versions) for name, known in before.items()}
    key = key_of(work)
    return [
        each
        if isinstance(each, RegisterError)
        else _taken(each, kept_digest(digest(each), key), by_name, seen)
        for each in asked
    ]


def withdraw(work: Work, organisation: str, reference: str, updated_at: object) -> Taken:
    """Take a report back as entered in error; NotFound where there is none of the actor's own.

    `updated_at` is when the source did so; blank for now, and after what it takes back.
    """
    take_turn(work)
    held = find_own(work, organisation, reference)
    statement = held.statement
    if statement.withdrawn and not updated_at:
        told = told_report(held, "unchanged", stands=True, marks=statement.marks)
        return Taken(told, is_new=False, tag=held.digest)
    at = max(work.now, statement.updated_at + timedelta(microseconds=1))
    body: dict[str, object] = dict(whole_of(work, statement))
    body |= {"status": Status.WITHDRAWN.value, "updated_at": updated_at or at.isoformat()}
    return take(work, Sent(statement.organisation, statement.reference, body))


def told_anew(work: Work, told: Told) -> Told:
    """Tell what was answered of one report as the register stands now.

    What became of what was sent stays as it was; what it is joined with may be hidden since.
    """
    held = find_own(work, str(told["organisation"]), str(told["reference"]))
    now = told_report(held, "", stands=True, marks={})
    return told | {name: now[name] for name in _OF_THE_CHILD}


def _read(work: Work, sent: Sent) -> Reading | RegisterError:
    named = {"organisation": sent.organisation, "reference": sent.reference}
    differs = {
        field: "differs from the address it was sent to"
        for field, told in named.items()
        if (sent.body.get(field) or told) != told
    }
    try:
        own_name(work, sent.organisation, sent.reference)
        if differs:
            raise Invalid(differs)
        return read_report({**sent.body, **named}, now=work.now)
    except RegisterError as refusal:
        return refusal


def _as_asked(
    sent: Sent, reading: Reading | RegisterError, before: Mapping[Name, Known]
) -> Reading | RegisterError:
    if isinstance(reading, Reading):
        try:
            sent.condition.check(before.get(_name_of(reading)))
        except Unmet as unmet:
            return unmet
    return reading


def _name_of(reading: Reading) -> Name:
    return (reading.organisation, reading.reference)


def _taken(
    reading: Reading, said: str, made: Mapping[Name, Made], seen: dict[Name, set[str]]
) -> Taken:
    name = _name_of(reading)
    is_new, of_it = name not in seen, made[name]
    versions = seen.setdefault(name, set())
    received = "unchanged" if said in versions else "accepted"
    versions.add(said)
    stands = of_it.digest == said
    told = told_report(of_it, received, stands=stands, marks=reading.marks)
    return Taken(told, is_new, of_it.digest)


def _counted(reports: int) -> str:
    return "one report" if reports == 1 else f"{reports} reports"


def _digest_of(several: Sequence[Sent]) -> str:
    parts = [(each.organisation, each.reference, each.body) for each in several]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode(errors="replace")).hexdigest()
