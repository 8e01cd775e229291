"""Samples, chronologies, list 8, questions and packs, on a few children."""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from register.access.policy import Permission, is_allowed
from register.audit.models import AuditEvent
from register.audit.nodes import root_at
from register.audit.private import words_of
from register.errors import Forbidden, Invalid, NotFound, Refused
from register.inspection.annex_a import COLUMNS
from register.inspection.chronology import Chronology, read_chronology
from register.inspection.list_eight import Comparison, compare_list
from register.inspection.models import Question, Reply, Sample
from register.inspection.pack import Pack, make_pack
from register.inspection.questions import ask_question, find_question, list_questions, reply
from register.inspection.samples import DrawnSample, draw_sample, find_sample
from register.inspection.scope import Scope
from register.records.numbers import child_number
from register.terms import Role
from register.work import Actor, begin_work
from tests.registers import AUTHORITY, FORCE, YEAR, judge, listed, say, send
from tests.web.story import GRACE_AUTHORITY, LEEDS, PLACE, WEST_YORKSHIRE, tell
from tests.web.story import send as send_story

CORA = Actor("cora", Role.INSPECTOR, "OFSTED")
AMINA, PAT = Actor("amina", Role.AUTHORITY_USER, LEEDS), Actor("pat", Role.FORCE_USER, "E23000001")
AT = datetime(2026, 3, 3, 1, 40, tzinfo=UTC)
PERIOD = Scope(LEEDS, date(2026, 1, 1), date(2026, 3, 3))
EVERYBODY = {"all": 3, "mismatched": 2, "repeat": 1}


@pytest.fixture
def told(engine: Engine) -> Engine:
    """A few children, told of three hours before AT."""
    with begin_work(engine, clock=lambda: AT - timedelta(hours=3)) as work:
        tell(work)
    return engine


def draw(
    engine: Engine,
    wanted: Mapping[str, int] = EVERYBODY,
    seed: str = "abc",
    *,
    actor: Actor = CORA,
    now: datetime = AT,
    at: datetime | None = None,
) -> DrawnSample:
    with begin_work(engine, actor, clock=lambda: now) as work:
        number = draw_sample(work, PERIOD, wanted, seed, at)
        return find_sample(work, number)


def pack(engine: Engine, number: int, *, actor: Actor = CORA, now: datetime = AT) -> Pack:
    with begin_work(engine, actor, clock=lambda: now) as work:
        return make_pack(work, number, "Panel of Leeds", "Inspection of March")


def chronology(engine: Engine, number: str, as_at: datetime | None = None) -> Chronology:
    now = AT + timedelta(days=30)
    with begin_work(engine, CORA, clock=lambda: now, writes=False, as_at=as_at) as work:
        return read_chronology(work, number)


def test_a_sample_can_be_drawn_again_whatever_came_in_since(told: Engine) -> None:
    first = draw(told)
    assert [each.name for each in first.strata] == ["all", "mismatched", "repeat"]
    assert [len(each.drawn) for each in first.strata] == [3, 2, 0]
    with begin_work(told, clock=lambda: AT + timedelta(hours=1)) as work:
        more = GRACE_AUTHORITY | {"nhs_number": "", "care_status": "none"}
        new = [
            more | {"reference": f"X-{n}", "child_reference": f"X-{n}", "surname": f"New{n}-Test"}
            for n in range(9)
        ]
        send_story(work, *new)
    later = AT + timedelta(hours=2)
    again = draw(told, now=later, at=first.as_at)
    assert again.strata == first.strata
    assert again.as_at == first.as_at
    now = draw(told, now=later)
    assert now.strata[0].frame > first.strata[0].frame, "control"
    other = draw(told, seed="another", now=later, at=first.as_at)
    assert other.strata != first.strata, "control"


def test_a_sample_says_by_whom_when_and_as_at_what(told: Engine) -> None:
    drawn = draw(told, seed="")
    assert drawn.actor == "cora"
    assert len(drawn.seed) == 16
    assert drawn.as_at == drawn.drawn_at >= AT
    with begin_work(told, writes=False) as work:
        (row,) = work.session.scalars(select(Sample))
        entries = work.session.scalars(
            select(AuditEvent).where(AuditEvent.subject == f"sample {row.id}")
        ).all()
        assert row.organisation == LEEDS
        assert entries[0].facts["seed"] == drawn.seed


@pytest.mark.parametrize(
    "wanted", [{}, {"all": 0}, {"all": -1}, {"all": 51}, {"nobody": 3}, {"all": 1, "x": 1}]
)
def test_what_cannot_be_drawn_is_refused(told: Engine, wanted: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        draw(told, wanted)


def test_strata_hold_whom_they_should(engine: Engine) -> None:
    def nights(reference: str, *days: int, **said: str) -> list[object]:
        return [
            say(
                AUTHORITY,
                f"{reference}/{day}",
                child_reference=reference,
                surname=f"{reference}-Test",
                care_status="looked_after",
                missing_at=f"2026-02-{day:02}T22:00:00+00:00",
                **({"returned_at": f"2026-02-{day + 1:02}T06:00:00+00:00"} | said),
            )
            for day in days
        ]

    readings = [
        *nights("ONCE", 1),
        *nights("OFTEN", 1, 5, 9),
        *nights("FAR", 1, host_authority="E08000032", responsible_authority=AUTHORITY),
        *nights("ALONE", 1, unaccompanied="yes"),
        *nights("LONG", 1, returned_at="2026-02-04T23:00:00+00:00"),
        *nights("EDGE", 1, returned_at="2026-02-04T22:00:00+00:00"),
    ]
    send(engine, readings, now=AT)  # type: ignore[arg-type]  # readings of reports
    strata = ("repeat", "out-of-area", "unaccompanied", "over-72-hours", "all")
    drawn = draw(engine, dict.fromkeys(strata, 50))
    who = {}
    for stratum in drawn.strata:
        pages = [chronology(engine, number) for number in stratum.drawn]
        who[stratum.name] = {
            change.after
            for page in pages
            for change in page.entries[0].changes
            if change.field.name == "child_reference"
        }
    assert who == {
        "repeat": {"OFTEN"},
        "out-of-area": {"FAR"},
        "unaccompanied": {"ALONE"},
        "over-72-hours": {"LONG"},
        "all": {"ONCE", "OFTEN", "FAR", "ALONE", "LONG", "EDGE"},
    }


def test_a_chronology_tells_what_was_known_when(engine: Engine) -> None:
    at = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (9, 10, 11)]
    child = {"forename": "Ada", "surname": "Rivers-Test", "date_of_birth": "2012-02-01"}
    send(engine, [say(FORCE, "P1", **child, last_seen_postcode=PLACE)], now=at[0], days=YEAR)
    care = {"child_reference": "L-1", "care_status": "looked_after"}
    send(
        engine,
        [
            listed(AUTHORITY, "L-1", **child),
            say(AUTHORITY, "A1", **child, **care, placement_postcode=PLACE),
        ],
        now=at[1],
    )
    back = "2026-03-05T09:00:00+00:00"
    fixed = {"returned_at": back, "updated_at": "2026-03-06T10:00:00+00:00"}
    send(engine, [say(AUTHORITY, "A1", **child, **care, **fixed)], now=at[2])
    judge(engine, "P1", "A1", "same", now=at[2] + timedelta(hours=1))
    number = child_number(1)
    whole = chronology(engine, number)
    told = [each for each in whole.entries if each.kind == "report"]
    assert [each.known_at.date() for each in told] == [
        at[0].date(),
        *[at[1].date()] * 2,
        at[2].date(),
    ]
    (corrected,) = [each for each in told if "Corrected" in each.what]
    assert [change.field.name for change in corrected.changes] == ["returned_at"]
    assert corrected.happened is not None
    assert corrected.happened.earliest == datetime.fromisoformat(back)
    assert any(each.kind == "judgement" and each.words == "seen" for each in whole.entries)
    assert any(each.kind == "mismatch" for each in whole.entries)
    assert [e.known_at for e in whole.entries] == sorted(e.known_at for e in whole.entries)
    happened = [each.happened_from for each in whole.ordered("happened")]
    assert happened == sorted(happened)
    assert PLACE not in repr(whole)
    for moment in (at[0] + timedelta(hours=1), at[1] + timedelta(hours=1)):
        then = chronology(engine, number, moment)
        assert then.entries == tuple(e for e in whole.entries if e.known_at <= moment)


def test_an_older_version_that_comes_late_is_told_as_such(engine: Engine) -> None:
    child = {"surname": "Rivers-Test", "forename": "Ada"}
    for day, written in ((9, "2026-03-05"), (10, "2026-03-04")):
        row = say(FORCE, "P1", **child, updated_at=written, risk_level=("high", "low")[day - 9])
        send(engine, [row], now=datetime(2026, 3, day, 12, tzinfo=UTC))
    told = [e.what for e in chronology(engine, child_number(1)).entries if e.kind == "report"]
    assert told == ["First report (P1)", "An older version came in; it changes nothing (P1)"]


HEADINGS = (
    "ChildUniqueID,Number of missing episodes from placement in last 12 months,"
    "Number of absent/away episodes in last 12 months,"
    "Offered return interview after last missing,Accepted return interview after last missing\n"
)


def compare(
    engine: Engine, folder: Path, rows: str, on: date, as_at: datetime | None = None
) -> Comparison:
    path = folder / "list.csv"
    path.write_text(HEADINGS + rows, "utf-8")
    now = AT + timedelta(days=30)
    with begin_work(engine, CORA, clock=lambda: now, writes=False, as_at=as_at) as work:
        return compare_list(work, path, AUTHORITY, on)


def list_register(engine: Engine, now: datetime) -> None:
    def night(reference: str, day: str, back: str, **said: str) -> object:
        own = {"child_reference": reference, "surname": f"{reference}-Test"}
        care = {"care_status": "looked_after", "responsible_authority": AUTHORITY}
        return say(
            AUTHORITY,
            f"{reference}/{day}",
            **(own | care | {"missing_at": day, "returned_at": back} | said),
        )

    offered = {"return_interview_offered_at": "2026-02-03", "return_interview_outcome": "declined"}
    readings = [
        night("L-1", "2025-03-03", "2025-03-04"),
        night("L-1", "2025-03-04", "2025-03-05"),
        night("L-1", "2026-02-01", "2026-02-02", **offered),
        night("L-1", "2026-02-10", "2026-02-11", category="away"),
        night("L-2", "2026-02-01", "2026-02-02", return_interview_at="2026-02-03"),
        night("L-3", "2026-02-01", "2026-02-02"),
        night("L-4", "2026-02-01", "2026-02-02", care_status="none"),
    ]
    send(engine, readings, now=now)  # type: ignore[arg-type]  # readings of reports


def test_list_eight_is_held_against_the_register(engine: Engine, tmp_path: Path) -> None:
    list_register(engine, AT)
    rows = "L-1,2,1,a) Yes,b) No\nL-2,2,0,a) Yes,a) Yes\nL-9,0,0,,\nL-4,0,0,,\n"
    found = compare(engine, tmp_path, rows, date(2026, 3, 3))
    by_reference = {each.reference: each for each in found.children}
    one, two, nobody, four = (by_reference[f"L-{n}"] for n in (1, 2, 9, 4))
    assert [one.values[n].register for n in COLUMNS] == ["2", "1", "yes", "no"]
    assert not one.differs
    assert [two.values[n].register for n in COLUMNS] == ["1", "0", "yes", "yes"]
    assert two.values["missing"].standing == "differs"
    assert nobody.number == ""
    assert {each.standing for each in nobody.values.values()} == {"unknown"}
    assert [four.values[n].register for n in COLUMNS] == ["0", "0", "", ""]
    assert len(found.lacking) == 1, "L-3 is not in the list, L-4 was not looked after"
    assert found.totals["missing"] == {"agrees": 2, "differs": 1, "unknown": 1}
    before = compare(engine, tmp_path, rows, date(2026, 3, 3), AT - timedelta(hours=1))
    assert all(not each.number for each in before.children), "as at: nothing was known then"
    later = compare(engine, tmp_path, rows, date(2026, 3, 4))
    assert later.children[0].values["missing"].register == "1", "twelve months to that day"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ChildUniqueID,Gender\nL-1,M\n", "lacks 4 of the four columns"),
        ("Name,Gender\nL-1,M\n", "no list 8"),
        (HEADINGS.replace("\n", ",Child ID\n"), "lacks"),
        ("", "empty"),
        ("PK\x03\x04", "Excel"),
    ],
)
def test_what_is_no_list_is_refused(
    engine: Engine, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    with begin_work(engine, CORA, clock=lambda: AT, writes=False) as work:
        if sentence == "lacks":
            assert compare_list(work, path, AUTHORITY, AT.date()).children == ()
            return
        with pytest.raises(Refused, match=sentence):
            compare_list(work, path, AUTHORITY, AT.date())


def test_lines_that_cannot_be_read_are_told(engine: Engine, tmp_path: Path) -> None:
    rows = "L-1,x,0,,\nL-1,1,0,maybe,\n,1,0,,\nL-2,1,0,,\nL-2,2,0,,\nL-3,1\nL-4,99999,0,,\n"
    found = compare(engine, tmp_path, rows, date(2026, 3, 3))
    assert [line for line, _ in found.rejected] == [2, 3, 4, 6, 7, 8]
    assert [each.reference for each in found.children] == ["L-2"]


def unpack(made: Pack, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    return folder


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "verify.py")]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_third_person_can_prove_a_pack(told: Engine, tmp_path: Path) -> None:
    made = pack(told, draw(told).number)
    folder = unpack(made, tmp_path / "pack")
    ran = check(folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert made.digest in ran.stdout
    with begin_work(told, writes=False) as work:
        entry = work.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == "pack:disclosed")
        ).one()
        _, size, root = made.files["log.txt"].decode().splitlines()
        assert root_at(work.session, int(size)) == b64decode(root)
        assert entry.facts["digest"] == made.digest
        said = words_of(work.session, entry.seq, entry.kind, entry.detail)
        assert said == {"recipient": "Panel of Leeds", "purpose": "Inspection of March"}
        assert int(size) <= entry.seq


def test_control_every_change_of_a_pack_is_found(told: Engine, tmp_path: Path) -> None:
    made = pack(told, draw(told).number)
    folder = tmp_path / "pack"
    for name in made.files:
        if name in {"verify.py", "SHA256SUMS"}:
            continue
        path = unpack(made, folder) / name
        path.write_bytes(path.read_bytes() + b" ")
        ran = check(folder)
        assert ran.returncode == 1, name
        assert f"{name} was changed." in ran.stdout
    (unpack(made, folder) / "figures.json").unlink()
    assert "figures.json is missing." in check(folder).stdout
    (unpack(made, folder) / "more.json").write_text("{}")
    assert "more.json is no part" in check(folder).stdout


def test_control_a_sample_that_somebody_chose_is_found(told: Engine, tmp_path: Path) -> None:
    drawn = draw(told)
    with begin_work(told, clock=lambda: AT) as work:
        row = work.session.get_one(Sample, drawn.number)
        row.strata = [[name, n, size, drawn[::-1]] for name, n, size, drawn in row.strata]
    ran = check(unpack(pack(told, drawn.number), tmp_path / "pack"))
    assert ran.returncode == 1
    assert "not drawn by its seed" in ran.stdout


def test_a_pack_tells_no_place_no_name_and_nobodys_words(told: Engine) -> None:
    with begin_work(told, clock=lambda: AT) as work:
        words = {
            "reference": "L-85/1",
            "child_reference": "L-85",
            "return_interview_reason": "AT Z",
        }
        send_story(work, GRACE_AUTHORITY | words | {"surname": "Wordy-Test", "clothing": "Red"})
    made = pack(told, draw(told, {"all": 50}, now=AT + timedelta(hours=1)).number)
    assert len(made.files) > 10
    whole = b"".join(made.files.values()).decode()
    secrets = [PLACE, "Secret Street", "Tari", "Adeyemi", "Maya", "Grace", "Okafor", "2011-05-31"]
    assert not [each for each in [*secrets, "9000000009", "AT Z", "Wordy"] if each in whole]
    assert '"risk_level","","high"' in whole, "control: what may be told is there"


def test_a_pack_is_of_the_time_of_its_sample(told: Engine) -> None:
    drawn = draw(told)
    first = pack(told, drawn.number, now=AT + timedelta(minutes=1))
    with begin_work(told, clock=lambda: AT + timedelta(hours=1)) as work:
        send_story(work, GRACE_AUTHORITY | {"updated_at": "2026-03-03T00:30:00+00:00"})
    later = pack(told, drawn.number, now=AT + timedelta(days=2))
    same = [name for name in first.files if name.endswith(".json")]
    assert same
    assert all(first.files[name] == later.files[name] for name in same)
    assert json.loads(first.files["sample.json"])["seed"] == "abc"


def test_a_pack_needs_a_recipient_and_a_purpose(told: Engine) -> None:
    number = draw(told).number
    with begin_work(told, CORA, clock=lambda: AT) as work:
        for said in (("", "x"), ("x", " "), ("x" * 201, "x")):
            with pytest.raises(Invalid):
                make_pack(work, number, *said)
        with pytest.raises(NotFound):
            make_pack(work, 99, "x", "x")


def test_a_question_runs_on_a_clock_of_working_days(told: Engine) -> None:
    friday = datetime(2026, 4, 2, 15, tzinfo=UTC)  # before Easter, whose Monday is free
    with begin_work(told, CORA, clock=lambda: friday) as work:
        number = ask_question(work, LEEDS, "Why?", "3 working days", child_number(1))
    with begin_work(told, AMINA, clock=lambda: friday) as work:
        (asked,) = list_questions(work)
        assert asked.due_at == datetime(2026, 4, 9, 15, tzinfo=UTC)
        assert asked.child == child_number(1)
        assert not asked.is_overdue
    late = asked.due_at + timedelta(seconds=1)
    with begin_work(told, AMINA, clock=lambda: late) as work:
        assert find_question(work, number).is_overdue
        reply(work, number, "The night team was not told.")
        reply(work, number, "They are now.")
    with begin_work(told, CORA, clock=lambda: late) as work:
        found = find_question(work, number)
        assert [each.words for each in found.replies][1] == "They are now."
        assert found.is_late
        assert not found.is_overdue
        kinds = work.session.scalars(select(AuditEvent.kind)).all()
    assert kinds.count("question:answered") == 2
    assert kinds.count("question:asked") == 1


def test_who_is_not_asked_finds_no_question(told: Engine) -> None:
    with begin_work(told, CORA, clock=lambda: AT) as work:
        number = ask_question(work, LEEDS, "Why?", "3 working days")
    strangers = (
        PAT,
        Actor("x", Role.AUTHORITY_MANAGER, "E09000002"),
        replace(CORA, role=Role.POLICE_INSPECTOR),
    )
    for actor in strangers:
        with begin_work(told, actor, clock=lambda: AT) as work:
            assert not list_questions(work)
            for each in (number, 0, -1, 2**40):
                with pytest.raises(NotFound):
                    find_question(work, each)
            answers = is_allowed(actor, Permission.QUESTION_ANSWER)
            with pytest.raises(NotFound if answers else Forbidden):
                reply(work, number, "I say.")
    with begin_work(told, writes=False) as work:
        assert not work.session.scalars(select(Reply)).all()


def test_what_cannot_be_asked_is_said_by_field(told: Engine) -> None:
    wrong: list[tuple[tuple[str, ...], str]] = [
        (("", "Why?", "3 working days"), "organisation"),
        (("UKMPU", "Why?", "3 working days"), "organisation"),
        ((LEEDS, " ", "3 working days"), "words"),
        ((LEEDS, "x" * 2001, "3 working days"), "words"),
        ((LEEDS, "Why?", "a year"), "clock"),
        ((LEEDS, "Why?", "3 working days", "C-000009-9"), "child"),
        (("E06000052", "Why?", "3 working days", child_number(1)), "child"),
    ]
    with begin_work(told, CORA, clock=lambda: AT) as work:
        for said, field in wrong:
            with pytest.raises(Invalid) as refusal:
                ask_question(work, *said)
            assert field in refusal.value.problems, said
        assert not work.session.scalars(select(Question)).all()
        ask_question(work, WEST_YORKSHIRE, "Why?", "3 working days", child_number(1))


@pytest.mark.parametrize("role", [Role.AUTHORITY_MANAGER, Role.STEWARD, Role.DEPARTMENT])
def test_only_inspectors_draw_and_ask(told: Engine, tmp_path: Path, role: Role) -> None:
    organisation = LEEDS if role is Role.AUTHORITY_MANAGER else ""
    with begin_work(told, Actor("x", role, organisation), clock=lambda: AT) as work:
        for act in (
            lambda: draw_sample(work, PERIOD, EVERYBODY),
            lambda: find_sample(work, 1),
            lambda: make_pack(work, 1, "x", "x"),
            lambda: compare_list(work, tmp_path / "x", LEEDS, AT.date()),
            lambda: ask_question(work, LEEDS, "Why?", "3 working days"),
        ):
            with pytest.raises(Forbidden):
                act()
