"""Who belongs together, as tables of families: `A+B C` are two children, `A?C` asks a person.

P are a force's reports, Q another force's, L an authority's, M those of an authority far away;
an L1 and an L2 with ids of their own are two children to the authority.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from register.linkage import group
from register.linkage.identity import Subject
from register.linkage.objections import ANOTHER_REPORT, EITHER_NAME, RIVAL, TWO_OF_ONE
from tests.statements import AUTHORITY, FORCE, OTHER_FORCE
from tests.subjects import (
    CHILD,
    FAR,
    HOME,
    NHS,
    OTHER_NHS,
    RARE,
    SAME_DAY,
    TWIN,
    grouped,
    in_names,
    subject,
    told,
)

ORGANISATIONS = {"P": FORCE, "Q": OTHER_FORCE, "L": AUTHORITY, "M": "E09000008"}
JAYDEN, KAYDEN = ({**each, "home_postcode": HOME} for each in (CHILD, TWIN))
JAYDNE = {**JAYDEN, "forename": "Jaydne"}
MIA, MYA = ({**JAYDEN, "forename": name, "sex": "female"} for name in ("Mia", "Mya"))
AVA_JO = {**MIA, "forename": "Ava Jo"}
AT_HOME, AWAY = ({**RARE, "home_postcode": home} for home in (HOME, FAR))
NAMELESS = {**JAYDEN, "forename": ""}
OLIVIA = {"forename": "Olivia", "surname": "Smith", "date_of_birth": "2011-05-19", "sex": "female"}
EARLIER = {"date_of_birth": "2009-02-03"}
Family = Mapping[str, Mapping[str, Any]]


def subjects_of(family: Family) -> dict[str, Subject]:
    """Make the subjects; each report is a day of its own, and its name its reference."""
    return {
        name: subject(
            told(ORGANISATIONS[name[0]], f"{4 + place:02}-20", **{"reference": name, **said})
        )
        for place, (name, said) in enumerate(family.items())
    }


def own(said: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """Give the child an id of the organisation's own."""
    return {**said, "child_reference": reference}


def result(family: Family, **judged: list[tuple[str, str]]) -> tuple[str, str]:
    """Group a family and write the outcome down."""
    children = subjects_of(family)
    return in_names(children, grouped(children, **judged))


@pytest.mark.parametrize(
    ("family", "together", "asked"),
    [
        # One child.
        ({"P": JAYDEN, "L": JAYDEN}, "L+P", ""),
        ({"P": JAYDEN, "Q": JAYDEN, "L": JAYDEN, "M": JAYDEN}, "L+M+P+Q", ""),
        ({"P": JAYDNE, "L": JAYDEN}, "L+P", ""),
        ({"P1": JAYDEN, "P2": JAYDNE, "L": JAYDEN}, "L+P1 P2", "L?P2"),
        # Twins of near names, both known to both.
        ({"P1": JAYDEN, "P2": KAYDEN, "L1": JAYDEN, "L2": KAYDEN}, "L1+P1 L2+P2", ""),
        ({"P1": MIA, "P2": MYA, "L1": MIA, "L2": MYA}, "L1+P1 L2+P2", ""),
        (
            {"P1": MIA, "P2": MYA, "L1": own(MIA, "1"), "L2": own(MYA, "2")},
            "L1+P1 L2+P2",
            "",
        ),
        # Three reports of twins: the third is never swept along.
        ({"P": AVA_JO, "L1": AVA_JO, "L2": {**MIA, "forename": "Ava"}}, "L1+P L2", "L1?L2"),
        ({"P1": JAYDEN, "P2": KAYDEN, "L1": JAYDEN}, "L1+P1 P2", "L1?P2"),
        ({"P1": MIA, "P2": MYA, "L1": MIA}, "L1+P1 P2", "L1?P2"),
        ({"P": MIA, "L1": MIA, "L2": MYA}, "L1+P L2", "L1?L2"),
        ({"P": MIA, "L1": own(MIA, "1"), "L2": own(MYA, "2")}, "L1+P L2", ""),
        # A typing slip of one twin's name; one that may be either's.
        ({"P": JAYDNE, "L1": own(JAYDEN, "1"), "L2": own(KAYDEN, "2")}, "L1+P L2", ""),
        (
            {"P": {**MIA, "forename": "Maya"}, "L1": own(MIA, "1"), "L2": own(MYA, "2")},
            "L1 L2 P",
            "L1?P L2?P",
        ),
        # Twins of whom each side knows one. A person is asked about plain and about rhyming names;
        ({"P": JAYDEN, "L": KAYDEN}, "L P", "L?P"),
        ({"P": JAYDEN, "L": {**JAYDEN, "forename": "Tobias"}}, "L P", "L?P"),
        # two spellings of one name nothing can tell from one child's (docs/linking.md).
        ({"P": MIA, "L": MYA}, "L+P", ""),
        # A missing forename links with nobody, and is asked about once.
        ({"P": NAMELESS, "L": JAYDEN}, "L P", "L?P"),
        ({"P": NAMELESS, "L": {**JAYDEN, "forename": "J"}}, "L P", "L?P"),
        ({"P": NAMELESS, "L1": JAYDEN, "L2": KAYDEN}, "L1 L2 P", "L1?L2 L1?P L2?P"),
        # Family evidence alone links nobody: brother and sister, cousins, step-families.
        ({"P": JAYDEN, "L": {**JAYDEN, **EARLIER, "forename": "Tobias"}}, "L P", ""),
        ({"P": JAYDEN, "L": {**JAYDEN, **EARLIER}}, "L P", "L?P"),
        ({"P": JAYDEN, "L": {**KAYDEN, **EARLIER, "surname": "Birch"}}, "L P", ""),
        # Two of one organisation's own ids are two children, and who fits both is asked about.
        ({"L1": own(RARE, "1"), "L2": own(RARE, "2")}, "L1 L2", "L1?L2"),
        ({"P": RARE, "L1": own(RARE, "1"), "L2": own(RARE, "2")}, "L1 L2 P", "L1?L2 L1?P L2?P"),
        # That one of them was missing on the same day doesn't decide it.
        (
            {"P": RARE | SAME_DAY, "L1": own(RARE | SAME_DAY, "1"), "L2": own(RARE, "2")},
            "L1 L2 P",
            "L1?L2 L1?P L2?P",
        ),
        (
            {"P": JAYDEN, "L1": own(JAYDEN, "1"), "L2": own({**CHILD, "home_postcode": FAR}, "2")},
            "L1+P L2",
            "L1?L2",
        ),
        # Namesakes far apart, and a report that fits both.
        (
            {
                "P": OLIVIA,
                "L": {**OLIVIA, "home_postcode": HOME},
                "M": {**OLIVIA, "home_postcode": "CR0 6NG"},
            },
            "L M P",
            "L?P M?P",
        ),
        # Namesakes, each known to both sides at a home of their own; the control: at one home.
        (
            {
                "P1": RARE | {"home_postcode": HOME},
                "L1": RARE | {"home_postcode": HOME},
                "P2": RARE | {"home_postcode": FAR},
                "L2": RARE | {"home_postcode": FAR},
            },
            "L1+P1 L2+P2",
            "L1?L2",
        ),
        ({"P1": AT_HOME, "L1": AT_HOME, "P2": RARE, "L2": AT_HOME}, "L1+L2+P1+P2", ""),
        # A child whom both sides know at home, and one elsewhere whom one side alone knows; the
        # controls: both were missing on one day; nobody knows where the other lives.
        ({"P": AT_HOME, "L1": AT_HOME, "L2": AWAY}, "L1+P L2", "L1?L2"),
        ({"P": AT_HOME | SAME_DAY, "L1": AT_HOME, "L2": AWAY | SAME_DAY}, "L1+L2+P", ""),
        ({"P": AT_HOME, "L1": AT_HOME, "L2": RARE}, "L1+L2+P", ""),
        # A chain through a report that says less.
        (
            {"P": AT_HOME | NHS, "L": AT_HOME, "M": RARE | OTHER_NHS},
            "L+P M",
            "L?M",
        ),
        (
            {
                "P": RARE | EARLIER,
                "Q": RARE | {"date_of_birth": "", "home_postcode": HOME},
                "L": AT_HOME,
            },
            "L+Q P",
            "P?Q",
        ),
        # An identifier speaks louder than near names of the family.
        (
            {"P": {**KAYDEN, **NHS}, "L1": {**JAYDEN, **NHS}, "L2": {**JAYDNE, **OTHER_NHS}},
            "L1+P L2",
            "L1?L2",
        ),
        # Names in each other's place.
        ({"P": {**JAYDEN, "forename": "Oakley", "surname": "Jayden"}, "L": JAYDEN}, "L+P", ""),
        (
            {
                "P": {**JAYDEN, "forename": "Oakley", "surname": "Kayden"},
                "L1": own(JAYDEN, "1"),
                "L2": own(KAYDEN, "2"),
            },
            "L1 L2+P",
            "",
        ),
        # Nothing known.
        ({"P": {}, "L": {}, "M": {"sex": "male"}}, "L M P", ""),
    ],
)
def test_families(family: Family, together: str, asked: str) -> None:
    assert result(family) == (together, asked)


@pytest.mark.parametrize(
    ("family", "judged", "together", "asked"),
    [
        # A person joins what the machine would not, and the group stands as one.
        ({"P": JAYDEN, "L": {**RARE, **EARLIER}}, {"same": [("L", "P")]}, "L+P", ""),
        (
            {"P": JAYDEN, "Q": JAYDEN, "L": KAYDEN},
            {"same": [("L", "P")]},
            "L+P+Q",
            "",
        ),
        # What a person has parted is not linked again, by itself or by way of others.
        ({"P": JAYDEN, "L": JAYDEN}, {"different": [("L", "P")]}, "L P", ""),
        (
            {"P": JAYDEN, "L": JAYDEN, "M": JAYDEN},
            {"different": [("L", "P")]},
            "L M P",
            "L?M M?P",
        ),
        # Nor asked about again: the group inherits the answer.
        ({"P": JAYDEN, "L": KAYDEN}, {"different": [("L", "P")]}, "L P", ""),
        (
            {"P": JAYDEN, "Q": JAYDEN, "L": KAYDEN, "M": KAYDEN},
            {"different": [("L", "P")]},
            "L+M P+Q",
            "",
        ),
        # Two that a person has told apart are no rivals of each other.
        (
            {"P": JAYDNE, "L1": JAYDEN, "L2": KAYDEN},
            {"different": [("L1", "L2")]},
            "L1+P L2",
            "",
        ),
    ],
)
def test_peoples_judgements(
    family: Family, judged: dict[str, list[tuple[str, str]]], together: str, asked: str
) -> None:
    assert result(family, **judged) == (together, asked)


@pytest.mark.parametrize(
    ("family", "pair", "reason"),
    [
        ({"L1": own(RARE, "1"), "L2": own(RARE, "2")}, "L1?L2", TWO_OF_ONE),
        ({"P": RARE, "L1": own(RARE, "1"), "L2": own(RARE, "2")}, "L1?P", RIVAL),
        ({"P1": MIA, "P2": MYA, "L1": MIA}, "L1?P2", EITHER_NAME),
        (
            {"P": AT_HOME | NHS, "L": AT_HOME, "M": RARE | OTHER_NHS},
            "L?M",
            f"{ANOTHER_REPORT}Both give the same kind of identifier, and the two differ.",
        ),
    ],
)
def test_the_reason_for_asking_comes_first(family: Family, pair: str, reason: str) -> None:
    children = subjects_of(family)
    names = {each.subject_id: name for name, each in children.items()}
    reasons = {
        "?".join(sorted(names[m] for m in p.pair)): p.reasons for p in grouped(children).proposals
    }
    assert reasons[pair][0] == reason


def nothing(*_: object) -> str:
    return ""


@pytest.mark.parametrize(
    ("check", "without", "family", "linked"),
    [
        ("_rival", nothing, {"P1": MIA, "P2": MYA, "L1": MIA}, "L1+P1+P2"),
        (
            "_rival",
            nothing,
            {"P": JAYDNE, "Q": JAYDEN, "L": {**JAYDEN, "forename": "Jayde"}},
            "L+P Q",
        ),
        ("_objection", nothing, {"L1": own(RARE, "1"), "L2": own(RARE, "2")}, "L1+L2"),
        ("_objection", nothing, {"P": AT_HOME | NHS, "L": AT_HOME, "M": RARE | OTHER_NHS}, "L+M+P"),
    ],
)
def test_control_without_the_check_the_wrong_link_appears(
    check: str,
    without: Callable[..., str],
    family: Family,
    linked: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert result(family)[0] != linked
    monkeypatch.setattr(group.Groups, check, without)
    assert result(family)[0] == linked


def test_two_groups_are_asked_about_once_by_the_pair_that_fits_best() -> None:
    family = {
        "P1": own(JAYDEN, "1"),
        "Q1": {**JAYDEN, "home_postcode": ""},
        "L1": JAYDEN,
        "P2": NAMELESS,
    }
    together, asked = result(family)
    assert together == "L1+P1+Q1 P2"
    assert asked in {"P1?P2", "L1?P2"}


def test_the_same_day_supports_and_never_decides() -> None:
    twins = {"P": {**JAYDEN, **SAME_DAY}, "L": {**KAYDEN, **SAME_DAY}}
    assert result(twins) == ("L P", "L?P")
