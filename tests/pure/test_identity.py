"""Who a report speaks of: which reports are one organisation's own child, and who is compared."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from register.linkage.identity import (
    blocking_keys,
    group_subjects,
    identity_of,
    own_id,
    shared_keys,
    spelled_keys,
    subject_of,
    without,
)
from tests.statements import AUTHORITY, FORCE, OTHER_FORCE, report, roster, saying
from tests.subjects import CHILD, FAR, HOME, NASTY, subject, told

FULL: dict[str, Any] = {**CHILD, "home_postcode": HOME}
NUMBERS = {"nhs_number": "9434765919", "upn": "H801200001001", "home_office_reference": "A1234567"}


@pytest.mark.parametrize(
    ("said", "forename", "surname"),
    [
        ({"forename": "Lily-Mae", "surname": "O'Neill"}, ("lily", "mae"), ("oneill",)),
        ({"forename": "JAYDEN", "surname": "SMITH JONES"}, ("jayden",), ("smith", "jones")),
        ({"forename": "Baby", "surname": "Khan"}, (), ("khan",)),
        ({"forename": "Not known", "surname": "Unknown"}, (), ()),
        ({"forename": "J", "surname": "Smith"}, ("j",), ("smith",)),
        ({"surname": "Nguyễn"}, (), ("nguyen",)),
        ({"forename": "محمد"}, ("محمد",), ()),
        ({}, (), ()),
    ],
)
def test_names_are_read(said: dict[str, Any], forename: tuple[str], surname: tuple[str]) -> None:
    identity = identity_of(told(**said))
    assert (identity.forename, identity.surname) == (forename, surname)


@pytest.mark.parametrize(
    ("forename", "middle", "read"),
    [
        ("Mohammed", "Hamza", ("mohammed", "hamza")),
        ("Mohammed Hamza", "Ali", ("mohammed", "hamza")),
        ("Mohammed", "", ("mohammed",)),
        ("Ava", "Rose", ("ava",)),
    ],
)
def test_a_middle_name_counts_only_after_a_first_name_that_brothers_share(
    forename: str, middle: str, read: tuple[str, ...]
) -> None:
    assert identity_of(told(forename=forename, middle_names=middle)).forename == read


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"child_reference": "c1"}, {"child_reference": "c1"}, "the organisation's own id"),
        ({"child_reference": "c1", **FULL}, {"child_reference": "c1"}, "whatever else they say"),
        (FULL, FULL, "no id, but word for word the same"),
        ({**CHILD, **NUMBERS}, {**CHILD, **NUMBERS}, "no home, but the same numbers"),
    ],
)
def test_one_organisations_own_child(one: dict[str, Any], other: dict[str, Any], why: str) -> None:
    reports = [told(FORCE, "03-02", **one), told(FORCE, "04-09", **other)]
    assert len(group_subjects(reports)) == 1, why
    apart = [told(FORCE, "03-02", **one), told(OTHER_FORCE, "04-09", **other)]
    assert len(group_subjects(apart)) == 2, "what one organisation holds says nothing of another"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"child_reference": "c1", **FULL}, {"child_reference": "c2", **FULL}),
        ({"child_reference": "c1", **FULL}, FULL),
        (CHILD, CHILD),
        ({**FULL, "forename": "J"}, {**FULL, "forename": "J"}),
        ({**FULL, "forename": "Baby"}, {**FULL, "forename": "Baby"}),
        ({**FULL, "date_of_birth": "2011-01-01"}, {**FULL, "date_of_birth": "2011-01-01"}),
        ({**FULL, "date_of_birth": ""}, {**FULL, "date_of_birth": ""}),
        (
            {**FULL, "date_of_birth_precision": "estimated"},
            {**FULL, "date_of_birth_precision": "estimated"},
        ),
        ({**FULL, "status": "withdrawn"}, {**FULL, "status": "withdrawn"}),
        (FULL, {**FULL, "home_postcode": FAR}),
        (FULL, {**FULL, "sex": "female"}),
        ({**CHILD, **NUMBERS}, {**CHILD, **NUMBERS, "upn": "A801200001002"}),
        ({}, {}),
    ],
)
def test_each_report_for_itself(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert len(group_subjects([told(**one), told(**other)])) == 2


@pytest.mark.parametrize("reference", ["N/A", "unknown", "Not known", "-", "000", "0", "none"])
def test_an_id_that_stands_for_none_joins_nobody(reference: str) -> None:
    """Else all children of whom a force knows no id would be one child."""
    reports = [told(child_reference=reference, surname=name) for name in ("Khan", "Birch")]
    assert len(group_subjects(reports)) == 2
    assert {subject(each).child_reference for each in reports} == {""}


@pytest.mark.parametrize("number", ["9999999999", "UNKNOWN", "0000000000", "N/A"])
@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_that_stands_for_none_is_none(field: str, number: str) -> None:
    known = subject(told(**{field: number, **FULL}))
    assert not known.nhs_numbers | known.upns | known.home_office_references


def test_names_without_end_are_read_so_far() -> None:
    endless: dict[str, Any] = {
        "forename": "Zeb " * 9000,
        "surname": "Q" * 60000,
        "known_as": ["Zebulon"] * 500,
    }
    identity = identity_of(told(**endless))
    assert (len(identity.forename), len(identity.surname[0]), len(identity.known_as)) == (
        10,
        200,
        10,
    )
    often = [told(child_reference="c", forename=f"Zeb{n}or") for n in range(400)]
    assert len(subject(*often).identities) == 50
    assert len(blocking_keys(subject(*often, told(child_reference="c", **endless)))) < 300


def test_an_id_under_which_a_person_found_two_children_says_nothing() -> None:
    reports = [told(child_reference="c1", **CHILD) for _ in range(3)]
    assert len(group_subjects(reports, {(FORCE, own_id(reports[0]))})) == 3
    assert len(group_subjects(reports, {(OTHER_FORCE, own_id(reports[0]))})) == 1


def test_withdrawn_reports_say_nothing() -> None:
    kept = told(child_reference="c1", **FULL)
    withdrawn = told(
        child_reference="c1", status="withdrawn", forename="Kayden", nhs_number="9434765919"
    )
    known = subject(kept, withdrawn)
    assert [each.forename for each in known.identities] == [("jayden",)]
    assert (known.nhs_numbers, known.missing_on) == (frozenset(), frozenset({date(2026, 3, 2)}))
    assert set(known.reports) == {kept.report_id, withdrawn.report_id}


def test_a_going_missing_speaks_for_the_child_before_a_row_of_a_list() -> None:
    row = roster(AUTHORITY, child_reference="c1", **CHILD)
    missing = told(AUTHORITY, child_reference="c1", **CHILD)
    assert subject(row, missing).reports[0] == missing.report_id


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (CHILD, {**CHILD, "date_of_birth": ""}, "full name"),
        (CHILD, {**CHILD, "forename": "Oakley", "surname": "Jayden"}, "names swapped"),
        (CHILD, {**CHILD, "date_of_birth": "2011-05-19", "surname": "Okley"}, "birthday and name"),
        (
            {**CHILD, "date_of_birth": "2011-05-09"},
            {**CHILD, "date_of_birth": "2011-09-05", "surname": "Birch"},
            "day and month swapped",
        ),
        (CHILD, {**CHILD, "date_of_birth": "2011-11-30", "surname": "Ooakley"}, "year and sound"),
        (CHILD, {**CHILD, "forename": "JJ", "known_as": "Jayden", "surname": ""}, "known as"),
        (FULL, {"home_postcode": HOME, "date_of_birth": "2011-05-19"}, "home and birthday"),
        (FULL, {"home_postcode": HOME, "surname": "Oakley"}, "home and surname"),
        ({"nhs_number": "9434765919"}, {"nhs_number": "9434765919", **CHILD}, "a number"),
        ({"upn": "H801200001001"}, {"upn": "H801200001001", **CHILD}, "a number"),
        ({"home_office_reference": "A1"}, {"home_office_reference": "A1"}, "a number"),
    ],
)
def test_these_are_compared(one: dict[str, Any], other: dict[str, Any], why: str) -> None:
    assert blocking_keys(subject(told(**one))) & blocking_keys(subject(told(**other))), why


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({}, {}, "nothing is known"),
        ({"child_reference": "c1"}, {"child_reference": "c1"}, "ids are the organisation's own"),
        ({"forename": "Jayden"}, {"forename": "Jayden"}, "one name alone"),
        ({"home_postcode": HOME}, {"home_postcode": HOME}, "one home alone"),
        ({"date_of_birth": "2011-05-19"}, {"date_of_birth": "2011-05-19"}, "one birthday alone"),
        ({"nhs_number": "9434765919"}, {"upn": "9434765919"}, "another kind of number"),
        ({**CHILD, "status": "withdrawn"}, CHILD, "withdrawn"),
        (CHILD, {"forename": "Sophie", "surname": "Birch", "date_of_birth": "2009-02-02"}, ""),
    ],
)
def test_these_are_not(one: dict[str, Any], other: dict[str, Any], why: str) -> None:
    keys = blocking_keys(subject(told(**one))) & blocking_keys(subject(told(**other)))
    assert not keys, why


def test_keys_of_what_may_be_shared_tell_themselves_from_the_others() -> None:
    known = subject(told(**FULL, **NUMBERS))
    shared = shared_keys(known)
    assert len(shared) == 4
    assert all(key < 0 for key in shared)
    assert all(key >= 0 for key in blocking_keys(known) - shared)


def test_what_too_many_share_is_left_out() -> None:
    known = subject(told(**FULL, **NUMBERS))
    bare = without(known, shared_keys(known))
    assert (bare.nhs_numbers, bare.upns, bare.home_office_references) == (frozenset(),) * 3
    assert [each.postcode for each in bare.identities] == [HOME.split()[0]], "it is somewhere"
    assert bare.identities[0].forename == ("jayden",)
    other = subject(told(home_postcode=FAR, nhs_number="9434765870"))
    assert without(known, shared_keys(other)) is known


NEW_YEAR = {"date_of_birth": "2009-01-01", "forename": "Ahmad"}
OTHER_NAMES = {"forename": "Zarif", "surname": "Quill"}


def gone(organisation: str, day: str, **says: str) -> dict[int, tuple[str, ...]]:
    """Give the keys, spelled, of a child who went missing on a day."""
    told_of = saying(report(organisation, f"{day} 09:00"), says)
    return spelled_keys(subject_of(1, [told_of]))


def test_the_day_of_going_missing_makes_up_for_a_birthday_that_nobody_knows() -> None:
    known = gone(FORCE, "05-20", **NEW_YEAR).keys()
    others = NEW_YEAR | OTHER_NAMES
    assert known & gone(AUTHORITY, "05-21", **others).keys(), "a day later, in the same area"
    assert not known & gone(AUTHORITY, "05-22", **others).keys()
    assert not known & gone(OTHER_FORCE, "05-20", **others).keys()
    day = {"date_of_birth": "2009-01-02"}
    control = gone(FORCE, "05-20", **NEW_YEAR | day).keys()
    assert not control & gone(AUTHORITY, "05-20", **others | day).keys()


def test_a_name_and_a_first_of_january_are_sought_within_one_area_too() -> None:
    (here,) = [each for each in gone(FORCE, "05-20", **NEW_YEAR).values() if each[0] == "guess"]
    assert here[2:] == ("2009", "amd")
    assert here in gone(AUTHORITY, "07-20", **NEW_YEAR).values()
    assert here not in gone(OTHER_FORCE, "05-20", **NEW_YEAR).values()


@given(said=NASTY)
def test_every_key_can_be_spelled(said: dict[str, Any]) -> None:
    known = subject(told(**said))
    assert spelled_keys(known).keys() == blocking_keys(known) | shared_keys(known)


def test_a_key_is_spelled_by_its_kind_and_what_is_shared() -> None:
    spelled = set(spelled_keys(subject(told(**FULL, **NUMBERS))).values())
    assert ("postcode", HOME) in spelled
    assert ("nhs_number", NUMBERS["nhs_number"]) in spelled
    assert ("name", "jaydenoakley") in spelled
