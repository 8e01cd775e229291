"""What an earlier day sealed opens today: else an update would lock people out, or lose words."""

import pytest

from register.access.key_files import FactorKey
from register.access.passwords import fits, is_outdated
from register.audit import private
from register.errors import RegisterError
from register.reports.sealing import HELD, held, kept_digest
from register.secrecy.keys import Opened

KEY = FactorKey("a key of nobody")
SECRET = bytes.fromhex(
    "000102030405060708090a0bcdf6f128fa06c5a9acb7fb0c58619565acc6a34b5057e2b648dca6f29a14f61a0c9fc6e9"
)
"""The secret of an app, as it was encrypted on 22 November 2026."""
WORDS = bytes.fromhex(
    "000102030405060708090a0bf3e94137618ee097e0427092957afc7162821cd52a13cec72a775e2d457b1b0d"
)
"""Words of an entry, as they were encrypted on that day."""


def test_the_secret_of_an_app_opens_for_its_person_alone() -> None:
    assert KEY.open(SECRET, "user 7") == b"twenty bytes of code"
    assert KEY.open(SECRET, "user 8") is None
    assert FactorKey("another key").open(SECRET, "user 7") is None
    assert KEY.seal(b"twenty bytes of code", "user 7")[:12] != SECRET[:12], "each time otherwise"


def test_what_follows_from_the_key_stays_the_same() -> None:
    made = KEY.derive("handle 7", 32)
    assert made.hex() == "4a3e312b1cdcef4a25ae054923a87cb3b26f2809d12d9108147c2e3346687b7c"
    assert KEY.derive("handle 7", 20) == made[:20]
    assert KEY.derive("handle 8", 32) != made


def test_words_of_the_log_open_in_their_place_alone() -> None:
    assert private._open(bytes(32), WORDS, "17 child:viewed") == b'{"reason":"why"}'
    for key, place in ((bytes(32), "18 child:viewed"), (b"x" * 32, "17 child:viewed"), (b"", "")):
        with pytest.raises(RegisterError, match="cannot be opened"):
            private._open(key, WORDS, place)


def test_a_version_that_is_known_is_known_again() -> None:
    """Half of the fingerprint as it is, and half masked by the organisation's own key."""
    key = Opened("E23000010", bytes(32))
    kept = kept_digest("a" * 32 + "b" * 32, key)
    assert kept == "a" * 32 + "b2ed4e647524e7a36cde21dc309bfe8f"
    assert kept_digest("a" * 32 + "c" * 32, key)[32:] != kept[32:]


def test_what_stands_for_a_value_that_is_not_opened_names_its_report() -> None:
    assert held(("E23000010", "missing", "R1")) == "held E23000010 missing R1"
    assert HELD == "held"


def test_a_password_that_was_hashed_at_another_cost_fits_still_and_is_outdated() -> None:
    kept = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRvZmRheTFhYg"
    kept += "$PsuPauoh1Fce83/SrM0tLX9k3NKZyjwNlViAZlxu37Q"
    assert fits(kept, "a long enough phrase")
    assert not fits(kept, "a long enough phrase ")
    assert is_outdated(kept)
