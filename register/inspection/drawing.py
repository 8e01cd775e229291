"""The draw of a sample, so plain that a third person can do it again. Pure.

Of each child the SHA-256 of `seed:stratum:number` is taken, the number as pages write it. Those
with the smallest digests are drawn. The same seed draws the same children from the same list, in
whatever order it comes, and one child more in it moves nobody else.
"""

import hashlib
from collections.abc import Iterable


def lot(seed: str, stratum: str, number: str) -> str:
    """Give the lot of one child in hexadecimal figures."""
    return hashlib.sha256(f"{seed}:{stratum}:{number}".encode()).hexdigest()


def draw(seed: str, stratum: str, numbers: Iterable[str], count: int) -> list[str]:
    """Give the numbers with the smallest lots, smallest first."""
    lots = sorted((lot(seed, stratum, number), number) for number in set(numbers))
    return [number for _, number in lots[:count]]
