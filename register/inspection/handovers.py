"""Handing a case to another force: who has it, who is asked to take it, and what became of that."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from register.access.hiding import readers_of, seals_on
from register.access.policy import Permission, needs
from register.audit.service import record
from register.errors import Conflict, Forbidden, Invalid, NotFound
from register.inspection.children import NO_SUCH_CHILD, find_child
from register.inspection.persons import Person, person_of
from register.linkage.models import Membership
from register.numbers import child_number, episode_number, read_number
from register.pipeline import Outcome, follow, take_turn
from register.records.handovers import (
    ACCEPTED,
    DECLINED,
    HANDOVERS,
    OFFERED,
    TAKEN_BACK,
    Offer,
    offers_about,
    offers_of,
    offers_where,
    owners_of,
    waiting,
)
from register.records.models import Handover
from register.records.service import read_children
from register.records.sight import ask_sight, is_in_sight
from register.records.spells import Episode
from register.reports.organisations import (
    Organisation,
    all_organisations,
    current_code,
    find_organisation,
)
from register.rows import among
from register.terms import REASON_LENGTH, Sector
from register.work import Work, stands

ANSWERS = {ACCEPTED: "Take the case over", DECLINED: "Do not take it over"}


@dataclass(frozen=True, slots=True)
class HeldCase:
    """One going missing, whose it is, and what was offered; `number` is its register number."""

    number: str
    child: str
    person: Person
    episode: Episode
    owners: tuple[str, ...]
    offer: Offer | None
    offers: tuple[Offer, ...]
    is_ours: bool
    is_offered_to_us: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A case that another force asks one's own to take over."""

    number: str
    person: Person
    offer: Offer


@needs(Permission.REPORT_RECEIVE)
def read_case(work: Work, number: str) -> HeldCase:
    """Give a going missing by its register number, to either side; raise NotFound."""
    own = current_code(work.actor.organisation)
    child = find_child(work, number)
    folded = read_children(work, [child])[child]
    report = read_number(number)[1]
    episode = next((each for each in folded.episodes if _tells(each, report)), None)
    if episode is None:
        raise NotFound(NO_SUCH_CHILD)
    offers = offers_about(episode, offers_of(work, {s.report_id for s in episode.statements()}))
    owners, offer = owners_of(episode, offers), waiting(episode, offers)
    record(work, "child:viewed", f"child {child_number(child)}", view="handover")
    return HeldCase(
        number=episode_number(episode.number),
        child=child_number(child),
        person=person_of(folded.record, work.moment),
        episode=episode,
        owners=owners,
        offer=offer,
        offers=offers,
        is_ours=own in map(current_code, owners),
        is_offered_to_us=offer is not None and current_code(offer.taker) == own,
    )


@needs(Permission.REPORT_RECEIVE)
def offer_case(work: Work, number: str, taker: str, words: str) -> None:
    """Offer a case that one's own force has to another; both see the child until it answers.

    Raises Invalid for what the form lacks, Conflict where the case is not one's own to hand over.
    """
    take_turn(work)
    case = _case_to_act_on(work, number)
    own, force = _own_force(work), find_organisation(taker)
    problems = {} if _can_take(force, own) else {"force": "Choose the force to take it over"}
    problems |= _lacking(words)
    if force is None or problems:
        raise Invalid(problems)
    if not (case.is_ours and case.episode.is_open):
        raise Conflict("The case is not your force's to hand over: it may have changed since.")
    if case.offer is not None:
        raise Conflict("This case is offered already. Take that back before you offer it anew.")
    reports = {each.report_id for each in case.episode.statements()}
    if seals_on(work, reports) and force.code not in readers_of(work, reports):
        raise Conflict("This child's record is restricted, and not open to them: ring them.")
    _keep(
        work, Handover(report_id=case.episode.number, giver=own, taker=force.code), OFFERED, words
    )


@needs(Permission.REPORT_RECEIVE)
def answer_offer(work: Work, number: str, said: str, words: str) -> None:
    """Accept or decline a case that one's own force was offered, or take one's own offer back."""
    take_turn(work)
    case = _case_to_act_on(work, number)
    offer = case.offer
    if offer is None:
        raise Conflict("That offer was answered, or taken back, in the meantime.")
    mine = said == TAKEN_BACK and current_code(offer.giver) == _own_force(work)
    if not (mine or (case.is_offered_to_us and said in ANSWERS)):
        raise Invalid({"said": "Choose whether you take the case over"})
    if (said == DECLINED or words.strip()) and (problems := _lacking(words)):
        raise Invalid(problems)
    row = Handover(offer_id=offer.id, report_id=offer.report, giver=offer.giver, taker=offer.taker)
    _keep(work, row, said, words)


def asked_of_us(work: Work) -> list[Asked]:
    """Give the cases that other forces ask one's own to take over, of children within sight."""
    answer = aliased(Handover)
    open_ones = select(Handover.report_id).where(
        Handover.taker == current_code(work.actor.organisation),
        Handover.offer_id.is_(None),
        ~select(answer.id).where(answer.offer_id == Handover.id).exists(),
    )
    offered = work.session.scalars(open_ones).all()
    if not offered:
        return []
    seen = among(Membership.report_id, offered) & is_in_sight(work, Membership.child_id)
    query = select(Membership.report_id, Membership.child_id).where(seen, stands(work, Membership))
    children = dict(iter(work.session.execute(query)))
    folded = read_children(work, set(children.values()))
    offers = offers_where(work, Handover.report_id.in_(sorted(children)))
    record(work, "list:viewed", "offered cases", children=set(children.values()))
    return [
        Asked(
            episode_number(each.report),
            person_of(folded[children[each.report]].record, work.moment),
            each,
        )
        for each in offers
        if each.waits
    ]


def forces() -> Sequence[Organisation]:
    """Give the police forces of today."""
    return [
        each for each in all_organisations() if each.sector is Sector.POLICE and each.is_current
    ]


def _case_to_act_on(work: Work, number: str) -> HeldCase:
    case = read_case(work, number)
    _own_force(work)
    ask_sight(work, {each.report_id for each in case.episode.statements()})
    return case


def _own_force(work: Work) -> str:
    own = find_organisation(work.actor.organisation)
    if own is None or own.sector is not Sector.POLICE:
        raise Forbidden("Only the force that has a case hands it over.")
    return current_code(own.code)


def _tells(episode: Episode, report: int) -> bool:
    return any(each.report_id == report for each in episode.statements())


def _can_take(force: Organisation | None, giver: str) -> bool:
    return force in forces() and force is not None and current_code(force.code) != giver


def _lacking(words: str) -> dict[str, str]:
    if not words.strip():
        return {"reason": "Say why: the other force reads it"}
    if len(words) > REASON_LENGTH:
        return {"reason": f"The reason must be {REASON_LENGTH} characters or fewer"}
    return {}


def _keep(work: Work, row: Handover, said: str, words: str) -> None:
    row.said, row.words = said, words.strip()
    row.actor, row.at = work.actor.name, work.now
    work.session.add(row)
    work.session.flush()
    HANDOVERS.note(work, found=True)
    about = f"case {episode_number(row.report_id)}"
    record(work, "case:handed_over", about, said=said, giver=row.giver, taker=row.taker)
    follow(work, {row.report_id}, Outcome())
