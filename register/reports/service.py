"""Receiving reports: each kept as it came, once, and the version that counts pointed at."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, insert, select, tuple_, update

from register.access.policy import Permission, may_send_for, needs
from register.audit.service import Entry, record, record_many
from register.errors import Forbidden
from register.reports.digest import digest
from register.reports.models import Report, ReportVersion, Submission
from register.reports.schema import Reading
from register.reports.sealing import kept_digest, sealed_halves
from register.reports.statements import LAST_FIRST
from register.reports.values import read_moment
from register.rows import BATCH, among, parts
from register.secrecy.keys import Opened, key_for
from register.secrecy.values import masked
from register.underneath.roles import see_all
from register.work import Work

Name = tuple[str, str, str]


@dataclass(slots=True)
class Received:
    """What became of some readings; the numbers count readings.

    `reports` are the ids of all that they speak of, by organisation; `changed` those that now
    say something else.
    """

    accepted: int = 0
    unchanged: int = 0
    superseded: int = 0
    reports: dict[str, set[int]] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)


@needs(Permission.REPORT_RECEIVE)
def open_submission(work: Work, source: str, name: str, digest_of_file: str) -> Submission:
    """Note that a file or a request came in."""
    see_all(work.session)  # only the matcher adds to the facts
    submission = Submission(
        source=source,
        name=name,
        digest=masked(key_for(work), digest_of_file),
        actor=work.actor.name,
        received_at=work.now,
    )
    work.session.add(submission)
    work.session.flush()
    record(work, "submission:received", f"submission {submission.id}", source=source)
    return submission


@needs(Permission.REPORT_RECEIVE)
def receive(work: Work, submission_id: int, readings: Sequence[Reading]) -> Received:
    """Keep what was read: new versions are added, the same content twice is one.

    Reports are named by organisation, kind and reference. The version that counts is the last by
    `updated_at` (time of arrival if blank), then by digest. Raises Forbidden for a report in the
    name of an organisation that the actor may not send for.
    """
    for organisation in sorted({reading.organisation for reading in readings}):
        if not may_send_for(work.actor, organisation):
            raise Forbidden(f"{work.actor.name} may not send reports of {organisation}.")
    received = Received()
    undated = any(not reading.content.get("updated_at") for reading in readings)
    arrived = _arrival(work, submission_id) if undated else work.now
    reports = _find_or_add(work, readings)
    versions = _known_versions(work, set(reports.values()))
    rows: list[dict[str, object]] = []
    key = key_for(work)
    for reading in readings:
        report_id = reports[_name(reading)]
        received.reports.setdefault(reading.organisation, set()).add(report_id)
        fingerprint = kept_digest(digest(reading), key)
        if fingerprint in versions[report_id]:
            received.unchanged += 1
            continue
        changed_at = reading.content.get("updated_at")
        at = read_moment(str(changed_at)).latest if changed_at else arrived
        versions[report_id][fingerprint] = at
        received.accepted += 1
        of_its_own = key_for(work, reading.organisation)
        row = _version_row(reading, of_its_own, at, work.now, fingerprint)
        rows.append(row | {"report_id": report_id, "submission_id": submission_id})
    if rows:
        _add_versions(work, rows, versions, received)
    return received


def _arrival(work: Work, submission_id: int) -> datetime:
    """Give when this content first came in.

    Not the time of its chunk, so that a file broken off and sent again ends as one sent whole.
    """
    digest_of_file = select(Submission.digest).where(Submission.id == submission_id)
    first = select(func.min(Submission.received_at)).where(
        Submission.digest == digest_of_file.scalar_subquery()
    )
    return work.session.scalar(first) or work.now


def _name(reading: Reading) -> Name:
    return (reading.organisation, reading.kind.value, reading.reference)


def _find_or_add(work: Work, readings: Sequence[Reading]) -> dict[Name, int]:
    names = list(dict.fromkeys(_name(reading) for reading in readings))
    columns = (Report.organisation, Report.kind, Report.reference)
    found: dict[Name, int] = {}
    for part in parts(names, BATCH // 3):
        rows = work.session.execute(select(*columns, Report.id).where(tuple_(*columns).in_(part)))
        found |= {(row[0], row[1], row[2]): row[3] for row in rows}
    fresh = [name for name in names if name not in found]
    if fresh:
        ids = work.session.scalars(
            insert(Report).returning(Report.id, sort_by_parameter_order=True),
            [
                {
                    "organisation": name[0],
                    "kind": name[1],
                    "reference": name[2],
                    "received_at": work.now,
                }
                for name in fresh
            ],
        )
        found |= dict(zip(fresh, ids, strict=True))
    return found


def _known_versions(work: Work, report_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    known: dict[int, dict[str, datetime]] = defaultdict(dict)
    for part in parts(sorted(report_ids)):
        rows = work.session.execute(
            select(ReportVersion.report_id, ReportVersion.digest, ReportVersion.updated_at).where(
                among(ReportVersion.report_id, part)
            )
        )
        for report_id, fingerprint, updated_at in rows:
            known[report_id][fingerprint] = updated_at
    return known


def _version_row(
    reading: Reading,
    key: Opened,
    updated_at: datetime,
    received_at: datetime,
    fingerprint: str,
) -> dict[str, object]:
    plain, sealed = sealed_halves(reading, key)
    return {
        "updated_at": updated_at,
        "received_at": received_at,
        "digest": fingerprint,
        "open": plain,
        "protected": sealed,
        "marks": reading.marks,
    }


def _add_versions(
    work: Work,
    rows: list[dict[str, object]],
    versions: dict[int, dict[str, datetime]],
    received: Received,
) -> None:
    ids = work.session.scalars(
        insert(ReportVersion).returning(ReportVersion.id, sort_by_parameter_order=True), rows
    ).all()
    current: dict[int, int] = {}
    for row, version_id in zip(rows, ids, strict=True):
        report_id = int(str(row["report_id"]))
        known = versions[report_id]
        if row["digest"] == max(known, key=lambda fingerprint: (known[fingerprint], fingerprint)):
            current[report_id] = version_id
            received.superseded += len(known) > 1
    work.session.execute(
        update(Report),
        [
            {"id": report_id, "current_version_id": version}
            for report_id, version in current.items()
        ],
    )
    received.changed |= set(current)
    record_many(
        work,
        [
            Entry("report:received", f"report {row['report_id']}", {"version": version_id})
            for row, version_id in zip(rows, ids, strict=True)
        ],
    )


def count_versions_again(work: Work) -> int:
    """Point every report at the version that counts; give how many pointed elsewhere."""
    place = func.row_number().over(
        partition_by=ReportVersion.report_id,
        order_by=LAST_FIRST,
    )
    ranked = select(ReportVersion.id, ReportVersion.report_id, place.label("place")).subquery()
    wrong = (
        select(Report.id, ranked.c.id)
        .join(ranked, ranked.c.report_id == Report.id)
        .where(ranked.c.place == 1, Report.current_version_id.is_distinct_from(ranked.c.id))
    )
    found = [
        {"id": report_id, "current_version_id": version}
        for report_id, version in work.session.execute(wrong)
    ]
    if found:
        work.session.execute(update(Report), found)
    return len(found)
