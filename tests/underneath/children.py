"""Children of fifty authorities, one or two each, some known to the police as well."""

from sqlalchemy import Connection, text

from register.reports.organisations import all_organisations, force_for
from register.reports.schema import Reading
from register.terms import Sector
from tests.registers import say

TENANTS = tuple(
    sorted(
        each.code
        for each in all_organisations()
        if each.sector is Sector.AUTHORITY and each.is_current and force_for(each.code)
    )
)[:50]
"""Authorities; each is one whose people must see no other's children."""
ELSEWHERE = "E08000035"
"""An authority beside them, whose children are in an extract, a review and a sample."""
_SURNAMES = "Abara Brookes Calder Dunmore Eastley Farrow Godwin Hallam Ivers Jardine".split()
_FORENAMES = "Tariq Maya Jonah Grace Leila".split()


def everybody() -> list[Reading]:
    """Give a report of each authority's child, and of every fifth one by its police force too."""
    readings = []
    for number, authority in enumerate(TENANTS):
        child = {
            "forename": _FORENAMES[number // 10],
            "surname": f"{_SURNAMES[number % 10]}-Test",
            "date_of_birth": f"201{number % 5}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "sex": "female",
        }
        own = {"child_reference": f"C-{number}", "responsible_authority": authority}
        readings.append(say(authority, f"A-{number}", **child, **own))
        if number % 5 == 0:
            force = str(force_for(authority))
            away = {"status": "open", "responsible_authority": authority}
            readings.append(say(force, f"P-{number}", **child, **away))
    return readings


def alike() -> list[Reading]:
    """Give two reports of an authority that is none of those, so like that a person must judge."""
    child = {"surname": "Okafor-Test", "sex": "female", "home_postcode": "LS1 4AP"}
    return [
        say(ELSEWHERE, "A", forename="Grace", date_of_birth="2011-05-31", **child),
        say(ELSEWHERE, "B", forename="Gracie", date_of_birth="2011-05-30", **child),
    ]


def shown(connection: Connection, table: str) -> int:
    """Count the rows of a table that this connection is shown."""
    return int(connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)  # noqa: S608  # a table of ours


def reporters_shown(connection: Connection) -> set[str]:
    """Tell whose reports this connection is shown, with no condition in the query."""
    return {*connection.scalars(text("SELECT organisation FROM report"))}
