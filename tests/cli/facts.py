"""What must hold of a register however its work was cut short, and what it came to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from register.audit.leaf import canonical
from register.audit.models import AuditEvent
from register.linkage.models import Membership
from register.reports.digest import HALF, digest
from register.reports.files import open_source
from register.reports.models import Extract, Report, ReportVersion
from register.reports.source import Read
from register.work import begin_work
from tests.cli.conftest import Program
from tests.registers import DRILL, State, state_of

SOUND_EVERY = 10 if DRILL else 1
"""The whole file is read for faults after so many looks: it grows long."""
Version = tuple[str, str, str, str]
"""The name of a report, and the half of the digest of what it said that no key goes into."""


def versions_in(file: Path) -> list[Version]:
    """Read what each row of a file says; no row may be bad."""
    read: list[Version] = []
    for item in open_source(file, None, None, None, datetime.now(UTC)):
        assert isinstance(item, Read), item
        said = item.reading
        read.append((said.organisation, said.kind.value, said.reference, digest(said)[:HALF]))
    return read


@dataclass
class Facts:
    """What was seen of a register so far: it may grow, and nothing else."""

    versions: set[Version] = field(default_factory=set)
    last_version: int = 0
    last_entry: int = -1
    looks: int = 0

    def check(self, register: Program, acknowledged: Iterable[Version]) -> None:
        """Hold the register against what was seen before and what it acknowledged since."""
        engine = to_look_at(register).engine()
        try:
            with begin_work(engine, writes=False) as work:
                if engine.dialect.name == "sqlite" and self.looks % SOUND_EVERY == 0:
                    assert work.session.scalar(text("PRAGMA quick_check")) == "ok"
                self.looks += 1
                before = ReportVersion.id <= self.last_version
                assert _count(work.session, before) == len(self.versions), "what was seen is there"
                self._take_up(work.session)
                lost = set(acknowledged) - self.versions
                assert not lost, f"{len(lost)} acknowledged versions lost"
                self._check_children(work.session)
        finally:
            engine.dispose()

    def _take_up(self, session: Session) -> None:
        """See what is new: each version once, and each with its entry in the log."""
        named = (Report.organisation, Report.kind, Report.reference, ReportVersion.digest)
        rows = session.execute(
            select(*named, Report.id, ReportVersion.id)
            .join(ReportVersion, ReportVersion.report_id == Report.id)
            .where(ReportVersion.id > self.last_version)
        ).all()
        fresh = {(row[0], row[1], row[2], row[3][:HALF]) for row in rows}
        assert len(fresh) == len(rows), "no duplicates"
        assert not fresh & self.versions, "no duplicates"
        entries = session.execute(
            select(AuditEvent.subject, AuditEvent.detail, AuditEvent.seq).where(
                AuditEvent.seq > self.last_entry, AuditEvent.kind == "report:received"
            )
        ).all()
        logged = Counter((subject, detail) for subject, detail, _ in entries)
        facts = Counter((f"report {row[4]}", canonical({"version": row[5]})) for row in rows)
        assert logged == facts, "the log is equal to the facts"
        self.versions |= fresh
        self.last_version = max((row[5] for row in rows), default=self.last_version)
        self.last_entry = max((row[2] for row in entries), default=self.last_entry)

    def _check_children(self, session: Session) -> None:
        counts = session.execute(
            select(
                func.count(),
                func.count(Report.current_version_id),
                select(func.count(Membership.id))
                .where(Membership.known_to.is_(None))
                .scalar_subquery(),
            ).select_from(Report)
        ).one()
        assert len(set(counts)) == 1, "no report stands without what follows from it"


def _count(session: Session, condition: ColumnElement[bool]) -> int | None:
    return session.scalar(select(func.count()).select_from(ReportVersion).where(condition))


def to_look_at(register: Program) -> Program:
    """Give a way to look that leaves the files of an embedded register as they were found."""
    if not register.url.startswith("sqlite"):
        return register
    path = register.url.removeprefix("sqlite:///")
    return Program(f"sqlite:///file:{path}?mode=ro&uri=true", register.folder)


@dataclass(frozen=True)
class End:
    """What a register came to, and how often each thing is there."""

    state: State
    counts: Counter[str]


def end_of(register: Program) -> End:
    """Read what a register came to."""
    engine = register.engine()
    state = state_of(engine)
    with begin_work(engine, writes=False) as work:
        counts = Counter(
            {
                table.__tablename__: work.session.scalar(select(func.count()).select_from(table))
                for table in (Report, ReportVersion, Extract)
            }
        )
        entries = select(func.count()).where(AuditEvent.kind == "report:received")
        counts["entries of versions"] = work.session.scalar(entries) or 0
    engine.dispose()
    return End(state, counts)


def check_whole(register: Program) -> None:
    """The log is whole, and what stands is what follows from the facts."""
    register.do("audit", "verify")
    assert "What stands is what follows" in register.do("rebuild", "--check")
