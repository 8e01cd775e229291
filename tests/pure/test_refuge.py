"""What marks a place as one where a child is kept safe from somebody."""

import pytest

from register.records.refuge import marks_refuge


@pytest.mark.parametrize(
    "text",
    [
        "Refuge",
        "a women's refuge in the north",
        "two refuges",
        "Women's Aid",
        "safe house",
        "safehouse",
        "safe_house",
        "refuge_placement",
        "placed under s.51",
        "Section 51",
        "s51 certificate",
        "sanctuary scheme",
    ],
)
def test_what_names_a_refuge_marks_one(text: str) -> None:
    assert marks_refuge(["", text])


@pytest.mark.parametrize(
    "text", ["", "refugee", "Refugees' hostel", "section 510", "51 High Street"]
)
def test_what_only_sounds_like_it_marks_none(text: str) -> None:
    assert not marks_refuge([text])
