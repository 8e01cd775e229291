"""What a stranger sends in place of a key's answer is read to a length, and opens nothing."""

import json

import pytest

from register.access.security_keys import (
    LONGEST_ANSWER,
    Site,
    asked_to_join,
    asked_to_sign,
    credential_in,
    joined,
    signed,
)
from tests.authenticator import SecurityKey, text_of

ORIGIN = "https://register.example:8443"
SITE = Site(ORIGIN)
CHALLENGE = bytes(range(32))


def padded(answer: str, length: int) -> str:
    """Give the same answer, as long as is said."""
    return answer + " " * (length - len(answer))


def test_a_site_is_named_to_keys_without_its_port() -> None:
    assert SITE.host == "register.example"
    assert Site("").host == ""


def test_an_answer_is_read_to_its_longest_and_no_further() -> None:
    key = SecurityKey(ORIGIN)
    new = key.join(asked_to_join(SITE, "amina", b"handle", CHALLENGE, []))
    found = joined(SITE, CHALLENGE, padded(new, LONGEST_ANSWER))
    assert found is not None
    assert (found.credential, found.count) == (text_of(key.id), 0)
    assert joined(SITE, CHALLENGE, padded(new, LONGEST_ANSWER + 1)) is None
    said = key.sign(asked_to_sign(SITE, CHALLENGE, [found.credential]))
    assert credential_in(padded(said, LONGEST_ANSWER)) == found.credential
    assert credential_in(padded(said, LONGEST_ANSWER + 1)) == ""
    assert signed(SITE, CHALLENGE, said, found.public_key, 0) == 1


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", json.dumps({"id": "x"})])
def test_what_is_no_answer_names_no_key(answer: str) -> None:
    assert credential_in(answer) == ""
    assert joined(SITE, CHALLENGE, answer) is None
    assert signed(SITE, CHALLENGE, answer, b"", 0) is None


def test_a_key_of_another_site_or_another_question_joins_nothing() -> None:
    asked = asked_to_join(SITE, "amina", b"handle", CHALLENGE, [])
    assert joined(SITE, bytes(32), SecurityKey(ORIGIN).join(asked)) is None
    assert joined(SITE, CHALLENGE, SecurityKey("https://evil.example").join(asked)) is None
    assert joined(SITE, CHALLENGE, SecurityKey(ORIGIN).join(asked)), "control"
