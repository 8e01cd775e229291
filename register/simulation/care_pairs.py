"""Two extracts of children in care, and the truth: those whom a matcher most easily fails.

Unaccompanied children bear names that were written by ear, birthdays that somebody assumed and few
numbers, and many live at one address. Children in homes and foster placements move often, far from
where the force that knows them is. All else is as in `pairs`.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from register.simulation import names
from register.simulation.cases import BY_INTERPRETER
from register.simulation.chances import happens
from register.simulation.families import Ages, Child, Families
from register.simulation.pairs import AUTHORITY_SIDE, DAYS, FIRST, POLICE_SIDE, write_known
from register.simulation.places import AUTHORITIES, Authority

A_HOME = 12
"""Unaccompanied children at one address."""
A_CHILDRENS_HOME = 6
IN_CHILDRENS_HOMES = 0.4
FIRST_OF_JANUARY = 0.6
NO_NHS_NUMBER, NO_PUPIL_NUMBER = 0.85, 0.8
MOVES_OFTEN = replace(POLICE_SIDE.kept, moved=0.25)

Paths = tuple[Path, Path, Path]


def write_unaccompanied(folder: Path, children: int, seed: int, overlap: float = 0.7) -> Paths:
    """Write `police.csv`, `la.csv` and `truth.csv` of unaccompanied children; as `write_pair`."""
    rng = Random(seed)  # noqa: S311  # a simulation, no secret
    families = _families(rng)
    wanted = _wanted(children, overlap)
    homes = _homes(rng, wanted // A_HOME)
    alone = [_unaccompanied(rng, families, *rng.choice(homes)) for _ in range(wanted)]
    sources = (replace(POLICE_SIDE, kept=BY_INTERPRETER), AUTHORITY_SIDE)
    return write_known(folder, rng, _known(alone, children, overlap), sources)


def write_looked_after(folder: Path, children: int, seed: int, overlap: float = 0.7) -> Paths:
    """Write the same of other children who are looked after."""
    rng = Random(seed)  # noqa: S311  # a simulation, no secret
    families = _families(rng)
    wanted = _wanted(children, overlap)
    homes = _homes(rng, round(wanted * IN_CHILDRENS_HOMES) // A_CHILDRENS_HOME)
    population: list[Child] = []
    while len(population) < wanted:
        for child in families.household(rng.choice(AUTHORITIES)):
            if happens(rng, IN_CHILDRENS_HOMES):
                child.home, child.postcode = rng.choice(homes)
            else:
                child.postcode = child.home.postcode(rng)  # brothers and sisters are placed apart
            population.append(child)
    del population[wanted:]
    rng.shuffle(population)
    sources = (replace(POLICE_SIDE, kept=MOVES_OFTEN), AUTHORITY_SIDE)
    return write_known(folder, rng, _known(population, children, overlap), sources)


def _families(rng: Random) -> Families:
    return Families(rng, Ages(on=FIRST.date() + timedelta(days=DAYS)))


def _wanted(children: int, overlap: float) -> int:
    return 2 * children - round(children * overlap)


def _homes(rng: Random, number: int) -> list[tuple[Authority, str]]:
    authorities = [rng.choice(AUTHORITIES) for _ in range(max(number, 1))]
    return [(authority, authority.postcode(rng)) for authority in authorities]


def _known(
    population: list[Child], children: int, overlap: float
) -> list[tuple[Child, bool, bool]]:
    both = round(children * overlap)
    return [
        (child, place < children, place < both or place >= children)
        for place, child in enumerate(population)
    ]


def _unaccompanied(rng: Random, families: Families, home: Authority, postcode: str) -> Child:
    child = families.of_background(names.UNACCOMPANIED_BACKGROUNDS.draw(rng), home)
    year = FIRST.year - rng.choice((15, 16, 16, 17, 17))
    assumed = happens(rng, FIRST_OF_JANUARY)
    child.date_of_birth = date(year, 1, 1 if assumed else 15) + (
        timedelta() if assumed else timedelta(days=rng.randrange(330))
    )
    child.postcode = postcode
    if happens(rng, NO_NHS_NUMBER):
        child.nhs_number = ""
    if happens(rng, NO_PUPIL_NUMBER):
        child.upn = ""
    return child
