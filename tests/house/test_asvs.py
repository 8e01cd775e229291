"""The walk through the OWASP standard leaves nothing out, counts right and names what is there."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from register.settings import ROOT
from tests.house.source import text_of

STATES = ("met", "partly", "not", "does not apply")
FIRST_TWO = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4
3.4.1-6 3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3
6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5
7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4
10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1
12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3
15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4
17.3.1-2
"""
"""Every item of levels 1 and 2 of 5.0.0 by its number alone: 70 and 183."""
THIRD = """
1.2.10 1.5.3 2.3.5 3.4.7-8 5.2.4-5 5.3.3 6.3.8 7.5.3 8.3.2-3 13.3.3 14.2.6-7 15.4.2
"""
"""Those of level 3 that the register means to hold to."""
PLACES = r"`((?:register|tests|docs|config)/[\w./-]+)`"


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the page."""

    number: str
    state: str
    how: str
    tests: str


def numbers(text: str) -> Iterator[str]:
    """Spell out what `1.2.3-5` stands for."""
    for word in text.split():
        section, _, items = word.rpartition(".")
        first, _, last = items.partition("-")
        for item in range(int(first), int(last or first) + 1):
            yield f"{section}.{item}"


def items_in(text: str) -> list[Item]:
    """Read the rows of the page that begin with a number of the standard."""
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \|(.*)\|$", text, re.MULTILINE)
    cells = [(number, [cell.strip() for cell in rest.split(" |")]) for number, rest in rows]
    return [Item(number, each[1], each[2], each[3]) for number, each in cells]


def counted(items: list[Item], numbers_of: set[str]) -> list[int]:
    """Count these items, all of them and by state."""
    found = Counter(each.state for each in items if each.number in numbers_of)
    return [found.total(), *(found[state] for state in STATES)]


def told(text: str, name: str) -> list[int]:
    """Read what the page counts."""
    line = re.search(rf"^\| {name} \|(.*)\|$", text, re.MULTILINE)
    return [int(cell) for cell in line[1].split("|")] if line else []


def listed(text: str, head: str) -> list[str]:
    """Read the numbers that stand after a word in bold, up to the full stop."""
    found = re.search(rf"\*\*{head}\*\*([\d.,\s]+)\.\n", text)
    return re.findall(r"\d+\.\d+\.\d+", found[1]) if found else []


def faults(text: str) -> list[str]:
    """Find what does not hold of the page."""
    items, first_two, third = items_in(text), {*numbers(FIRST_TWO)}, {*numbers(THIRD)}
    stand = Counter(each.number for each in items)
    short = {state: [i.number for i in items if i.state == state] for state in STATES}
    return [
        *(f"{each} is left out" for each in first_two | third if each not in stand),
        *(f"{each} stands twice" for each, count in stand.items() if count > 1),
        *(f"{each} is no item that is walked through" for each in stand.keys() - first_two - third),
        *(f"{each.number} is {each.state!r}" for each in items if each.state not in STATES),
        *(f"{each.number} says nothing" for each in items if not each.how),
        *(f"{each.number} names no test, nor none" for each in items if not _is_named(each)),
        *(f"{place} is not there" for place in _places(text) if not (ROOT / place).exists()),
        *(
            ["the counts are wrong"]
            if told(text, "levels 1 and 2") != counted(items, first_two)
            else []
        ),
        *(["the counts are wrong"] if told(text, "level 3") != counted(items, third) else []),
        *(["not met is another list"] if listed(text, "Not met:") != short["not"] else []),
        *(["in part is another list"] if listed(text, "Met in part:") != short["partly"] else []),
    ]


def _is_named(item: Item) -> bool:
    if item.state == "does not apply":
        return not item.tests
    return item.tests == "none" or bool(
        re.fullmatch(r"`tests/[\w/]+\.py`(, `tests/[\w/]+\.py`)*", item.tests)
    )


def _places(text: str) -> list[str]:
    return sorted({*re.findall(PLACES, text)})


PAGE = text_of(ROOT / "docs/asvs.md")


def test_the_page_holds() -> None:
    assert not faults(PAGE)


def test_the_list_is_that_of_the_standard() -> None:
    assert len([*numbers(FIRST_TWO)]) == 70 + 183
    assert not {*numbers(FIRST_TWO)} & {*numbers(THIRD)}


def test_control_a_page_that_does_not_hold_is_found() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| 8.4.1 | "))
    assert "8.4.1 is left out" in faults(PAGE.replace(row, ""))
    assert "8.4.1 stands twice" in faults(PAGE.replace(row, f"{row}\n{row}"))
    assert "8.4.2 is no item that is walked through" in faults(
        PAGE.replace("| 8.4.1 |", "| 8.4.2 |")
    )
    assert "the counts are wrong" in faults(PAGE.replace(row, row.replace("| met |", "| partly |")))
    assert "in part is another list" in faults(
        PAGE.replace(row, row.replace("| met |", "| partly |"))
    )
    assert "tests/web/test_nowhere.py is not there" in faults(
        PAGE.replace("tests/web/test_net.py", "tests/web/test_nowhere.py")
    )
    assert "8.4.1 names no test, nor none" in faults(
        PAGE.replace(row, f"{row.rsplit('|', 2)[0]}| |")
    )
