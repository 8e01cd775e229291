"""Who a report speaks of, made ready to compare; and the subject: one organisation's own child."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b

from register.linkage.guessed_births import guessed_keys, is_first_of_year
from register.linkage.names import says_little, tokens
from register.linkage.sounds import sounds
from register.reports.statement import Statement
from register.reports.values import district_of
from register.terms import Kind

Names = tuple[str, ...]
IDENTIFIERS = ("nhs_number", "upn", "home_office_reference")
LONGEST_NAME, MOST_NAMES, MOST_IDENTITIES = 200, 10, 50
"""Letters of a name, names in one place, and ways to tell of one child, that are compared."""
NAME = "name"  # the kind of key that is made of names alone


@dataclass(frozen=True, slots=True)
class Identity:
    """What one report says about who the child is. Blank and None: not known."""

    forename: Names
    surname: Names
    known_as: tuple[Names, ...]
    born: date | None
    born_is_doubtful: bool
    sex: str
    postcode: str

    @property
    def is_full(self) -> bool:
        """Tell whether there is a full name and a birthday that isn't a guess."""
        named = min(len("".join(self.forename)), len("".join(self.surname))) > 1
        return named and self.born is not None and not is_guessed(self)


@dataclass(frozen=True, slots=True)
class Subject:
    """One organisation's own child: its reports under one `own_id`, or one lone report.

    `key` names it the same way whatever the order of arrival: organisation, its own id for the
    child (`child_reference`, blank where it gives none), its first report. The first of `reports`
    speaks for it where a person must judge.
    """

    subject_id: int
    key: tuple[str, str, str]
    own: str
    reports: tuple[int, ...]
    identities: tuple[Identity, ...]
    nhs_numbers: frozenset[str]
    upns: frozenset[str]
    home_office_references: frozenset[str]
    missing_on: frozenset[date]
    """The days, in England, on which its goings missing began."""
    salt: bytes = field(default=b"", compare=False, repr=False)
    """What its stored keys are hashed with: without it, a home could be guessed from them."""

    @property
    def organisation(self) -> str:
        """The organisation whose child it is."""
        return self.key[0]

    @property
    def child_reference(self) -> str:
        """The organisation's own id for the child, blank where it gives none."""
        return self.key[1]


def identity_of(statement: Statement) -> Identity:
    """Read who one report speaks of."""
    sex = statement.text("sex")
    forename = read_names(statement.text("forename"))
    if len(forename) == 1 and says_little(forename[0]):
        # Brothers may all be Mohammed first; what each is called is what comes next.
        forename += read_names(statement.text("middle_names"))
    return Identity(
        forename=forename,
        surname=read_names(statement.text("surname")),
        known_as=tuple(read_names(name) for name in statement.texts("known_as")[:MOST_NAMES]),
        born=statement.day("date_of_birth"),
        born_is_doubtful=statement.text("date_of_birth_precision") not in {"", "exact"},
        sex="" if sex == "unknown" else sex,
        postcode=statement.text("home_postcode"),
    )


def read_names(text: str) -> Names:
    """Read the names in a text, as many as are compared."""
    return tokens(text[:LONGEST_NAME])[:MOST_NAMES]


def is_guessed(identity: Identity) -> bool:
    """Tell whether a date of birth is an estimate, or the one that is written for a guess."""
    return identity.born_is_doubtful or is_first_of_year(identity.born)


def own_reference(statement: Statement) -> str:
    """Give the organisation's id for the child; "N/A" and "000" are written where there is none."""
    reference = statement.text("child_reference")
    return reference if is_reference(reference) else ""


def is_reference(text: str) -> bool:
    """Tell whether a text names a child."""
    return any("1" <= letter <= "9" for letter in text) or bool(read_names(text.strip("0")))


def own_id(statement: Statement) -> str:
    """Give the organisation's own name for the child: its id, or else all that it says of it.

    Same id, same child (contract, section 1). Where an organisation gives none, reports of it that
    say the same full name, birthday, and home or number are one child's: else a child who has been
    missing a hundred times would be a hundred to compare. Blank where there is neither.
    """
    if reference := own_reference(statement):
        return f"id {reference}"
    identity = identity_of(statement)
    numbers = tuple(_number(statement, field) for field in IDENTIFIERS)
    if statement.withdrawn or not identity.is_full or not (identity.postcode or any(numbers)):
        return ""
    said = blake2b(f"{identity} {numbers}".encode(), digest_size=16)
    return f"says {said.hexdigest()}"


def subject_of(subject_id: int, statements: list[Statement], salt: bytes = b"") -> Subject:
    """Join one organisation's reports about its own child. Withdrawn reports say nothing."""
    first = min(statements, key=lambda statement: (statement.kind, statement.reference))
    telling = [statement for statement in statements if not statement.withdrawn]
    told = Counter(identity_of(statement) for statement in telling)
    often = sorted(told, key=lambda each: (-told[each], repr(each)))[:MOST_IDENTITIES]
    nhs_numbers, upns, home_office_references = (
        frozenset(number for each in telling if (number := _number(each, field)))
        for field in IDENTIFIERS
    )
    return Subject(
        subject_id=subject_id,
        key=(first.organisation, own_reference(first), f"{first.kind} {first.reference}"),
        own=own_id(first),
        reports=tuple(statement.report_id for statement in sorted(statements, key=_eloquence)),
        identities=tuple(sorted(often, key=repr)),
        nhs_numbers=nhs_numbers,
        upns=upns,
        home_office_references=home_office_references,
        missing_on=frozenset(began.day for each in telling if (began := each.moment("missing_at"))),
        salt=salt,
    )


def group_subjects(
    statements: Iterable[Statement],
    broken: Collection[tuple[str, str]] = (),
    salt: bytes = b"",
) -> dict[int, Subject]:
    """Group reports by their organisation's own id for the child.

    `broken` are the ids, each with its organisation, under which a person has found two children:
    such an id says nothing any more, and each of its reports stands alone.
    """
    groups: dict[tuple[str, str, int], list[Statement]] = defaultdict(list)
    for statement in statements:
        own = (statement.organisation, own_id(statement))
        alone = statement.report_id if not own[1] or own in broken else 0
        groups[*own, alone].append(statement)
    subjects = {}
    for members in groups.values():
        subject_id = min(statement.report_id for statement in members)
        subjects[subject_id] = subject_of(subject_id, members, salt)
    return subjects


def without(subject: Subject, silent: Collection[int]) -> Subject:
    """Leave out numbers whose `shared_keys` are in `silent`; of such postcodes keep districts."""
    if shared_keys(subject).isdisjoint(silent):
        return subject

    def kept(what: str, numbers: frozenset[str]) -> frozenset[str]:
        return frozenset(n for n in numbers if _shared_key(what, n, subject.salt) not in silent)

    def told(each: Identity) -> Identity:
        home = kept("postcode", frozenset({each.postcode}))
        return each if home else replace(each, postcode=district_of(each.postcode))

    return replace(
        subject,
        identities=tuple(map(told, subject.identities)),
        nhs_numbers=kept("nhs_number", subject.nhs_numbers),
        upns=kept("upn", subject.upns),
        home_office_references=kept("home_office_reference", subject.home_office_references),
    )


def blocking_keys(subject: Subject) -> frozenset[int]:
    """Give the stored keys under which the subject is nominated, each hashed to 64 bits.

    Two subjects that share one are compared. Day and month are put in order within the key, and a
    forename and a surname are not told apart, so that a swap of either still meets.
    """
    return _number_keys(subject).union(_hashed(k, subject.salt) for k in _child_keys(subject))


def shared_keys(subject: Subject) -> frozenset[int]:
    """Give the keys, all below 0, that tell how many share a number or a postcode."""
    postcodes = {identity.postcode for identity in subject.identities} - {""}
    homes = {_shared_key("postcode", each, subject.salt) for each in postcodes}
    return _number_keys(subject) | homes


def own_key(organisation: str, own: str, salt: bytes) -> int:
    """Give the key under which an organisation's own child is found; it nominates none."""
    return _hashed(("own", organisation, own), salt)


def stored_keys(subject: Subject) -> frozenset[int]:
    """Give every key under which a subject is stored: those that nominate, count, or find it."""
    own = {own_key(subject.organisation, subject.own, subject.salt)} if subject.own else set()
    return blocking_keys(subject) | shared_keys(subject) | own


def spelled_keys(subject: Subject) -> dict[int, tuple[str, ...]]:
    """Give what each key that nominates or counts was made of: its kind, then what is shared."""
    postcodes = [("postcode", each.postcode) for each in subject.identities if each.postcode]
    salt = subject.salt
    spelled = {_shared_key(*each, salt): each for each in (*_numbers(subject), *postcodes)}
    return {**spelled, **{_hashed(key, salt): key for key in _child_keys(subject)}}


def guesses(identities: Iterable[Identity]) -> list[tuple[date, set[str]]]:
    """Give the birthdays on 1 January, each with how the names beside it sound."""
    return [(each.born, _spoken(each)) for each in identities if is_first_of_year(each.born)]


def _child_keys(subject: Subject) -> set[tuple[str, ...]]:
    keys = {key for identity in subject.identities for key in _identity_keys(identity)}
    said = guesses(subject.identities)
    return keys | guessed_keys(subject.organisation, said, subject.missing_on)


def _number_keys(subject: Subject) -> frozenset[int]:
    return frozenset(_shared_key(*each, subject.salt) for each in _numbers(subject))


def _numbers(subject: Subject) -> list[tuple[str, str]]:
    numbers = (subject.nhs_numbers, subject.upns, subject.home_office_references)
    fields = zip(IDENTIFIERS, numbers, strict=True)
    return [(field, each) for field, known in fields for each in known]


def _identity_keys(identity: Identity) -> set[tuple[str, ...]]:
    spoken = _spoken(identity)
    whole = "".join(sorted(sounds(name) for name in (*identity.forename[:1], *identity.surname)))
    keys: set[tuple[str, ...]] = set()
    if identity.forename and identity.surname:
        keys.add((NAME, "".join(sorted((*identity.forename[:1], *identity.surname)))))
    if identity.born is not None:
        low, high = sorted((identity.born.day, identity.born.month))
        born = f"{identity.born.year}-{low}-{high}"
        keys |= {("born", born, name) for name in spoken}
        keys |= {("year", str(identity.born.year), whole)} if whole else set()
        if identity.postcode:
            keys.add(("place", identity.postcode, born))
    if identity.postcode:
        keys |= {("place", identity.postcode, name) for name in spoken}
    return keys


def _spoken(identity: Identity) -> set[str]:
    every = (identity.forename, identity.surname, *identity.known_as)
    return {sounds(name) for names in every for name in names}


def _eloquence(statement: Statement) -> tuple[bool, int]:
    """A going missing is what a person who judges wants to see, before a line of a list."""
    return (statement.kind is not Kind.MISSING, statement.report_id)


def _number(statement: Statement, field: str) -> str:
    number = statement.text(field)
    return number if is_number(number) else ""


def is_number(text: str) -> bool:
    """Tell an identifier from 9999999999 and "unknown", which are written where there is none."""
    return len(set(text)) > 1 and any(map(str.isdecimal, text))


def _shared_key(what: str, value: str, salt: bytes) -> int:
    return ~_hashed((what, value), salt)


def _hashed(key: tuple[str, ...], salt: bytes) -> int:
    """Hash to 63 bits, 0 or above; the last is 1 for a key of a name alone, which says less."""
    digest = blake2b("|".join(key).encode(), digest_size=8, key=salt).digest()
    return int.from_bytes(digest, "big") >> 2 << 1 | (key[0] == NAME)
