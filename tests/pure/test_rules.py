"""The rule table is held to its examples: each rule finds what it should, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from register.mismatches.rules import RULES
from register.mismatches.ruleset import ruleset
from tests.cases import case, codes, findings
from tests.rule_examples import EXAMPLES, both
from tests.statements import AUTHORITY


def test_every_rule_has_its_two_examples_in_words_and_in_reports() -> None:
    assert EXAMPLES.keys() == RULES.keys()
    assert all(rule.fires and rule.silent and rule.owner for rule in RULES.values())


@pytest.mark.parametrize("code", EXAMPLES)
def test_it_fires(code: str) -> None:
    assert code in codes(EXAMPLES[code][0]())


@pytest.mark.parametrize("code", EXAMPLES)
def test_it_is_silent(code: str) -> None:
    assert code not in codes(EXAMPLES[code][1]())


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_order_of_the_reports_changes_nothing(code: str) -> None:
    for make in EXAMPLES[code]:
        one = make()
        other = case(
            *reversed(one.statements),
            now=f"{one.now:%m-%d %H:%M}",
            silent=[AUTHORITY] if AUTHORITY not in one.coverage.spans else [],
            vanished=one.vanished,
        )
        assert findings(one) == findings(replace(other, unsure=one.unsure))


def test_a_night_that_both_sides_tell_alike_has_no_mismatch() -> None:
    agreed = both({}, {})
    assert codes(agreed) == []
    # Control: the same with one thing different.
    assert codes(both({}, {"sex": "female"})) == []
    assert codes(both({"sex": "male"}, {"sex": "female"})) == ["D6"]


def test_ethnicity_and_protected_values_are_never_compared() -> None:
    different: dict[str, Any] = {
        "ethnicity": "WBRI",
        "home_postcode": "LS1 1AA",
        "placement_postcode": "LS1 1AA",
        "placement_urn": "SC000001",
        "last_seen_place": "The park",
        "missing_from": "School",
    }
    others: dict[str, Any] = {
        "ethnicity": "BCRB",
        "home_postcode": "LS2 2BB",
        "placement_postcode": "LS2 2BB",
        "placement_urn": "SC000002",
        "last_seen_place": "The bridge",
        "missing_from": "Home",
    }
    assert codes(both(different, others)) == []


def test_the_shipped_rule_set_gives_every_rule_a_severity() -> None:
    assert ruleset().rules.keys() == RULES.keys()
