"""What an organisation has on file about a child: blanks, slips, nicknames, an old address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from register.simulation import slips
from register.simulation.chances import happens
from register.simulation.families import Child
from register.simulation.names import without_accents


@dataclass(frozen=True, slots=True)
class Carefulness:
    """How carefully an organisation writes: the share of its records with each fault."""

    nhs_number_known: float = 0.2
    upn_known: float = 0.3
    forename_slip: float = 0.05
    surname_slip: float = 0.06
    names_swapped: float = 0.015
    nickname: float = 0.05
    transliterated: float = 0.1
    accents_dropped: float = 0.5
    forename_blank: float = 0.004
    surname_blank: float = 0.002
    other_surname: float = 0.01
    middle_name_added: float = 0.04
    birth_date_blank: float = 0.02
    birth_date_slip: float = 0.03
    sex_blank: float = 0.02
    sex_wrong: float = 0.004
    postcode_blank: float = 0.08
    postcode_slip: float = 0.05
    moved: float = 0.07
    number_slip: float = 0.03


POLICE = Carefulness(
    birth_date_blank=0.04, birth_date_slip=0.04, postcode_blank=0.15, forename_slip=0.07
)
AUTHORITY = Carefulness(birth_date_blank=0.003, birth_date_slip=0.015, postcode_blank=0.02)


@dataclass(slots=True)
class Recorded:
    """A child as one organisation has them on file; blank and None mean not known."""

    forename: str
    middle_names: str
    surname: str
    date_of_birth: date | None
    sex: str
    nhs_number: str
    upn: str
    postcode: str
    known_as: str = ""

    def fields(self) -> Mapping[str, str | date]:
        """Return the same under the names of contract 1."""
        return {
            "forename": self.forename,
            "middle_names": self.middle_names,
            "surname": self.surname,
            "known_as": self.known_as,
            "date_of_birth": self.date_of_birth or "",
            "sex": self.sex,
            "nhs_number": self.nhs_number,
            "upn": self.upn,
            "home_postcode": self.postcode,
        }


def record(rng: Random, child: Child, kept: Carefulness) -> Recorded:
    """Return what an organisation that takes this care has on file about the child."""
    forename, surname = _names(rng, child, kept)
    known = Recorded(
        forename=forename,
        middle_names=child.middle_names,
        surname=surname,
        date_of_birth=_birth_date(rng, child, kept),
        sex=_sex(rng, child, kept),
        nhs_number=_number(rng, child.nhs_number, kept.nhs_number_known, kept),
        upn=_number(rng, child.upn, kept.upn_known, kept),
        postcode=_postcode(rng, child, kept),
    )
    if child.middle_names and happens(rng, kept.middle_name_added):
        known.forename, known.middle_names = f"{known.forename} {child.middle_names}", ""
    return known


def _names(rng: Random, child: Child, kept: Carefulness) -> tuple[str, str]:
    forename, surname = child.forename, child.surname
    if happens(rng, kept.accents_dropped):
        forename, surname = without_accents(forename), without_accents(surname)
    if happens(rng, kept.nickname):
        forename = slips.nickname(rng, forename)
    if happens(rng, kept.transliterated):
        forename, surname = slips.transliterated(rng, forename), slips.transliterated(rng, surname)
    if happens(rng, kept.forename_slip):
        forename = slips.typing_slip(rng, forename)
    if happens(rng, kept.surname_slip):
        surname = slips.typing_slip(rng, surname)
    if "-" in surname and happens(rng, kept.other_surname * 20):
        surname = surname.replace("-", " ") if happens(rng, 0.5) else surname.split("-")[0]
    if happens(rng, kept.names_swapped):
        forename, surname = surname, forename
    if happens(rng, kept.forename_blank):
        forename = ""
    elif happens(rng, kept.surname_blank):
        surname = ""
    return forename, surname


def _birth_date(rng: Random, child: Child, kept: Carefulness) -> date | None:
    if happens(rng, kept.birth_date_blank):
        return None
    if happens(rng, kept.birth_date_slip):
        return slips.mistaken_date(rng, child.date_of_birth)
    return child.date_of_birth


def _sex(rng: Random, child: Child, kept: Carefulness) -> str:
    if happens(rng, kept.sex_blank):
        return ""
    if happens(rng, kept.sex_wrong):
        return "male" if child.sex == "female" else "female"
    return child.sex


def _number(rng: Random, number: str, known: float, kept: Carefulness) -> str:
    if not number or not happens(rng, known):
        return ""
    return slips.mistaken_digits(rng, number) if happens(rng, kept.number_slip) else number


def _postcode(rng: Random, child: Child, kept: Carefulness) -> str:
    if happens(rng, kept.postcode_blank):
        return ""
    if happens(rng, kept.moved):
        return child.home.postcode(rng)
    if happens(rng, kept.postcode_slip):
        return slips.typing_slip(rng, child.postcode).upper()
    return child.postcode
