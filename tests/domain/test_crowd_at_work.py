"""Sixteen at work on fifty children: nothing that must hold is broken at any moment.

Judgements, merges, withdrawals and arrivals, each by whoever gets the turn, while somebody looks
every 50 ms. Threads on SQLite, as the server has them; on PostgreSQL the same, each with a
connection of its own.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Event, Lock, local

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from register import clock, pipeline
from register import work as work_module
from register.db import make_engine
from register.errors import Conflict, NotFound
from register.linkage.models import Judgement, Membership
from register.linkage.said import judged_pairs
from register.linkage.seen import seen_of
from register.mismatches.service import Detected
from register.rebuilding import rebuild
from register.reports.models import Report
from register.reports.service import open_submission
from register.work import OPERATOR, Work, begin_work
from tests.keys import known_ring
from tests.registers import AUTHORITY, DRILL, FORCE, HOST, OTHER_FORCE, say, send

WORKERS = 16
ACTS = 10_000 if DRILL else 600
CHILDREN = 50
LOOK_EVERY = 0.05
ASKED = local()
"""When the act at hand began."""
FORENAMES = ("Amina", "Bartek", "Chloe", "Dinh", "Ewa", "Farid", "Grace", "Hoda", "Idris", "Jan")
SURNAMES = ("Khan", "Brown", "Nowak", "Tran", "Okafor")
JOINED = "one child"
SENDERS = (FORCE, OTHER_FORCE, AUTHORITY, HOST)


@dataclass
class Run:
    """What a run came to."""

    refused: int = 0
    faults: list[str] = field(default_factory=list)
    looks: int = 0
    door: Lock = field(default_factory=Lock)
    over: Event = field(default_factory=Event)


def arrive(work: Work, rng: random.Random, number: int) -> None:
    """Send a report of one of the children, new or a correction."""
    child = rng.randrange(CHILDREN)
    reading = say(
        rng.choice(SENDERS),
        f"R{child}-{rng.randrange(2)}",
        forename=FORENAMES[child % 10],
        surname=SURNAMES[child // 10],
        date_of_birth=f"2010-{1 + child % 12:02}-{1 + child % 28:02}",
        missing_at=f"2026-03-{1 + rng.randrange(20):02}T22:00:00+00:00",
        returned_at="2026-03-25T09:00:00+00:00",
        updated_at=f"2026-04-01T10:{number % 60:02}:00+00:00",
    )
    submission = open_submission(work, "api", "crowd", f"{number}")
    pipeline.submit(work, submission.id, [reading])


def decide(work: Work, rng: random.Random, number: int) -> None:
    """Judge two reports of one child or of two neighbours, or take a judgement back."""
    if number % 5 == 0:
        act = work.session.scalar(select(func.max(Judgement.act)))
        if act:
            pipeline.withdraw(work, rng.randrange(act) + 1, "looked again")
        return
    child = rng.randrange(CHILDREN)
    names = [f"R{each}-{n}" for each in (child, child ^ 1) for n in range(2)]
    reports = list(work.session.scalars(select(Report.id).where(Report.reference.in_(names))))
    if len(reports) > 1:
        one, other = sorted(rng.sample(reports, 2))
        verdict = rng.choice(("same", "different", "unclear"))
        pipeline.judge(work, (one, other), verdict, "seen")


def join(work: Work, rng: random.Random, number: int) -> None:
    """Make one child of two, as they were seen a moment ago."""
    children = list(
        work.session.scalars(
            select(Membership.child_id).where(Membership.known_to.is_(None)).distinct()
        )
    )
    if len(children) > 1:
        one, other = rng.sample(children, 2)
        if number % 3:
            pipeline.merge(work, one, other, JOINED, seen_of(work, [one, other]))


def part(work: Work, _: random.Random, __: int) -> None:
    """Take the last merge back: else there would soon be one child, and not fifty."""
    merges = select(func.max(Judgement.act)).where(Judgement.reason == JOINED)
    if act := work.session.scalar(merges.where(Judgement.verdict == "same")):
        pipeline.withdraw(work, act, "two children")


Verb = Callable[[Work, random.Random, int], None]
VERBS: tuple[Verb, ...] = (arrive, decide, arrive, decide)
SELDOM: dict[int, Verb] = {0: join, 30: part}


def act(engine: Engine, run: Run, seed: int, number: int) -> None:
    """Do one act; whoever takes the turn in it notes how long it was waited for."""
    rng = random.Random(f"{seed}:{number}")  # noqa: S311  # acts, no secret
    ASKED.at = time.perf_counter()
    try:
        with begin_work(engine, OPERATOR) as work:
            verb = SELDOM.get(number % 50) or VERBS[number % len(VERBS)]
            verb(work, rng, number)
    except (Conflict, NotFound):
        with run.door:
            run.refused += 1


def look(engine: Engine) -> list[str]:
    """Give what must not be, as one reader sees it at one moment."""
    with begin_work(engine, writes=False) as work:
        twice = work.session.execute(
            select(Membership.report_id)
            .where(Membership.known_to.is_(None))
            .group_by(Membership.report_id)
            .having(func.count() > 1)
        ).all()
        owner = dict(
            iter(
                work.session.execute(
                    select(Membership.report_id, Membership.child_id).where(
                        Membership.known_to.is_(None)
                    )
                )
            )
        )
        same, different = judged_pairs(work, owner)
        # Where a number leads is asked of the report that bears it: a child's own leads to itself.
        astray = [child for child in set(owner.values()) if owner.get(child) != child]
        kept = [pair for pair in same if owner[pair[0]] != owner[pair[1]]]
        parted = [pair for pair in different if owner[pair[0]] == owner[pair[1]]]
    return [
        *(f"report {row[0]} in two children" for row in twice),
        *(f"number {each} leads away from itself" for each in astray),
        *(f"{pair} judged one, held apart" for pair in kept),
        *(f"{pair} judged two, held together" for pair in parted),
    ]


def watch(engine: Engine, run: Run) -> None:
    """Look again and again until the run is over."""
    while not run.over.wait(LOOK_EVERY):
        run.faults += look(engine)
        run.looks += 1


def run_crowd(engine: Engine, seed: int, acts: int) -> Run:
    """Let sixteen do so many acts, watched."""
    run = Run()
    with ThreadPoolExecutor(1) as watcher, ThreadPoolExecutor(WORKERS) as workers:
        watching = watcher.submit(watch, engine, run)
        done = [workers.submit(act, engine, run, seed, number) for number in range(acts)]
        try:
            for each in done:
                each.result()
        finally:
            run.over.set()
        watching.result()
    return run


@pytest.fixture
def crowd(engine: Engine) -> Iterator[Engine]:
    """Give a register of fifty children, and a connection for each at work."""
    send(engine, [say(FORCE, f"R{n}-0", forename=FORENAMES[n % 10]) for n in range(CHILDREN)])
    address = engine.url.render_as_string(hide_password=False)
    wide = make_engine(address, known_ring(), pool_size=WORKERS + 1)
    yield wide
    wide.dispose()


def test_sixteen_at_once_break_nothing(crowd: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    take_turn = pipeline.take_turn

    def timed(work: Work) -> Detected:
        detected = take_turn(work)
        waits.append(time.perf_counter() - ASKED.at)
        return detected

    monkeypatch.setattr(pipeline, "take_turn", timed)
    seed = int(os.environ.get("REGISTER_SEED", random.SystemRandom().randrange(10**9)))
    run = run_crowd(crowd, seed, ACTS)
    waits.sort()
    print(  # noqa: T201  # the figures, and what runs it again
        f"{crowd.dialect.name}, seed {seed}: {ACTS} acts, {run.refused} refused, "
        f"{run.looks} looks; a turn was waited for {waits[len(waits) // 2]:.3f} s at the median, "
        f"{waits[len(waits) * 99 // 100]:.3f} s at the 99th of 100"
    )
    assert len(waits) >= ACTS * 0.9
    assert run.looks > 1
    assert not run.faults
    assert rebuild(crowd, keep=False) == ""


def test_control_without_turns_something_breaks(
    crowd: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for anybody: what was read is no longer so when it is written."""

    def at_once(work: Work) -> Detected:
        work.now = max(work.now, judged_to(work))
        return Detected()

    judged_to = clock.judged_to
    monkeypatch.setattr(pipeline, "take_turn", at_once)
    monkeypatch.setattr(work_module, "turn_to_write", lambda _: nullcontext())
    loose = crowd.execution_options(sqlite_begin="DEFERRED")
    for seed in range(5):
        try:
            run = run_crowd(loose, seed, 200)
        except DBAPIError:
            return
        if run.faults or rebuild(crowd, keep=False):
            return
    pytest.fail("the test cannot tell a register without turns from one with them")
