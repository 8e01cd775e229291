"""How like two names are, as tables of names that a practitioner can read."""

import pytest

from register.linkage.levels import Level
from register.linkage.likeness import compare_forenames, compare_surnames
from register.linkage.names import tokens


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Jayden", "JAYDEN", Level.EXACT),
        ("Zoë", "Zoe", Level.EXACT),
        ("Lily-Mae", "Lilymae", Level.EXACT),
        ("Abdul Rahman", "Abdulrahman", Level.EXACT),
        ("Mr Jack", "Jack", Level.EXACT),
        ("محمد", "محمد", Level.EXACT),
        # One of the two gives further names.
        ("Ava", "Ava Rose", Level.FIRST),
        ("Mohammed Hamza", "Hamza", Level.FIRST),
        ("Md Hamza", "Mohammed Hamza", Level.FIRST),
        # Another form of the name.
        ("Abigail", "Abi", Level.FAMILY),
        ("Katherine", "Kate", Level.FAMILY),
        ("Mohammed", "Muhammad", Level.FAMILY),
        ("Yusuf", "Yousef", Level.FAMILY),
        # One keystroke, and not two names that we know.
        ("Jayden", "Jaydne", Level.SLIP),
        ("Timothy", "Tjmohty", Level.SLIP),
        ("Ryan Lee", "Ryan Lnee", Level.SLIP),
        ("Hugo John", "Hugo Johhn", Level.SLIP),
        # The same first name, other further ones.
        ("Ava Rose", "Ava May", Level.FIRST_OTHER),
        ("Ryan Lee", "Ryan Leo", Level.FIRST_OTHER),
        ("Ryan Lee Jon", "Ryan Lnee", Level.FIRST_OTHER),
        ("Mohammed", "Mohammed Ali", Level.FIRST_OTHER),
        # Near, but parents give twins such names.
        ("Jayden", "Kayden", Level.ALIKE),
        ("Zara", "Sara", Level.ALIKE),
        ("Alfie", "Albie", Level.ALIKE),
        ("Taylan", "Baylan", Level.ALIKE),
        ("Fred", "Freddie", Level.ALIKE),
        ("Rose Ava", "Ava Rose", Level.ALIKE),
        ("Mia-Grace", "Grace", Level.ALIKE),
        # Other names: also of brothers who share the first.
        ("Emily", "Sophie", Level.DIFFERS),
        ("Hassan", "Hussain", Level.DIFFERS),
        ("Beth", "Libby", Level.DIFFERS),
        ("Li", "Lu", Level.DIFFERS),
        ("Mohammed Ali", "Mohammed Yusuf", Level.DIFFERS),
        ("J", "Mary", Level.DIFFERS),
        # Nothing can be said.
        ("J", "Jack", Level.UNKNOWN),
        ("J", "J", Level.UNKNOWN),
        ("", "Jack", Level.UNKNOWN),
        ("Baby", "Jack", Level.UNKNOWN),
        ("Unknown", "Unknown", Level.UNKNOWN),
        ("محمد", "Mohammed", Level.UNKNOWN),
    ],
)
def test_forenames(one: str, other: str, level: Level) -> None:
    for a, b in ((one, other), (other, one)):
        assert compare_forenames(tokens(a), tokens(b)).level is level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Smith", "SMITH", Level.EXACT),
        ("O'Neill", "O Neill", Level.EXACT),
        ("Nguyễn", "Nguyen", Level.EXACT),
        ("Smith-Jones", "Jones Smith", Level.EXACT),
        ("Smith-Jones", "Smith", Level.PART),
        ("Kaur Gill", "Gill", Level.PART),
        ("Smith", "Smyth", Level.ALIKE),
        ("Hussain", "Hussein", Level.ALIKE),
        ("Kowalski", "Kowalska", Level.ALIKE),
        ("McDonald", "MacDonald", Level.ALIKE),
        ("Al-Hassan", "Hassan", Level.ALIKE),
        ("Robertson", "Roberson", Level.ALIKE),
        ("Yousaf", "Yousafzai", Level.ALIKE),
        ("Begum", "Khan", Level.DIFFERS),
        ("Wood", "Aldwood", Level.DIFFERS),
        ("Bickley", "Kirkley", Level.DIFFERS),
        ("Li", "Lu", Level.DIFFERS),
        ("", "Smith", Level.UNKNOWN),
        # What is left of a name cut in two, and an initial; but whole names as short as these.
        ("Al", "Al-Nouri", Level.UNKNOWN),
        ("Bin", "Nouri", Level.UNKNOWN),
        ("Al", "Al", Level.UNKNOWN),
        ("A", "Al-Amin", Level.UNKNOWN),
        ("K", "K", Level.UNKNOWN),
        ("K", "Al-Amin", Level.DIFFERS),
        ("Le", "Le", Level.EXACT),
        ("Le", "Al-Nouri", Level.DIFFERS),
        ("Ибрагимов", "Ibragimov", Level.UNKNOWN),
    ],
)
def test_surnames(one: str, other: str, level: Level) -> None:
    for a, b in ((one, other), (other, one)):
        assert compare_surnames(tokens(a), tokens(b)).level is level
