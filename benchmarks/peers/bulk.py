"""Two files in, links out: the register and Splink as whole processes, in turns, on the same."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environment import REGISTER, SPLINK, Ran, peers_python, run
from register.inspection.evaluation import Name

OURS, LEARNT = "register link", "register train, then link"
READY, TRAINED = "Splink, ready model", "Splink, training"


@dataclass(frozen=True, slots=True)
class Draw:
    """A population written as two files, and its truth; what is found lies beside them."""

    folder: Path

    @property
    def files(self) -> tuple[Path, Path]:
        """The two files to link: the police's and the authorities'."""
        return (self.folder / "police.csv", self.folder / "la.csv")

    @property
    def truth(self) -> Path:
        """The file that tells of whom each report speaks."""
        return self.folder / "truth.csv"

    def people(self) -> dict[Name, str]:
        """Give the person whom each report speaks of."""
        return {(r["organisation"], r["reference"]): r["person"] for r in _rows(self.truth)}


def save_model(draw: Draw, model: Path) -> None:
    """Let Splink learn a model from a draw that it won't be measured on."""
    run(peers_python(), SPLINK, *draw.files, "--save", model)


def time_links(draw: Draw, model: Path, repeats: int) -> dict[str, Ran]:
    """Link the draw `repeats` times by each way in turn; give each way's medians."""
    splink = (peers_python(), SPLINK, *draw.files, "--links")
    link = (REGISTER, "link", *draw.files, "--output")
    learnt = draw.folder / "learnt.toml"
    ways: dict[str, tuple[tuple[object, ...], ...]] = {
        OURS: ((*link, draw.folder / "ours"),),
        LEARNT: (
            (REGISTER, "train", *draw.files, "--output", learnt),
            (*link, draw.folder / "learnt", "--model", learnt),
        ),
        READY: ((*splink, draw.folder / "splink.csv", "--model", model),),
        TRAINED: ((*splink, draw.folder / "trained.csv"),),
    }
    taken: dict[str, list[Ran]] = {name: [] for name in ways}
    for _ in range(repeats):
        learnt.unlink(missing_ok=True)
        for name, commands in ways.items():
            taken[name].append(Ran.together([run(*command) for command in commands]))
    return {name: Ran.median(several) for name, several in taken.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """What a linker found: the child of each report, and the pairs it would ask a person about."""

    children: dict[Name, str]
    reviews: list[tuple[Name, Name]]


def found_by_us(draw: Draw) -> Found:
    """Read what `register link` wrote."""
    links, reviews = draw.folder / "ours/links.csv", draw.folder / "ours/reviews.csv"
    return Found(
        {(r["organisation"], r["reference"]): r["child"] for r in _rows(links)},
        [
            ((r["organisation_a"], r["reference_a"]), (r["organisation_b"], r["reference_b"]))
            for r in _rows(reviews)
        ],
    )


def found_by_splink(draw: Draw) -> Found:
    """Read the clusters that Splink made with the ready model; it asks nobody."""
    children: dict[Name, str] = {}
    for row in _rows(draw.folder / "splink.csv"):
        organisation, reference = row["unique_id"].split("/", 1)
        children[organisation, reference] = row["cluster_id"]
    return Found(children, [])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
