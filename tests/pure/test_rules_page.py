"""The page of the rules is what the table and the rule set say."""

from register.mismatches.rules import RULES
from register.mismatches.rules_page import rules_page
from register.mismatches.ruleset import ruleset
from register.settings import ROOT


def test_the_page_is_in_step() -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert page == rules_page(ruleset()), "run `make pin`"


def test_every_rule_stands_on_it_once() -> None:
    page = rules_page(ruleset())
    for code, rule in RULES.items():
        assert page.count(f"### {code}: {rule.title}\n") == 1
