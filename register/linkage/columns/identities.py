"""Who reports in columns speak of: every distinct way to say who a child is, numbered."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from register.linkage.columns.many import Many, listed
from register.linkage.columns.names import NameBook
from register.linkage.guessed_births import is_first_of_year
from register.linkage.identity import MOST_NAMES, Identity, read_names
from register.linkage.names import says_little
from register.reports.coding import Coded, Codes, Flags, Ints, first_rows, together
from register.reports.columns import Columns
from register.reports.values import district_of


@dataclass(frozen=True)
class Identities:
    """Every distinct way to say who a child is; 0 and None stand for what is not known.

    `born` are places in `days`; `sex` and `postcode` places among their columns' values.
    """

    book: NameBook
    days: list[date | None]
    postcodes: pa.Array
    sexes: list[str]
    known_as_names: Many
    """Under each place among the values of its column, the names that it gives."""
    forename: Ints
    surname: Ints
    known_as: Ints
    born: Ints
    doubtful: Flags
    sex: Ints
    postcode: Ints

    @cached_property
    def first_of_year(self) -> Flags:
        """Which dates of birth are the one that is written for a guess."""
        flags: Flags = np.array([is_first_of_year(day) for day in self.days])[self.born]
        return flags

    @cached_property
    def guessed(self) -> Flags:
        """Which dates of birth are an estimate, or the one that is written for a guess."""
        flags: Flags = self.doubtful | self.first_of_year
        return flags

    @cached_property
    def districts(self) -> Ints:
        """The district of each postcode, numbered."""
        return _numbered(pc.replace_substring_regex(self.postcodes, " .*", ""))

    @cached_property
    def areas(self) -> Ints:
        """The area of each postcode, numbered: its first letters."""
        return _numbered(pc.replace_substring_regex(self.postcodes, "[^A-Z].*", ""))

    @cached_property
    def ends(self) -> Ints:
        """What stands behind the district of each postcode, numbered."""
        return _numbered(pc.replace_substring_regex(self.postcodes, ".* ", ""))

    def listed(self, numbers: Ints, silent: Flags | None = None) -> list[Identity]:
        """Give some as the scalar functions know them; of `silent` postcodes only the district."""
        names, postcode = self.book.names, self.postcode[numbers]
        texts = self.postcodes.take(pa.array(postcode)).to_pylist()
        if silent is not None:
            for row in np.flatnonzero(silent[postcode]).tolist():
                texts[row] = district_of(texts[row])
        columns = (self.forename, self.surname, self.known_as, self.born, self.doubtful, self.sex)
        parts = zip(*(each[numbers].tolist() for each in columns), texts, strict=True)
        return [
            Identity(
                forename=names[forename],
                surname=names[surname],
                known_as=tuple(names[each] for each in self.known_as_names.of(known_as)),
                born=self.days[born],
                born_is_doubtful=doubtful,
                sex=self.sexes[sex],
                postcode=text,
            )
            for forename, surname, known_as, born, doubtful, sex, text in parts
        ]


def _numbered(texts: pa.Array) -> Ints:
    numbers: Ints = texts.dictionary_encode().indices.to_numpy()
    return numbers


def read_identities(columns: Columns) -> tuple[Identities, Ints]:
    """Number the identities that reports give, and tell which each report gives."""
    book = NameBook()
    forename = _forenames(columns, book)
    surname = _read(columns.coded["surname"], book)
    known_as = columns.coded["known_as"]
    parts = [text.split(";")[:MOST_NAMES] if text else [] for text in known_as.listed()]
    born = columns.coded["date_of_birth"]
    precision = columns.coded["date_of_birth_precision"]
    sex = columns.coded["sex"]
    sexes = ["" if text == "unknown" else text for text in sex.listed()]
    fields: tuple[Codes, ...] = (
        forename,
        surname,
        known_as.codes,
        born.codes,
        precision.which(lambda text: text not in {"", "exact"}),
        np.where(sex.which(lambda text: text == "unknown"), 0, sex.codes),
        columns.coded["home_postcode"].codes,
    )
    of_row = together(*fields)
    row = first_rows(of_row)
    identities = Identities(
        book,
        [date.fromisoformat(text) if text else None for text in born.listed()],
        columns.coded["home_postcode"].values,
        sexes,
        listed([[book.number(read_names(part)) for part in several] for several in parts]),
        *(each[row] for each in fields),
    )
    return identities, of_row


def _read(column: Coded, book: NameBook) -> Ints:
    numbers = [book.number(read_names(text)) for text in column.listed()]
    return np.array(numbers, np.int32)[column.codes]


def _forenames(columns: Columns, book: NameBook) -> Ints:
    """Read forenames, with the middle names of those whose first says little."""
    found = _read(columns.coded["forename"], book)
    middle = columns.coded["middle_names"]
    little = np.array([len(name) == 1 and says_little(name[0]) for name in book.names])
    rows = np.flatnonzero(little[found] & (middle.codes > 0))
    names = list(book.names)
    for row in rows.tolist():
        behind = read_names(middle.text(row))
        found[row] = book.number(names[found[row]] + behind)
    return found
