"""How a disagreement is planted: into which cases it fits, and how often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random

from register.simulation.cases import STATUTORY_RETURN, WELL_BEFORE
from register.simulation.statements import Case, Statement, extract_end
from register.simulation.world import Care

ENDS = (
    "found_at", "returned_at", "closed_at", "closed_reason", "found_how",
    "prevention_interview_at", "return_interview_offered_at", "return_interview_outcome",
    "return_interview_reason", "return_interview_at",
)  # fmt: skip
NATURAL = frozenset({"unaccompanied", "twin", "out_of_area"})


@dataclass(frozen=True, slots=True)
class Plant:
    """One kind of disagreement: its name, how many, where it fits, what is changed."""

    kind: str
    count: int
    fits: Callable[[Case], bool]
    make: Callable[[Random, Case], None]


def plant(rng: Random, cases: list[Case], plants: Sequence[Plant]) -> None:
    """Plant every kind; each case takes one at most, so that none hides another.

    First one of each kind, then the rest, so that a scarce kind is not left out.
    """
    free = [case for case in cases if _is_plain(case)]
    rng.shuffle(free)
    rounds = [(kind, 1) for kind in plants] + [(kind, kind.count - 1) for kind in plants]
    for kind, count in rounds:
        chosen = list(islice((case for case in free if kind.fits(case)), count))
        for case in chosen:
            kind.make(rng, case)
            for statement in case.police + case.authority:
                statement.kinds.add(kind.kind)
        taken = {id(case) for case in chosen}
        free = [case for case in free if id(case) not in taken]


def _is_plain(case: Case) -> bool:
    kinds = set().union(*(said.kinds for said in case.police + case.authority))
    return case.going.alone and kinds <= NATURAL


def both(case: Case) -> bool:
    """Whether both sides tell of it, each within an extract that is complete."""
    return bool(case.police and case.authority)


def ended(case: Case) -> bool:
    """Whether it ended in good time before both extracts did."""
    returned = case.going.returned_at
    return (
        both(case)
        and returned is not None
        and all(
            returned + WELL_BEFORE < extract_end(said.organisation)
            for said in case.police + case.authority
        )
    )


def still_open(case: Case) -> bool:
    """Whether it is open to both, for longer than a day."""
    return (
        both(case)
        and case.going.found_at is None
        and all(
            case.going.missing_at + WELL_BEFORE < extract_end(said.organisation)
            for said in case.police + case.authority
        )
    )


def lasted(least: timedelta) -> Callable[[Case], bool]:
    """Return the test whether it ended and lasted at least so long."""

    def fits(case: Case) -> bool:
        found = case.going.found_at
        return ended(case) and found is not None and found - case.going.missing_at >= least

    return fits


def some_days_ago(days: int) -> Callable[[Case], bool]:
    """Return the test whether it ended so many days before the extracts did."""

    def fits(case: Case) -> bool:
        returned = case.going.returned_at
        return (
            ended(case)
            and returned is not None
            and all(
                returned + timedelta(days=days) < extract_end(said.organisation)
                for said in case.police + case.authority
            )
        )

    return fits


def care_of(case: Case) -> Care:
    """Return whose child it is; only for a child who is looked after."""
    if case.resident.care is None:
        raise ValueError(f"Child {case.resident.child.person} is not looked after by anybody.")
    return case.resident.care


def in_statutory_return(case: Case) -> bool:
    """Whether the authority tells of it in its statutory return: days, no names."""
    return both(case) and care_of(case).responsible in STATUTORY_RETURN


def in_own_layout(case: Case) -> bool:
    """Whether the authority tells of it in the register's own layout."""
    return both(case) and not in_statutory_return(case)


def with_times(case: Case) -> bool:
    """Whether the authority knows the time and not the day only."""
    return both(case) and case.authority[0].moment("missing_at") is not None


def reopen(case: Case, statement: Statement) -> None:
    """Take back what the statement says of an end: its organisation never heard of one."""
    statement.values |= dict.fromkeys(ENDS, "")
    statement.values["status"] = "open"
    statement.values["updated_at"] = case.going.reported_at + timedelta(hours=2)


def shift(statement: Statement, names: tuple[str, ...], span: timedelta) -> None:
    """Move some times of a statement, or days, by the same span."""
    for name in names:
        value = statement.values.get(name, "")
        if isinstance(value, date):  # a datetime is a date
            statement.values[name] = value + span


def copy_of(statement: Statement) -> Statement:
    """Return another statement that says the same, to be changed."""
    return Statement(statement.organisation, statement.person, dict(statement.values),
                     set(statement.kinds))  # fmt: skip
