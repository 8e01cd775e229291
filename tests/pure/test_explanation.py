"""Why a pair was judged as it was: a sum that adds up, words for every level, never a value."""

import math
import re
from typing import Any

import pytest
from hypothesis import given

from register.linkage.compare import compare
from register.linkage.explanation import WHOM, Explanation, explain, in_how_many
from register.linkage.levels import Level
from register.linkage.match import Bits, judge, together, weigh_all
from register.linkage.readings import LEVELS, SWAPPED, Outcome, levels_of
from tests.subjects import (
    FAR,
    HOME,
    MODEL,
    NHS,
    OTHER_NHS,
    RARE,
    SAID,
    authority,
    compared,
    police,
)

AT_HOME = {**RARE, "home_postcode": HOME}


def explained(one: dict[str, Any], other: dict[str, Any]) -> Explanation:
    return explain(compared(one, other), MODEL)


def test_every_level_has_its_words() -> None:
    assert set(LEVELS) == set(Level)
    assert all(reading.words for reading in LEVELS.values())
    told = [each for each in LEVELS.values() if each.outcome is not Outcome.UNKNOWN]
    assert all(reading.sentence for reading in told)


@given(SAID, SAID)
def test_the_lines_add_up_to_what_was_judged(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = compare(police(**one), authority(**other))
    explanation = explain(found, MODEL)
    judged = judge(found, MODEL)
    for column in Bits._fields:
        lines = sum(getattr(each.bits, column) for each in explanation.lines)
        whole = getattr(explanation.priors, column) + lines
        assert math.isclose(whole, getattr(explanation.sums, column), abs_tol=1e-9)
    assert math.isclose(together(explanation.sums), judged.bits, abs_tol=1e-9)
    assert getattr(explanation.sums, explanation.rival) == min(explanation.sums)
    assert (explanation.bits, explanation.decision) == (judged.bits, judged.decision)
    assert explanation.model == MODEL.version
    names = [each.evidence for each in explanation.lines]
    assert len(set(names)) == len(names)
    assert {name for name, bits in weigh_all(found, MODEL).items() if any(bits)} <= set(names)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (
            {**AT_HOME, **NHS},
            {**RARE, **NHS, "home_postcode": "LS1 4AB"},
            (
                "The two give the same forename, date of birth, NHS number, surname and sex, "
                "and home postcodes one slip apart. Fewer than one pair of twins in .* agrees so "
                "well. On this alone the register would link the two."
            ),
        ),
        (
            AT_HOME,
            {**AT_HOME, "forename": "Barnaby"},
            (
                "The two give the same date of birth, surname, home postcode and sex, but "
                "different forenames. Many pairs of twins agree as well. It is not linked by the "
                "register itself: the same family and date of birth, but the forenames differ: "
                "perhaps twins."
            ),
        ),
        (
            {"forename": "Olivia", "sex": "female"},
            {"forename": "Olivia", "sex": "female"},
            "The two give the same forename and sex. .*",
        ),
        (
            {"sex": "female"},
            {"surname": "Khan"},
            "There is nothing that both sides tell of the child. Many pairs of .* agree as well.*",
        ),
        (
            {"sex": "female"},
            {"sex": "male"},
            "The two give different sexes. Many pairs of .* agree as well. It is not linked .*",
        ),
    ],
)
def test_a_court_would_understand(one: dict[str, Any], other: dict[str, Any], said: str) -> None:
    assert re.fullmatch(said, explained(one, other).sentence)


def test_the_table_tells_the_three_outcomes() -> None:
    found = explained({**AT_HOME, **NHS}, {**RARE, **OTHER_NHS, "surname": ""})
    told = {each.evidence: (each.outcome, each.words) for each in found.lines}
    assert told["forename"] == (Outcome.AGREES, "the same")
    assert told["NHS number"] == (Outcome.DIFFERS, "not the same")
    assert told["postcode"] == (Outcome.UNKNOWN, "not known to both")
    assert found.guard == "another identifier"


def test_names_in_each_others_place_are_a_line_of_their_own() -> None:
    swapped = {"forename": RARE["surname"], "surname": RARE["forename"]}
    found = explained(RARE, {**RARE, **swapped})
    assert [each.evidence for each in found.lines][-1] == SWAPPED
    assert "forename and surname in each other's place" in found.sentence
    assert SWAPPED not in [each.evidence for each in explained(RARE, RARE).lines], "control"


@pytest.mark.parametrize(
    ("bits", "number"),
    [
        (3.6, "10"),
        (8.0, "200"),
        (10.0, "a thousand"),
        (12.0, "4 thousand"),
        (21.7, "3 million"),
        (30.0, "a thousand million"),
        (90.0, "a thousand million"),
    ],
)
def test_a_number_is_rounded_down_to_what_is_read(bits: float, number: str) -> None:
    told = f"Fewer than one pair of unrelated children in {number} agrees so well."
    assert in_how_many(bits, "unrelated children") == told


def test_little_agreement_gets_no_number() -> None:
    assert in_how_many(3.4, "twins") == "Many pairs of twins agree as well."
    assert in_how_many(-20.0, "twins") == "Many pairs of twins agree as well."


@given(SAID, SAID)
def test_no_value_stands_in_it(one: dict[str, Any], other: dict[str, Any]) -> None:
    mine, theirs = {**one, "home_postcode": HOME}, {**other, "home_postcode": FAR}
    told = repr(explained({**mine, **NHS}, theirs)).casefold()
    values = {HOME, FAR, NHS["nhs_number"], "oakley", "jayden", "kayden", "mohammed", "2011-05"}
    assert not [value for value in values if value.casefold() in told]


def test_every_kind_of_evidence_that_is_weighed_has_its_level() -> None:
    found = compared(RARE, RARE)
    assert list(levels_of(found)) == [each for each in weigh_all(found, MODEL) if each != SWAPPED]


def test_every_other_explanation_has_its_words() -> None:
    assert tuple(WHOM) == Bits._fields


def test_the_likeliest_other_explanation_is_the_one_that_is_told() -> None:
    """A family is told of as a family: no court must hear of strangers there."""
    assert explained(AT_HOME, {**AT_HOME, "forename": "Barnaby"}).rival == "twin"
    older = {**AT_HOME, "date_of_birth": "2009-02-03", "forename": "Barnaby"}
    assert explained(AT_HOME, older).rival == "sibling"
    nobody = {"forename": "Zebulon", "surname": "Birch", "date_of_birth": "2009-02-03"}
    assert explained({**AT_HOME, "sex": ""}, {**nobody, "home_postcode": FAR}).rival == "stranger"


def test_a_guard_is_named_only_where_it_decides() -> None:
    """A slip waits for rivals where it is linked; where the sum is too small, that decides."""
    slip = {"forename": "Zebulun", "surname": "", "date_of_birth": RARE["date_of_birth"]}
    assert explained(AT_HOME, {**AT_HOME, "forename": "Zebulun"}).guard == "needs no rival"
    assert explained({**RARE, "surname": ""}, {**slip, "sex": ""}).guard != "needs no rival"
