"""Returns of nobody, drawn so that every rule on the missing table is broken, and nearly broken."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from register.simulation.files import save
from register.simulation.statutory_return import EPISODES, HEADER, MISSING

YEAR = (date(2025, 4, 1), date(2026, 3, 31))
Row = dict[str, str]


def written(day: date | None) -> str:
    """Write a day as the return has it."""
    return f"{day:%d/%m/%Y}" if day else ""


def write_drawn(folder: Path, rng: Random, children: int) -> None:
    """Write a return of so many children, and last year's missing table."""
    tables: dict[str, list[Row]] = {"header": [], "episodes": [], "missing": [], "previous": []}
    for number in range(children):
        _child(f"C{number:04}", rng, tables)
    rng.shuffle(tables["missing"])
    save(folder / "header.csv", HEADER, tables["header"])
    save(folder / "episodes.csv", EPISODES, tables["episodes"])
    save(folder / "missing.csv", MISSING, tables["missing"])
    save(folder / "previous" / "missing.csv", MISSING, tables["previous"])


def _child(name: str, rng: Random, tables: dict[str, list[Row]]) -> None:
    born = date(2007, 6, 1) + timedelta(days=rng.randrange(3000))
    if rng.random() < 0.1:
        born = date(2007, 10, 1)
    header = {"CHILD": name, "SEX": rng.choice("MF"), "DOB": written(born), "ETHNIC": "WBRI"}
    if rng.random() > 0.03:
        tables["header"].append(header | {"UPN": "UN1"})
    began = date(2023, 4, 1) + timedelta(days=rng.randrange(1000))
    if rng.random() > 0.03:
        tables["episodes"] += _episodes(name, rng, began, born)
    start = began + timedelta(days=rng.randrange(-20, 500))
    for _ in range(rng.randrange(4)):
        start += timedelta(days=rng.choice((0, 0, 1, 3, 40)))
        tables["missing"].append(_missing(name, rng, start, born))
    if rng.random() < 0.15:
        left = date(2025, 3, rng.randrange(1, 31))
        tables["previous"].append(_missing(name, rng, left, born) | {"MIS_END": ""})
        if rng.random() < 0.6:
            going_on = {"MISSING": "M", "MIS_START": written(left), "MIS_END": "02/05/2025"}
            tables["missing"].append({"CHILD": name, "DOB": written(born)} | going_on)


def _episodes(name: str, rng: Random, began: date, born: date) -> Sequence[Row]:
    rows = []
    start, reason = began, "S"
    eighteen = born.replace(year=born.year + 18)
    for last in (False, rng.random() < 0.5, True):
        end = start + timedelta(days=rng.randrange(1, 300))
        ends = last and rng.random() < 0.5
        if ends and rng.random() < 0.3 and eighteen > start:
            end = eighteen
        row = {
            "CHILD": name, "DECOM": written(start), "RNE": reason, "LS": "C2", "CIN": "N1",
            "PLACE": "U6", "PLACE_PROVIDER": "PR1", "HOME_POST": "LS1 4AP", "PL_POST": "LS1 4AP",
            "DEC": written(end) if ends or not last else "",
            "REC": rng.choice(("E8", "E17", "E4A")) if ends else "" if last else "X1",
        }  # fmt: skip
        rows.append(row)
        if last:
            break
        start, reason = end, "P"
    return rows


def _missing(name: str, rng: Random, start: date, born: date) -> Row:
    length = rng.choice((-2, 0, 1, 2, 9, 400))
    end = start + timedelta(days=length)
    row = {
        "CHILD": name,
        "DOB": written(born),
        "MISSING": rng.choice("MMA"),
        "MIS_START": written(start),
        "MIS_END": written(end) if rng.random() < 0.8 else "",
    }
    spoilt = rng.random()
    if spoilt < 0.02:
        row["MIS_START"] = rng.choice(("", "31/02/2026", "soon"))
    elif spoilt < 0.04:
        row["MIS_END"] = rng.choice(("99/99/2026", "2026-01-01"))
    elif spoilt < 0.06:
        row["MISSING"] = rng.choice(("", "X"))
    elif spoilt < 0.07:
        row["DOB"] = written(born + timedelta(days=31))
    elif spoilt < 0.08:
        row["MIS_START"] = written(born - timedelta(days=rng.randrange(2)))
    return row
