"""Receiving over HTTP: one report in one piece of work, with all that followed from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from register import pipeline
from register.api.told import Told, told_report
from register.errors import Invalid
from register.inspection.own_reports import find_known, made_of
from register.reports.schema import Reading, digest, read_report
from register.reports.service import open_submission
from register.work import Work


class Unmet(Exception):
    """The report is not in the state that the sender made its condition."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a sender asks of the report's state before it is changed; blanks ask nothing."""

    match: frozenset[str] = frozenset()
    none_match: frozenset[str] = frozenset()

    def check(self, digest_now: str) -> None:
        """Raise Unmet unless the version that counts, blank for none, is what is asked for."""
        met = not self.match or digest_now in self.match or ("*" in self.match and digest_now)
        clash = digest_now and (digest_now in self.none_match or "*" in self.none_match)
        if not met or clash:
            raise Unmet


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one report: the answer, whether it is new, and the tag of what counts."""

    told: Told
    is_new: bool
    tag: str


def take(
    work: Work,
    organisation: str,
    reference: str,
    sent: Mapping[str, object],
    condition: Condition = Condition(),
) -> Taken:
    """Take one report in and tell what the register made of it.

    Raises NotFound for another organisation's, Invalid with a sentence a field, Unmet.
    """
    known = find_known(work, organisation, reference)
    condition.check(known.digest if known else "")
    reading = _read(work, organisation, reference, sent)
    text = json.dumps(sent, sort_keys=True, ensure_ascii=False)
    whole = sha256(f"{organisation}\n{reference}\n{text}".encode(errors="replace")).hexdigest()
    submission = open_submission(work, "api", "one report", whole)
    outcome = pipeline.submit(work, submission.id, [reading])
    (report,) = outcome.received.reports[reading.organisation]
    made = made_of(work, [report])[report]
    told = told_report(
        made,
        "accepted" if outcome.received.accepted else "unchanged",
        stands=made.digest == digest(reading),
        marks=reading.marks,
    )
    return Taken(told, known is None, made.digest)


def _read(work: Work, organisation: str, reference: str, sent: Mapping[str, object]) -> Reading:
    named = {"organisation": organisation, "reference": reference}
    differs = {
        name: "differs from the address it was sent to"
        for name, told in named.items()
        if sent.get(name) not in {None, "", told}
    }
    if differs:
        raise Invalid(differs)
    return read_report({**sent, **named}, now=work.now)
