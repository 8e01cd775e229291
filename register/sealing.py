"""Placing and changing seals: who sees a child follows at once."""

from register.access.policy import Permission, needs
from register.access.seals import Placed, get_seal, note_change, place_seal
from register.linkage.enactments import model_for
from register.linkage.judgements import decide
from register.linkage.sealing import seal_children
from register.linkage.seen import refuse_changed
from register.linkage.subjects import reports_of_children
from register.pipeline import Outcome, follow, take_turn
from register.records.sight import ask_sight
from register.work import Work


@needs(Permission.SEAL_PLACE)
def seal(work: Work, child: int, placed: Placed, seen: str, apart_from: int | None = None) -> int:
    """Seal a child, and all that is here already and may lead to it; give the seal's number.

    `apart_from` is the child that an adoption parts it from: nothing may join the two again.
    """
    take_turn(work)
    apart = [] if apart_from is None else [apart_from]
    ask_sight(work, {child, *apart})
    refuse_changed(work, {child, *apart}, seen)
    act = _part_for_good(work, child, apart[0], placed) if apart else None
    number = place_seal(work, placed, work.actor.organisation, act)
    seal_children(work, number, {child, *apart}, model_for(work))
    follow(work, get_seal(work, number).reports, Outcome())
    return number


@needs(Permission.SEAL_PLACE)
def change_seal(work: Work, number: int, kind: str, words: str, report: int | None = None) -> None:
    """Note that a seal was reviewed or released, and let who sees the child follow."""
    take_turn(work)
    follow(work, note_change(work, number, kind, words, report).reports, Outcome())


def _part_for_good(work: Work, child: int, other: int, placed: Placed) -> int:
    members = reports_of_children(work, {child, other})
    pairs = [(one, another) for one in members[child] for another in members[other]]
    return decide(work, pairs, "different", placed.words, {"rule": placed.reason.value})
