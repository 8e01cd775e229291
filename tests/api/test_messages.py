"""Messages sent one to five times, in any order, from clocks that are wrong: one effect each."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import Engine, func, select

from register.reports.models import Report, ReportVersion
from register.reports.schema import read_report
from register.work import begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, WEST_YORKSHIRE, Speaker
from tests.registers import DRILL, empty, send, state_of

Speak = Callable[[str], Speaker]
Message = tuple[str, str, dict[str, str]]
MESSAGES = 100_000 if DRILL else 300
IN_A_BATCH = 100
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
"""The two nights of 2026 in which England's clocks change."""
AFTERWARDS = datetime(2026, 10, 27, 12, tzinfo=UTC)
SKEW = timedelta(hours=2)


def story(count: int, seed: int = 903) -> list[Message]:
    """Tell goings missing around both changes: each opened, some changed, most closed, by both."""
    dice = random.Random(seed)  # noqa: S311  # a story is no secret
    told: list[Message] = []
    while len(told) < count:
        number = len(told)
        start = dice.choice(CHANGES) + timedelta(minutes=dice.randrange(-180, 180))
        skews = {code: SKEW * dice.uniform(-1, 1) for code in (LEEDS, WEST_YORKSHIRE)}
        for organisation, skew in skews.items():
            said = {
                "forename": f"Child{number}",
                "surname": f"Of{number * 7919}-Test",
                "date_of_birth": f"20{10 + number % 6}-{1 + number % 12:02}-{1 + number % 28:02}",
                "category": "missing",
                "missing_at": written(start + skew, dice),
            }
            for step, status in enumerate(("open", "located", "closed")):
                if step and dice.random() < 0.2:
                    continue
                at = start + skew + timedelta(hours=1 + step * 3)
                ended = {"returned_at": written(at, dice)} if status == "closed" else {}
                changed = {"status": status, "updated_at": written(at, dice), **ended}
                told.append((organisation, f"N{number}", {**said, **changed}))
    return told[:count]


def written(at: datetime, dice: random.Random) -> str:
    """Write an instant with the offset that some clock had: in the hour that comes twice too."""
    ahead = timedelta(hours=dice.choice((0, 1)))
    return at.astimezone(timezone(ahead)).isoformat(timespec="seconds")


def send_all(speak: Speak, clock: Clock, messages: list[Message]) -> None:
    """Send them, some by one, the rest in batches."""
    speakers = {LEEDS: speak("leeds"), WEST_YORKSHIRE: speak("police")}
    batches: dict[str, list[dict[str, str]]] = {LEEDS: [], WEST_YORKSHIRE: []}
    for place, (organisation, reference, said) in enumerate(messages):
        clock.now += timedelta(milliseconds=100)
        if place % 10 == 0:
            path = f"/reports/{organisation}/{reference}"
            answer = speakers[organisation].ask("PUT", path, json=said)
            assert answer.status_code in {200, 201}, answer.text
        else:
            batches[organisation].append({"reference": reference, **said})
        for code, waiting in batches.items():
            if len(waiting) >= IN_A_BATCH:
                send_batch(speakers[code], waiting)
    for code, waiting in batches.items():
        send_batch(speakers[code], waiting)


def send_batch(speaker: Speaker, waiting: list[dict[str, str]]) -> None:
    if waiting:
        answer = speaker.ask("POST", "/reports", json={"reports": waiting})
        assert {each["status"] for each in answer.get_json()["results"]} <= {200, 201}
        waiting.clear()


def count(engine: Engine, table: type[Report | ReportVersion]) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(func.count()).select_from(table)).one()


def test_however_often_and_in_whichever_order_there_is_one_effect_and_one_state(
    engine: Engine, clock: Clock, speak: Speak
) -> None:
    clock.now = AFTERWARDS
    once = story(MESSAGES)
    dice = random.Random(7)  # noqa: S311  # as above
    often = [each for each in once for _ in range(dice.randrange(1, 6))]
    dice.shuffle(often)
    send_all(speak, clock, often)
    told = state_of(engine)
    assert count(engine, ReportVersion) == len({str(each) for each in once})
    assert count(engine, Report) == len({(code, reference) for code, reference, _ in once})
    empty(engine)
    # The same, once each and in order, without the interface: live cases stay live.
    named = ({"organisation": code, "reference": name, **said} for code, name, said in once)
    send(engine, [read_report(each) for each in named], now=clock.now)
    assert state_of(engine) == told


def test_control_a_message_more_is_another_state(
    engine: Engine, clock: Clock, speak: Speak
) -> None:
    clock.now = AFTERWARDS
    once = story(12)
    send_all(speak, clock, once)
    told = state_of(engine)
    organisation, reference, said = once[0]
    later = (AFTERWARDS - timedelta(hours=1)).isoformat()
    send_all(speak, clock, [(organisation, reference, {**said, "updated_at": later})])
    assert state_of(engine) != told
