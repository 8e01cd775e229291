"""How a pair is judged: the sum that a person can follow, the thresholds, the reasons in words."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from register.linkage.guards import NOT_SURE, Decision
from register.linkage.match import FAMILY_OR_LOOK_ALIKE, Bits, judge, weigh
from tests.subjects import (
    FAR,
    HOME,
    MODEL,
    NHS,
    OTHER_NHS,
    RARE,
    SAID,
    SAME_DAY,
    compared,
    decided,
    judged,
)


@pytest.mark.parametrize(
    ("said", "other", "decision"),
    [
        # The same child, told in other ways.
        ({}, {}, Decision.LINK),
        ({"home_postcode": FAR}, {"home_postcode": HOME}, Decision.LINK),
        (
            {**SAME_DAY, "date_of_birth": "2011-05-09"},
            {**SAME_DAY, "date_of_birth": "2011-09-05"},
            Decision.LINK,
        ),
        (SAME_DAY, {**SAME_DAY, "date_of_birth": "2012-05-19"}, Decision.LINK),
        ({}, {"forename": "Quillfeather", "surname": "Zebulon"}, Decision.NEAR),
        ({}, {"forename": "Zebulon James"}, Decision.NEAR),
        (
            {"forename": "Abigail", "home_postcode": HOME},
            {"forename": "Abbie", "home_postcode": HOME},
            Decision.NEAR,
        ),
        ({**SAME_DAY, "forename": "Abigail"}, {**SAME_DAY, "forename": "Abbie"}, Decision.NEAR),
        ({**NHS, "forename": "Jayden"}, {**NHS, "forename": "Kayden"}, Decision.NEAR),
        ({**NHS, "surname": "Birch"}, NHS, Decision.LINK),
        ({**NHS, "date_of_birth": "2009-02-03"}, NHS, Decision.LINK),
        # Not told enough.
        ({"date_of_birth": ""}, {}, Decision.REVIEW),
        ({"date_of_birth": "2012-05-19"}, {}, Decision.REVIEW),
        ({"date_of_birth": "2011-05-09"}, {"date_of_birth": "2011-09-05"}, Decision.REVIEW),
        ({"date_of_birth": "2011-01-01"}, {"date_of_birth": "2011-01-01"}, Decision.REVIEW),
        ({"date_of_birth": "", "surname": ""}, {}, Decision.NOTHING),
        ({"forename": "", "surname": "", "date_of_birth": "", "sex": ""}, {}, Decision.NOTHING),
        # Perhaps the same, perhaps brother and sister.
        ({"forename": "Abigail"}, {"forename": "Abbie"}, Decision.REVIEW),
        ({"forename": "Z"}, {}, Decision.REVIEW),
        ({"forename": "Barnaby", **NHS}, NHS, Decision.REVIEW),
        ({"forename": "Barnaby"}, {}, Decision.HOUSEHOLD),
        ({"forename": "Barnaby", "date_of_birth": "2012-05-19"}, {}, Decision.NOTHING),
        ({"forename": "Z", "surname": "", "date_of_birth": ""}, {}, Decision.NOTHING),
    ],
)
def test_of_a_child_with_a_rare_name(
    said: dict[str, Any], other: dict[str, Any], decision: Decision
) -> None:
    assert decided({**RARE, **said}, {**RARE, **other}) is decision


def test_a_sum_can_be_followed() -> None:
    found = compared({**RARE, "home_postcode": HOME}, {**RARE, "surname": "Birch"})
    weights = weigh(found, MODEL)
    taken_away = weights.pop(FAMILY_OR_LOOK_ALIKE)
    assert weights == {
        "forename": 12.0,
        "date of birth": 12.5,
        "NHS number": 0.0,
        "unique pupil number": 0.0,
        "Home Office reference": 0.0,
        "surname": -3.0,
        "postcode": 0.0,
        "sex": 1.0,
        "going missing": 0.0,
        "order of the names": 0.0,
    }
    result = judge(found, MODEL)
    assert result.fit == MODEL.prior + sum(weights.values()) == 2.5
    assert taken_away < 0
    assert result.bits == pytest.approx(result.fit + taken_away)
    assert math.log2(result.probability / (1 - result.probability)) == pytest.approx(result.bits)


@pytest.mark.parametrize(
    ("rarer", "commoner", "kind"),
    [
        ({"forename": "Zebulon"}, {"forename": "Olivia"}, "forename"),
        ({"surname": "Quillfeather"}, {"surname": "Smith"}, "surname"),
        ({"surname": "Quillfeather-Smith"}, {"surname": "Smith"}, "surname"),
    ],
)
def test_rare_names_weigh_more(rarer: dict[str, Any], commoner: dict[str, Any], kind: str) -> None:
    weights = [weigh(compared(each, each), MODEL)[kind] for each in (rarer, commoner)]
    assert weights[0] > weights[1] > 0


@pytest.mark.parametrize(
    ("one", "other"), [("Quillfeather-Smith", "Smith"), ("Smithh", "Smith"), ("Smith", "Smyth")]
)
def test_part_of_a_name_or_a_slip_weighs_no_more_than_the_commoner_name(
    one: str, other: str
) -> None:
    common = weigh(compared({"surname": "Smith"}, {"surname": "Smith"}), MODEL)["surname"]
    for a, b in ((one, other), (other, one)):
        assert weigh(compared({"surname": a}, {"surname": b}), MODEL)["surname"] < common


def test_swapped_names_weigh_less_than_names_in_their_place() -> None:
    swapped = {**RARE, "forename": "Quillfeather", "surname": "Zebulon"}
    assert judged(RARE, swapped).bits < judged(RARE, RARE).bits


def shifted(bits: float) -> Bits:
    return Bits(*(prior + bits for prior in MODEL.priors))


def test_the_thresholds_part_link_review_and_nothing() -> None:
    found = compared(RARE, RARE)
    bits = judge(found, MODEL).bits

    def at(probability: float) -> Decision:
        wanted = math.log2(probability / (1 - probability))
        return judge(found, replace(MODEL, priors=shifted(wanted - bits))).decision

    assert at(MODEL.link + 0.001) is Decision.LINK
    assert at(MODEL.link - 0.001) is Decision.REVIEW
    assert at(MODEL.review + 0.001) is Decision.REVIEW
    assert at(MODEL.review - 0.001) is Decision.NOTHING
    assert MODEL.link >= 0.95, "what government's matching of children calls a match"


def test_what_is_not_enough_says_so() -> None:
    said = {"forename": "Olivia", "surname": "", "date_of_birth": "2011-05-19", **SAME_DAY}
    result = judged(said, said)
    assert (result.decision, result.reasons[0]) == (Decision.REVIEW, NOT_SURE)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({}, {}, "Date of birth agrees."),
        ({"sex": "female"}, {}, "Sex differs."),
        ({"surname": "Quilfeather"}, {}, "Surname is alike."),
        ({"forename": "Zebulun"}, {}, "Forename differs by a slip."),
        ({"surname": "Quillfeather-Birch"}, {}, "Part of a double surname agrees."),
        ({"date_of_birth": ""}, {}, "Date of birth is not known to both."),
        (NHS, NHS, "NHS number agrees."),
        (NHS, OTHER_NHS, "NHS number differs."),
        (
            {"home_postcode": HOME},
            {"home_postcode": "LS25 7NY"},
            "Only the area of the postcode agrees.",
        ),
        (SAME_DAY, SAME_DAY, "Day of going missing agrees."),
        (
            {"forename": "Quillfeather", "surname": "Zebulon"},
            {},
            "Forename and surname stand in each other's place.",
        ),
        (
            {"date_of_birth": "2011-01-01"},
            {"date_of_birth": "2011-01-01"},
            "Date of birth agrees, but is an estimate, or 1 January, which is often a guess.",
        ),
    ],
)
def test_the_reasons_in_words(one: dict[str, Any], other: dict[str, Any], words: str) -> None:
    assert words in judged({**RARE, **one}, {**RARE, **other}).reasons


@given(SAID, SAID)
def test_reasons_hold_no_value_and_call_nothing_agreed_that_is_not_known(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    reasons = " ".join(judged(one, other).reasons)
    for said in (one, other):
        values = [*said["known_as"], *(v for v in said.values() if isinstance(v, str))]
        assert not any(value in reasons for value in values if len(value) > 1 and value != "male")
        for name, field_name in (("Date of birth", "date_of_birth"), ("Postcode", "home_postcode")):
            assert said[field_name] or f"{name} agrees" not in reasons
