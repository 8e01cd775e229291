"""For each guard, invented children of whom it holds back and of whom it does not: data, no rules.

`docs/guards.md` is written from them, and tests/pure/test_guards.py holds the guards to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from register.linkage.guards import Decision
from register.linkage.objections import EITHER_NAME, RIVAL, TWO_OF_ONE

Told = Mapping[str, str]
"""What a report says of the child: field and value. Nobody in it is real."""

HOME = "LS1 4AP"
RARE: Told = {
    "forename": "Zebulon",
    "surname": "Quillfeather",
    "date_of_birth": "2011-05-19",
    "sex": "male",
}
"""A child whose names nobody else has."""
AT_HOME: Told = {**RARE, "home_postcode": HOME}
NHS, OTHER_NHS = {"nhs_number": "9434765919"}, {"nhs_number": "9434765870"}
UPN, OTHER_UPN = {"upn": "H801200001001"}, {"upn": "A801200001002"}
SAME_DAY = {"missing_at": "2026-05-20T09:00:00+01:00"}


@dataclass(frozen=True)
class PairExample:
    """Two children as told: for both, by the force, by the authority.

    `mend` is what the authority would have to say for the guard to let go, `linked` what then
    follows. `apart` says that the authority is in another part of the country.
    """

    both: Told
    one: Told
    other: Told
    mend: Told
    apart: bool = False
    linked: Decision = Decision.LINK

    def police(self) -> dict[str, str]:
        """Give what the force tells."""
        return {**self.both, **self.one}

    def authority(self, *, mended: bool = False) -> dict[str, str]:
        """Give what the authority tells."""
        return {**self.both, **self.other, **(self.mend if mended else {})}


PAIRS: dict[str, PairExample] = {
    "twins": PairExample(AT_HOME, {}, {"forename": "Barnaby"}, {"forename": "Zebulon"}),
    "another forename": PairExample(
        {**AT_HOME, **SAME_DAY, "date_of_birth": ""},
        {"date_of_birth": "2011-05-09"},
        {"date_of_birth": "2011-09-05", "forename": "Barnaby"},
        {"forename": "Zebulon"},
    ),
    "identifiers at odds": PairExample({**AT_HOME, **NHS}, UPN, OTHER_UPN, UPN),
    "another identifier": PairExample(AT_HOME, NHS, OTHER_NHS, NHS),
    "identifier alone": PairExample(
        {**AT_HOME, **NHS}, {}, {"forename": "Barnaby"}, {"forename": "Zebulon"}
    ),
    "no forename": PairExample(AT_HOME, {}, {"forename": ""}, {"forename": "Zebulon"}),
    "near forenames": PairExample(
        AT_HOME, {"forename": "Jayden"}, {"forename": "Kayden"}, {"forename": "Jaydne"},
        linked=Decision.NEAR,
    ),
    "another birthday": PairExample(
        {**AT_HOME, **NHS}, {"forename": "Zebulun"}, {"date_of_birth": "2009-02-03"},
        {"forename": "Zebulun"},
    ),
    "another sex": PairExample(
        AT_HOME, {}, {"forename": "Zebulun", "sex": "female"}, {"sex": "male"},
        linked=Decision.NEAR,
    ),
    "another surname": PairExample(
        {**RARE, **SAME_DAY}, {"home_postcode": HOME}, {"surname": "Birch"},
        {"home_postcode": HOME},
    ),
    "name alone": PairExample(
        {**RARE, **SAME_DAY}, {"home_postcode": HOME}, {"date_of_birth": ""},
        {"home_postcode": HOME},
    ),
    "elsewhere": PairExample(
        RARE, {"home_postcode": HOME}, {"home_postcode": "CR0 6NG", "surname": "Quilfeather"},
        {"home_postcode": ""},
        apart=True,
    ),
    "another form": PairExample(
        {**RARE, "forename": "Finley"}, {"home_postcode": HOME}, {"forename": "Findlay"},
        {"home_postcode": HOME},
        linked=Decision.NEAR,
    ),
    "needs no rival": PairExample(AT_HOME, {}, {"forename": "Zebulun"}, {"forename": "Zebulon"}),
}  # fmt: skip
"""By the guard's name."""


@dataclass(frozen=True)
class Case:
    """Some reports, what people judged of them, and what comes of it.

    A report's name tells whose it is: P a force's, Q another force's, L an authority's. `outcome`
    reads `L+P Q` for two children, `asked` reads `L?Q` for what a person is asked.
    """

    reports: Mapping[str, Told]
    outcome: str
    asked: str = ""
    different: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class GroupExample:
    """A rule that looks at more than the pair: why, and a case of either kind.

    `sentence` is what a person is told, blank where nobody is asked.
    """

    why: str
    sentence: str
    holds: Case
    lets_go: Case


JAYDEN: Told = {
    "forename": "Jayden",
    "surname": "Oakley",
    "date_of_birth": "2011-05-19",
    "sex": "male",
    "home_postcode": HOME,
}
KAYDEN: Told = {**JAYDEN, "forename": "Kayden"}
MIA: Told = {**JAYDEN, "forename": "Mia", "sex": "female"}
MYA: Told = {**MIA, "forename": "Mya"}
ONE, TWO = {"child_reference": "1"}, {"child_reference": "2"}

GROUPS: dict[str, GroupExample] = {
    "rival": GroupExample(
        "Where another known child fits as well, nothing links by itself.",
        RIVAL,
        Case(
            {"P": RARE, "L1": {**RARE, **ONE}, "L2": {**RARE, **TWO}},
            "L1 L2 P", "L1?L2 L1?P L2?P",
        ),
        Case({"P": RARE, "L1": {**RARE, **ONE}}, "L1+P"),
    ),
    "either name": GroupExample(
        "One side that knows both of two near forenames knows two children.",
        EITHER_NAME,
        Case({"P": MIA, "L1": MIA, "L2": MYA}, "L1+P L2", "L1?L2"),
        Case({"P": MIA, "L2": MYA}, "L2+P"),
    ),
    "two ids of one organisation": GroupExample(
        "Two ids that one organisation gives are two children, unless a person says otherwise.",
        TWO_OF_ONE,
        Case({"L1": {**RARE, **ONE}, "L2": {**RARE, **TWO}}, "L1 L2", "L1?L2"),
        Case({"L1": {**RARE, **ONE}, "L2": {**RARE, **ONE}}, "L1+L2"),
    ),
    "a person's judgement": GroupExample(
        "What a person has judged not to be the same child is never linked.",
        "",
        Case({"P": JAYDEN, "L": JAYDEN}, "L P", different=(("P", "L"),)),
        Case({"P": JAYDEN, "L": JAYDEN}, "L+P"),
    ),
    "an inherited judgement": GroupExample(
        "Whoever is joined to one of two that a person parted stays apart from the other, unasked.",
        "",
        Case({"P": JAYDEN, "L": KAYDEN, "Q": JAYDEN}, "L P+Q", different=(("P", "L"),)),
        Case({"P": JAYDEN, "L": KAYDEN, "Q": JAYDEN}, "L P+Q", "L?P"),
    ),
}  # fmt: skip
"""By the rule's name."""
