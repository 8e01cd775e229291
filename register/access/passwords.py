"""Passwords: how they are kept, how one is checked, and which are refused because all guess them.

The refused are made by rule from a few words of ours: no list of anybody's leaked passwords is
kept here. A password is compared as people disguise it: capitals, digits for letters, a year or
an exclamation mark at the end make no other password of a common word.
"""

import re
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LENGTH = range(12, 201)
_SHORTEST_NAME = 3
_FEWEST_LETTERS = 5
_LEAST_OF_ONE_S_OWN = 6
"""What must be left of a password when common words and the person's own names are taken out."""
_COMMON = frozenset(
    """
    password passwort passw0rd pass word letmein welcome hello admin administrator administration
    login signin secret changeme change default guest master access temp temporary test testing
    monkey dragon football baseball cricket rugby princess sunshine superman batman iloveyou love
    liverpool arsenal chelsea everton manchester united tottenham rangers celtic newcastle leeds
    charlie michael jessica daniel thomas ashley jordan jennifer hunter summer winter autumn spring
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday london england britain
    register missing children child police council authority force officer ofsted inspector social
    worker care department government computer internet security account user mypassword
    qwerty qwertyuiop qwertyui qwert asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx edc wsx
    azerty qwertz the and this one two three four
    """.split()
)
_DISGUISES = str.maketrans("0134578@$!", "oieastbasi")
_RUNS = (
    "0123456789" * 3,
    "9876543210" * 3,
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
_hasher = PasswordHasher()


def hash_of(password: str) -> str:
    """Hash by Argon2id at the cost of RFC 9106, section 4, second option: 64 MiB, three passes."""
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one kept; without one, false after the same work.

    Takes a tenth of a second and 64 MiB: never called within a piece of work, which others wait
    for.
    """
    # Both branches hash once, and the stand-in is made before either, so that time tells nothing.
    stand_in = _stand_in()
    try:
        # A password of no possible length is not hashed whole: it could be megabytes long.
        _hasher.verify(kept or stand_in, password[: LENGTH.stop])
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return kept is not None and len(password) in LENGTH


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(kept)


def make_password() -> str:
    """Make a password that somebody is told once, and must change."""
    return secrets.token_urlsafe(16)


def problem_with(password: str, *own: str) -> str:
    """Say what is wrong with a new password, blank for nothing; `own` names the person."""
    if len(password) not in LENGTH:
        return f"must be {LENGTH.start} to {LENGTH.stop - 1} characters long"
    plain, whole = password.casefold(), [name.casefold() for name in own]
    parts = [part for name in whole for part in re.split(r"[\W_]+", name)]
    names = [part for part in parts if len(part) >= _SHORTEST_NAME]
    if any(name in plain for name in whole if len(name) >= _SHORTEST_NAME):
        return "must not contain the username or the name"
    left = min(len(_own_part(said, names)) for said in (plain, plain.translate(_DISGUISES)))
    if left < _LEAST_OF_ONE_S_OWN or len(set(plain)) < _FEWEST_LETTERS:
        return "is one that many people choose: take three or four words that have no connection"
    return ""


def _own_part(plain: str, names: list[str]) -> str:
    """Give what is left without common words, the person's names, runs of keys and repetitions."""
    words = sorted([*_COMMON, *names], key=len, reverse=True)
    without = re.sub("|".join(re.escape(word) for word in words), " ", plain)
    kept = re.sub(r"(.)\1{2,}", " ", without)
    for run in _RUNS:
        for length in (8, 6, 4, 3):
            for start in range(len(run) - length + 1):
                kept = kept.replace(run[start : start + length], " ")
    return re.sub(r"[\W_\d]", "", kept)


@cache
def _stand_in() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
