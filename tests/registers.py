"""A register filled in a few words, and what it comes to, named without its own numbers.

Two registers are in the same state (contract, section 3) when `state_of` gives the same of both.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, select, text

from register import pipeline
from register.db import Base
from register.linkage.models import Judgement, Membership, Review
from register.linkage.said import standing_on
from register.mismatches.models import Mismatch
from register.rebuilding import rebuild
from register.records.models import EpisodeRow
from register.records.reconcile import Reconciled, reconcile_episode
from register.records.service import read_children
from register.reports.digest import digest
from register.reports.extracts import Held
from register.reports.fields import BY_NAME
from register.reports.models import Report
from register.reports.schema import Reading, read_report
from register.reports.service import open_submission
from register.terms import Kind
from register.work import OPERATOR, Actor, Work, begin_work
from tests.schema import load_models

load_models()
FORCE, OTHER_FORCE = "E23000010", "E23000013"
AUTHORITY, HOST = "E08000035", "E08000032"
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
ALL_FIELDS = frozenset(BY_NAME)
DRILL = bool(os.environ.get("REGISTER_DRILL"))
"""Whether counts may be long (`make drill`)."""
DRAWN = settings(
    deadline=None,
    max_examples=500 if DRILL else 20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""For tests that draw what a register is sent."""
Name = tuple[str, str, str]
Days = tuple[date, date | None]
YEAR: Days = (date(2026, 1, 1), date(2026, 3, 8))


def say(organisation: str, reference: str, **said: object) -> Reading:
    """Read one report; what isn't said is usual: missing, closed, on 2 and 3 March 2026."""
    usual: dict[str, object] = {
        "organisation": organisation,
        "reference": reference,
        "category": "missing",
        "status": "closed",
        "missing_at": "2026-03-02T22:00:00+00:00",
        "returned_at": "2026-03-03T09:00:00+00:00",
        "updated_at": "2026-03-03T10:00:00+00:00",
    }
    if said.get("status") in {"open", "withdrawn"}:
        del usual["returned_at"]
    return read_report({**usual, **said})


def listed(organisation: str, child_reference: str, **said: object) -> Reading:
    """Read one row of an authority's list of the children it looks after."""
    usual = {
        "organisation": organisation,
        "child_reference": child_reference,
        "updated_at": "2026-01-01T00:00:00+00:00",
        "looked_after_from": "2025-01-01",
        "legal_status": "C2",
    }
    told = {name: value for name, value in said.items() if name != "home_postcode"}
    return read_report({**usual, **told}, Kind.ROSTER)


def send(
    engine: Engine,
    readings: Sequence[Reading],
    *,
    now: datetime = NOW,
    chunk: int = 500,
    days: Days | None = None,
    name: str = "file.csv",
    fingerprint: str = "",
) -> pipeline.Outcome:
    """Take reports in as one file would be, in chunks; with `days` as an extract."""
    fingerprint = fingerprint or repr([digest(reading) for reading in readings])
    with begin_work(engine, OPERATOR, clock=lambda: now) as work:
        submission = open_submission(work, "register", name, fingerprint).id
    held: dict[str, set[int]] = {}
    outcome = pipeline.Outcome()
    for start in range(0, len(readings), chunk):
        with begin_work(engine, OPERATOR, clock=lambda: now) as work:
            outcome = pipeline.submit(work, submission, readings[start : start + chunk])
        for organisation, reports in outcome.received.reports.items():
            held.setdefault(organisation, set()).update(reports)
    if days is not None:
        whole = [Held(submission, code, ALL_FIELDS, frozenset(held[code])) for code in held]
        with begin_work(engine, OPERATOR, clock=lambda: now) as work:
            pipeline.complete(work, days, whole)
    return outcome


def judge(
    engine: Engine,
    one: str,
    other: str,
    verdict: str,
    *,
    actor: Actor = OPERATOR,
    reason: str = "seen",
    now: datetime = NOW,
) -> None:
    """Keep a person's word on two reports, by their references; `withdrawn` takes the last back."""
    numbers = {name[2]: number for number, name in names_of(engine).items()}
    pair = (numbers[one], numbers[other])
    with begin_work(engine, actor, clock=lambda: now) as work:
        if verdict != "withdrawn":
            pipeline.judge(work, pair, verdict, reason)
            return
        word = standing_on(work, pair)[min(pair), max(pair)]
        pipeline.withdraw(work, work.session.get_one(Judgement, word.id).act, reason)


def empty(engine: Engine) -> None:
    """Take everything out of a register."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY"))
            return
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@dataclass(frozen=True)
class State:
    """What a register comes to; every report named by organisation, kind and reference."""

    groups: frozenset[frozenset[Name]]
    values: dict[frozenset[Name], Any]
    episodes: dict[frozenset[Name], Any]
    mismatches: frozenset[Any]
    reviews: frozenset[Any]


def names_of(engine: Engine) -> dict[int, Name]:
    """Give the name of every report by its number."""
    columns = (Report.id, Report.organisation, Report.kind, Report.reference)
    with begin_work(engine, writes=False) as work:
        return {row[0]: (row[1], row[2], row[3]) for row in work.session.execute(select(*columns))}


def state_of(engine: Engine) -> State:
    """Read what a register comes to."""
    names = names_of(engine)
    with begin_work(engine, writes=False) as work:
        members = work.session.execute(
            select(Membership.child_id, Membership.subject_id, Membership.report_id).where(
                Membership.known_to.is_(None)
            )
        ).all()
        group = _gathered((child, names[report]) for child, _, report in members)
        subject = _gathered((subject, names[report]) for _, subject, report in members)
        folded = read_children(work, group).values()
        rows = {
            row.number: row
            for row in work.session.scalars(select(EpisodeRow).where(EpisodeRow.known_to.is_(None)))
        }
        told = {
            number: frozenset(names[report] for spell in row.spells for report in spell)
            for number, row in rows.items()
        }
        return State(
            groups=frozenset(group.values()),
            values={group[each.child]: _shown(each.record.values, names) for each in folded},
            episodes={
                told[episode.number]: (
                    _shown(reconcile_episode(episode), names),
                    *_standing(rows[episode.number]),
                    group[each.child],
                )
                for each in folded
                for episode in each.episodes
            },
            mismatches=_mismatches(work, group, told, names),
            reviews=_reviews(work, subject, names),
        )


def together(engine: Engine) -> set[str]:
    """Give the groups as `L1+P1`; fold again, which must find nothing."""
    assert rebuild(engine, keep=False) == ""
    groups = state_of(engine).groups
    return {"+".join(sorted(name[2] for name in group)) for group in groups}


def asked(engine: Engine) -> list[str]:
    """Give what a person is asked, as `L1?P1`, by the reports shown."""
    with begin_work(engine, writes=False) as work:
        names = dict(iter(work.session.execute(select(Report.id, Report.reference))))
        rows = work.session.execute(
            select(Review.report_a, Review.report_b).where(Review.known_to.is_(None))
        )
        return sorted("?".join(sorted((names[a], names[b]))) for a, b in rows)


def _standing(row: EpisodeRow) -> tuple[Any, ...]:
    sides = (row.missing_to_police, row.missing_to_authority)
    return (row.started_at, row.ended_at, row.is_open, *sides, row.was_adult)


def _mismatches(
    work: Work,
    group: Mapping[int, frozenset[Name]],
    told: Mapping[int, frozenset[Name]],
    names: Mapping[int, Name],
) -> frozenset[Any]:
    rows = work.session.scalars(select(Mismatch).where(Mismatch.known_to.is_(None)))
    return frozenset(
        (
            group[row.child],
            None if row.episode is None else told[row.episode],
            *(row.rule, row.field, row.severity, row.owner, row.counterpart, row.clock),
            names.get(row.police_report_id or 0),
            names.get(row.authority_report_id or 0),
            names.get(row.other_report_id or 0),
        )
        for row in rows
    )


def _reviews(
    work: Work, subject: Mapping[int, frozenset[Name]], names: Mapping[int, Name]
) -> frozenset[Any]:
    subjects = {name: members for members in subject.values() for name in members}
    columns = (Review.report_a, Review.report_b, Review.probability, Review.reasons)
    rows = work.session.execute(select(*columns).where(Review.known_to.is_(None)))
    return frozenset(
        (
            frozenset(subjects[names[each]] for each in (a, b)),
            round(probability, 6),
            tuple(reasons),
        )
        for a, b, probability, reasons in rows
    )


def _gathered(pairs: Iterable[tuple[int, Name]]) -> dict[int, frozenset[Name]]:
    found: dict[int, set[Name]] = {}
    for number, name in pairs:
        found.setdefault(number, set()).add(name)
    return {number: frozenset(members) for number, members in found.items()}


def _shown(values: Mapping[str, Reconciled], names: Mapping[int, Name]) -> Any:  # noqa: ANN401  # only compared
    return {
        name: (
            value.value,
            value.disputed,
            frozenset((names[o.report_id], o.organisation, str(o.value)) for o in value.origins),
        )
        for name, value in values.items()
    }
