"""Disagreements on whether a child is missing at all: families A, B and E4 of the taxonomy."""

from datetime import timedelta
from random import Random

from register.simulation.chances import happens
from register.simulation.days import local_day
from register.simulation.places import FORCES, KENT_POLICE, SALFORD
from register.simulation.plants import (
    Plant,
    care_of,
    copy_of,
    ended,
    reopen,
    some_days_ago,
    still_open,
)
from register.simulation.statements import Case


def _authority_unaware(rng: Random, case: Case) -> None:
    case.authority.clear()
    if happens(rng, 0.3):  # the roster alone says that the child is looked after
        case.police[0].values |= {"care_status": "", "responsible_authority": ""}


def forget_some_nights(cases: list[Case]) -> None:
    """Let the authority miss two nights of the child who runs away on most nights."""
    nights = [case for case in cases if "repeat_runaway" in case.going.kinds and ended(case)]
    for case in nights[7:16:8]:
        case.authority.clear()
        case.police[0].kinds.add("A4")


def _police_unaware(_: Random, case: Case) -> None:
    case.police.clear()


def _away_and_police_unaware(_: Random, case: Case) -> None:
    case.police.clear()
    case.authority[0].values["category"] = "away"


def _authority_still_open(_: Random, case: Case) -> None:
    reopen(case, case.authority[0])


def _police_still_open(_: Random, case: Case) -> None:
    reopen(case, case.police[0])


def _authority_says_away(_: Random, case: Case) -> None:
    case.authority[0].values["category"] = "away"


def _left_care(_: Random, case: Case) -> None:
    care_of(case).looked_after_to = local_day(case.going.missing_at) + timedelta(days=1)


def _two_forces(rng: Random, case: Case) -> None:
    first = case.police[0]
    second = copy_of(first)
    second.organisation = _another_force(rng, first.organisation)
    second.values |= {"child_reference": "", "police_force": second.organisation}
    second.values["reported_at"] = case.going.reported_at + timedelta(minutes=10)
    case.police.append(second)


def _another_force(rng: Random, force: str) -> str:
    return rng.choice([other for other in FORCES if other not in (force, KENT_POLICE)])


def _located(_: Random, case: Case) -> None:
    """Whereabouts known, not returned: one episode in two phases (domain.md 7.1, ruling 3)."""
    police, missing = case.police[0], case.authority[0]
    found = case.going.found_at
    if found is None:
        return
    for statement in (police, missing):
        statement.values |= dict.fromkeys(
            [name for name in statement.values if "interview" in name], ""
        )
    police.values |= {"status": "located", "returned_at": "", "closed_at": ""}
    police.values |= {"closed_reason": "", "found_how": "custody"}
    away = copy_of(missing)
    known = missing.values["found_at"]
    missing.values |= {"returned_at": "", "closed_at": known, "closed_reason": "located"}
    away.values |= {"category": "away", "status": "open", "missing_at": known}
    away.values |= dict.fromkeys(("found_at", "returned_at", "closed_at", "closed_reason"), "")
    case.authority.append(away)


def _withdrawn(_: Random, case: Case) -> None:
    case.authority.clear()
    reopen(case, case.police[0])
    case.police[0].values["status"] = "withdrawn"


def _found_another_day(case: Case) -> bool:
    found = case.going.found_at
    return (
        some_days_ago(2)(case)
        and found is not None
        and local_day(found) > local_day(case.going.missing_at)
    )


def _codes_away(case: Case) -> bool:
    return ended(case) and care_of(case).responsible is not SALFORD


PLANTS = (
    Plant("E4", 3, still_open, _two_forces),
    Plant("A1", 7, still_open, _authority_unaware),
    Plant("A2", 3, still_open, _police_unaware),
    Plant("A3", 4, still_open, _away_and_police_unaware),
    Plant("B3", 3, still_open, _authority_says_away),
    Plant("B5", 2, still_open, _left_care),
    Plant("located_not_returned", 6, _found_another_day, _located),
    Plant("A4", 32, ended, _authority_unaware),
    Plant("A5", 16, ended, _police_unaware),
    Plant("B1", 9, ended, _authority_still_open),
    Plant("B2", 6, ended, _police_still_open),
    Plant("B3", 22, _codes_away, _authority_says_away),
    Plant("two_forces_closed", 5, ended, _two_forces),
    Plant("withdrawn", 14, ended, _withdrawn),
)
