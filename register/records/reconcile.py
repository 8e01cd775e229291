"""The register's view of a child: one value a field, who says so and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from register.records.agreement import agree, plain, precision_of, said
from register.records.spells import Episode, Spell
from register.reports import values
from register.reports.fields import BY_NAME, FIELDS, Field
from register.reports.statement import Statement, Value
from register.reports.values import read_moment
from register.terms import Precision, Sector

EPISODE_FIELDS: tuple[Field, ...] = tuple(
    BY_NAME[name]
    for name in (
        "category status missing_at reported_at found_at returned_at closed_at closed_reason "
        "missing_from last_seen_place last_seen_postcode found_how risk_level risk_flags "
        "next_review_at pnc_circulated_at ukmpu_notified_at prevention_interview_at "
        "return_interview_offered_at return_interview_outcome return_interview_reason "
        "return_interview_at host_informed_at clothing"
    ).split()
)
"""What is true of one going missing."""
_OWN_TO_A_REPORT = frozenset("organisation reference updated_at child_reference".split())
CHILD_FIELDS: tuple[Field, ...] = tuple(
    field for field in FIELDS if field not in EPISODE_FIELDS and field.name not in _OWN_TO_A_REPORT
)
"""What is true of the child, whichever going missing a report is about."""

_BEGINNING = frozenset(
    "missing_at reported_at missing_from last_seen_place last_seen_postcode".split()
)
_FINDING = frozenset("found_at found_how".split())
_STANDING = frozenset("status returned_at closed_at closed_reason".split())
_FINENESS = tuple(Precision)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says a value: one report of one organisation, and when it last changed it."""

    report_id: int
    organisation: str
    value: Value
    since: datetime


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One field of the register's view.

    `value` is None where the sources disagree and neither is the authority on it: *disputed* is
    then the value. `origins` holds every organisation's latest word, the believed ones first.
    """

    field: str
    value: Value | None
    disputed: bool
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The single record of a child: reconciled identity fields by name."""

    values: dict[str, Reconciled]

    def text(self, field: str) -> str:
        """Give the value as text: blank where not known or disputed."""
        found = self.values.get(field)
        if found is None or found.value is None:
            return ""
        return found.value if isinstance(found.value, str) else ";".join(found.value)


@dataclass(frozen=True, slots=True)
class _Word:
    """An organisation's latest word on a field."""

    statement: Statement
    value: Value
    since: datetime


def reconcile(statements: Iterable[Statement]) -> Record:
    """Weigh what every organisation says of the child; withdrawn reports say nothing."""
    rows = _by_organisation(each for each in statements if not each.withdrawn)
    weighed = (
        _weigh(field, [_latest_word(field.name, own) for own in rows])
        for field in _filled(CHILD_FIELDS, (each for own in rows for each in own))
    )
    return Record({each.field: each for each in weighed if each is not None})


def reconcile_episode(episode: Episode) -> dict[str, Reconciled]:
    """Weigh what every organisation says of one going missing; fields nobody fills are left out."""
    accounts: dict[str, list[Spell]] = {}
    for spell in sorted(episode.spells, key=lambda spell: (spell.is_open, spell.start.earliest)):
        accounts.setdefault(spell.organisation, []).append(spell)
    weighed = (
        _weigh(field, [_latest_word(field.name, _heard(field, own)) for own in accounts.values()])
        for field in _filled(EPISODE_FIELDS, episode.statements())
    )
    return {each.field: each for each in weighed if each is not None}


def _filled(fields: Sequence[Field], statements: Iterable[Statement]) -> list[Field]:
    """Give the fields of which any report says something: most are blank in most reports."""
    names = {name for statement in statements for name in statement.values}
    if "date_of_birth" in names:
        names.add("date_of_birth_precision")
    return [field for field in fields if field.name in names]


def _by_organisation(statements: Iterable[Statement]) -> list[list[Statement]]:
    """Give each organisation's reports, newest first."""
    rows: dict[str, list[Statement]] = {}
    for statement in sorted(statements, key=_age, reverse=True):
        rows.setdefault(statement.organisation, []).append(statement)
    return list(rows.values())


def _age(statement: Statement) -> tuple[datetime, datetime, str]:
    """Order reports by when the source last changed them, then by the time they are about."""
    about = statement.moment("missing_at") or statement.moment("looked_after_from")
    earliest = about.earliest if about else datetime.min.replace(tzinfo=UTC)
    return (statement.updated_at, earliest, statement.reference)


def _heard(field: Field, spells: Sequence[Spell]) -> Sequence[Statement]:
    """Give the reports of one organisation that tell a field of an episode, the first to be heard.

    The first spell tells how it began; the last (an open one before all) how it ended, so that
    a child who is missing again is not shown as found.
    """
    last = spells[-1]
    if field.name in _BEGINNING:
        return min(spells, key=lambda spell: spell.start.earliest).statements
    if field.name == "category":
        return [each for each in last.statements if each.text("category") == last.category]
    if field.name in _FINDING:
        return last.statements[::-1]
    if field.name in _STANDING:
        return (last.last,)
    rows = [statement for spell in spells for statement in spell.statements]
    return sorted(rows, key=_age, reverse=True)


def _latest_word(field: str, newest_first: Iterable[Statement]) -> _Word | None:
    """Find the latest word, and the earliest report of the unbroken run that said so."""
    word: _Word | None = None
    for statement in newest_first:
        value = said(statement, field)
        if not value:
            continue
        if word is not None and value != word.value:
            break
        first = word.statement if word else statement
        word = _Word(first, value, statement.updated_at)
    return word


def _weigh(field: Field, said: Iterable[_Word | None]) -> Reconciled | None:
    """Weigh the organisations' words; None where nobody says anything."""
    words = [word for word in said if word is not None]
    if not words:
        return None
    words.sort(key=lambda word: (_sector(word) is not field.believed, word.statement.organisation))
    believed = [word for word in words if _sector(word) is field.believed]
    value: Value | None = None
    if field.many:
        value = _union(words)
    elif field.name == "date_of_birth_precision":
        value = _finest(words)
    elif _all_agree(field, words) or (believed and _all_agree(field, believed)):
        value = max(believed or words, key=lambda word: _quality(field, word)).value
    origins = tuple(
        Origin(word.statement.report_id, word.statement.organisation, word.value, word.since)
        for word in words
    )
    return Reconciled(field.name, value, value is None, origins)


def _sector(word: _Word) -> Sector:
    return word.statement.sector


def _all_agree(field: Field, words: list[_Word]) -> bool:
    return all(
        agree(field.name, one.statement, other.statement) for one, other in combinations(words, 2)
    )


def _union(words: list[_Word]) -> list[str]:
    """Lists add up: another alias or another risk is no contradiction."""
    union = {plain(text): text for word in reversed(words) for text in word.value}
    return sorted(union.values())


def _finest(words: list[_Word]) -> str:
    """Say of the date of birth how the best of them knows it; one that disputes it comes first."""
    known = {precision_of(word.statement) for word in words}
    return Precision.DISPUTED if Precision.DISPUTED in known else min(known, key=_FINENESS.index)


def _quality(field: Field, word: _Word) -> tuple[int, datetime, str]:
    """Rank words that agree: the one that tells more, then the newer."""
    value, tells = word.value, 0
    if field.name == "date_of_birth":
        tells = -_FINENESS.index(precision_of(word.statement))
    elif field.parse is values.moment and isinstance(value, str):
        tells = 0 if read_moment(value).day_only else 1
    elif isinstance(value, str):
        tells = 0 if value.isupper() else 1  # capitals have lost what names are written with
    return (tells, word.statement.updated_at, word.statement.organisation)
