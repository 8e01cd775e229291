"""Which reports speak of one going missing, for many children at once.

Accounts that lie far from all others of their child are an episode by themselves, two that only
lie near each other are put together here by the rules of `episodes.py`; where more hang together,
that room decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from register.numbers import ALPHABET, LENGTH, child_number, episode_number
from register.records.episodes import NEARNESS, align
from register.reports.coding import Flags, Ints
from register.reports.columns import KINDS, TIMED, Columns
from register.reports.organisations import find_organisation
from register.reports.statement import Statement, Value
from register.reports.times import NEVER, Moments
from register.terms import Category, Kind, Sector, Status

_OPEN = frozenset({Status.OPEN.value, Status.LOCATED.value})
_MARGIN = 2 * 86400
"""Seconds between two accounts from which on no rule can join them."""
_ALWAYS = 1 << 60
_WRITERS = {"C": child_number, "E": episode_number}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number_episodes(columns: Columns, child: Ints) -> Ints:
    """Give for each row the least row of its episode; -1 where it speaks of no going missing.

    `child` is each row's child, by any number.
    """
    withdrawn = columns.coded["status"].which(lambda text: text == Status.WITHDRAWN)
    tells = (columns.kind == KINDS.index(Kind.MISSING)) & ~withdrawn
    rows = np.flatnonzero(tells)
    rows = rows[np.argsort(child[rows], kind="stable")]
    spells = _spells(columns, rows)
    a, b = _neighbours(child[rows], spells)
    label = _connected(a, b, len(rows))
    sizes = np.bincount(label, minlength=len(rows))
    episode = np.full(len(columns), -1, np.int64)
    episode[rows] = rows
    two = (sizes[label[a]] == 2) & (spells.organisation[a] != spells.organisation[b])  # noqa: PLR2004  # a pair
    one, other = a[two], b[two]
    joined = _are_one(spells, one, other)
    least = np.minimum(rows[one], rows[other])[joined]
    episode[rows[one[joined]]] = least
    episode[rows[other[joined]]] = least
    simple = sizes[label] == 1
    simple[one] = simple[other] = True
    hanging = np.flatnonzero(~simple)
    for together in _by_label(label, hanging):
        for each in align(_statement(columns, int(rows[at])) for at in together):
            numbers = [statement.report_id for statement in each.statements()]
            episode[numbers] = min(numbers)
    return episode


@dataclass(frozen=True, slots=True)
class _Spells:
    """One account each: its organisation and side, its beginning, and its end, if it has one."""

    organisation: Ints
    police: Flags
    start: Moments
    end: Moments
    is_open: Flags
    away: Flags

    def may_join(self, a: Ints, b: Ints) -> Flags:
        """Tell which are of two organisations, or perhaps two phases of one's account."""
        flags: Flags = self.organisation[a] != self.organisation[b]
        return flags | self.away[a] | self.away[b]

    @property
    def reach(self) -> tuple[Ints, Ints]:
        """The seconds between which it lies for certain."""
        last = np.maximum(self.end.latest, self.start.latest)
        return self.start.earliest, np.where(self.is_open, _ALWAYS, last)


def _spells(columns: Columns, rows: Ints) -> _Spells:
    start = columns.timed["missing_at"].take(rows)
    is_open = columns.coded["status"].which(_OPEN.__contains__)[rows]
    end = Moments(start.earliest.copy(), start.day.copy(), start.day_only.copy())
    for name in ("closed_at", "found_at", "returned_at"):
        given = columns.timed[name].take(rows)
        known = given.known
        end.earliest[known], end.day[known] = given.earliest[known], given.day[known]
        end.day_only[known] = given.day_only[known]
    wrong = _is_before(end, start)
    end.earliest[wrong], end.day[wrong] = start.earliest[wrong], start.day[wrong]
    end.day_only[wrong] = start.day_only[wrong]
    codes = columns.coded["organisation"]
    found = [find_organisation(code) for code in codes.listed()]
    police = np.array([bool(each and each.sector is Sector.POLICE) for each in found])
    organisation = codes.codes[rows]
    away = columns.coded["category"].which(lambda text: text == Category.AWAY)[rows]
    return _Spells(organisation, police[organisation], start, end, is_open, away)


def _is_before(one: Moments, other: Moments) -> Flags:
    by_day = one.day_only | other.day_only
    return np.where(by_day, one.day < other.day, one.earliest < other.earliest)


def _neighbours(child: Ints, spells: _Spells) -> tuple[Ints, Ints]:
    """Give the pairs of accounts of one child that some rule may join; `child` is in order."""
    begins, ends = spells.reach
    ones, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    at, step = np.arange(len(child)), 0
    while len(at):
        step += 1
        at = at[at + step < len(child)]
        at = at[child[at] == child[at + step]]
        on = at + step
        near = (begins[at] - _MARGIN <= ends[on]) & (begins[on] - _MARGIN <= ends[at])
        near &= spells.may_join(at, on)
        ones.append(at[near])
        others.append(at[near] + step)
    return np.concatenate(ones), np.concatenate(others)


def _connected(a: Ints, b: Ints, count: int) -> Ints:
    """Label what hangs together by its least number."""
    label = np.arange(count)
    while True:
        least = label.copy()
        np.minimum.at(least, a, label[b])
        np.minimum.at(least, b, label[a])
        least = least[least]
        if np.array_equal(least, label):
            return label
        label = least


def _are_one(spells: _Spells, a: Ints, b: Ints) -> Flags:
    """Tell which two organisations' accounts, near no others, are of one going missing."""
    one, other = spells.start.take(a), spells.start.take(b)
    overlap = (spells.is_open[a] | ~_is_before(spells.end.take(a), other)) & (
        spells.is_open[b] | ~_is_before(spells.end.take(b), one)
    )
    across = spells.police[a] != spells.police[b]
    near = across & (_gap(one, other) <= NEARNESS.total_seconds())
    flags: Flags = overlap | near
    return flags


def _gap(one: Moments, other: Moments) -> Ints:
    """Give the seconds that certainly lie between two moments; whole days between bare days."""
    days = np.abs(one.day - other.day)
    between = np.maximum(one.earliest - other.latest, other.earliest - one.latest)
    either, both = one.day_only | other.day_only, one.day_only & other.day_only
    return np.where(both, days * 86400, np.where(either & (days == 0), 0, between))


def _by_label(label: Ints, places: Ints) -> Iterator[list[int]]:
    order = places[np.argsort(label[places], kind="stable")]
    begins = np.flatnonzero(np.diff(label[order], prepend=-1))
    for part in np.split(order, begins[1:]):
        if len(part):
            yield part.tolist()


def _statement(columns: Columns, row: int) -> Statement:
    """Give what aligning reads of a row as the scalar rules know it; its number is the row."""
    organisation = columns.text("organisation", row)
    found = find_organisation(organisation)
    values: dict[str, Value] = {
        name: text for name in ("category", "status") if (text := columns.text(name, row))
    }
    for name in TIMED:
        if text := _written(columns.timed[name], row):
            values[name] = text
    return Statement(
        report_id=row,
        organisation=organisation,
        sector=found.sector if found else Sector.OTHER,
        reference=columns.text("reference", row),
        kind=KINDS[columns.kind[row]],
        updated_at=_EPOCH,
        received_at=_EPOCH,
        values=values,
        doubtful={},
        marks={},
    )


def _written(moments: Moments, row: int) -> str:
    if moments.earliest[row] == NEVER:
        return ""
    if moments.day_only[row]:
        return (date(1970, 1, 1) + timedelta(days=int(moments.day[row]))).isoformat()
    return (_EPOCH + timedelta(seconds=int(moments.earliest[row]))).isoformat()


def written(kind: str, numbers: Ints) -> pa.Array:
    """Write many ids as register numbers (`numbers.py`); blank for those below 0."""
    if int(numbers.max(initial=0)) >= len(ALPHABET) ** LENGTH:
        given = (_WRITERS[kind](each) if each >= 0 else "" for each in numbers.tolist())
        return pa.array(given, pa.string())
    base, letters = len(ALPHABET), np.frombuffer(ALPHABET.encode(), np.uint8)
    rest = np.maximum(numbers, 0)
    total = np.full(len(numbers), (LENGTH + 2) * ALPHABET.index(kind))
    signs = np.full((len(numbers), LENGTH + 4), ord("-"), np.uint8)
    signs[:, 0] = ord(kind)
    for weight in range(2, LENGTH + 2):
        rest, digit = np.divmod(rest, base)
        total += weight * digit
        signs[:, LENGTH + 3 - weight] = letters[digit]
    signs[:, -1] = letters[-total % base]
    texts = (
        pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(LENGTH + 4), len(numbers), [None, pa.py_buffer(signs.tobytes())]
        )
        .cast(pa.binary())
        .cast(pa.string())
    )
    return pc.if_else(pa.array(numbers >= 0), texts, "")
