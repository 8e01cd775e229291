"""Who a report speaks of, made ready to compare; and the subject: one organisation's own child."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from register.linkage.names import sounds, tokens
from register.reports.statement import Statement
from register.terms import Kind

Names = tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Subject:
    """One organisation's own child: its reports under one `child_reference`, or one lone report.

    `key` names it the same way whatever the order of arrival; the first of `reports` speaks for it
    where a person must judge.
    """

    subject_id: int
    key: tuple[str, str, str]
    reports: tuple[int, ...]
    identities: tuple[Identity, ...]
    nhs_numbers: frozenset[str]
    upns: frozenset[str]
    home_office_references: frozenset[str]

    @property
    def organisation(self) -> str:
        """The organisation whose child it is."""
        return self.key[0]

    @property
    def child_reference(self) -> str:
        """The organisation's own id for the child, blank where it gives none."""
        return self.key[1]

    @property
    def has_name(self) -> bool:
        """Tell whether any report gives any name or identifier to link by."""
        named = any(identity.forename or identity.surname for identity in self.identities)
        return bool(named or self.nhs_numbers or self.upns or self.home_office_references)


def identity_of(statement: Statement) -> Identity:
    """Read who one report speaks of."""
    sex = statement.text("sex")
    return Identity(
        forename=tokens(statement.text("forename")),
        surname=tokens(statement.text("surname")),
        known_as=tuple(tokens(name) for name in statement.texts("known_as")),
        born=statement.day("date_of_birth"),
        born_is_doubtful=statement.text("date_of_birth_precision") not in {"", "exact"},
        sex="" if sex == "unknown" else sex,
        postcode=statement.text("home_postcode"),
    )


def subject_of(subject_id: int, statements: list[Statement], *, lone: bool = False) -> Subject:
    """Join one organisation's reports about its own child. Withdrawn reports say nothing.

    `lone` is for a report that a person has parted from the others under its own id.
    """
    first = min(statements, key=lambda statement: (statement.kind, statement.reference))
    child_reference = "" if lone else first.text("child_reference")
    telling = [statement for statement in statements if not statement.withdrawn]
    identities = sorted({identity_of(statement) for statement in telling}, key=repr)
    return Subject(
        subject_id=subject_id,
        key=(
            first.organisation,
            child_reference,
            "" if child_reference else f"{first.kind} {first.reference}",
        ),
        reports=tuple(statement.report_id for statement in sorted(statements, key=_eloquence)),
        identities=tuple(identities),
        nhs_numbers=_texts(telling, "nhs_number"),
        upns=_texts(telling, "upn"),
        home_office_references=_texts(telling, "home_office_reference"),
    )


def group_subjects(
    statements: Iterable[Statement], broken: Collection[tuple[str, str]] = ()
) -> dict[int, Subject]:
    """Group reports by their organisation's own id: same id, same child (contract, section 1).

    `broken` are the ids, each with its organisation, under which a person has found two children:
    such an id says nothing any more, and each of its reports stands alone.
    """
    groups: dict[tuple[str, str, int], list[Statement]] = defaultdict(list)
    for statement in statements:
        own = (statement.organisation, statement.text("child_reference"))
        alone = statement.report_id if not own[1] or own in broken else 0
        groups[*own, alone].append(statement)
    subjects = {}
    for (organisation, reference, _), members in groups.items():
        subject_id = min(statement.report_id for statement in members)
        lone = (organisation, reference) in broken
        subjects[subject_id] = subject_of(subject_id, members, lone=lone)
    return subjects


def blocking_keys(subject: Subject) -> frozenset[int]:
    """Give the stored keys under which the subject is nominated, each hashed to 64 bits.

    Two subjects that share one are compared. Day and month are put in order within the key, and a
    forename and a surname are not told apart, so that a swap of either still meets.
    """
    keys: set[tuple[str, ...]] = {("nhs", number) for number in subject.nhs_numbers}
    keys |= {("upn", number) for number in subject.upns}
    keys |= {("home office", reference) for reference in subject.home_office_references}
    for identity in subject.identities:
        keys |= _identity_keys(identity)
    return frozenset(_hashed(key) for key in keys)


def own_key(organisation: str, child_reference: str) -> int:
    """Give the key under which an organisation's own id for a child is found; it nominates none."""
    return _hashed(("own", organisation, child_reference))


def _identity_keys(identity: Identity) -> set[tuple[str, ...]]:
    spoken = [sounds(name) for name in (*identity.forename, *identity.surname)]
    spoken += [sounds(name) for names in identity.known_as for name in names]
    whole = "".join(sorted(sounds(name) for name in (*identity.forename[:1], *identity.surname)))
    keys: set[tuple[str, ...]] = set()
    if identity.forename and identity.surname:
        keys.add(("name", "".join(sorted((*identity.forename[:1], *identity.surname)))))
    if identity.born is not None:
        low, high = sorted((identity.born.day, identity.born.month))
        born = f"{identity.born.year}-{low}-{high}"
        keys |= {("born", born, name) for name in spoken}
        keys.add(("year", str(identity.born.year), whole))
        if identity.postcode:
            keys.add(("place", identity.postcode, born))
    if identity.postcode:
        keys |= {("place", identity.postcode, name) for name in spoken}
    return keys


def _eloquence(statement: Statement) -> tuple[bool, int]:
    """A going missing is what a person who judges wants to see, before a line of a list."""
    return (statement.kind is not Kind.MISSING, statement.report_id)


def _texts(statements: list[Statement], field: str) -> frozenset[str]:
    return frozenset(text for statement in statements if (text := statement.text(field)))


def _hashed(key: tuple[str, ...]) -> int:
    digest = blake2b("|".join(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
