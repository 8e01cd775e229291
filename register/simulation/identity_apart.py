"""Disagreements on who the child is and whose: families D and E of the taxonomy."""

from datetime import timedelta
from random import Random

from register.simulation import slips
from register.simulation.cases import STATUTORY_RETURN
from register.simulation.identifiers import with_wrong_check
from register.simulation.places import AUTHORITIES
from register.simulation.plants import Plant, care_of, copy_of, ended, in_own_layout, shift
from register.simulation.statements import Case

TELLING_HOSTS = tuple(place for place in AUTHORITIES if place not in STATUTORY_RETURN)


def _same_number(case: Case) -> None:
    """Let both sides know the NHS number, so that the reports are linked all the same."""
    number = case.resident.child.nhs_number
    for statement in (case.police[0], case.authority[0]):
        statement.values["nhs_number"] = number


def _birth_date_swapped(rng: Random, case: Case) -> None:
    _same_number(case)
    born = case.resident.child.date_of_birth
    swapped = slips.day_and_month_swapped(born)
    case.police[0].values["date_of_birth"] = (
        swapped if swapped != born else slips.mistaken_date(rng, born + timedelta(days=40))
    )


def _called_otherwise(rng: Random, case: Case) -> None:
    _same_number(case)
    child = case.resident.child
    case.police[0].values |= {
        "forename": slips.nickname(rng, child.forename),
        "surname": slips.typing_slip(rng, child.surname),
        "known_as": child.forename,
    }


def _other_sex(_: Random, case: Case) -> None:
    _same_number(case)
    sex = case.resident.child.sex
    case.police[0].values["sex"] = "male" if sex == "female" else "female"


def _number_fails(rng: Random, case: Case) -> None:
    number = case.resident.child.nhs_number
    case.police[0].values["nhs_number"] = with_wrong_check(rng, number)
    case.authority[0].values["nhs_number"] = number


def _told_twice(rng: Random, case: Case) -> None:
    again = copy_of(case.police[0])
    shift(again, ("missing_at", "reported_at"), timedelta(minutes=rng.randrange(5, 25)))
    case.police.append(again)


def _police_name_the_host(_: Random, case: Case) -> None:
    case.police[0].values |= {
        "care_status": "looked_after",
        "responsible_authority": care_of(case).host.code,
    }


def _host_not_told(_: Random, case: Case) -> None:
    case.authority[0].values |= {"placement_notified_at": "", "host_informed_at": ""}


def _host_tells_too(_: Random, case: Case) -> None:
    second = copy_of(case.authority[0])
    second.organisation = care_of(case).host.code
    second.values["child_reference"] = f"V{care_of(case).child_reference}"
    interview = [name for name in second.values if "interview" in name]
    second.values |= dict.fromkeys(interview, "")
    case.authority.append(second)


def _numbered(case: Case) -> bool:
    return ended(case) and in_own_layout(case) and bool(case.resident.child.nhs_number)


def _placed_out_of_area(case: Case) -> bool:
    return ended(case) and in_own_layout(case) and care_of(case).out_of_area


def _host_tells(case: Case) -> bool:
    return _placed_out_of_area(case) and care_of(case).host in TELLING_HOSTS


PLANTS = (
    Plant("host_row", 5, _host_tells, _host_tells_too),
    Plant("E1", 12, _placed_out_of_area, _police_name_the_host),
    Plant("E2", 6, _placed_out_of_area, _host_not_told),
    Plant("D1", 10, _numbered, _birth_date_swapped),
    Plant("D2", 10, _numbered, _called_otherwise),
    Plant("D3", 6, _numbered, _number_fails),
    Plant("D5", 8, ended, _told_twice),
    Plant("D6", 4, _numbered, _other_sex),
)
