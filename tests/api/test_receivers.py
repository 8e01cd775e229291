"""Receivers of changes as nobody wishes for: endless, dripping, odd, barred, or nowhere public."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from register.audit.checkpoints import last_checkpoint
from register.cli import upkeep
from register.clients.service import bar_client
from register.settings import Settings
from register.webhooks import sending, service
from register.webhooks.sending import Message, Unreachable, is_public, send
from register.webhooks.service import Round
from register.webhooks.subscribing import unsubscribe
from register.work import OPERATOR, Work, begin_work
from tests.api.conftest import Clock
from tests.api.test_webhooks import ADDRESS, Receiver, Speak, fill, subscribed

__all__ = ["subscribed"]
OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def saying(parts: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """Listen once, and say this whatever is asked."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        wire, _ = server.accept()
        with wire:
            wire.settimeout(5)
            wire.recv(65536)
            try:
                for part in parts():
                    wire.sendall(part)
            except OSError:
                return  # hung up on

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
    finally:
        thread.join()
        server.close()


def endless() -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"


def dripping() -> Iterator[bytes]:
    for byte in OK * 100:
        time.sleep(0.05)
        yield bytes([byte])


def wordy() -> Iterator[bytes]:
    yield b"HTTP/1.1 2"
    while True:
        yield b"0" * 4096


@pytest.mark.parametrize("parts", [dripping, wordy])
def test_an_exchange_has_its_time_however_it_is_drawn_out(
    monkeypatch: pytest.MonkeyPatch, parts: Callable[[], Iterator[bytes]]
) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.4)
    with saying(parts) as url:
        began = time.monotonic()
        with pytest.raises(Unreachable):
            send(Message(url, "key", 7, "{}", 0), to_private=True)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "answer",
    [OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", OK + b"Content-Length: 99999999\r\n\r\n"],
    ids=["a chunk of less than nothing", "a body without end"],
)
def test_an_answer_is_its_first_line(answer: bytes) -> None:
    with saying(lambda: iter([answer])) as url:
        assert send(Message(url, "key", 7, "{}", 0), to_private=True) == 200


def test_what_goes_on_without_end_is_no_answer_of_success() -> None:
    with saying(endless) as url:
        assert send(Message(url, "key", 7, "{}", 0), to_private=True) == 100


@pytest.mark.parametrize(
    "answer", [b"", b"\0\0\0\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/9 x\r\n"]
)
def test_what_is_no_answer_is_unreachable(answer: bytes) -> None:
    with saying(lambda: iter([answer])) as url, pytest.raises(Unreachable):
        send(Message(url, "key", 7, "{}", 0), to_private=True)


@pytest.mark.parametrize(
    "address",
    [
        *("64:ff9b::a00:1", "2002:a00:1::1", "::127.0.0.1", "fec0::1", "192.0.0.8", "224.0.0.1"),
        *("ff02::1", "::ffff:10.0.0.1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "240.0.0.1"),
    ],
)
def test_an_address_that_stands_for_another_is_none(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4009::1", "::ffff:8.8.8.8"])
def test_control_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("end", "taken"),
    [
        (lambda work: unsubscribe(work, "leeds", ADDRESS), 1),
        (lambda work: bar_client(work, "leeds"), 1),
        (lambda work: bar_client(work, "police"), 9),
    ],
    ids=["unsubscribed", "barred", "control: another is barred"],
)
def test_who_is_barred_while_told_hears_no_more(
    engine: Engine,
    clock: Clock,
    speak: Speak,
    subscribed: str,
    end: Callable[[Work], None],
    taken: int,
) -> None:
    assert subscribed
    fill(speak)

    def answer(asked: int) -> int:
        if asked == 1:
            with begin_work(engine, OPERATOR, clock=clock) as work:
                end(work)
        return 200

    receiver = Receiver(answer)
    Round(engine, receiver, clock).go()
    assert len(receiver.taken) == taken


def test_a_round_ends_and_goes_on_in_the_next(
    engine: Engine,
    clock: Clock,
    speak: Speak,
    subscribed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert subscribed
    fill(speak)
    monkeypatch.setattr(service, "SPELL", 0)
    receiver = Receiver()
    assert Round(engine, receiver, clock).go().delivered == 0
    monkeypatch.setattr(service, "SPELL", 20)
    assert Round(engine, receiver, clock).go().delivered == 9, "nothing is lost, nor held up"


def test_the_log_is_signed_whatever_a_receiver_does(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(upkeep, "tell_systems", fail)
    with pytest.raises(ZeroDivisionError):
        upkeep._do_a_turn(engine, Settings(instance_dir=str(tmp_path)))
    with begin_work(engine, writes=False) as work:
        assert last_checkpoint(work.session) is not None
