"""The page of the rules leaves none out."""

from register.mismatches.rules import RULES
from register.mismatches.rules_page import rules_page
from register.mismatches.ruleset import ruleset


def test_every_rule_stands_on_it_once() -> None:
    page = rules_page(ruleset())
    for code, rule in RULES.items():
        assert page.count(f"### {code}: {rule.title}\n") == 1
