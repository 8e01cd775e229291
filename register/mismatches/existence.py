"""Rules of family A: one side has a going missing, the other has nothing.

Each first asks whether the silent side would know (domain 7.1, 1 and 2); where it would not, that
is noted as a gap and nothing is raised.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from register.mismatches.case import Finding
from register.mismatches.hearing import Hearing, Matter
from register.mismatches.limits import Level
from register.records.care import CareState
from register.records.spells import Spell
from register.reports.organisations import current_code
from register.terms import Category, Sector

NOT_COMPLETE = "not complete to this time"
NO_FORCE = "the force of the place is not known"


def open_to_police_unknown_to_authority(hearing: Hearing) -> Iterator[Finding]:
    """A1: police have a looked-after child open, the responsible authority has nothing.

    Grave, so that an hour must do, at high risk.
    """
    for matter in _unknown_to_responsible("A1", hearing):
        open_spells = [spell for spell in matter.police if spell.is_open]
        if open_spells:
            level = Level.GRAVE if matter.is_high_risk else Level.USUAL
            yield hearing.find(
                "A1",
                matter.care.responsible,
                matter,
                level,
                field="status",
                police_report=open_spells[0].last.report_id,
                counterpart=open_spells[0].organisation,
                asked_from=_told(open_spells[0]),
            )


def closed_by_police_unknown_to_authority(hearing: Hearing) -> Iterator[Finding]:
    """A4: police have closed a looked-after child's going missing, the authority has nothing."""
    for matter in _unknown_to_responsible("A4", hearing):
        if not matter.episode.is_open:
            spell = matter.police[-1]
            end = spell.end
            yield hearing.find(
                "A4",
                matter.care.responsible,
                matter,
                field="status",
                police_report=spell.last.report_id,
                counterpart=spell.organisation,
                asked_from=end.clock_start if end else None,
            )


def not_looked_after(hearing: Hearing) -> Iterator[Finding]:
    """A6: police alone have a child who is known not to be looked after, as expected."""
    for matter in hearing.police_only:
        if matter.care.state is CareState.NOT_LOOKED_AFTER:
            spell = matter.police[-1]
            yield hearing.find(
                "A6",
                matter.care.home or spell.organisation,
                matter,
                field="status",
                police_report=spell.last.report_id,
                counterpart=spell.organisation,
            )


def nobody_accepts(hearing: Hearing) -> Iterator[Finding]:
    """A7: an unaccompanied child whom no authority speaks of."""
    for matter in hearing.police_only:
        if _is_disowned(hearing, matter):
            spell = matter.police[-1]
            yield hearing.find(
                "A7",
                matter.care.home or spell.organisation,
                matter,
                field="responsible_authority",
                police_report=spell.last.report_id,
                counterpart=spell.organisation,
                asked_from=_told(matter.police[0]),
            )


def care_unknown(hearing: Hearing) -> Iterator[Finding]:
    """ASK: police alone have a child of whom nobody says whether, or by whom, looked after.

    Grave while the child is missing or away.
    """
    for matter in hearing.police_only:
        care = matter.care
        answered = care.state is CareState.NOT_LOOKED_AFTER or (
            care.state is CareState.LOOKED_AFTER and care.responsible
        )
        if answered or _is_disowned(hearing, matter):
            continue
        authority = matter.care.home
        closed = authority and not matter.episode.is_open
        if closed and not hearing.hears(authority, matter.start.earliest):
            hearing.cannot("ASK", matter, authority, NOT_COMPLETE)
            continue
        spell = matter.police[-1]
        yield hearing.find(
            "ASK",
            authority or spell.organisation,
            matter,
            Level.GRAVE if matter.episode.is_open else Level.USUAL,
            field="care_status",
            police_report=spell.last.report_id,
            counterpart=spell.organisation,
            asked_from=_told(matter.police[0]),
        )


def open_to_authority_unknown_to_police(hearing: Hearing) -> Iterator[Finding]:
    """A2: an authority has a child missing now, the force of the place has nothing."""
    for matter, force in _unknown_to_force("A2", hearing):
        missing = [spell for spell in matter.authority if spell.is_missing]
        if missing:
            yield hearing.find(
                "A2",
                force,
                matter,
                field="status",
                authority_report=missing[0].last.report_id,
                counterpart=missing[0].organisation,
                asked_from=_told(missing[0]),
            )


def closed_by_authority_unknown_to_police(hearing: Hearing) -> Iterator[Finding]:
    """A5: an authority has a child who was missing and is back, police never had it.

    Mild where the authority records nothing as away (7.1, 8).
    """
    practice = hearing.ruleset.thresholds.codes_everything_missing
    for matter, force in _unknown_to_force("A5", hearing):
        spell = matter.authority[-1]
        if matter.episode.is_open or all(
            spell.category is Category.AWAY for spell in matter.authority
        ):
            continue
        end = spell.end
        yield hearing.find(
            "A5",
            spell.organisation,
            matter,
            Level.MILD if spell.organisation in practice else Level.USUAL,
            field="status",
            authority_report=spell.last.report_id,
            counterpart=force,
            asked_from=end.clock_start if end else None,
        )


def long_away(hearing: Hearing) -> Iterator[Finding]:
    """A3: away from placement for over a day; at once, and grave, if repeated or with risk flags.

    At once only where police have nothing; where they have, their part of it is over.
    """
    for matter in hearing.matters:
        spell = next((spell for spell in matter.authority if spell.is_away), None)
        if spell is None or matter.episode.is_missing:
            continue
        grave = _is_repeat(hearing, matter) or any(
            statement.texts("risk_flags") for statement in spell.statements
        )
        if not matter.police and not _hears_force("A3", hearing, matter):
            continue
        since = _away_since(spell)
        at = since + timedelta(hours=hearing.ruleset.thresholds.away_hours)
        at_once = grave and not matter.police
        if not at_once and not hearing.still_says(spell, at):
            hearing.cannot("A3", matter, spell.organisation, NOT_COMPLETE, from_=at)
            continue
        yield hearing.find(
            "A3",
            spell.organisation,
            matter,
            Level.GRAVE if grave else Level.USUAL,
            field="status",
            authority_report=spell.last.report_id,
            counterpart=matter.police[-1].organisation if matter.police else matter.place_force,
            fires_at=None if at_once else at,
            asked_from=since if at_once else at,
        )


def _away_since(spell: Spell) -> datetime:
    """Give the instant from which the child's whereabouts are known, to start a clock of hours."""
    if spell.last.text("category") == Category.AWAY:
        since = spell.last.moment("missing_at")
    else:
        since = spell.last.moment("found_at")
    return (since or spell.start).clock_start


def _told(spell: Spell) -> datetime:
    reported = spell.statements[0].moment("reported_at")
    return (reported or spell.start).clock_start


def _unknown_to_responsible(rule: str, hearing: Hearing) -> Iterator[Matter]:
    """Give what the responsible authority of a looked-after child should have and has not."""
    for matter in hearing.police_only:
        care = matter.care
        if care.state is not CareState.LOOKED_AFTER or not care.responsible:
            continue
        if hearing.hears(care.responsible, matter.start.earliest):
            yield matter
        elif matter.episode.is_open == (rule == "A1"):
            hearing.cannot(rule, matter, current_code(care.responsible), NOT_COMPLETE)


def _unknown_to_force(rule: str, hearing: Hearing) -> Iterator[tuple[Matter, str]]:
    """Give what the force of the place should have and has not, and which force that is."""
    for matter in hearing.authority_only:
        concerned = (
            matter.episode.is_missing
            if rule == "A2"
            else not matter.episode.is_open
            and any(spell.category is Category.MISSING for spell in matter.authority)
        )
        if concerned and _hears_force(rule, hearing, matter):
            yield matter, matter.place_force


def _hears_force(rule: str, hearing: Hearing, matter: Matter) -> bool:
    force = matter.place_force
    if force and hearing.hears(force, matter.start.earliest):
        return True
    hearing.cannot(rule, matter, force, NOT_COMPLETE if force else NO_FORCE)
    return False


def _is_disowned(hearing: Hearing, matter: Matter) -> bool:
    """Tell whether this is an unaccompanied child of whom no authority has said a word."""
    statements = hearing.case.statements
    return (
        any(statement.text("unaccompanied") == "yes" for statement in matter.episode.statements())
        and not matter.care.responsible
        and all(statement.sector is not Sector.AUTHORITY for statement in statements)
    )


def _is_repeat(hearing: Hearing, matter: Matter) -> bool:
    thresholds = hearing.ruleset.thresholds
    since = matter.start.earliest - timedelta(days=thresholds.repeat_days)
    starts = [other.start.earliest for other in hearing.matters]
    recent = sum(1 for start in starts if since <= start <= matter.start.earliest)
    return recent >= thresholds.repeat_count
