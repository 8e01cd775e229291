"""Sending one message: signed, to an address that is no machine of ours, its answer cut short.

The name is looked up once, every address it has is looked at, and the connection goes to the one
that was looked at: a name that answers differently the second time leads nowhere else. Redirects
are not followed. Of the answer its first line is read; it has its time, however slowly it is drawn
out, and whatever else a stranger says, it ends as one that is unreachable.
"""

import hmac
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from register.errors import Invalid

PATIENCE = 10
"""Seconds for a whole exchange, once connected, to the end of the answer's first line."""
LINE_BYTES = 4096
_LEADING_ELSEWHERE = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "192.0.0.0/24"))
)
"""Addresses that stand for others: of IPv4 within IPv6, and those of protocols (RFC 6890)."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: to whom, by which secret, as of when (seconds since 1970)."""

    url: str
    secret: str
    number: int
    body: str
    at: int


class Unreachable(Exception):
    """Nobody answered: it is the address that fails, not the message."""


def signature(secret: str, at: int, body: str) -> str:
    """Sign a time and a body, as the receiver must to compare: HMAC-SHA256 of `at.body`."""
    return hmac.new(secret.encode(), f"{at}.{body}".encode(), "sha256").hexdigest()


def send(message: Message, *, to_private: bool) -> int:
    """Send a message and give the status of the answer; raise Unreachable."""
    parts = check_address(message.url, to_private=to_private)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "register",
        "Register-Delivery": str(message.number),
        "Register-Timestamp": str(message.at),
        "Register-Signature": f"v1={signature(message.secret, message.at, message.body)}",
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(parts, to_private=to_private)
        try:
            with _in_time(connection.sock):
                if isinstance(connection.sock, ssl.SSLSocket):
                    connection.sock.do_handshake()
                connection.request("POST", path, message.body.encode(), headers)
                return _status_of(connection.sock)
        finally:
            connection.close()
    except Exception as error:
        raise Unreachable(type(error).__name__) from error


@contextmanager
def _in_time(wire: socket.socket) -> Iterator[None]:
    """Hang up when the time is over: a socket's own patience begins anew with each byte."""

    def hang_up() -> None:
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)

    clock = Timer(PATIENCE, hang_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _status_of(wire: socket.socket) -> int:
    """Read the first line of an answer, and nothing beyond it: what follows may have no end."""
    said = b""
    while b"\n" not in said:
        part = wire.recv(LINE_BYTES)
        said += part
        if not part or len(said) > LINE_BYTES:
            raise ConnectionError
    found = re.match(rb"HTTP/1\.[01] ([1-5]\d\d)[ \r\n]", said)
    if found is None:
        raise ConnectionError
    return int(found[1])


def check_address(url: str, *, to_private: bool) -> SplitResult:
    """Read an address; raise Invalid unless it is https, without a password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid({"url": "cannot be read"}) from error
    schemes = {"https", "http"} if to_private else {"https"}
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise Invalid({"url": "must be an https address"})
    if parts.username or parts.password or parts.fragment or not url.isprintable() or " " in url:
        raise Invalid({"url": "must hold no password, no fragment and no blank"})
    return parts


def look_up(host: str, port: int, *, to_private: bool) -> str:
    """Give an address of a host that may be spoken to; raise Invalid where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not to_private and not all(map(is_public, addresses)):
        raise Invalid({"url": "leads into a private network"})
    return addresses[0]


def is_public(address: str) -> bool:
    """Tell whether an address is a machine's of the public internet, and stands for no other."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or found.is_site_local:
            return False
    if any(found in each for each in _LEADING_ELSEWHERE):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _connect(parts: SplitResult, *, to_private: bool) -> HTTPConnection:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = look_up(host, port, to_private=to_private)
    connection: HTTPConnection
    if parts.scheme == "http":
        connection = HTTPConnection(host, port, timeout=PATIENCE)
        connection.sock = socket.create_connection((address, port), PATIENCE)
        return connection
    context = ssl.create_default_context()
    connection = HTTPSConnection(host, port, timeout=PATIENCE, context=context)
    bare = socket.create_connection((address, port), PATIENCE)
    try:
        connection.sock = context.wrap_socket(
            bare, server_hostname=host, do_handshake_on_connect=False
        )
    except OSError:
        bare.close()
        raise
    return connection
