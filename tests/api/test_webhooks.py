"""Changes out: at least once, in order for each child, whatever the receiver does."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import Engine, select

from register.clients.service import bar_client
from register.errors import Invalid
from register.webhooks import sending
from register.webhooks.models import Delivery, Subscription
from register.webhooks.sending import Message, Unreachable, look_up, send, signature
from register.webhooks.service import Round
from register.webhooks.subscribing import (
    WAITING,
    dead_letters,
    let_go,
    replay,
    subscribe,
    unsubscribe,
)
from register.work import OPERATOR, Work, begin_work
from tests.api.conftest import Clock
from tests.api.speaking import LEEDS, WEST_YORKSHIRE, Speaker

Speak = Callable[[str], Speaker]
ADDRESS = "https://receiver.example/changes"


@dataclass
class Receiver:
    """A receiver of changes; `answer` says what it does with the n-th request."""

    answer: Callable[[int], int | None] = lambda _: 200
    asked: int = 0
    taken: list[dict[str, object]] = field(default_factory=list)

    def __call__(self, message: Message) -> int:
        self.asked += 1
        status = self.answer(self.asked)
        if status is None:
            raise Unreachable("ConnectionRefusedError")
        if status == 200:
            self.taken.append(json.loads(message.body))
        return status


@pytest.fixture
def subscribed(engine: Engine, keys: dict[str, str], clock: Clock) -> str:
    assert keys
    with begin_work(engine, OPERATOR, clock=clock) as work:
        return subscribe(work, "leeds", ADDRESS, to_private=False)


def fill(speak: Speak, rounds: int = 3) -> None:
    """Let four children change some times, three of them Leeds's."""
    leeds, police = speak("leeds"), speak("police")
    for turn in range(rounds):
        at = f"2026-03-02T22:{10 + turn}:00+00:00"
        for each, name in enumerate(("Ada", "Bea", "Cal")):
            who = {"forename": name, "surname": f"{name}-Test", "nhs_number": None}
            leeds.put(LEEDS, f"L{each}", updated_at=at, clothing=f"coat {turn}", **who)
        police.put(WEST_YORKSHIRE, "W", updated_at=at, clothing=f"coat {turn}")


def changes(speak: Speak) -> list[dict[str, object]]:
    told: list[dict[str, object]] = speak("leeds").ask("GET", "/changes").get_json()["changes"]
    return told


def is_in_order(taken: list[dict[str, object]]) -> bool:
    by_child: dict[object, list[int]] = {}
    for each in taken:
        by_child.setdefault(each["child"], []).append(int(str(each["change"])))
    return all(numbers == sorted(numbers) for numbers in by_child.values())


def deliver(engine: Engine, clock: Clock, receiver: Receiver, hours: int) -> None:
    """Work as time passes, twenty minutes at a time."""
    for _ in range(hours * 3):
        Round(engine, receiver, clock).go()
        clock.now += timedelta(minutes=20)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: 200,
        lambda n: None if n < 8 else 200,
        lambda n: 500 if n == 1 else 200,
        lambda n: 500 if n % 3 == 0 else 200,
        lambda n: None if n % 5 == 0 else 503 if n % 3 == 0 else 200,
    ],
    ids=["up", "down for an hour", "500 at first", "500 one time in three", "now down, now busy"],
)
def test_every_change_is_taken_once_and_in_order(
    engine: Engine, clock: Clock, speak: Speak, subscribed: str, answer: Callable[[int], int | None]
) -> None:
    assert subscribed
    fill(speak)
    receiver = Receiver(answer)
    deliver(engine, clock, receiver, 5)
    wanted = [each["change"] for each in changes(speak)]
    assert len(wanted) >= 9
    assert sorted(int(str(each["change"])) for each in receiver.taken) == wanted
    assert is_in_order(receiver.taken)
    children = {each["child"] for each in receiver.taken}
    assert len(children) == 3, "of other organisations' children nothing is told"
    with begin_work(engine, OPERATOR, writes=False) as work:
        assert work.session.scalars(select(Delivery)).all() == [], "what was taken is not kept"
        (kept,) = work.session.scalars(select(Subscription.secret))
    assert subscribed not in kept


class Heedless(Round):
    """Sends whatever is due, though a child's earlier change was not taken yet."""

    def _next(self, number: int) -> list[tuple[int, Message]]:
        with begin_work(self.engine, OPERATOR, clock=self.clock, writes=False) as work:
            due = (Delivery.state == WAITING) & (Delivery.next_try_at <= work.now)
            rows = work.session.scalars(select(Delivery).where(due).order_by(Delivery.id))
            secret = work.session.get_one(Subscription, number).secret
            return [(each.id, Message(ADDRESS, secret, each.change, each.body, 0)) for each in rows]


@pytest.mark.parametrize("way", [Round, Heedless])
def test_control_without_waiting_for_a_childs_earlier_change_order_is_lost(
    engine: Engine, clock: Clock, speak: Speak, subscribed: str, way: type[Round]
) -> None:
    assert subscribed
    fill(speak)
    receiver = Receiver(lambda n: 500 if n == 1 else 200)
    for _ in range(6):
        way(engine, receiver, clock).go()
        clock.now += timedelta(minutes=20)
    assert len(receiver.taken) == len(changes(speak))
    assert is_in_order(receiver.taken) is (way is Round)


def test_what_is_refused_for_half_a_day_is_dead_and_can_be_replayed(
    engine: Engine, clock: Clock, speak: Speak, subscribed: str
) -> None:
    assert subscribed
    fill(speak)
    refused = changes(speak)[0]["child"]
    receiver = Receiver()

    def picky(message: Message) -> int:
        if json.loads(message.body)["child"] == refused and not receiver.asked:
            return 422
        return Receiver.__call__(Receiver(taken=receiver.taken), message)

    for _ in range(20):
        Round(engine, picky, clock).go()
        clock.now += timedelta(hours=1)
    assert refused not in {each["child"] for each in receiver.taken}
    assert len({each["child"] for each in receiver.taken}) == 2, "others' changes do not wait"
    with begin_work(engine, OPERATOR, clock=clock) as work:
        (dead,) = dead_letters(work)
        assert (dead.client, dead.child, dead.last_answer) == ("leeds", refused, "422")
        assert dead.behind >= 2
        assert replay(work, []) == 1
    receiver.asked = 1
    Round(engine, picky, clock).go()
    wanted = [each["change"] for each in changes(speak)]
    assert sorted(int(str(each["change"])) for each in receiver.taken) == wanted
    assert is_in_order(receiver.taken)


def test_a_dead_letter_that_is_let_go_lets_out_what_waits_behind_it(
    engine: Engine, clock: Clock, speak: Speak, subscribed: str
) -> None:
    assert subscribed
    fill(speak)
    first = changes(speak)[0]["change"]

    def picky(message: Message) -> int:
        return 422 if message.number == first else 200

    for _ in range(20):
        Round(engine, picky, clock).go()
        clock.now += timedelta(hours=1)
    with begin_work(engine, OPERATOR, clock=clock) as work:
        assert let_go(work, [each.number for each in dead_letters(work)]) == 1
    receiver = Receiver()
    Round(engine, receiver, clock).go()
    assert len(receiver.taken) == 2


@pytest.mark.parametrize(
    ("end", "asked"),
    [
        (lambda work: unsubscribe(work, "leeds", ADDRESS), 0),
        (lambda work: bar_client(work, "leeds"), 0),
        (lambda work: bar_client(work, "police"), 3),
    ],
    ids=["unsubscribed", "barred", "control: another is barred"],
)
def test_whoever_unsubscribed_or_is_barred_hears_no_more(
    engine: Engine,
    clock: Clock,
    speak: Speak,
    subscribed: str,
    end: Callable[[Work], None],
    asked: int,
) -> None:
    assert subscribed
    fill(speak, 1)
    with begin_work(engine, OPERATOR, clock=clock) as work:
        end(work)
    receiver = Receiver()
    Round(engine, receiver, clock).go()
    assert receiver.asked == asked


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "https://u:p@a.example/", "ftp://a.example", "https://", "https://a b/"],
)
def test_an_address_that_is_none_is_refused(engine: Engine, keys: dict[str, str], url: str) -> None:
    assert keys
    with begin_work(engine, OPERATOR) as work, pytest.raises(Invalid):
        subscribe(work, "leeds", url, to_private=False)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "localhost", "0"]
)
def test_no_message_goes_into_a_private_network(host: str) -> None:
    with pytest.raises(Invalid, match="private network"):
        look_up(host, 443, to_private=False)
    assert look_up(host, 443, to_private=True), "the control"


@contextmanager
def listening(take: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            take(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_message_is_signed_so_that_the_receiver_can_tell_whose_it_is() -> None:
    seen: Counter[str] = Counter()

    def take(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        at = int(handler.headers["Register-Timestamp"])
        given = handler.headers["Register-Signature"]
        seen["genuine" if given == f"v1={signature('key', at, body)}" else "forged"] += 1
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()

    with listening(take) as url:
        for secret in ("key", "another"):
            status = send(Message(url, secret, 7, '{"a": 1}', 1_772_000_000), to_private=True)
            assert status == 302, "a redirect is told, not followed"
        with pytest.raises(Invalid):
            send(Message(url, "key", 7, "{}", 0), to_private=False)
    assert seen == {"genuine": 1, "forged": 1}


def test_a_receiver_that_is_slow_or_gone_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.2)
    done = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        done.wait(5)

    with listening(wait) as url:
        with pytest.raises(Unreachable):
            send(Message(url, "key", 7, "{}", 0), to_private=True)
        done.set()
    with pytest.raises(Unreachable):
        send(Message(url, "key", 7, "{}", 0), to_private=True)
