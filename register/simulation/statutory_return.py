"""An authority's SSDA903 return as it keeps it: missing, header and episodes (domain.md 2.1)."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from random import Random

from register.simulation.days import local_day
from register.simulation.files import save
from register.simulation.recorded import Recorded
from register.simulation.statements import Statement, Value
from register.simulation.world import Care, Resident

MISSING = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
EPISODES = (
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
    "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN",
)  # fmt: skip
TYPES = {"missing": "M", "away": "A"}
SEXES = {"male": "M", "female": "F", "": "U"}
NEEDS = ("N1", "N1", "N1", "N2", "N4", "N5", "N6")

MOVED = ("CARPL", "CREQB", "PLACE", "CHILD")

Row = dict[str, str]
Child = tuple[Resident, Recorded, Care]


def british(value: Value) -> str:
    """Write a day as the return has it; what is no day stays as it is."""
    if isinstance(value, datetime):
        value = local_day(value)
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)


def reference(child_reference: str, start: Value) -> str:
    """Name a row of the return as the register does: by `CHILD` and `MIS_START`."""
    return f"{child_reference}/{start}"


def write_return(
    folder: Path, rng: Random, statements: Iterable[Statement], children: list[Child]
) -> Path:
    """Write the three files into the folder and return the path of `missing.csv`."""
    save(folder / "header.csv", HEADER, [_header(*child) for child in children])
    save(
        folder / "episodes.csv",
        EPISODES,
        [row for child in children for row in _episodes(rng, *child)],
    )
    path = folder / "missing.csv"
    save(path, MISSING, [_missing(statement) for statement in statements])
    return path


def _missing(statement: Statement) -> Row:
    values = statement.values
    kind = str(values["category"])
    # Missing ends when the child is found, away when the child is back.
    end = values["returned_at"] if kind == "away" else values["found_at"]
    return {
        "CHILD": str(values["child_reference"]),
        "DOB": british(values["date_of_birth"]),
        "MISSING": TYPES.get(kind, kind),
        "MIS_START": british(values["missing_at"]),
        "MIS_END": british(end),
    }


def _header(resident: Resident, on_file: Recorded, care: Care) -> Row:
    return {
        "CHILD": care.child_reference,
        "SEX": SEXES[on_file.sex],
        "DOB": british(on_file.date_of_birth or ""),
        "ETHNIC": resident.child.ethnicity,
        "UPN": on_file.upn or ("UN2" if resident.unaccompanied else "UN1"),
    }


def _episodes(rng: Random, resident: Resident, on_file: Recorded, care: Care) -> list[Row]:
    """Return the episode of the placement, and of the one before where the child has moved."""
    now = {
        "CHILD": care.child_reference,
        "DECOM": british(care.placement_started_on),
        "RNE": "P",
        "LS": care.legal_status,
        "CIN": "N8" if resident.unaccompanied else rng.choice(NEEDS),
        "PLACE": care.placement_type,
        "PLACE_PROVIDER": _provider(care),
        "DEC": british(care.looked_after_to or ""),
        "REC": "E4A" if care.looked_after_to else "",
        "HOME_POST": on_file.postcode,
        "PL_POST": care.placement_postcode,
        "URN": care.placement_urn,
    }
    since = {"DECOM": british(care.looked_after_from), "RNE": "S"}
    if care.placement_started_on == care.looked_after_from:
        return [now | since]
    moved = {
        "PLACE": "U6",
        "PLACE_PROVIDER": "PR1",
        "DEC": now["DECOM"],
        "REC": "X1",
        "REASON_PLACE_CHANGE": rng.choice(MOVED),
        "PL_POST": care.responsible.postcode(rng),
        "URN": "",
    }
    return [now | since | moved, now]


def _provider(care: Care) -> str:
    if care.placement_type == "P1":
        return "PR0"
    return "PR4" if care.out_of_area or care.placement_type in ("K2", "K3") else "PR1"
