"""How children are called: a background, a surname that a household shares, forenames."""

import unicodedata
from random import Random

from register.simulation.chances import Weighted, happens, ranked
from register.simulation.forenames import BOYS, GIRLS
from register.simulation.surnames import PARTS, SURNAMES

BACKGROUNDS: Weighted[str] = Weighted(
    {
        "english": 50, "irish": 4, "welsh": 4, "pakistani": 9, "bangladeshi": 3, "indian": 5,
        "arabic": 3, "west_african": 6, "east_african": 3, "polish": 4, "romanian": 3.5,
        "turkish": 1.5, "albanian": 1, "vietnamese": 0.5, "kurdish": 1, "afghan": 1.5,
    }
)  # fmt: skip

# Where unaccompanied children come from, as general knowledge has it.
UNACCOMPANIED_BACKGROUNDS: Weighted[str] = Weighted(
    {"afghan": 30, "kurdish": 18, "east_african": 26, "albanian": 10, "vietnamese": 8, "arabic": 8}
)

# Ethnicity codes of the SSDA903 (domain.md 2.1) that a background is most often given.
ETHNICITIES: dict[str, tuple[str, ...]] = {
    "english": ("WBRI", "WBRI", "WBRI", "WBRI", "MWBC", "BCRB", "MOTH"),
    "irish": ("WIRI", "WIRT", "WBRI"), "welsh": ("WBRI",), "pakistani": ("APKN", "MWAS"),
    "bangladeshi": ("ABAN",), "indian": ("AIND", "MWAS"), "arabic": ("OOTH",),
    "west_african": ("BAFR", "MWBA"), "east_african": ("BAFR",), "polish": ("WOTH",),
    "romanian": ("WOTH", "WROM"), "turkish": ("WOTH", "OOTH"), "albanian": ("WOTH",),
    "vietnamese": ("AOTH",), "kurdish": ("OOTH",), "afghan": ("AOTH", "OOTH"),
}  # fmt: skip

# What twins are called when their parents liked the sound: one slip of the pen apart.
NEAR_TWINS: dict[str, tuple[tuple[str, str], ...]] = {
    "female": (
        ("Zara", "Sara"), ("Mia", "Mya"), ("Ella", "Elsa"), ("Ellie", "Millie"), ("Ava", "Eva"),
        ("Amina", "Amira"), ("Lily", "Milly"), ("Maya", "Kaya"), ("Leah", "Leila"),
        ("Hana", "Hanan"), ("Alisha", "Alesha"), ("Maja", "Kaja"), ("Tia", "Mia"),
    ),
    "male": (
        ("Jayden", "Kayden"), ("Alfie", "Albie"), ("Hassan", "Hussain"), ("Harry", "Harvey"),
        ("Ayaan", "Rayyan"), ("Jake", "Jack"), ("Finley", "Findlay"), ("Karim", "Kareem"),
        ("Dylan", "Rylan"), ("Ronnie", "Donnie"), ("Adam", "Adnan"), ("Noah", "Joah"),
        ("Taylan", "Baylan"),
    ),
}  # fmt: skip

SECOND_FORENAMES = {
    "female": ("Mae", "Rose", "Grace", "May", "Leigh", "Lou", "Rae", "Ann", "Marie", "Jo"),
    "male": ("James", "Lee", "Jay", "Ray", "John", "Junior", "Joe", "Dean"),
}
UNACCENTED = str.maketrans("łŁıİşŞğĞđĐøØ", "lLiIsSgGdDoO")
SEXES = ("female", "male")
SHARE_OF_MADE_SURNAMES = 0.5
SHARE_OF_DOUBLE_FORENAMES = 0.07
SHARE_WITH_MIDDLE_NAME = 0.45


def _split(names: str) -> list[str]:
    return [name.replace("_", " ") for name in names.split()]


_FORENAMES: dict[tuple[str, str], Weighted[str]] = {
    (sex, background): ranked(_split(names), flatness=25)
    for sex, lists in (("female", GIRLS), ("male", BOYS))
    for background, names in lists.items()
}
_SURNAMES = {
    background: ranked(_split(names), flatness=12) for background, names in SURNAMES.items()
}
_PARTS = {background: (a.split(), b.split()) for background, (a, b) in PARTS.items()}


def surname(rng: Random, background: str) -> str:
    """Draw a household's surname: one of the common ones, or a rare one made of parts."""
    if background in _PARTS and happens(rng, SHARE_OF_MADE_SURNAMES):
        firsts, lasts = _PARTS[background]
        return rng.choice(firsts) + rng.choice(lasts)
    drawn = _SURNAMES[background].draw(rng)
    if background == "english" and happens(rng, 0.05):
        return f"{drawn}-{_SURNAMES[background].draw(rng)}"
    return drawn


def borne_by(family_name: str, background: str, sex: str) -> str:
    """Return the surname as this child bears it: Polish adjectives follow the child's sex."""
    if background == "polish" and sex == "female" and family_name.endswith(("ski", "cki")):
        return family_name[:-1] + "a"
    return family_name


def forename(rng: Random, background: str, sex: str) -> str:
    """Draw a child's forename."""
    drawn = _FORENAMES[sex, background].draw(rng)
    if background == "english" and "-" not in drawn and happens(rng, SHARE_OF_DOUBLE_FORENAMES):
        return f"{drawn}-{rng.choice(SECOND_FORENAMES[sex])}"
    return drawn


def middle_names(rng: Random, background: str, sex: str) -> str:
    """Draw the names between forename and surname; blank for more than half."""
    return forename(rng, background, sex) if happens(rng, SHARE_WITH_MIDDLE_NAME) else ""


def without_accents(name: str) -> str:
    """Write a name as a system of plain letters keeps it: Łukasz is Lukasz."""
    decomposed = unicodedata.normalize("NFKD", name.translate(UNACCENTED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
