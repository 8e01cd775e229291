"""Objects of every kind and class, that the cells of the matrix are tried with."""

from datetime import date, timedelta

from sqlalchemy import Engine, select

from register import pipeline
from register.access.models import Notice, User
from register.access.needing import Why, give
from register.access.notices import Matter, tell
from register.access.seals import Placed
from register.access.service import create_user
from register.entering.beginning import begin_report
from register.inspection.questions import ask_question
from register.inspection.samples import draw_sample
from register.inspection.scope import Scope
from register.linkage.models import Judgement, Membership, Review
from register.linkage.seen import seen_of
from register.mismatches.models import Mismatch, Settlement
from register.mismatches.settling import Said
from register.numbers import child_number, episode_number
from register.reports.models import Report
from register.sealing import seal
from register.terms import Role, SealReason
from register.work import Actor, Work, begin_work
from tests.web import story
from tests.web.conftest import Clock
from tests.web.people import LEEDS, PASSWORD

Objects = dict[tuple[str, str], str | int]
CLOSED = (
    story.JONAH_AUTHORITY
    | story.BEFORE
    | {
        "reference": "L-90/1",
        "child_reference": "L-90",
        "forename": "Zebedee",
        "surname": "Longback-Test",
        "returned_at": "2026-03-02T10:00:00+00:00",
    }
)
SEALED = CLOSED | {
    "reference": "L-91/1",
    "child_reference": "L-91",
    "forename": "Quentin",
    "surname": "Sealed-Test",
    "date_of_birth": "2013-08-09",
}
NONE: dict[str, str | int] = {
    "child": child_number(2**20),
    "case": episode_number(2**20),
    "search": 999_999,
    "mismatch": 999_999,
    "settlement": 999_999,
    "review": 999_999,
    "act": 999_999,
    "inspection": 999_999,
    "notice": 999_999,
    "user": "nobody",
    "rejects": "x.csv",
    "file": "nothing.css",
    "report": 999_999,
    "draft": "0" * 32,
    "return": 999_999,
    "question": 999_999,
    "sample": 999_999,
    "seal": 999_999,
    "list": "nothing",
    "factor": 999_999,
}


def lay_out(engine: Engine, clock: Clock) -> Objects:
    """Tell the story, and give an object of every class by kind and class."""
    clock.now += timedelta(hours=1)
    with begin_work(engine, clock=clock) as work:
        story.tell(work)
        story.send(work, CLOSED, SEALED)
        create_user(  # somebody whom nobody is: barred, and given other roles
            work, username="zed", name="Zed Test", role=Role.DEPARTMENT, password=PASSWORD
        )
    with begin_work(engine, clock=clock) as work:
        return {**{(kind, "absent"): none for kind, none in NONE.items()}, **_present(work)}


def _present(work: Work) -> Objects:
    rows = work.session.execute(
        select(Report.reference, Membership.child_id).join(
            Membership, Membership.report_id == Report.id
        )
    )
    child = dict(iter(rows))
    children = {
        "own": child["L-81/1"],
        "elsewhere": child["BD-1"],
        "shared": child["L-77/1"],
        "closed": child["L-90/1"],
    }
    give(
        work,
        children["own"],
        Why.SAMPLED,
        "Drawn",
        to=User(username="cora", organisation=""),
        inspection=1,
    )
    found: Objects = {("case", "own"): episode_number(children["own"])}
    for of_class, number in children.items():
        found["child", of_class] = child_number(number)
        of_it = select(Mismatch.number).where(Mismatch.child == number, Mismatch.known_to.is_(None))
        first = work.session.scalars(of_it.order_by(Mismatch.number)).first()
        if first is not None:
            found["mismatch", of_class] = first
    return {**found, **_decided(work, int(found["mismatch", "own"]))}


def _decided(work: Work, mismatch: int) -> Objects:
    """Judge, tell and answer, so that there is one object of each further kind."""
    reports = dict(iter(work.session.execute(select(Report.reference, Report.id))))
    pair = sorted((reports["L-81/1"], reports["WY-26-0003"]))
    pipeline.judge(work, (pair[0], pair[1]), "same", "One girl.")
    tell(work, [LEEDS], Matter.LIMIT, "of nobody")
    row = work.session.scalars(
        select(Mismatch).where(Mismatch.number == mismatch, Mismatch.known_to.is_(None))
    ).one()
    work.actor = Actor("amina", Role.AUTHORITY_USER, LEEDS)
    pipeline.settle(work, row.number, Said("comment", words="Seen."), row.id)
    work.session.flush()
    waiting = select(Review.id).where(Review.known_to.is_(None))
    return {
        ("settlement", "own"): work.session.scalars(select(Settlement.id)).one(),
        ("review", "own"): work.session.scalars(waiting).one(),
        ("act", "own"): work.session.scalars(select(Judgement.act)).one(),
        ("inspection", "own"): 1,
        ("notice", "own"): work.session.scalars(select(Notice.id)).one(),
        ("user", "own"): "zed",
        ("file", "own"): "register.css",
        ("report", "own"): reports["L-81/1"],
        ("list", "own"): "mismatches",
        **_of_desks(work),
    }


def _of_desks(work: Work) -> Objects:
    """Begin a report, draw a sample of nobody, ask a question, and seal a child of its own."""
    ids = dict(iter(work.session.execute(select(User.username, User.id))))
    work.actor = Actor("amina", Role.AUTHORITY_USER, LEEDS, ids["amina"])
    begin_report(work, "a" * 32)
    work.actor = Actor("cora", Role.INSPECTOR, "", ids["cora"])
    long_ago = Scope(LEEDS, date(2020, 1, 1), date(2020, 12, 31))
    found: Objects = {
        ("draft", "own"): "a" * 32,
        ("sample", "own"): draw_sample(work, long_ago, {"all": 1}, "abc"),
        ("question", "own"): ask_question(work, LEEDS, "Who?", "1 working day"),
    }
    work.actor = Actor("mel", Role.AUTHORITY_MANAGER, LEEDS, ids["mel"])
    placed = Placed(SealReason.HIGH_RISK, "For a test")
    alone = select(Membership.child_id).join(Report, Report.id == Membership.report_id)
    child = work.session.scalars(alone.where(Report.reference == "L-91/1")).one()
    found["seal", "own"] = seal(work, child, placed, seen_of(work, [child]))
    return found
