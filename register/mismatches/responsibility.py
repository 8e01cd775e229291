"""Rules of families E and G: who answers for the child, and what has gone from an extract."""

from collections.abc import Iterator

from register.mismatches.case import Finding
from register.mismatches.clocks import Clock, ends
from register.mismatches.hearing import Hearing, Matter, alone, own_side
from register.mismatches.limits import Level
from register.reports.organisations import current_code
from register.reports.statement import Statement
from register.terms import CareStatus, Sector, Status


def responsible_differs(hearing: Hearing) -> Iterator[Finding]:
    """E1: police name another responsible authority than authorities do, often the host.

    Grave while the child is missing or away. The force is asked: the authority's word is believed.
    """
    for matter in hearing.matters:
        told = _authority_word(hearing, matter)
        if told is None:
            continue
        responsible = current_code(told.text("responsible_authority") or told.organisation)
        asked: set[str] = set()
        for spell in reversed(matter.police):
            named = spell.last.text("responsible_authority")
            if not named or spell.organisation in asked or current_code(named) == responsible:
                asked |= {spell.organisation} if named else set()
                continue
            asked.add(spell.organisation)
            yield hearing.find(
                "E1",
                spell.organisation,
                matter,
                Level.GRAVE if matter.episode.is_open else Level.USUAL,
                field="responsible_authority",
                police_report=spell.last.report_id,
                authority_report=told.report_id,
                counterpart=told.organisation,
            )


def host_not_told(hearing: Hearing) -> Iterator[Finding]:
    """E2: a placement in another authority's area, and no notice of it to that authority.

    Due before the placement, or within 5 working days of an emergency one (Care Planning
    Regulations 2010, regulation 13(4)).
    """
    period = Clock(working_days=hearing.ruleset.thresholds.host_notice_days)
    for matter in hearing.matters:
        for statement in _of_authorities(matter):
            host = current_code(statement.text("host_authority"))
            placed = statement.moment("placement_started_on")
            own = current_code(statement.text("responsible_authority") or statement.organisation)
            told = statement.text("placement_notified_at")
            if not (host and placed) or host == own or told:
                continue
            due_at = ends(period, placed.clock_start, hearing.ruleset.holidays)
            heard_at = max(due_at, matter.start.earliest)
            if not hearing.hears(statement.organisation, heard_at, "placement_notified_at"):
                continue
            yield hearing.find(
                "E2",
                own,
                matter,
                field="placement_notified_at",
                authority_report=statement.report_id,
                counterpart=host,
                about=str(statement.report_id),
                fires_at=due_at,
                asked_from=due_at,
                duty_from=placed.clock_start,
                duty_due_at=due_at,
            )


def two_forces_open(hearing: Hearing) -> Iterator[Finding]:
    """E4: two forces have the child open: which of them leads? The one that came later is asked."""
    first: dict[str, tuple[Matter, Statement]] = {}
    for matter in sorted(hearing.matters, key=lambda each: each.start.earliest):
        for spell in matter.police:
            if spell.is_open:
                first.setdefault(spell.organisation, (matter, spell.last))
    if len(first) > 1:
        (_, lead), *others = first.values()
        for matter, statement in others:
            told = statement.moment("reported_at") or matter.start
            held = own_side(lead, statement, "status")
            held |= {"counterpart": lead.organisation, "asked_from": told.clock_start}
            yield hearing.find("E4", statement.organisation, matter, **held)


def gone_from_extract(hearing: Hearing) -> Iterator[Finding]:
    """G5: a report was in an organisation's extract and is gone from the next; never closed by it.

    Grave while the report is open.
    """
    for statement in hearing.case.statements:
        if statement.report_id not in hearing.case.vanished:
            continue
        standing = statement.text("status") in {Status.OPEN, Status.LOCATED}
        matter = next(
            (
                each
                for each in hearing.matters
                if any(own.report_id == statement.report_id for own in each.episode.statements())
            ),
            None,
        )
        yield hearing.find(
            "G5",
            statement.organisation,
            matter,
            Level.GRAVE if standing else Level.USUAL,
            **alone(statement, "reference"),
        )


def _of_authorities(matter: Matter) -> Iterator[Statement]:
    return (spell.last for spell in matter.authority)


def _authority_word(hearing: Hearing, matter: Matter) -> Statement | None:
    """Give the report by which an authority says whose child it is at this going missing.

    Its own account of it before the latest report or roster row elsewhere; one that says nothing
    of `responsible_authority` but has the child looked after speaks for itself.
    """
    mine = [statement for spell in matter.authority for statement in spell.statements]
    elsewhere = [s for s in hearing.newest_first if s.sector is Sector.AUTHORITY]
    for statement in (*mine, *elsewhere):
        if statement.text("responsible_authority"):
            return statement
    return next(
        (s for s in (*mine, *elsewhere) if s.text("care_status") == CareStatus.LOOKED_AFTER), None
    )
