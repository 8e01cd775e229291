"""Rules of family B: both sides have the going missing and differ on how it stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from register.mismatches.case import Finding
from register.mismatches.hearing import Hearing, Matter
from register.mismatches.limits import Level
from register.records.spells import Spell
from register.reports.values import midnight
from register.terms import Category, ClosedReason, RiskLevel

OLD_WORD = "its last extract ends before the time in question"


def found_by_police_open_to_authority(hearing: Hearing) -> Iterator[Finding]:
    """B1: police know where the child is, the authority still says missing.

    Also where police say *returned* and the authority still says away. Found is not returned
    (7.1, 3): found by police and away to the authority is no difference.
    """
    for matter in hearing.matched:
        if any(spell.is_missing for spell in matter.police):
            continue
        back = all(spell.last.moment("returned_at") for spell in matter.police)
        spell = next((s for s in matter.authority if s.is_missing or (back and s.is_open)), None)
        if spell is None:
            continue
        closing = max(matter.police, key=lambda police: _end(police) or police.start.latest)
        ended = _end(closing)
        if ended and not hearing.still_says(spell, ended):
            hearing.cannot("B1", matter, spell.organisation, OLD_WORD)
            continue
        yield hearing.find(
            "B1",
            spell.organisation,
            matter,
            field="status",
            police_report=closing.last.report_id,
            authority_report=spell.last.report_id,
            counterpart=closing.organisation,
            asked_from=ended,
        )


def closed_by_authority_open_to_police(hearing: Hearing) -> Iterator[Finding]:
    """B2: the authority has the child back, police have not: grave at high risk, mild at low.

    A child who is missing now is not safe because one side says so (7.1, 4).
    """
    for matter in hearing.matched:
        if any(spell.is_open for spell in matter.authority):
            continue
        spell = next((s for s in matter.police if s.is_missing), next(_open(matter.police), None))
        if spell is None:
            continue
        closing = max(matter.authority, key=lambda s: _end(s) or s.start.latest)
        ended = _end(closing)
        if ended and not hearing.still_says(spell, ended):
            hearing.cannot("B2", matter, spell.organisation, OLD_WORD)
            continue
        yield hearing.find(
            "B2",
            spell.organisation,
            matter,
            _by_risk(matter, spell),
            field="status",
            police_report=spell.last.report_id,
            authority_report=closing.last.report_id,
            counterpart=closing.organisation,
            asked_from=ended,
        )


def missing_or_away(hearing: Hearing) -> Iterator[Finding]:
    """B3: one side says missing, the other away.

    Grave while police search and the authority knows the whereabouts; mild (7.1, 8) where police
    say away and the authority is one that records everything as missing.
    """
    practice = hearing.ruleset.thresholds.codes_everything_missing
    for matter in hearing.matched:
        searching = _searching(matter)
        police = {spell.category for spell in matter.police}
        authority = {spell.category for spell in matter.authority}
        if not searching and (Category.MISSING in police) == (Category.MISSING in authority):
            continue
        spell = next(_open(matter.authority), matter.authority[-1])
        level = Level.GRAVE if searching or matter.is_high_risk else Level.USUAL
        if not searching and Category.MISSING in authority and spell.organisation in practice:
            level = Level.MILD
        other = next(_open(matter.police), matter.police[-1])
        yield hearing.find(
            "B3",
            spell.organisation,
            matter,
            level,
            field="category",
            police_report=other.last.report_id,
            authority_report=spell.last.report_id,
            counterpart=other.organisation,
            asked_from=spell.last.updated_at if searching else None,
        )


def open_past_eighteen(hearing: Hearing) -> Iterator[Finding]:
    """B4: the authority's record is open past the 18th birthday (guide to the SSDA903 return)."""
    if hearing.adult_at is None:
        return
    for matter in hearing.matters:
        for spell in _open(matter.authority):
            if not hearing.still_says(spell, hearing.adult_at):
                hearing.cannot("B4", matter, spell.organisation, OLD_WORD, from_=hearing.adult_at)
                continue
            yield hearing.find(
                "B4",
                spell.organisation,
                matter,
                field="status",
                authority_report=spell.last.report_id,
                about=str(spell.statements[0].report_id),
                fires_at=hearing.adult_at,
                asked_from=hearing.adult_at,
                duty_from=hearing.adult_at,
                duty_due_at=hearing.adult_at,
            )


def left_care_while_open(hearing: Hearing) -> Iterator[Finding]:
    """B5: by the authority's own list the child left care, and its record is open (rule 575)."""
    for matter in hearing.matters:
        spell = next(_open(matter.authority), None)
        if spell is None or matter.care.left_on is None:
            continue
        left_at = midnight(matter.care.left_on + timedelta(days=1))
        if left_at <= matter.start.earliest or not hearing.still_says(spell, left_at):
            continue
        yield hearing.find(
            "B5",
            spell.organisation,
            matter,
            field="status",
            authority_report=spell.last.report_id,
            fires_at=left_at,
            asked_from=left_at,
        )


def not_told_to_unit(hearing: Hearing) -> Iterator[Finding]:
    """B6: missing for 72 hours and the UK Missing Persons Unit not told (statutory code 2009)."""
    hours = hearing.ruleset.thresholds.unit_hours
    yield from _police_duty(hearing, "B6", "ukmpu_notified_at", hours)


def not_circulated(hearing: Hearing) -> Iterator[Finding]:
    """B7: missing for 48 hours and not circulated on PNC (police policy)."""
    hours = hearing.ruleset.thresholds.circulation_hours
    yield from _police_duty(hearing, "B7", "pnc_circulated_at", hours)


def no_prevention_interview(hearing: Hearing) -> Iterator[Finding]:
    """B8: a day after the return no prevention interview (safe and well check) is recorded."""
    hours = timedelta(hours=hearing.ruleset.thresholds.prevention_hours)
    for matter in hearing.matters:
        if not matter.police or matter.episode.is_open:
            continue
        spell = matter.police[-1]
        back = spell.returned
        done = any(s.last.text("prevention_interview_at") for s in matter.police)
        if back is None or done:
            continue
        due_at = back.clock_start + hours
        if not hearing.hears(spell.organisation, due_at, "prevention_interview_at"):
            continue
        yield hearing.find(
            "B8",
            spell.organisation,
            matter,
            field="prevention_interview_at",
            police_report=spell.last.report_id,
            fires_at=due_at,
            asked_from=due_at,
            duty_from=back.clock_start,
            duty_due_at=due_at,
        )


def deceased_to_one_side(hearing: Hearing) -> Iterator[Finding]:
    """B9: one side has closed its case because the child died, the other has not."""
    for matter in hearing.matched:
        police, authority = _dead(matter.police), _dead(matter.authority)
        if bool(police) == bool(authority):
            continue
        other = matter.authority[-1] if police else matter.police[-1]
        dead = police or authority
        assert dead is not None  # noqa: S101  # one of the two, as just tested
        one, two = (dead, other) if police else (other, dead)
        yield hearing.find(
            "B9",
            other.organisation,
            matter,
            field="closed_reason",
            police_report=one.last.report_id,
            authority_report=two.last.report_id,
            counterpart=dead.organisation,
        )


def _police_duty(hearing: Hearing, rule: str, field: str, hours: int) -> Iterator[Finding]:
    for matter in hearing.matters:
        spell = next((s for s in matter.police if s.is_missing), None)
        if spell is None or any(s.text(field) for p in matter.police for s in p.statements):
            continue
        start = spell.start.clock_start
        due_at = start + timedelta(hours=hours)
        if not hearing.hears(spell.organisation, due_at, field):
            continue
        yield hearing.find(
            rule,
            spell.organisation,
            matter,
            field=field,
            police_report=spell.last.report_id,
            fires_at=due_at,
            asked_from=due_at,
            duty_from=start,
            duty_due_at=due_at,
        )


def _open(spells: tuple[Spell, ...]) -> Iterator[Spell]:
    return (spell for spell in spells if spell.is_open)


def _end(spell: Spell) -> datetime | None:
    end = spell.missing_until
    return end.clock_start if end else None


def _searching(matter: Matter) -> bool:
    """Tell whether police search now while the authority knows where the child is."""
    return any(spell.is_missing for spell in matter.police) and (
        any(spell.is_away for spell in matter.authority)
        and not any(spell.is_missing for spell in matter.authority)
    )


def _by_risk(matter: Matter, spell: Spell) -> Level:
    if not spell.is_missing or matter.risk in {RiskLevel.LOW, RiskLevel.NO_APPARENT_RISK}:
        return Level.MILD
    return Level.GRAVE if matter.is_high_risk else Level.USUAL


def _dead(spells: tuple[Spell, ...]) -> Spell | None:
    deceased = (s for s in spells if s.last.text("closed_reason") == ClosedReason.DECEASED)
    return next(deceased, None)
