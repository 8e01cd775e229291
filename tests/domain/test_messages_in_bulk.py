"""100,000 messages, each sent one to five times, shuffled, by clocks two hours wrong.

Around both changes of the clocks. However they come there is one effect each and one state, and at
no time has a message that came late closed a case that its source has opened again or not closed.
Fewer of them than in `make drill`; the interface has its own share in `tests/api`.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from register.records.models import EpisodeRow
from register.reports.models import Report, ReportVersion
from register.reports.schema import Reading, read_report
from register.reports.values import read_moment
from register.work import begin_work
from tests.api.speaking import LEEDS, WEST_YORKSHIRE
from tests.api.test_messages import AFTERWARDS, Message, story
from tests.registers import DRILL, empty, send, state_of

MESSAGES = 100_000 if DRILL else 2_000
LOOKS = 5
"""How often it is looked on the way whether a live case was closed."""
Name = tuple[str, str]


def read(messages: Sequence[Message], *, dated: bool = True) -> list[Reading]:
    """Read messages; not `dated`, each counts from when it comes."""
    return [
        read_report(
            {"organisation": code, "reference": reference, **said}
            | ({} if dated else {"updated_at": ""})
        )
        for code, reference, said in messages
    ]


def told_of(count: int) -> list[Message]:
    """Tell so many messages; every other case that was closed is opened again by its source."""
    told: list[Message] = []
    for code, reference, said in story(count):
        told.append((code, reference, said))
        if said["status"] == "closed" and int(reference[1:]) % 2:
            at = datetime.fromisoformat(said["updated_at"]) + timedelta(hours=5)
            again = {name: value for name, value in said.items() if name != "returned_at"}
            again |= {"status": "open", "updated_at": at.isoformat()}
            told.append((code, reference, again))
    return told[:count]


def often(messages: Sequence[Message], seed: int) -> list[Message]:
    """Send each one to five times, in any order."""
    dice = random.Random(seed)  # noqa: S311  # a story is no secret
    sent = [each for each in messages for _ in range(dice.randrange(1, 6))]
    dice.shuffle(sent)
    return sent


def parts(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    size = len(messages) // LOOKS + 1
    return (messages[at : at + size] for at in range(0, len(messages), size))


def live_by(messages: Sequence[Message]) -> set[Name]:
    """Give the cases that are live by the last word of their source: told without the register."""
    last: dict[Name, tuple[datetime, str]] = {}
    for code, reference, said in messages:
        word = (read_moment(said["updated_at"]).earliest, said["status"])
        last[code, reference] = max(last.get((code, reference), word), word)
    return {name for name, (_, status) in last.items() if status == "open"}


def live_in(engine: Engine) -> set[Name]:
    """Give the cases whose child the register holds for missing according to that same source."""
    sides = {LEEDS: EpisodeRow.missing_to_authority, WEST_YORKSHIRE: EpisodeRow.missing_to_police}
    found: set[Name] = set()
    with begin_work(engine, writes=False) as work:
        rows = select(Report.id, Report.organisation, Report.reference)
        names = {row[0]: (row[1], row[2]) for row in work.session.execute(rows)}
        for code, side in sides.items():
            open_ones = select(EpisodeRow.spells).where(EpisodeRow.known_to.is_(None), side)
            for (spells,) in work.session.execute(open_ones):
                told = (names[report] for spell in spells for report in spell)
                found |= {name for name in told if name[0] == code}
    return found


def count(engine: Engine, table: type[Report | ReportVersion]) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(func.count()).select_from(table)).one()


def test_one_effect_each_and_one_state_for_every_order(engine: Engine) -> None:
    once = told_of(MESSAGES)
    sent = often(once, 7)
    come: list[Message] = []
    for part in parts(sent):
        send(engine, read(part), now=AFTERWARDS, chunk=2000)
        come += part
        assert live_by(come) <= live_in(engine)
    told = state_of(engine)
    assert count(engine, ReportVersion) == len({str(each) for each in once})
    assert count(engine, Report) == len({(code, reference) for code, reference, _ in once})
    for order in (once, once[::-1]) if DRILL else (once,):
        empty(engine)
        send(engine, read(order), now=AFTERWARDS, chunk=2000)
        assert state_of(engine) == told


def test_control_without_the_source_s_own_time_a_stale_message_closes_a_live_case(
    engine: Engine,
) -> None:
    """The control: where the order of arrival counts, the same look finds live cases closed."""
    sent = often(told_of(200), 7)
    for part in parts(sent):
        send(engine, read(part, dated=False), now=AFTERWARDS, chunk=1)
    assert not live_by(sent) <= live_in(engine)
