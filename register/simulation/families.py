"""Households and the children who live in them: siblings, twins, what they share."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from register.simulation import names
from register.simulation.chances import Weighted, happens
from register.simulation.identifiers import Issuer
from register.simulation.places import Authority

HOUSEHOLD_SIZES: Weighted[int] = Weighted({1: 50, 2: 30, 3: 14, 4: 6})
TWINS_AMONG_SIBLINGS = 0.045
NEAR_NAMES_AMONG_TWINS = 0.25
OTHER_SURNAME_AMONG_SIBLINGS = 0.06
MONTHS_BETWEEN_SIBLINGS = 11
DAYS_A_MONTH = 30.44
DAYS_A_YEAR = 365.25
FIRST_YEAR_AT_SCHOOL = 4


@dataclass(slots=True)
class Child:
    """A child as they truly are; what an organisation writes down may differ."""

    person: str
    household: int
    forename: str
    middle_names: str
    surname: str
    date_of_birth: date
    sex: str
    background: str
    ethnicity: str
    postcode: str
    nhs_number: str
    upn: str
    home: Authority
    twin: bool = False


@dataclass(frozen=True, slots=True)
class Ages:
    """Between which ages, in years on a day, the children of a draw are."""

    on: date
    youngest: float = 1.0
    oldest: float = 17.8
    common: float = 15.2


class Families:
    """Draws households; no two children have the same numbers."""

    def __init__(self, rng: Random, ages: Ages) -> None:
        """Draw from `rng`, children of these ages."""
        self._rng = rng
        self._ages = ages
        self._issuer = Issuer(rng)
        self._households = 0
        self._persons = 0

    @property
    def issuer(self) -> Issuer:
        """Where these children's numbers come from."""
        return self._issuer

    def household(self, home: Authority, size: int | None = None) -> list[Child]:
        """Draw the children of one household, the eldest first; twins side by side."""
        rng = self._rng
        self._households += 1
        background = names.BACKGROUNDS.draw(rng)
        family_name = names.surname(rng, background)
        address = home.postcode(rng)
        children: list[Child] = []
        for born, twin in self._births(size or HOUSEHOLD_SIZES.draw(rng)):
            surname = family_name
            if children and not twin and happens(rng, OTHER_SURNAME_AMONG_SIBLINGS):
                surname = names.surname(rng, background)
            child = self._child(background, surname, address, born, home)
            if twin:
                self._name_the_twin(children[-1], child)
            elif any(child.forename == other.forename for other in children):
                continue
            children.append(child)
        return children

    def twins(self, home: Authority, *, near: bool) -> list[Child]:
        """Draw a household of two twins, of forenames one slip apart or plainly different."""
        pair = self.household(home, size=1)
        eldest = pair[0]
        twin = self._child(
            eldest.background, eldest.surname, eldest.postcode, eldest.date_of_birth, home
        )
        self._name_the_twin(eldest, twin, near=near)
        return [eldest, twin]

    def of_background(self, background: str, home: Authority) -> Child:
        """Draw a child alone, of a given background."""
        self._households += 1
        name = names.surname(self._rng, background)
        return self._child(background, name, home.postcode(self._rng), self._birth(), home)

    def _birth(self) -> date:
        ages = self._ages
        age = self._rng.triangular(ages.youngest, ages.oldest, ages.common)
        return ages.on - timedelta(days=round(age * DAYS_A_YEAR))

    def _births(self, size: int) -> list[tuple[date, bool]]:
        births = [(self._birth(), False)]
        while len(births) < size:
            last = births[-1][0]
            if not births[-1][1] and happens(self._rng, TWINS_AMONG_SIBLINGS):
                births.append((last, True))
                continue
            months = MONTHS_BETWEEN_SIBLINGS + self._rng.expovariate(1 / 22)
            births.append((last + timedelta(days=round(months * DAYS_A_MONTH)), False))
        latest = self._ages.on - timedelta(days=round(self._ages.youngest * DAYS_A_YEAR))
        return [birth for birth in births if birth[0] <= latest]

    def _child(
        self, background: str, surname: str, address: str, born: date, home: Authority
    ) -> Child:
        rng = self._rng
        sex = rng.choice(names.SEXES)
        self._persons += 1
        return Child(
            person=str(self._persons),
            household=self._households,
            forename=names.forename(rng, background, sex),
            middle_names=names.middle_names(rng, background, sex),
            surname=names.borne_by(surname, background, sex),
            date_of_birth=born,
            sex=sex,
            background=background,
            ethnicity=rng.choice(names.ETHNICITIES[background]),
            postcode=address,
            nhs_number=self._issuer.nhs_number(),
            upn=self._issuer.upn(home.number, born) if self._at_school(born) else "",
            home=home,
        )

    def _at_school(self, born: date) -> bool:
        return (self._ages.on - born).days >= FIRST_YEAR_AT_SCHOOL * DAYS_A_YEAR

    def _name_the_twin(self, first: Child, second: Child, *, near: bool | None = None) -> None:
        rng = self._rng
        first.twin = second.twin = True
        second.ethnicity = first.ethnicity
        if near if near is not None else happens(rng, NEAR_NAMES_AMONG_TWINS):
            second.sex = first.sex
            first.forename, second.forename = rng.choice(names.NEAR_TWINS[first.sex])
            if happens(rng, 0.5):
                first.forename, second.forename = second.forename, first.forename
            return
        while second.forename == first.forename:
            second.forename = names.forename(rng, second.background, second.sex)
