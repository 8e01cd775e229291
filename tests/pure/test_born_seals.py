"""What brings a report under a seal by its looks alone: each reason by itself, and short of it."""

from dataclasses import replace

import pytest

from register.linkage.compare import Comparison
from register.linkage.guards import Decision
from register.linkage.levels import Level, NamePair
from register.linkage.match import Judged
from register.linkage.sealing import may_lead_to
from tests.subjects import MODEL

APART = Comparison(
    forenames=NamePair(Level.DIFFERS),
    surnames=NamePair(Level.DIFFERS),
    names_swapped=False,
    date_of_birth=Level.DIFFERS,
    sex=Level.DIFFERS,
    postcode=Level.DIFFERS,
    organisations=Level.DIFFERS,
    going_missing=Level.DIFFERS,
    nhs_number=Level.DIFFERS,
    upn=Level.DIFFERS,
    home_office_reference=Level.UNKNOWN,
)
"""Two who have nothing in common."""
UNLIKE = Judged(-20.0, 0.0, Decision.NOTHING, (), "", 0.0, 0.0)


def leads(**alike: object) -> bool:
    return may_lead_to(replace(APART, **alike), UNLIKE, MODEL)  # type: ignore[arg-type]  # parts of it


CALLED = {"forenames": NamePair(Level.ALIKE)}
BORN = {"date_of_birth": Level.SLIP}
TWIN = {"postcode": Level.EXACT, "date_of_birth": Level.EXACT}


@pytest.mark.parametrize(
    "alike",
    [
        {"nhs_number": Level.AGREES},
        {"upn": Level.AGREES},
        {"home_office_reference": Level.AGREES},
        *(
            {**BORN, "forenames": NamePair(level)}
            for level in (
                *(Level.EXACT, Level.FIRST, Level.FIRST_OTHER),
                *(Level.FAMILY, Level.SLIP, Level.ALIKE),
            )
        ),
        *(
            {**CALLED, "date_of_birth": level}
            for level in (Level.EXACT, Level.EXACT_DEFAULT, Level.SWAPPED, Level.SLIP)
        ),
        {"names_swapped": True, **BORN},
        TWIN,
        {**TWIN, "postcode": Level.SLIP},
    ],
    ids=str,
)
def test_one_reason_is_enough(alike: dict[str, object]) -> None:
    assert leads(**alike)


@pytest.mark.parametrize(
    "alike",
    [
        {},
        CALLED,
        BORN,
        {"names_swapped": True},
        {**BORN, "surnames": NamePair(Level.EXACT)},
        *({**CALLED, "date_of_birth": level} for level in (Level.ONE_PART, Level.DEFAULT)),
        *({**BORN, "forenames": NamePair(level)} for level in (Level.UNKNOWN, Level.DIFFERS)),
        {"postcode": Level.EXACT},
        {"postcode": Level.EXACT, **BORN},
        {"postcode": Level.DISTRICT, "date_of_birth": Level.EXACT},
    ],
    ids=str,
)
def test_what_many_children_share_is_not(alike: dict[str, object]) -> None:
    assert not leads(**alike)


def test_what_a_person_would_be_asked_about_leads_there_whatever_holds_a_link_back() -> None:
    at_review = replace(UNLIKE, probability=MODEL.review)
    assert may_lead_to(APART, at_review, MODEL)
    assert not may_lead_to(APART, replace(UNLIKE, probability=MODEL.review - 1e-9), MODEL)
    for decision in set(Decision) - {Decision.NOTHING}:
        assert may_lead_to(APART, replace(UNLIKE, decision=decision), MODEL)
