"""Whose people may see a child: who reports it, whose it is, where it lives, who polices that."""

from collections.abc import Iterable, Iterator

from register.access.reach import Reason
from register.records.care import Care
from register.reports.organisations import current_code, force_for
from register.reports.statement import Statement


def reach_of(statements: Iterable[Statement], care: Care) -> frozenset[Reason]:
    """Give every organisation whose people see the child, by today's code, and why."""
    return frozenset((current_code(code), why) for code, why in _reasons(statements, care) if code)


def _reasons(statements: Iterable[Statement], care: Care) -> Iterator[Reason]:
    for statement in statements:
        yield statement.organisation, "reports"
        yield statement.text("police_force"), "polices"
        yield statement.text("host_authority"), "host"
        yield statement.text("responsible_authority"), "responsible"
    authorities = {"responsible": care.responsible, "host": care.host, "home": care.home}
    for why, code in authorities.items():
        yield code, why
        yield force_for(code) or "", "polices"
