"""A month of reports from five forces and eight authorities, in their own layouts."""

from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path
from random import Random

from register.simulation import identity_apart, one_sided, statutory_return, times_apart
from register.simulation.cases import STATUTORY_RETURN, Agencies
from register.simulation.chances import happens
from register.simulation.days import FIRST_DAY, LAST_DAY, in_repeated_hour
from register.simulation.files import SourceFile, save, write_reports, write_roster
from register.simulation.force_export import write_force_export
from register.simulation.goings_missing import Month
from register.simulation.identifiers import passes
from register.simulation.places import (
    AUTHORITIES,
    CROYDON,
    FORCES,
    GREATER_MANCHESTER,
    KENT,
    METROPOLITAN,
    Authority,
)
from register.simulation.plants import plant
from register.simulation.statements import EXTRACT_ENDS, Case, Statement, same_name
from register.simulation.statutory_return import Child, write_return
from register.simulation.world import Resident, World
from register.terms import LONDON

SEED = 903
CORRECTED = 0.03
RISES = {"no_apparent_risk": "low", "low": "medium", "medium": "high", "high": "high"}
REFERENCES = {
    "E23000010": "WY/26/{:06d}", "E23000005": "MP26-{:06d}", "E23000001": "26MIS{:06d}",
    "E23000032": "46-MP-{:05d}-26", "E23000014": "20MP/{:05d}/26",
}  # fmt: skip
# Systems that keep local time write its offset; the others write UTC.
LOCAL_TIME = (METROPOLITAN, CROYDON.code)
# A spreadsheet puts a byte order mark before the headings.
WITH_MARK = (KENT.code,)
# The kinds that fit few cases choose first.
PLANTS = (*identity_apart.PLANTS, *times_apart.PLANTS, *one_sided.PLANTS)


def write_month(folder: Path, seed: int = SEED) -> list[SourceFile]:
    """Write the files of all sources, `truth.csv` and `planted.csv`; return the sources' files.

    Rosters come first, so that whose child it is can be known when a report arrives. The same
    seed gives the same bytes. `truth.csv` names the person of every report that can be read;
    `planted.csv` what the simulation did to it (`organisation,reference,kind`).
    """
    rng = Random(seed)  # noqa: S311 - a simulation, no secret
    residents, agencies, cases = simulate(rng)
    statements = [said for case in cases for said in case.police + case.authority]
    _spoil_some(statements)
    by_organisation = _number(statements)
    _write_truth(folder, statements)
    files = [_roster(folder, authority, agencies, residents) for authority in AUTHORITIES]
    for authority in AUTHORITIES:
        said = by_organisation[authority.code]
        if authority in STATUTORY_RETURN:
            children = _looked_after(authority, agencies, residents)
            path = write_return(folder / authority.name.lower(), rng, said, children)
            files.append(_source(path, authority.code, "ssda903"))
        else:
            files.append(_reports(folder, authority.name.lower(), authority.code, said))
    for force in FORCES:
        said = by_organisation[force]
        if force == GREATER_MANCHESTER:
            path = folder / f"force-{force}.csv"
            write_force_export(path, said)
            files.append(_source(path, force, "force-export"))
        else:
            files.append(_reports(folder, f"force-{force}", force, said))
    return files


def simulate(rng: Random) -> tuple[list[Resident], Agencies, list[Case]]:
    """Return the children, what is on file about them, and the month's cases as they are told."""
    residents = World(rng).residents
    agencies = Agencies(rng)
    cases = [agencies.tell(going) for going in Month(rng, residents).goings_missing]
    plant(rng, cases, PLANTS)
    one_sided.forget_some_nights(cases)
    _correct_some(rng, cases)
    for case in cases:
        _note_differences(case)
    return residents, agencies, cases


def _source(path: Path, organisation: str, layout: str) -> SourceFile:
    until = EXTRACT_ENDS.get(organisation, LAST_DAY)
    return SourceFile(path, organisation, layout, FIRST_DAY, until)


def _reports(folder: Path, name: str, code: str, said: list[Statement]) -> SourceFile:
    path = folder / f"{name}.csv"
    zone = LONDON if code in LOCAL_TIME else UTC
    write_reports(path, said, zone, "utf-8-sig" if code in WITH_MARK else "utf-8")
    return _source(path, code, "register")


def _looked_after(
    authority: Authority, agencies: Agencies, residents: list[Resident]
) -> list[Child]:
    return [
        (resident, agencies.authority_file(authority, resident), resident.care)
        for resident in residents
        if resident.care and resident.care.responsible is authority
    ]


def _roster(
    folder: Path, authority: Authority, agencies: Agencies, residents: list[Resident]
) -> SourceFile:
    path = folder / f"{authority.name.lower()}-roster.csv"
    children = _looked_after(authority, agencies, residents)
    write_roster(path, [(on_file, care) for _, on_file, care in children])
    return _source(path, authority.code, "roster")


def _correct_some(rng: Random, cases: list[Case]) -> None:
    """Give some reports an earlier version: still open, graded lower, a birth date mistyped."""
    for statement in (said for case in cases for said in case.police + case.authority):
        reported = statement.moment("reported_at")
        if not reported or not statement.moment("found_at") or not happens(rng, CORRECTED):
            continue
        ends = [name for name in statement.values if name.endswith("_at")]
        kept = ("missing_at", "reported_at")
        earlier = statement.values | {name: "" for name in ends if name not in kept}
        earlier |= {"status": "open", "closed_reason": "", "found_how": ""}
        earlier["updated_at"] = reported + timedelta(minutes=20)
        statement.values["risk_level"] = RISES[str(statement.values["risk_level"])]
        statement.earlier.append(earlier)
        statement.kinds.add("corrected")


def _note_differences(case: Case) -> None:
    """Name what the two sides' files differ in, planted or a natural slip."""
    for police in case.police:
        missing_at = police.moment("missing_at")
        if missing_at and in_repeated_hour(missing_at):
            police.kinds.add("repeated_hour")
        for name in ("nhs_number", "upn"):
            number = str(police.values[name])
            if number and not passes(number):
                police.kinds.add("D3")
        for authority in case.authority[:1]:
            police.kinds |= _differences(police, authority)


def _differences(police: Statement, authority: Statement) -> set[str]:
    rules = {"forename": "D2", "surname": "D2", "date_of_birth": "D1", "sex": "D6",
             "nhs_number": "D3", "upn": "D3"}  # fmt: skip
    return {
        rule
        for name, rule in rules.items()
        if police.values[name]
        and authority.values[name]
        and not same_name(police.values[name], authority.values[name])
    }


def _spoil_some(statements: list[Statement]) -> None:
    """Make one row of a return and one of a force unreadable: rejected, and told so."""
    returns = {authority.code for authority in STATUTORY_RETURN}
    spoilt = {"category": "X"}, {"missing_at": "25/10/2026 teatime"}
    for organisations, change in zip((returns, {METROPOLITAN}), spoilt, strict=True):
        statement = next(
            said for said in statements if said.organisation in organisations and not said.kinds
        )
        statement.values |= change
        statement.kinds.add("rejected")


def _number(statements: list[Statement]) -> dict[str, list[Statement]]:
    """Give every report its organisation's reference, in the order in which they came in."""
    by_organisation: dict[str, list[Statement]] = {}
    for statement in statements:
        by_organisation.setdefault(statement.organisation, []).append(statement)
    returns = {authority.code for authority in STATUTORY_RETURN}
    for organisation, said in by_organisation.items():
        counter: Counter[str] = Counter()
        for statement in said:
            counter[organisation] += 1
            number = 1000 + counter[organisation] * 3
            if organisation in returns:
                child = str(statement.values["child_reference"])
                statement.reference = statutory_return.reference(
                    child, statement.values["missing_at"]
                )
            else:
                pattern = REFERENCES.get(organisation, "MFC-{:05d}")
                statement.reference = pattern.format(number)
    return by_organisation


def _write_truth(folder: Path, statements: list[Statement]) -> None:
    names = [
        {"organisation": said.organisation, "reference": said.reference} for said in statements
    ]
    truth = [
        name | {"person": said.person}
        for name, said in zip(names, statements, strict=True)
        if "rejected" not in said.kinds
    ]
    planted = [
        name | {"kind": kind}
        for name, said in zip(names, statements, strict=True)
        for kind in sorted(said.kinds)
    ]
    save(folder / "truth.csv", ("organisation", "reference", "person"), truth)
    save(folder / "planted.csv", ("organisation", "reference", "kind"), planted)
