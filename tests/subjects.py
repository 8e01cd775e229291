"""Organisations' own children for the matcher, and groupings of them, written in one line each."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from register.linkage.candidates import judge_pair
from register.linkage.compare import Comparison, compare
from register.linkage.group import group, ordered
from register.linkage.grouping import Grouping
from register.linkage.guards import Decision
from register.linkage.identity import Subject, subject_of
from register.linkage.match import Judged, Model, judge
from register.linkage.model import model_in_force
from register.reports.statement import Statement, Value
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, report

MODEL: Model = model_in_force()
HOME, FAR = "LS1 4AP", "BD3 6YF"
CHILD: dict[str, Any] = {
    "forename": "Jayden",
    "surname": "Oakley",
    "date_of_birth": "2011-05-19",
    "sex": "male",
}
"""A child who is told by name and birthday alone."""
TWIN = {**CHILD, "forename": "Kayden"}
RARE: dict[str, Any] = {
    "forename": "Zebulon",
    "surname": "Quillfeather",
    "date_of_birth": "2011-05-19",
    "sex": "male",
}
"""A child whose names nobody else has."""
NHS, OTHER_NHS = {"nhs_number": "9434765919"}, {"nhs_number": "9434765870"}
UPN, OTHER_UPN = {"upn": "H801200001001"}, {"upn": "A801200001002"}
SAME_DAY = {"missing_at": "2026-05-20T09:00:00+01:00"}

NAMES = ["Jayden", "Kayden", "Jaydn", "Oakley", "Mohammed", "Mohammed Ali", "Muhammad", "J", ""]
SAID: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "forename": st.sampled_from(NAMES),
        "surname": st.sampled_from([*NAMES, "Oakley-Birch"]),
        "date_of_birth": st.sampled_from(["2011-05-09", "2011-09-05", "2011-01-01", ""]),
        "home_postcode": st.sampled_from([HOME, FAR, "LS1 4AB", ""]),
        "sex": st.sampled_from(["female", "male", ""]),
        "known_as": st.sampled_from([[], ["Kayden"], ["JJ", "Mohammed"]]),
    }
)
"""What a careless clerk may have written of a child."""

SURNAMES = ["Khan", "Khann", "Ahmadi", "Oakley", "Oakley-Birch", ""]
FORENAMES = [
    "Jayden",
    "Kayden",
    "Jaydne",
    "Mia",
    "Mya",
    "Mohammed",
    "Mohammed Ali",
    "J",
    "Khan",
    "",
]
BIRTHS = ["2011-05-09", "2011-09-05", "2011-05-19", "2009-01-01", "2012-05-09", ""]
PLACES = [HOME, HOME, "LS1 4AB", "CR0 6NG", ""]
NUMBERS = ["9434765919", "9434765870", "", "", ""]
NASTY: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "forename": st.sampled_from(FORENAMES),
        "surname": st.sampled_from(SURNAMES),
        "date_of_birth": st.sampled_from(BIRTHS),
        "home_postcode": st.sampled_from(PLACES),
        "nhs_number": st.sampled_from(NUMBERS),
        "child_reference": st.sampled_from(["", "", "1", "2"]),
        "status": st.sampled_from(["open", "open", "open", "withdrawn"]),
    }
)
"""Families of near names, cousins, a hotel, mistyped and shared numbers."""
ANYONE = st.sampled_from([FORCE, OTHER_FORCE, AUTHORITY, HOST, "E09000008"])


def told(organisation: str = FORCE, start: str = "03-02 22:00", **said: Value) -> Statement:
    """Make one report of a child."""
    values: dict[str, Any] = dict(said)
    return report(organisation, start, **values)


def subject(*statements: Statement, number: int = 0) -> Subject:
    """Make the child that one organisation's reports tell of."""
    return subject_of(number or statements[0].report_id, list(statements))


def police(**said: Value) -> Subject:
    """Make a child of a force's."""
    return subject(told(FORCE, "03-02 22:00", **said))


def authority(**said: Value) -> Subject:
    """Make a child of the authority's in whose area that force works, missing another day."""
    return subject(told(AUTHORITY, "05-20", **said))


def elsewhere(**said: Value) -> Subject:
    """Make a child of an authority's in another part of the country."""
    return subject(told("E09000008", "05-20", **said))


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> Comparison:
    """Compare what a force and its authority tell."""
    return compare(police(**one), authority(**other))


def judged(one: Mapping[str, Any], other: Mapping[str, Any]) -> Judged:
    """Judge what a force and its authority tell, by the model in force."""
    return judge(compared(one, other), MODEL)


def decided(one: Mapping[str, Any], other: Mapping[str, Any]) -> Decision:
    """Give what may follow from what a force and its authority tell."""
    return judged(one, other).decision


def grouped(
    children: Mapping[str, Subject],
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
) -> Grouping:
    """Compare all with all, and group; names stand for the subjects in judgements."""
    subjects = {each.subject_id: each for each in children.values()}
    candidates = [judge_pair(a, b, MODEL) for a, b in combinations(children.values(), 2)]
    ids = {name: each.subject_id for name, each in children.items()}
    return group(
        subjects,
        [each for each in candidates if each.judged.decision is not Decision.NOTHING],
        [ordered(ids[a], ids[b]) for a, b in same],
        {ordered(ids[a], ids[b]): [{}] for a, b in different},
    )


def in_names(children: Mapping[str, Subject], grouping: Grouping) -> tuple[str, str]:
    """Write a grouping down: children as `A+B C`, what a person is asked as `A?C`, in order."""
    names = {each.subject_id: name for name, each in children.items()}
    groups = sorted("+".join(sorted(names[m] for m in members)) for members in grouping.groups)
    asked = sorted("?".join(sorted(names[m] for m in p.pair)) for p in grouping.proposals)
    return " ".join(groups), " ".join(asked)
