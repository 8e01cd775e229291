"""Two months in which 300 people look at children, and a few at what is none of their business."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from register.access.suspicion import AWAY, LONG_QUIET, Access

START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 120
PEOPLE, PLACES, CASES = 300, 10, 40
ON_CALL = 5
"""Every so many people work by night as well as by day."""
KINDS = (
    *("namesake", "night", "crowd", "again", "sweep"),
    *("slow sweep", "fishing", "quiet", "glass", "returned"),
)
"""The kinds of misuse that are planted, as many accesses of each."""


@dataclass(frozen=True)
class Month:
    """What was looked at, and which accesses were planted, by kind."""

    accesses: list[Access]
    planted: dict[str, frozenset[int]]


def make_accesses(seed: int, total: int, misuses: int) -> Month:
    """Draw a month of accesses, `misuses` of them planted: the same for the same seed."""
    random = Random(seed)  # noqa: S311  # nobody guesses at made-up accesses
    numbers = count(1)
    each = misuses // len(KINDS)
    planted = {
        kind: [replace(access, number=next(numbers)) for access in _misuses(kind, each, random)]
        for kind in KINDS
    }
    innocent = [
        replace(access, number=next(numbers))
        for access in _innocent(random, total - each * len(KINDS))
    ]
    # Accounts that somebody comes back to after months were in use before.
    innocent[:each] = [
        replace(access, who=f"leaver{place}", at=_at(random, day=place))
        for place, access in enumerate(innocent[:each])
    ]
    accesses = [*innocent, *(access for found in planted.values() for access in found)]
    accesses.sort(key=lambda access: (access.at, access.number))
    names = {kind: frozenset(access.number for access in found) for kind, found in planted.items()}
    return Month(accesses, names)


def _plain(random: Random, who: int) -> Access:
    """Somebody's look at a child of a colleague's, in working hours: odd in nothing."""
    place = who % PLACES
    child = 1 + place * 100_000 + random.randrange(20_000)
    return Access(0, f"user{who}", f"place{place}", child, _at(random), "page")


def _at(random: Random, hours: tuple[int, int] = (8, 18), day: int | None = None) -> datetime:
    on = random.randrange(DAYS) if day is None else day
    minutes = random.randrange(hours[0] * 60, hours[1] * 60)
    return START + timedelta(days=on, minutes=minutes, seconds=random.randrange(60))


def _innocent(random: Random, total: int) -> Iterator[Access]:
    for _ in range(total):
        who = random.randrange(PEOPLE)
        plain = _plain(random, who)
        if (who % ON_CALL == 0 and random.random() < 0.4) or random.random() < 0.005:
            plain = replace(plain, at=_at(random, (0, 5)))
        if random.random() < 0.94:
            case = 1 + who * CASES + random.randrange(CASES) + 10_000_000
            rare = random.random() < 0.001
            yield replace(plain, child=case, explained="a mismatch to answer", namesake=rare)
        else:
            yield _unexplained(random, plain)


def _unexplained(random: Random, plain: Access) -> Access:
    """What nothing explains is mostly a colleague's case, at times odd in one thing or another."""
    drawn = random.random()
    if drawn < 0.15:
        return replace(plain, child=0, how="check")
    if drawn < 0.25:
        return replace(plain, reaches=False, how="check")
    if drawn < 0.28:
        return replace(plain, quiet=LONG_QUIET + random.randrange(500))
    if drawn < 0.30:
        return replace(plain, how="glass", reaches=False)
    if drawn < 0.31:
        return replace(plain, namesake=True)
    return plain


def _misuses(kind: str, many: int, random: Random) -> Iterator[Access]:
    """Draw so many accesses of one kind of misuse, in groups where it is done in groups."""
    for place in range(many):
        who = 1 + ON_CALL * random.randrange(PEOPLE // ON_CALL - 1) + random.randrange(4)
        plain = _plain(random, who)
        if kind == "namesake":
            explained = random.choice(["", "missing then"])
            yield replace(plain, namesake=True, explained=explained)
        elif kind == "night":
            yield replace(plain, at=_at(random, (1, 5)))
        elif kind == "quiet":
            yield replace(plain, quiet=LONG_QUIET + random.randrange(2000))
        elif kind == "glass":
            yield replace(plain, how="glass", reaches=False)
        else:
            yield _in_a_group(kind, place, plain, random)


def _in_a_group(kind: str, place: int, plain: Access, random: Random) -> Access:
    fives, whole = divmod(place, 5)
    if kind == "crowd":
        return replace(plain, child=20_000_000 + fives, at=_at(random, day=fives * 7))
    if kind == "again":
        child, who = 21_000_000 + fives, f"user{1 + fives * ON_CALL}"
        return replace(plain, child=child, who=who, at=_at(random, day=10 + whole * 3))
    if kind == "sweep":
        return replace(plain, who="user41", child=22_000_000 + place, at=_at(random, day=50))
    if kind == "slow sweep":
        child, day = 23_000_000 + place, 7 * 8 + place % 5
        return replace(plain, who="user42", child=child, at=_at(random, day=day))
    if kind == "fishing":
        return replace(
            plain, who="user43", child=0, how="check", at=_at(random, day=20 + place // 10)
        )
    return replace(plain, who=f"leaver{place}", at=_at(random, day=AWAY + 20 + place))
