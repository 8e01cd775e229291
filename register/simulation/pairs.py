"""Two extracts of one population, and the truth: what linking is measured on.

A part of the children is known to both sources, the rest to one of them; some report again under
the organisation's own id, and a source may know of another going missing than the other does.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from register.simulation.chances import Weighted, happens
from register.simulation.families import Ages, Child, Families
from register.simulation.places import AUTHORITIES, FORCES
from register.simulation.recorded import AUTHORITY, POLICE, Carefulness, record

COLUMNS = (
    "organisation", "reference", "updated_at", "child_reference", "forename", "surname",
    "date_of_birth", "sex", "nhs_number", "upn", "home_postcode", "care_status",
    "responsible_authority", "category", "status", "missing_at", "reported_at", "found_at",
    "risk_level",
)  # fmt: skip

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 200
APART = 5  # days at least between two times missing
TIMES_MISSING: Weighted[int] = Weighted({1: 91, 2: 4, 3: 5})
HOURS_MISSING: Weighted[float] = Weighted({5.0: 45, 14.0: 34, 30.0: 14, 48.0: 7})
REPORTED_AFTER = timedelta(hours=2)
SAME_FORCE = 0.85
ANOTHER_GOING_MISSING = 0.3
STILL_MISSING = 0.024
OWN_ID = 0.85
# Twins' files carry no identifiers and few faults: names alone must do.
CAREFUL = Carefulness(
    nhs_number_known=0, upn_known=0, birth_date_blank=0, birth_date_slip=0, sex_wrong=0,
    sex_blank=0, postcode_blank=0, postcode_slip=0, moved=0, names_swapped=0, nickname=0,
    transliterated=0, forename_blank=0.03, surname_blank=0, middle_name_added=0,
)  # fmt: skip
NEAR_TWINS = 0.6

Row = dict[str, str]
Spell = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Source:
    """One side of the pair: who sends it, how careful it is, how it writes times."""

    prefix: str
    kept: Carefulness
    police: bool


POLICE_SIDE = Source("P", POLICE, police=True)
AUTHORITY_SIDE = Source("L", AUTHORITY, police=False)


def write_pair(
    folder: Path, children: int, seed: int, overlap: float = 0.7
) -> tuple[Path, Path, Path]:
    """Write `police.csv`, `la.csv` and `truth.csv` into the folder and return their paths.

    Each source knows `children` children, a share of them (`overlap`, 0 to 1) known to both.
    The same arguments give the same bytes.
    """
    rng = Random(seed)  # noqa: S311 - a simulation, no secret
    both = round(children * overlap)
    families = Families(rng, Ages(on=FIRST.date() + timedelta(days=DAYS)))
    population: list[Child] = []
    while len(population) < 2 * children - both:
        population.extend(families.household(rng.choice(AUTHORITIES)))
    del population[2 * children - both :]
    rng.shuffle(population)
    known = [(child, place < children, place < both or place >= children)
             for place, child in enumerate(population)]  # fmt: skip
    return write_known(folder, rng, known, (POLICE_SIDE, AUTHORITY_SIDE))


def write_twins(folder: Path, families: int, seed: int) -> tuple[Path, Path, Path]:
    """Write the three files for households of twins alone; some twins are orphans.

    An orphan twin is known to one source while only the other twin is known to the other.
    """
    rng = Random(seed)  # noqa: S311 - a simulation, no secret
    drawn = Families(rng, Ages(on=FIRST.date() + timedelta(days=DAYS)))
    known: list[tuple[Child, bool, bool]] = []
    for _ in range(families):
        pair = drawn.twins(rng.choice(AUTHORITIES), near=happens(rng, NEAR_TWINS))
        if happens(rng, 0.2):
            known += [(pair[0], True, False), (pair[1], False, True)]
        else:
            known += [(twin, happens(rng, 0.75), happens(rng, 0.9)) for twin in pair]
    sources = (Source("P", CAREFUL, police=True), Source("L", CAREFUL, police=False))
    return write_known(folder, rng, known, sources)


def write_known(
    folder: Path,
    rng: Random,
    known: Iterable[tuple[Child, bool, bool]],
    sources: tuple[Source, Source],
) -> tuple[Path, Path, Path]:
    """Write what the two sources tell of children, each known to the one, to the other, or both."""
    rows: tuple[list[Row], list[Row]] = ([], [])
    persons: tuple[list[str], list[str]] = ([], [])
    for child, *to_whom in known:
        spells = list(_spells(rng, TIMES_MISSING.draw(rng)))
        for side, source in enumerate(sources):
            if not to_whom[side]:
                continue
            theirs = spells
            if side and happens(rng, ANOTHER_GOING_MISSING):
                theirs = list(_spells(rng, TIMES_MISSING.draw(rng)))
            made = _reports(rng, child, source, theirs)
            rows[side].extend(made)
            persons[side].extend([child.person] * len(made))
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / "police.csv", folder / "la.csv", folder / "truth.csv")
    truth: list[Row] = []
    for side, source in enumerate(sources):
        _number_and_shuffle(rng, rows[side], persons[side], source.prefix)
        _save(paths[side], COLUMNS, rows[side])
        truth.extend(
            {"organisation": row["organisation"], "reference": row["reference"], "person": person}
            for row, person in zip(rows[side], persons[side], strict=True)
        )
    _save(paths[2], ("organisation", "reference", "person"), truth)
    return paths


def _number_and_shuffle(rng: Random, rows: list[Row], persons: list[str], prefix: str) -> None:
    together = list(zip(rows, persons, strict=True))
    rng.shuffle(together)
    for number, (row, _) in enumerate(together, start=1):
        row["reference"] = f"{prefix}{number}"
    rows[:] = [row for row, _ in together]
    persons[:] = [person for _, person in together]


def _spells(rng: Random, times: int) -> Iterator[Spell]:
    """When one child was missing, in order, each time well apart from the next."""
    first = rng.randrange(APART)
    days = sorted(rng.sample(range(first, DAYS, APART), times))
    for place, day in enumerate(days):
        start = FIRST + timedelta(days=day, minutes=rng.randrange(24 * 60))
        if place == times - 1 and happens(rng, STILL_MISSING):
            yield start, None
        else:
            yield start, start + timedelta(hours=HOURS_MISSING.draw(rng) * rng.uniform(0.3, 1.6))


def _reports(rng: Random, child: Child, source: Source, spells: list[Spell]) -> list[Row]:
    on_file = record(rng, child, source.kept)
    force = child.home.force if happens(rng, SAME_FORCE) else rng.choice(FORCES)
    fields = on_file.fields()
    identity = {name: str(value) for name, value in fields.items() if name in COLUMNS}
    if len(spells) > 1 and happens(rng, OWN_ID):
        identity["child_reference"] = f"{'p' if source.police else 'la'}-{child.person}"
    rows = []
    for start, end in spells:
        row = dict.fromkeys(COLUMNS, "") | identity
        row["organisation"] = force if source.police else child.home.code
        row["category"], row["status"] = "missing", "closed" if end else "open"
        if source.police:
            row |= _police_times(start, end)
            row["risk_level"] = rng.choice(("low", "medium", "high"))
        else:
            row |= _authority_days(start, end)
            row |= {"care_status": "looked_after", "responsible_authority": child.home.code}
        rows.append(row)
    return rows


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _police_times(start: datetime, end: datetime | None) -> Row:
    reported = start + REPORTED_AFTER
    return {
        "missing_at": _stamp(start),
        "reported_at": _stamp(reported),
        "found_at": _stamp(end) if end else "",
        "updated_at": _stamp(end or reported),
    }


def _authority_days(start: datetime, end: datetime | None) -> Row:
    day: date = start.date()
    return {
        "missing_at": day.isoformat(),
        "found_at": end.date().isoformat() if end else "",
        "updated_at": _stamp(end or start + REPORTED_AFTER),
    }


def _save(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
