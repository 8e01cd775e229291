"""The guards that hold a machine back, as tables of cases that a practitioner can read.

Every guard has a case in which it holds back and a close one in which it doesn't. The control of
all of them: without guards the sum alone would link.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from register.linkage import match
from register.linkage.compare import Comparison, compare
from register.linkage.guard_examples import PAIRS, PairExample
from register.linkage.guards import BIRTHDAYS, GUARDS, Decision, Guard, parting
from register.linkage.identity import Subject
from register.linkage.levels import Level
from register.linkage.match import judge
from tests.subjects import (
    HOME,
    MODEL,
    NHS,
    RARE,
    SAID,
    SAME_DAY,
    authority,
    compared,
    decided,
    elsewhere,
    judged,
    police,
)

AT_HOME = {**RARE, "home_postcode": HOME}


def subjects(example: PairExample, *, mended: bool = False) -> tuple[Subject, Subject]:
    """Make the two children of an example."""
    other = elsewhere if example.apart else authority
    return police(**example.police()), other(**example.authority(mended=mended))


def holding(found: Comparison) -> str:
    """The guard that holds this pair back, blank for none."""
    return next((each.name for each in GUARDS if each.holds_back(found)), "")


def test_every_guard_has_its_example_and_its_sentence() -> None:
    assert [guard.name for guard in GUARDS] == list(PAIRS)
    sentences = [guard.sentence for guard in GUARDS if guard.name != "needs no rival"]
    assert all(each.endswith(".") for each in sentences)
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_holds_back_with_its_sentence(guard: Guard) -> None:
    found = compare(*subjects(PAIRS[guard.name]))
    assert holding(found) == guard.name
    result = judge(found, MODEL)
    assert result.decision is guard.decision
    assert not guard.sentence or result.reasons[0] == guard.sentence


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_lets_go_of_what_it_does_not_mean(guard: Guard) -> None:
    example = PAIRS[guard.name]
    result = judge(compare(*subjects(example, mended=True)), MODEL)
    assert result.decision is example.linked
    assert guard.sentence not in result.reasons or not guard.sentence


@pytest.mark.parametrize("name", PAIRS)
def test_control_without_guards_the_sum_alone_would_link(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against strangers alone, that is: the mixture itself suspects a brother or a twin."""
    monkeypatch.setattr(match, "GUARDS", ())
    strangers = replace(MODEL, priors=match.Bits(99.0, 99.0, 99.0, MODEL.prior))
    assert judge(compare(*subjects(PAIRS[name])), strangers).decision is Decision.LINK


@pytest.mark.parametrize(
    ("both", "one", "other", "what"),
    [
        (
            {
                "forename": "Ahmad",
                "surname": "Ahmadi",
                "date_of_birth": "2009-01-01",
                "sex": "male",
            },
            {},
            {},
            "two boys from one hotel, both born on 1 January",
        ),
        (
            {"forename": "Ahmad", "surname": "Ahmadi", "sex": "male"},
            {"date_of_birth": "2009-01-01"},
            {"date_of_birth": "2009-07-08", "date_of_birth_precision": "disputed"},
            "two boys from one hotel, one's age disputed",
        ),
        (
            {"forename": "Sahar", "date_of_birth": "2009-01-01", "home_postcode": HOME},
            {"surname": "Rahimi"},
            {"surname": "Yousafzai"},
            "two girls of one hotel and of one assumed birthday",
        ),
        (
            {"forename": "Sahar", "surname": "Yousafzai", "sex": "female", **SAME_DAY},
            {"date_of_birth": "2009-01-01"},
            {"date_of_birth": "2010-01-01"},
            "namesakes, the year of each assumed, gone missing on one day",
        ),
        (
            {"surname": "Khan", "date_of_birth": "2011-05-19", "home_postcode": HOME},
            {"forename": "Baby"},
            {"forename": "Aisha"},
            "a baby without a name",
        ),
        (
            {"surname": "Smith", "date_of_birth": "2011-05-19", "home_postcode": HOME},
            {"forename": "J"},
            {"forename": "Jack"},
            "siblings with one initial",
        ),
        (
            {"surname": "Khan", "date_of_birth": "2011-05-19", "home_postcode": HOME},
            {"forename": "Mohammed"},
            {"forename": "Mohammed Ali"},
            "brothers who share Mohammed",
        ),
        (
            {"surname": "Khan", "date_of_birth": "2011-05-19", "home_postcode": HOME},
            {"forename": "محمد"},
            {"forename": "Aisha"},
            "a name in another script",
        ),
        (
            {"forename": "Ahmad", "date_of_birth": "2011-05-19", "sex": "male", **NHS},
            {"surname": "Gul", "upn": "H801200001001"},
            {"surname": "Rahimi", "upn": "A801200001002"},
            "one number that is another child's too",
        ),
        (
            {"forename": "Olivia", "surname": "Smith", "date_of_birth": "2011-05-19"},
            {"home_postcode": "M8 2EU"},
            {"home_postcode": "LS15 5ER"},
            "namesakes born on one day",
        ),
    ],
)
def test_these_are_never_linked_by_the_machine(
    both: dict[str, Any], one: dict[str, Any], other: dict[str, Any], what: str
) -> None:
    result = judged({**both, **one}, {**both, **other})
    assert result.decision not in {Decision.LINK, Decision.NEAR}, what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"forename": "Mohammed", "middle_names": "Ali"}, {"forename": "Mohammed Yusuf"}),
        ({"forename": "Ella"}, {"forename": "Grace"}),
        ({"forename": "Hassan"}, {"forename": "Hussain"}),
        ({"forename": "Jack"}, {"forename": "M"}),
    ],
)
def test_siblings_are_not_even_asked_about(one: dict[str, Any], other: dict[str, Any]) -> None:
    family = {"surname": "Khan", "home_postcode": HOME, "sex": "male"}
    elder, younger = {"date_of_birth": "2009-02-03"}, {"date_of_birth": "2011-05-19"}
    assert decided({**family, **elder, **one}, {**family, **younger, **other}) is Decision.NOTHING


@pytest.mark.parametrize("name", [guard.name for guard in GUARDS if guard.parts])
def test_what_parts_two_reports_also_parts_what_others_would_join(name: str) -> None:
    sentence = next(guard.sentence for guard in GUARDS if guard.name == name)
    assert parting(compare(*subjects(PAIRS[name]))) == sentence


@pytest.mark.parametrize("name", ["no forename", "another surname", "name alone"])
def test_what_is_merely_not_told_parts_nobody(name: str) -> None:
    assert parting(compare(*subjects(PAIRS[name]))) == ""


@given(SAID, SAID)
def test_nothing_links_without_a_forename_and_a_second_kind_of_evidence_of_the_child(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    if decided(one, other) in {Decision.LINK, Decision.NEAR}:
        found = compared(one, other)
        assert found.forename in {Level.EXACT, Level.FIRST, Level.FAMILY, Level.SLIP}
        assert found.date_of_birth in BIRTHDAYS or found.postcode is Level.EXACT
