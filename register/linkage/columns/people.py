"""Reports in columns, grouped: who each speaks of, and each organisation's own children."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from register.linkage.columns.identities import Identities, read_identities
from register.linkage.columns.many import Many, gather, many, spread
from register.linkage.identity import (
    IDENTIFIERS,
    MOST_IDENTITIES,
    Subject,
    is_number,
    is_reference,
)
from register.reports.coding import Coded, Flags, Ints, Item, first_rows, together
from register.reports.columns import KINDS, Columns
from register.terms import Kind

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class People:
    """Organisations' own children; `rows` of each are its reports, the first of which names it."""

    columns: Columns
    identities: Identities
    rows: Many
    organisation: Ints
    said: Many
    """The identities that each subject's reports give."""
    numbers: dict[str, Many]
    """Under each identifier's name, places among the values of its column."""
    missing: Many
    """Days since 1970, in London, on which goings missing began."""

    def __len__(self) -> int:
        return len(self.organisation)

    @cached_property
    def first(self) -> Ints:
        """The first row of each."""
        return self.rows.values[self.rows.start[:-1]]

    @cached_property
    def sayers(self) -> Ints:
        """The subject that says each of the identities in `said`."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.said.counts)

    @cached_property
    def telling(self) -> Ints:
        """The row of each that a person who judges wants to see: a going missing, if there is."""
        kind = self.columns.kind[self.rows.values]
        missing = np.flatnonzero(kind == KINDS.index(Kind.MISSING))
        owners = np.repeat(np.arange(len(self)), self.rows.counts)[missing]
        found = self.first.copy()
        found[owners[::-1]] = self.rows.values[missing[::-1]]
        return found

    @cached_property
    def reference(self) -> Ints:
        """The organisation's own id for the child, as a place among its column's values."""
        return _own_references(self.columns.coded["child_reference"])[self.first]

    def naming_rows(self, subjects: Ints) -> Ints:
        """Give the rows whose kinds and references stand in the subjects' keys."""
        text, kind = self.columns.text, self.columns.kind
        rows = self.first[subjects]
        several = np.flatnonzero(self.rows.counts[subjects] > 1)
        rows[several] = [
            min(self.rows.of(each), key=lambda row: (KINDS[kind[row]], text("reference", row)))
            for each in subjects[several].tolist()
        ]
        return rows

    def keys(self, subjects: Ints) -> list[tuple[str, str, str]]:
        """Name subjects the same way whatever the order of arrival."""
        rows = self.naming_rows(subjects)
        organisation, reference, own = (
            self.columns.coded[name].values.take(pa.array(codes)).to_pylist()
            for name, codes in (
                ("organisation", self.organisation[subjects]),
                ("reference", self.columns.coded["reference"].codes[rows]),
                ("child_reference", self.reference[subjects]),
            )
        )
        named = zip(self.columns.kind[rows].tolist(), reference, strict=True)
        names = [f"{KINDS[kind]} {text}" for kind, text in named]
        return list(zip(organisation, own, names, strict=True))

    def subjects(self, numbers: Ints, silent: dict[str, Flags]) -> dict[int, Subject]:
        """Give subjects as the scalar functions know them, without the values that are `silent`."""
        of_row, rows = spread(self.rows, numbers)
        order = np.lexsort((rows, self.columns.kind[rows] > 0, of_row))
        of_day, days = spread(self.missing, numbers)
        whose, said = spread(self.said, numbers)
        told = self.identities.listed(said, silent["postcode"])
        parts = zip(
            numbers.tolist(),
            self.keys(numbers),
            _each(of_row[order], rows[order].tolist(), len(numbers)),
            _each(whose, told, len(numbers)),
            *(self._told(field, numbers, silent[field]) for field in IDENTIFIERS),
            _each(of_day, [_EPOCH + timedelta(days=day) for day in days.tolist()], len(numbers)),
            strict=True,
        )
        return {
            number: Subject(
                number, key, "", tuple(row), tuple(who), nhs, upn, home_office, frozenset(missing)
            )
            for number, key, row, who, nhs, upn, home_office, missing in parts
        }

    def missing_on(self, subject: int) -> frozenset[date]:
        """Give the days on which a subject's goings missing began."""
        return frozenset(_EPOCH + timedelta(days=day) for day in self.missing.of(subject))

    def _told(self, field: str, subjects: Ints, silent: Flags) -> list[frozenset[str]]:
        whose, places = spread(self.numbers[field], subjects)
        loud = ~silent[places]
        texts = self.columns.coded[field].values.take(pa.array(places[loud])).to_pylist()
        return [frozenset(each) for each in _each(whose[loud], texts, len(subjects))]


def _each(owners: Ints, items: list[Item], count: int) -> list[list[Item]]:
    """Give each of `count` owners its items."""
    found: list[list[Item]] = [[] for _ in range(count)]
    for owner, item in zip(owners.tolist(), items, strict=True):
        found[owner].append(item)
    return found


def find_people(columns: Columns) -> People:
    """Read who each report speaks of, and group the reports by organisations' own children."""
    identities, of_row = read_identities(columns)
    telling = ~columns.coded["status"].which(lambda text: text == "withdrawn")
    numbers = {field: _numbers(columns.coded[field]) for field in IDENTIFIERS}
    owner = _owners(columns, identities, of_row, numbers, telling)
    first = first_rows(owner)
    count = len(first)
    in_order = np.argsort(owner, kind="stable").astype(np.int32)

    def held(values: Ints, known: Flags) -> Many:
        rows = np.flatnonzero(known & telling)
        return gather(owner[rows], values[rows], count)

    missing = columns.timed["missing_at"]
    rows = many(owner[in_order], in_order, count)
    return People(
        columns=columns,
        identities=identities,
        rows=rows,
        organisation=columns.coded["organisation"].codes[first],
        said=_in_order(
            held(of_row, np.ones(len(columns), bool)), rows, of_row, telling, identities
        ),
        numbers={field: held(codes, codes > 0) for field, codes in numbers.items()},
        missing=held(missing.day, missing.known & (columns.kind == KINDS.index(Kind.MISSING))),
    )


def _in_order(said: Many, rows: Many, of_row: Ints, telling: Flags, identities: Identities) -> Many:
    """Put the identities of each subject into the order of what they say, and not too many."""
    kept: dict[int, list[int]] = {}
    for subject in np.flatnonzero(said.counts > 1).tolist():
        told = Counter(of_row[row] for row in rows.of(subject) if telling[row])
        names = identities.listed(np.array([*told]))
        written = dict(zip(told, map(repr, names), strict=True))
        often = sorted(told, key=lambda each: (-told[each], written[each]))[:MOST_IDENTITIES]
        kept[subject] = sorted(often, key=written.__getitem__)
    values = said.values.copy()
    spare = np.zeros(len(values), bool)
    for subject, numbers in kept.items():
        start, end = said.start[subject : subject + 2]
        values[start : start + len(numbers)] = numbers
        spare[start + len(numbers) : end] = True
    owners = np.repeat(np.arange(len(said.counts)), said.counts)
    return many(owners[~spare], values[~spare], len(said.counts))


def _numbers(column: Coded) -> Ints:
    """Leave out what is written where there is no number."""
    plain = pc.match_substring_regex(column.values, "^[A-Z]?[0-9]+$").to_numpy(zero_copy_only=False)
    same = pc.is_in(column.values, pa.array([digit * 10 for digit in "0123456789"]))
    doubtful = ~plain | same.to_numpy(zero_copy_only=False)
    kept = np.arange(len(column.values), dtype=np.int32)
    for place in np.flatnonzero(doubtful).tolist():
        kept[place] = place if is_number(str(column.values[place])) else 0
    return kept[column.codes]


def _own_references(column: Coded) -> Ints:
    """Leave out what is written where there is no id."""
    plain = pc.match_substring_regex(column.values, "[1-9]").to_numpy(zero_copy_only=False)
    kept = np.arange(len(column.values), dtype=np.int32)
    for place in np.flatnonzero(~plain).tolist():
        kept[place] = place if is_reference(str(column.values[place])) else 0
    return kept[column.codes]


def _owners(
    columns: Columns, identities: Identities, of_row: Ints, numbers: dict[str, Ints], telling: Flags
) -> Ints:
    """Number the organisations' own children: by their ids, else by all that is said of them."""
    organisation = columns.coded["organisation"].codes
    reference = _own_references(columns.coded["child_reference"])
    length = identities.book.joined_length
    named = np.minimum(length[identities.forename], length[identities.surname]) > 1
    full = (named & (identities.born > 0) & ~identities.guessed)[of_row]
    placed = (identities.postcode > 0)[of_row]
    for each in numbers.values():
        placed = placed | (each > 0)
    by_id = reference > 0
    by_word = ~by_id & telling & full & placed
    own = np.zeros(len(columns), np.int64)
    begin = 0
    for rows, fields in (
        (by_id, (organisation, reference)),
        (by_word, (organisation, of_row, *numbers.values())),
        (~by_id & ~by_word, (np.arange(len(columns)),)),
    ):
        chosen = np.flatnonzero(rows)
        if len(chosen):
            own[chosen] = together(*(each[chosen] for each in fields)) + begin
            begin = int(own[chosen].max()) + 1
    return together(own)
