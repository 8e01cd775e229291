"""Register numbers: short, readable aloud, with a check character (C-0007K2-D is a child).

The alphabet leaves out I, L, O, U and S, which are taken for 1, 1, 0, V and 5. The 31 characters
that stay are a prime number of them: so a sum with weights, modulo 31, catches every single slip
and every swap of neighbours, because no product of two numbers below a prime is a multiple of it.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
KINDS = {"C": "child", "E": "episode"}
LENGTH = 6
"""Characters between the kind and the check; longer numbers need more, and may have them."""
LONGEST = 12
MOST_DIGITS = 10
"""The number of a row is shorter: databases refuse to look for one of so many."""
_TAKEN_FOR = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", "S": "5"})
_SPACING = " -\u2010\u2011\u2012\u2013\u2014\u00a0\t"


def child_number(child: int) -> str:
    """Write a child's id as its register number."""
    return _written("C", child)


def episode_number(episode: int) -> str:
    """Write the id of a going missing as its register number."""
    return _written("E", episode)


def read_number(text: str) -> tuple[str, int]:
    """Read a register number: "child" or "episode", and the id.

    Case, spaces and dashes do not matter, and the letters that are never used are read as what
    they are taken for. Raises ValueError with a sentence.
    """
    joined = "".join(character for character in text if character not in _SPACING).upper()
    joined = joined.translate(_TAKEN_FOR)
    if joined[:1] not in KINDS:
        raise ValueError("A register number begins with C for a child or E for a going missing.")
    if not LENGTH <= len(joined) - 2 <= LONGEST:
        raise ValueError(
            "A register number has six characters and a check character after its first letter, "
            "for example C-000001-V: look whether one was left out."
        )
    if any(character not in ALPHABET for character in joined):
        raise ValueError("A register number is made of figures and plain letters only.")
    if _weighted_sum(joined) != 0:
        raise ValueError(
            "This register number has a slip in it, for its last character does not fit: "
            "compare it with where you read it."
        )
    return KINDS[joined[0]], _value(joined[1:-1])


def read_row(text: str) -> int:
    """Read the number of a row that a form brings back; 0, which no row has, for what is none."""
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else 0


def _written(kind: str, number: int) -> str:
    if number < 0:
        raise ValueError("A register number is not negative.")
    body = ""
    while number:
        number, rest = divmod(number, len(ALPHABET))
        body = ALPHABET[rest] + body
    body = body.rjust(LENGTH, "0")
    check = ALPHABET[-_weighted_sum(f"{kind}{body}0") % len(ALPHABET)]
    return f"{kind}-{body}-{check}"


def _value(body: str) -> int:
    value = 0
    for character in body:
        value = value * len(ALPHABET) + ALPHABET.index(character)
    return value


def _weighted_sum(text: str) -> int:
    """Sum the characters, weights 1, 2, 3 from the right, modulo 31; the kind counts as well."""
    weighted = (
        weight * ALPHABET.index(character) for weight, character in enumerate(reversed(text), 1)
    )
    return sum(weighted) % len(ALPHABET)
