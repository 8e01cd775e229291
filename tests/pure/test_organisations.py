"""The reference data of organisations: counted, closed under succession, and policed once each."""

import csv
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from register.errors import NotFound
from register.reports.organisations import (
    Organisation,
    all_organisations,
    authorities_of,
    authority_dfe_codes,
    current_code,
    find_organisation,
    force_for,
    get_organisation,
)
from register.settings import CONFIG_DIR
from register.terms import Sector

ALL = all_organisations()
AUTHORITIES = [each for each in ALL if each.sector is Sector.AUTHORITY]
CURRENT = [each for each in AUTHORITIES if each.is_current]
TERRITORIAL = [each for each in ALL if each.kind == "territorial"]


def current_in(nation: str) -> list[Organisation]:
    """The authorities of a nation that have neither ended nor been recoded."""
    return [each for each in CURRENT if each.nation == nation]


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a file as they stand, before anything could swallow a repeated code."""
    with (CONFIG_DIR / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_153_english_authorities() -> None:
    """The numbers of each kind are those of the Department's list of authorities."""
    england = current_in("England")
    assert Counter(each.code[:3] for each in england) == {
        "E06": 63,
        "E08": 36,
        "E09": 33,
        "E10": 21,
    }
    numbers = {each.dfe_code for each in england}
    assert len(numbers) == len(england) == 153
    assert all(len(number) == 3 and number.isdigit() for number in numbers)


def test_the_other_nations() -> None:
    """Wales has 22, Scotland 32; in Northern Ireland trusts, not districts, look after children."""
    assert len(current_in("Wales")) == 22
    assert len({each.dfe_code for each in current_in("Wales")}) == 22
    assert len(current_in("Scotland")) == 32
    assert Counter(each.kind for each in current_in("Northern Ireland")) == {
        "Northern Ireland district council": 11,
        "Health and Social Care Trust": 5,
    }


def test_forces() -> None:
    """There are 43 territorial forces in England and Wales, each with its Home Office number."""
    assert Counter(each.nation for each in TERRITORIAL) == {
        "England": 39,
        "Wales": 4,
        "Scotland": 1,
        "Northern Ireland": 1,
    }
    rows = rows_of("forces")
    numbers = [row["home_office_number"] for row in rows if row["home_office_number"]]
    assert len(numbers) == len(set(numbers)) == 43
    assert len({row["slug"] for row in rows}) == len(rows)
    assert get_organisation("BTP").sector is Sector.POLICE


def test_no_code_stands_twice_in_a_file_or_in_two_files() -> None:
    """A repeated code would silently hide the row before it."""
    codes = [row["code"] for name in ("authorities", "forces", "others") for row in rows_of(name)]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    policed = [row["authority"] for row in rows_of("policing")]
    assert len(policed) == len(set(policed))


def test_every_authority_has_one_force_and_every_territorial_force_an_authority() -> None:
    """Both ways: no authority of today unpoliced, no force without an area, nothing beyond."""
    assert {row["authority"] for row in rows_of("policing")} == {each.code for each in CURRENT}
    for each in CURRENT:
        force = get_organisation(force_for(each.code) or "")
        assert (force.kind, force.nation) == ("territorial", each.nation)
        assert each.code in authorities_of(force.code)
    assert all(authorities_of(each.code) for each in TERRITORIAL)
    assert sum(len(authorities_of(each.code)) for each in TERRITORIAL) == len(CURRENT)
    assert authorities_of("BTP") == ()


def test_successors_exist_and_lead_to_an_authority_of_today() -> None:
    """No successor dangles, none ended before its predecessor, and no chain is a ring."""
    for each in ALL:
        seen = [each.code]
        frontier = list(each.successors)
        while frontier:
            code = frontier.pop()
            assert code not in seen, f"{each.code} leads back to {code}"
            successor = get_organisation(code)
            assert successor.is_current or successor.successors
            frontier.extend(successor.successors)
            seen.append(code)
        assert each.is_current or each.successors, f"{each.code} ended and leads nowhere"


def test_validity_does_not_overlap_under_one_three_digit_code() -> None:
    """A three-digit code names one authority on any day; a recoded one begins the day after."""
    by_number: dict[str, list[Organisation]] = {}
    for each in AUTHORITIES:
        if each.dfe_code:
            by_number.setdefault(each.dfe_code, []).append(each)
    recoded = [group for group in by_number.values() if len(group) > 1]
    assert len(recoded) >= 10
    for group in recoded:
        group.sort(key=lambda each: each.valid_to or date.max)
        assert [each.is_current for each in group[:-1]] == [False] * (len(group) - 1)
        for earlier, later in pairwise(group):
            assert earlier.valid_to is not None
            assert later.valid_from is not None
            assert (later.valid_from - earlier.valid_to).days == 1
            assert later.code in earlier.successors


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("E08000016", "E08000038", "370"),  # Barnsley
        ("E08000019", "E08000039", "373"),  # Sheffield
        ("E08000020", "E08000037", "390"),  # Gateshead
        ("E10000022", "E06000057", "929"),  # Northumberland, over two steps
        ("E10000002", "E06000060", "825"),  # Buckinghamshire
        ("E10000023", "E06000065", "815"),  # North Yorkshire
        ("E10000027", "E06000066", "933"),  # Somerset
    ],
)
def test_a_recoded_authority_keeps_its_number_and_its_force(
    old: str, new: str, number: str
) -> None:
    """The old and the new code both resolve, to the same three-digit code."""
    assert get_organisation(old).dfe_code == get_organisation(new).dfe_code == number
    assert current_code(old) == current_code(new) == new
    assert force_for(old) == force_for(new) is not None


def test_a_split_authority_is_not_followed_but_is_policed() -> None:
    """Nobody can say which half of Northamptonshire an old code means; its force is the same."""
    assert current_code("E10000021") == "E10000021"
    assert get_organisation("E10000021").successors == ("E06000061", "E06000062")
    assert force_for("E10000021") == "E23000022"
    assert current_code("E06000028") == "E06000058"


def test_pupil_numbers_know_the_codes_of_today_and_of_the_past() -> None:
    """Also those made after 2011 and those that only old numbers bear; never an unissued one."""
    codes = authority_dfe_codes()
    assert {"838", "839", "940", "941", "942", "943"} <= codes
    assert {"820", "835", "836", "837", "875", "909", "928"} <= codes
    assert {"660", "681", "702"} <= codes
    assert codes.isdisjoint({"", "000", "999", "100"})
    assert all(len(code) == 3 for code in codes)


def test_some_that_people_would_look_up() -> None:
    """Spot checks against what a practitioner knows."""
    assert force_for("E09000001") == "E23000034"
    assert len(authorities_of("E23000001")) == 32
    assert {get_organisation(code).name for code in authorities_of("E23000029")} == {
        "Bracknell Forest",
        "Buckinghamshire",
        "Milton Keynes",
        "Oxfordshire",
        "Reading",
        "Slough",
        "West Berkshire",
        "Windsor and Maidenhead",
        "Wokingham",
    }
    assert force_for("E06000053") == "E23000035"
    assert force_for("S12000049") == "S23000009"
    assert force_for("HSCT-BELFAST") == "N23000001"
    assert get_organisation("OFSTED").sector is Sector.OTHER


def test_an_unknown_code_is_answered_in_a_sentence() -> None:
    """Looking up says so; following and policing leave the unknown alone."""
    assert find_organisation("E99999999") is None
    assert current_code("E99999999") == "E99999999"
    assert force_for("E99999999") is None
    assert authorities_of("E99999999") == ()
    with pytest.raises(NotFound, match="No organisation has the code 'E99999999'"):
        get_organisation("E99999999")
