"""How good the linking is, on simulated populations that nobody has tuned it on.

`python -m benchmarks.linking`: pairs of extracts, of all children, of unaccompanied and of other
looked-after ones, and twins, each of new seeds, linked by `register link` and held against the
truth. Twins of whom each is known to one side only (orphans) are counted apart: no rule on names
can tell them apart.
"""

import argparse
import csv
import io
import random
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from register.cli.program import program
from register.inspection.evaluation import Evaluation, Name, evaluate
from register.simulation.care_pairs import write_looked_after, write_unaccompanied
from register.simulation.pairs import write_pair, write_twins

WRITERS: dict[str, Callable[[Path, int, int], tuple[Path, Path, Path]]] = {
    "pair": write_pair,
    "twins": write_twins,
    "unaccompanied": write_unaccompanied,
    "looked after": write_looked_after,
}


def main() -> None:
    """Link, hold against the truth, and print."""
    parser = argparse.ArgumentParser(description="The quality of linking.")
    parser.add_argument("--children", type=int, default=2000, help="a source, in the pairs")
    parser.add_argument("--families", type=int, default=160, help="of twins")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, help="the first; without it a new one")
    chosen = parser.parse_args()
    first = random.SystemRandom().randrange(10**6) if chosen.seed is None else chosen.seed
    print(
        "population       seed    reports  precision  recall  with review  wrong  orphans   queue"
    )
    for seed in range(first, first + chosen.rounds):
        for what, writer in WRITERS.items():
            with tempfile.TemporaryDirectory() as name:
                size = chosen.families if what == "twins" else chosen.children
                tell(what, seed, *linked(writer(Path(name), size, seed)))


def linked(files: tuple[Path, Path, Path]) -> tuple[int, Evaluation]:
    """Link two files; give how many reports they hold, and what came of it."""
    police, authority, truth = files
    output = truth.parent / "links"
    command = ["link", str(police), str(authority), "--output", str(output)]
    with redirect_stdout(io.StringIO()):
        program(command, prog_name="register", standalone_mode=False)
    people = {name_of(row): row["person"] for row in rows(truth)}
    children = {name_of(row): row["child"] for row in rows(output / "links.csv")}
    reviews = [(name_of(row, "_a"), name_of(row, "_b")) for row in rows(output / "reviews.csv")]
    return len(people), evaluate(people, children, reviews)


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name_of(row: dict[str, str], side: str = "") -> Name:
    """Give the name of the report that a row is about."""
    return (row[f"organisation{side}"], row[f"reference{side}"])


def tell(what: str, seed: int, reports: int, found: Evaluation) -> None:
    """Print one line of figures, of pairs across the two sides and within one together."""
    all_pairs = found.overall
    print(
        f"{what:<13}{seed:>8}{reports:>10}{all_pairs.precision:>11.4f}{all_pairs.recall:>8.4f}"
        f"{all_pairs.recall_with_review:>13.4f}{len(found.wrong) - found.orphans:>7}"
        f"{found.orphans:>9}{found.queue:>8}",
        flush=True,
    )


if __name__ == "__main__":
    main()
