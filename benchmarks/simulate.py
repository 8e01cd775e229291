"""Write synthetic reports to measure on: pairs of extracts, twins, or a month of all sources.

For example: `python benchmarks/simulate.py pair /tmp/pair --size 100000 --seed 7`.
"""

import argparse
from pathlib import Path

from register.simulation.care_pairs import write_looked_after, write_unaccompanied
from register.simulation.month import write_month
from register.simulation.pairs import write_pair, write_twins

SIZES = {"pair": 4000, "twins": 160, "unaccompanied": 1000, "looked_after": 2000}
WRITERS = {
    "pair": write_pair,
    "unaccompanied": write_unaccompanied,
    "looked_after": write_looked_after,
}


def main() -> None:
    """Read the arguments, write, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=(*SIZES, "month"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, help="children a source, families of twins")
    parser.add_argument("--overlap", type=float, default=0.7, help="share known to both")
    parser.add_argument("--seed", type=int, default=903)
    chosen = parser.parse_args()
    size = chosen.size or SIZES.get(chosen.what, 0)
    paths: tuple[Path, ...]
    if chosen.what in WRITERS:
        paths = WRITERS[chosen.what](chosen.folder, size, chosen.seed, chosen.overlap)
    elif chosen.what == "twins":
        paths = write_twins(chosen.folder, size, chosen.seed)
    else:
        paths = tuple(file.path for file in write_month(chosen.folder, chosen.seed))
    for path in paths:
        print(path)


if __name__ == "__main__":
    main()
