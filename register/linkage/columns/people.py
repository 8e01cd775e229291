"""Reports in columns, grouped: who each speaks of, and each organisation's own children."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from register.linkage.columns.identities import Identities, read_identities
from register.linkage.columns.many import Many, gather, many
from register.linkage.identity import (
    IDENTIFIERS,
    MOST_IDENTITIES,
    Identity,
    Subject,
    is_number,
    is_reference,
)
from register.reports.coding import Coded, Flags, Ints, first_rows, together
from register.reports.columns import KINDS, Columns
from register.reports.values import district_of
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
        rows = self.first[subjects]
        several = np.flatnonzero(self.rows.counts[subjects] > 1)
        rows[several] = [self.naming_row(each) for each in subjects[several].tolist()]
        return rows

    def naming_row(self, subject: int) -> int:
        """Give the row whose kind and reference stand in the subject's key."""
        text, kind = self.columns.text, self.columns.kind
        rows = self.rows.of(subject)
        return min(rows, key=lambda row: (KINDS[kind[row]], text("reference", row)))

    def key(self, subject: int) -> tuple[str, str, str]:
        """Name the subject the same way whatever the order of arrival."""
        row = self.naming_row(subject)
        reference = self.columns.text("reference", row)
        return (
            self.columns.text("organisation", row),
            str(self.columns.coded["child_reference"].values[int(self.reference[subject])]),
            f"{KINDS[self.columns.kind[row]]} {reference}",
        )

    def subject(self, number: int, silent: dict[str, Flags]) -> Subject:
        """Give a subject as the scalar functions know it, without the values that are `silent`."""
        rows = sorted(self.rows.of(number), key=lambda row: (self.columns.kind[row] > 0, row))
        nhs_numbers, upns, home_office_references = (
            frozenset(
                self._texts[field][each]
                for each in self.numbers[field].of(number)
                if not silent[field][each]
            )
            for field in IDENTIFIERS
        )
        return Subject(
            number,
            self.key(number),
            "",
            tuple(rows),
            tuple(self._told(each, silent) for each in self.said.of(number)),
            nhs_numbers,
            upns,
            home_office_references,
            self.missing_on(number),
        )

    def missing_on(self, subject: int) -> frozenset[date]:
        """Give the days on which a subject's goings missing began."""
        return frozenset(_EPOCH + timedelta(days=day) for day in self.missing.of(subject))

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        return {field: self.columns.coded[field].listed() for field in IDENTIFIERS}

    def _told(self, number: int, silent: dict[str, Flags]) -> Identity:
        identity = self.identities.identity(number)
        is_silent = silent["postcode"][self.identities.postcode[number]]
        if is_silent:
            return replace(identity, postcode=district_of(identity.postcode))
        return identity


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
        written = {each: repr(identities.identity(each)) for each in told}
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
