"""Mismatches through random histories: answered for what the sources say, due when that was said.

What people answered is held against a plain model of it: an answer is on two values of a field.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from register.mismatches.answers import STATES
from register.mismatches.clocks import ends, read_clock
from register.mismatches.models import Mismatch
from register.mismatches.ruleset import ruleset
from register.rebuilding import rebuild
from register.terms import SETTLED, WAITING, Answer
from register.work import begin_work
from tests.acts import Act, Answered, AnswerUndone, Judged, Passed, Sent, Teller, What
from tests.histories import ANSWERS, drawn
from tests.registers import AUTHORITY, FORCE, empty, say

VALUES = {
    "sex": ("female", "male"),
    "forename": ("Ada", "Zuleikha", "Quentin"),
    "date_of_birth": ("2010-03-05", "2011-11-30", "2012-07-01"),
}
RULES = {"sex": "D6", "forename": "D2", "date_of_birth": "D1"}
STARTS = (
    datetime(2026, 3, 27, 22, 30, tzinfo=UTC),
    datetime(2026, 4, 2, 15, tzinfo=UTC),
    datetime(2026, 10, 23, 22, 30, tzinfo=UTC),
    datetime(2026, 12, 24, 9, tzinfo=UTC),
)
"""Before the nights in which clocks change, before Easter and before Christmas."""
STEPS = tuple(timedelta(hours=each) for each in (1, 11, 26, 3 * 24, 6 * 24))
SIDES = {FORCE: ("P1", {}), AUTHORITY: ("L1", {"care_status": "looked_after"})}
Row = dict[str, Any]
Held = tuple[str, str, str]
"""A field, and what police and the authority say of it."""


@dataclass
class World:
    """One child, of whom each side has one report, and what people answered."""

    engine: Engine
    at: datetime
    said: dict[str, dict[str, str]]
    answers: dict[int, tuple[Held, str]] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    key: int = 0

    def __post_init__(self) -> None:
        self.teller = Teller(self.engine)

    def happens(self, what: What) -> None:
        self.key += 1
        self.now = self.teller.tell(Act(self.key, self.at, what))

    def reports(self, organisation: str, **also: str) -> None:
        reference, usual = SIDES[organisation]
        said = {**usual, **self.said[organisation], **also, "updated_at": self.at.isoformat()}
        self.happens(Sent((say(organisation, reference, **said),)))

    def held(self, name: str) -> Held:
        return (name, self.said[FORCE][name], self.said[AUTHORITY][name])

    def expected(self, name: str, row: Row) -> str:
        """Give the state that follows from the last standing answer on these very values."""
        said = [
            STATES[Answer(answer)].value
            for key, (held, answer) in self.answers.items()
            if key not in self.undone and held == self.held(name) and answer in STATES
        ]
        state = said[-1] if said else "detected"
        return "escalated" if state in WAITING and row["due_at"] <= self.now else state

    def rows(self) -> dict[str, Row]:
        """Give the mismatches on these fields that stand, by field."""
        with begin_work(self.engine, writes=False) as work:
            query = select(*Mismatch.__table__.columns).where(Mismatch.known_to.is_(None))
            every = [dict(row) for row in work.session.execute(query).mappings()]
        return {row["field"]: row for row in every if RULES.get(row["field"]) == row["rule"]}


def goes_on(world: World, data: st.DataObject, before: dict[str, Row]) -> None:
    """Let one of these happen: a value changes, something else does, an answer, nothing."""
    kinds = ["value", "value", "value", "unrelated", "other child", "pass"]
    kinds += ["answer"] * 3 * bool(before) + ["undo"] * bool(world.answers)
    kind = data.draw(st.sampled_from(kinds), label="kind")
    organisation = data.draw(st.sampled_from(sorted(SIDES)), label="organisation")
    match kind:
        case "value":
            name = data.draw(st.sampled_from(sorted(VALUES)), label="field")
            world.said[organisation][name] = data.draw(st.sampled_from(VALUES[name]))
            world.reports(organisation)
        case "unrelated":
            world.reports(organisation, hair=data.draw(st.sampled_from(("red", "brown"))))
        case "other child":
            other = {"forename": "Grace", "surname": "Hopper", "date_of_birth": "2009-12-09"}
            world.happens(Sent((say(organisation, f"X{world.key}", **other),)))
        case "answer":
            row = before[data.draw(st.sampled_from(sorted(before)), label="answered")]
            answer = data.draw(st.sampled_from(ANSWERS), label="answer")
            held = world.held(row["field"])
            world.happens(Answered(row["matter"], row["fingerprint"], answer))
            world.answers[world.key] = (held, answer)
        case "undo":
            key = data.draw(st.sampled_from(sorted(world.answers)), label="undone")
            world.happens(AnswerUndone(key))
            world.undone.add(key)
        case _:
            world.happens(Passed())


@given(data=st.data())
@drawn(100)
def test_answers_hold_for_what_was_said_and_time_is_never_given_twice(
    engine: Engine, data: st.DataObject
) -> None:
    """Settled stays settled and open stays due, unless a source says something else.

    What was settled and is asked anew has its time anew; a value that comes back finds its answer.
    """
    empty(engine)
    first = {name: values[0] for name, values in VALUES.items()}
    start = data.draw(st.sampled_from(STARTS), label="start")
    world = World(engine, start, {side: dict(first) for side in SIDES})
    for side in SIDES:
        world.reports(side)
    names = [(side, "missing", reference) for side, (reference, _) in SIDES.items()]
    world.happens(Judged(((names[0], names[1]),), "same"))
    before = world.rows()
    for _ in range(data.draw(st.integers(3, 9), label="acts")):
        last = {name: world.held(name) for name in VALUES}
        world.at += data.draw(st.sampled_from(STEPS), label="step")
        goes_on(world, data, before)
        after = world.rows()
        assert after.keys() == {name for name in VALUES if len({*world.held(name)[1:]}) > 1}
        for name, row in after.items():
            assert row["state"] == world.expected(name, row), name
            check_clock(row, before.get(name), world, changed=last[name] != world.held(name))
        before = after
    assert rebuild(engine, keep=False) == ""


def check_clock(row: Row, before: Row | None, world: World, *, changed: bool) -> None:
    """Hold when a mismatch is due against when it was before (mismatches/changes.py)."""
    asked_anew = before is not None and changed and before["state"] in SETTLED
    if before is None or asked_anew:
        assert row["response_from"] == world.now
        assert row["due_at"] == ends(read_clock(row["clock"]), world.now, ruleset().holidays)
    elif changed:
        assert row["due_at"] <= before["due_at"]
    else:
        assert row["due_at"] == before["due_at"]
    if before is not None:
        assert (row["number"], row["opened_at"]) == (before["number"], before["opened_at"])
