"""How a name sounds: what slips of the ear leave alike, and what they must not make alike."""

import pytest

from register.linkage.names import fold, sounds


@pytest.mark.parametrize(
    "alike",
    [
        "Dawson Dahwson Dowson",
        "Mohammed Muhamad Mohamed Mohamad",
        "Hussain Husein Hussein Hossain",
        "Stephen Steven Stefan",
        "Phillip Filip",
        "Kowalski Kovalski",
        "MacKenzie McKenzie",
        "Jayden Jaden Jaydon",
        "Aisha Ayesha Aysha",
        "Aaliyah Aliya",
        "Qasim Kasim",
        "Leigh Lee",
        "Hughes Hughs",
        "Vaughan Vaughn",
        "Jane Jayne",
        "Ann Anne",
        "Wasim Vasim",
    ],
)
def test_sounds_alike(alike: str) -> None:
    assert len({sounds(fold(name)) for name in alike.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    [
        "Ali Eli",
        "Hassan Hussain",
        "Zara Sara",
        "Jayden Kayden",
        "Amin Amina",
        "Alfie Albie",
        "Ella Ellie",
        "Tia Tiana",
        "Evie Eva",
        "Harry Harvey",
        "Leo Leon",
        "Maya Mia",
        "Maria Marie",
        "Paul Paula",
    ],
)
def test_does_not_sound_alike(pair: str) -> None:
    a, b = (sounds(fold(name)) for name in pair.split())
    assert a != b
