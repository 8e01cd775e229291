"""Two files in, links out: the register and Splink as whole processes, in turns, on the same."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environment import REGISTER, SPLINK, Ran, peers_python, run
from register.inspection.evaluation import Name

OURS, READY, TRAINED = "register link", "Splink, ready model", "Splink, training"


@dataclass(frozen=True, slots=True)
class Draw:
    """A population written as two files, and its truth."""

    police: Path
    authority: Path
    truth: Path

    def people(self) -> dict[Name, str]:
        """Give the person whom each report speaks of."""
        return {(r["organisation"], r["reference"]): r["person"] for r in _rows(self.truth)}


def save_model(draw: Draw, model: Path) -> None:
    """Let Splink learn a model from a draw that it won't be measured on."""
    run(peers_python(), SPLINK, draw.police, draw.authority, "--save", model)


def time_links(draw: Draw, model: Path, folder: Path, repeats: int) -> dict[str, Ran]:
    """Link the draw `repeats` times by each way in turn; give each way's medians.

    What each found lies in `folder` afterwards.
    """
    splink = (peers_python(), SPLINK, draw.police, draw.authority, "--links")
    ways: dict[str, tuple[object, ...]] = {
        OURS: (REGISTER, "link", draw.police, draw.authority, "--output", folder / "ours"),
        READY: (*splink, folder / "splink.csv", "--model", model),
        TRAINED: (*splink, folder / "trained.csv"),
    }
    taken: dict[str, list[Ran]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, command in ways.items():
            taken[name].append(run(*command))
    return {name: Ran.median(several) for name, several in taken.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """What a linker found: the child of each report, and the pairs it would ask a person about."""

    children: dict[Name, str]
    reviews: list[tuple[Name, Name]]


def found_by_us(folder: Path) -> Found:
    """Read what `register link` wrote."""
    return Found(
        {(r["organisation"], r["reference"]): r["child"] for r in _rows(folder / "ours/links.csv")},
        [
            ((r["organisation_a"], r["reference_a"]), (r["organisation_b"], r["reference_b"]))
            for r in _rows(folder / "ours/reviews.csv")
        ],
    )


def found_by_splink(folder: Path) -> Found:
    """Read the clusters that Splink made with the ready model; it asks nobody."""
    children: dict[Name, str] = {}
    for row in _rows(folder / "splink.csv"):
        organisation, reference = row["unique_id"].split("/", 1)
        children[organisation, reference] = row["cluster_id"]
    return Found(children, [])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
