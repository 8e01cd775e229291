"""The examples of the guards' page hold: what comes of some reports together, and what is asked."""

import pytest

from register.linkage.grouping import Grouping
from register.linkage.guard_examples import GROUPS, PAIRS, Case
from register.linkage.guards import GUARDS
from register.linkage.guards_page import guards_page
from tests.statements import AUTHORITY, FORCE, OTHER_FORCE
from tests.subjects import grouped, in_names, subject, told

ORGANISATIONS = {"P": FORCE, "Q": OTHER_FORCE, "L": AUTHORITY}


def result(case: Case) -> tuple[tuple[str, str], Grouping]:
    """Group the reports of a case, each of a day of its own."""
    children = {
        name: subject(
            told(ORGANISATIONS[name[0]], f"{4 + place:02}-20", **{"reference": name, **said})
        )
        for place, (name, said) in enumerate(case.reports.items())
    }
    grouping = grouped(children, different=case.different)
    return in_names(children, grouping), grouping


@pytest.mark.parametrize("name", GROUPS)
def test_a_rule_holds_back_and_says_why(name: str) -> None:
    example = GROUPS[name]
    found, grouping = result(example.holds)
    assert found == (example.holds.outcome, example.holds.asked)
    said = {reason for each in grouping.proposals for reason in each.reasons}
    assert not example.sentence or example.sentence in said


@pytest.mark.parametrize("name", GROUPS)
def test_a_rule_lets_go_of_what_it_does_not_mean(name: str) -> None:
    example = GROUPS[name]
    found, grouping = result(example.lets_go)
    assert found == (example.lets_go.outcome, example.lets_go.asked)
    said = {reason for each in grouping.proposals for reason in each.reasons}
    assert not example.sentence or example.sentence not in said
    assert found != (example.holds.outcome, example.holds.asked), "the rule makes the difference"


def test_the_page_tells_each_guard_with_both_examples_and_its_test() -> None:
    page = guards_page()
    sections = page.split("\n## ")
    for name in (*(guard.name for guard in GUARDS), *GROUPS):
        (section,) = (each for each in sections if each.startswith(f"{name.capitalize()}\n"))
        assert "Holds back" in section, name
        assert "Does not" in section, name
        assert f"[{name}]`" in section, name
    assert len(sections) == 1 + len(PAIRS) + len(GROUPS)
    assert PAIRS["twins"].authority()["forename"] in page


def test_nobody_in_the_examples_has_a_number_that_is_given_to_people() -> None:
    rows = [each.police() for each in PAIRS.values()]
    rows += [each.authority(mended=mended) for each in PAIRS.values() for mended in (False, True)]
    cases = [case for each in GROUPS.values() for case in (each.holds, each.lets_go)]
    rows += [dict(said) for case in cases for said in case.reports.values()]
    numbers = {row["nhs_number"] for row in rows if row.get("nhs_number")}
    assert numbers
    assert all(number.startswith("9") for number in numbers)
