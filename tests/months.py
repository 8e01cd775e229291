"""The simulated month as each organisation says it, and what a layout can say of it."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

from register.reports.layouts import Layout
from register.simulation import month
from register.simulation.files import iso, save, versions
from register.simulation.statements import Statement, Value
from register.terms import LONDON, Sector

SECTORS = {
    "compact-like": Sector.POLICE,
    "niche-like": Sector.POLICE,
    "liquidlogic-like": Sector.AUTHORITY,
    "mosaic-like": Sector.AUTHORITY,
    "eclipse-like": Sector.AUTHORITY,
    "ssd-missing": Sector.AUTHORITY,
    "dfe-api": Sector.AUTHORITY,
}
Sent = Statement


def sent_by(most: int | None = None) -> dict[str, list[Sent]]:
    """Give what every organisation reports of the month's cases, numbered as its files are."""
    _, _, cases = month.simulate(Random(month.SEED))  # noqa: S311  # a simulation, no secret
    statements = [said for case in cases[:most] for said in case.police + case.authority]
    return month._number(statements)


def write_own(layout: Layout, path: Path, said: Iterable[Statement]) -> None:
    """Write in the register's own layout only what another one can say."""
    rows = [
        {name: iso(value, LONDON) for name, value in narrowed(layout, version).items()}
        for statement in said
        for version in versions(statement)
    ]
    save(path, sorted({*layout.carries, "organisation"}), rows)


def narrowed(layout: Layout, version: dict[str, Value]) -> dict[str, Value]:
    """Give what a layout can say of one version of a report."""
    said = dict(version)
    if layout.rest:
        names = f"{said['forename']} {said['middle_names']}".strip()
        first, _, rest = names.partition(" ")
        said |= {"forename": first, "middle_names": rest.strip()}
    for name, other in layout.away.items():
        # One column holds the end: found where the whereabouts were unknown, else back.
        gone = name if said["category"] == "away" else other
        said[gone] = ""
    for name, codes in layout.codes.items():
        kept = [each for each in str(said.get(name, "")).split(";") if each in codes.values()]
        said[name] = ";".join(kept)
    for name, ways in layout.follows.items():
        filled = [way for field, way in ways.items() if said.get(field)]
        said[name] = next(iter(filled), ways["otherwise"])
    if layout.name == "dfe-api" and _starts_late(said):
        # Of the placements that it lists the one counts that the child was in by then.
        said |= dict.fromkeys([name for name in said if name.startswith("placement_")], "")
    kept_names = {*layout.carries, "organisation"}
    return {name: value for name, value in said.items() if name in kept_names}


def _starts_late(said: dict[str, Value]) -> bool:
    began, missing = said.get("placement_started_on") or "", said["missing_at"]
    return bool(began) and iso(began, LONDON) > iso(missing, LONDON)[:10]
