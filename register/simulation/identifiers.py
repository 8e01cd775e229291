"""Numbers that name a child, each with its check; none of them was ever given to anybody.

NHS numbers begin with 9, a range that is never issued (domain.md 3.1).
"""

from datetime import date
from random import Random

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
SCHOOL_AGE = 4


def nhs_check_digit(nine: str) -> int:
    """Return the tenth digit of an NHS number; 10 where the nine make no number."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    check = 11 - total % 11
    return 0 if check == 11 else check  # noqa: PLR2004 - the modulus of the check itself


def upn_check_letter(twelve: str) -> str:
    """Return the first letter of a UPN, from the twelve characters after it."""
    values = [UPN_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in twelve]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23]


class Issuer:
    """Gives every child numbers that no other child has."""

    def __init__(self, rng: Random) -> None:
        """Draw from `rng`; what was issued is remembered here."""
        self._rng = rng
        self._issued: set[str] = set()

    def nhs_number(self) -> str:
        """Issue a valid NHS number of the range that begins with 9."""
        while True:
            nine = f"9{self._rng.randrange(10**8):08d}"
            check = nhs_check_digit(nine)
            if check < 10 and nine not in self._issued:  # noqa: PLR2004 - a check of 10 is no number
                self._issued.add(nine)
                return f"{nine}{check}"

    def upn(self, authority: str, born: date) -> str:
        """Issue a valid UPN of a school of this authority (its three-digit code)."""
        year = (born.year + SCHOOL_AGE) % 100
        while True:
            school = self._rng.randrange(2000, 7000)
            twelve = f"{authority}{school}{year:02d}{self._rng.randrange(1000):03d}"
            if twelve not in self._issued:
                self._issued.add(twelve)
                return upn_check_letter(twelve) + twelve

    def home_office_reference(self) -> str:
        """Issue a Home Office reference: a letter and seven digits."""
        while True:
            reference = f"{self._rng.choice('ABCM')}{self._rng.randrange(10**7):07d}"
            if reference not in self._issued:
                self._issued.add(reference)
                return reference


def postcode(rng: Random, district: str) -> str:
    """Draw a postcode in this district (`LS7`), of the shape of a real one."""
    return f"{district} {rng.randrange(1, 10)}{''.join(rng.choices(POSTCODE_LETTERS, k=2))}"


def with_wrong_check(rng: Random, number: str) -> str:
    """Mistype one digit of the number, so that its check fails."""
    place = rng.randrange(2, len(number) - 1)
    digit = str((int(number[place]) + rng.randrange(1, 10)) % 10)
    mistyped = number[:place] + digit + number[place + 1 :]
    return with_wrong_check(rng, number) if passes(mistyped) else mistyped


def passes(number: str) -> bool:
    """Whether an NHS number or a UPN passes its check."""
    if number.isdigit():
        return nhs_check_digit(number[:9]) == int(number[9])
    return upn_check_letter(number[1:]) == number[0]
