"""A child outside one's own work: given to a person to work on, or seen at need for an hour."""

from sqlalchemy import select

from register.access.models import Reach
from register.access.needing import Why, find_person, give
from register.access.notices import Matter, tell
from register.access.policy import ROLES, Permission, needs
from register.audit.service import record
from register.db import stood
from register.errors import Invalid, NotFound
from register.inspection.children import NO_SUCH_CHILD, find_child
from register.linkage.models import Membership
from register.numbers import child_number, read_number
from register.records.sight import ask_sight, may_be_found
from register.terms import REASON_LENGTH, Role
from register.underneath.roles import see_all
from register.work import Work, stands


@needs(Permission.CHILD_BREAK_GLASS)
def break_glass(work: Work, number: str, reason: str) -> str:
    """Open a child's page to the actor for an hour, and tell the privacy officers.

    Those of every organisation that reaches the child are told, and those of the actor's own, by
    a reference alone. Gives the child's number. Raises Invalid without a reason, NotFound for a
    child that is not there or that may not even be found.
    """
    _ask_reason(reason)
    child = _find_known(work, number)
    person = find_person(work, work.actor.name)
    if person is None:
        raise NotFound(NO_SUCH_CHILD)
    need = give(work, child, Why.GLASS, reason, to=person)
    reached = select(Reach.organisation).where(Reach.child == child, stood(Reach, None))
    concerned = {*work.session.scalars(reached), work.actor.organisation}
    tell(work, concerned, Matter.GLASS, f"need {need.id}")
    record(work, "glass:broken", f"child {child_number(child)}", need=need.id)
    return child_number(child)


@needs(Permission.CHILD_ASSIGN)
def assign(work: Work, number: str, username: str, reason: str) -> None:
    """Give a child within one's sight to a colleague, or to a steward, to work on for 90 days.

    Raises NotFound, and Invalid for whom it may not be given to or without a reason.
    """
    child = find_child(work, number)
    ask_sight(work, {child})
    _ask_reason(reason)
    person = find_person(work, username)
    is_known = person is not None and Permission.CHILD_READ in ROLES[Role(person.role)]
    own = person is not None and person.organisation == work.actor.organisation
    own = own and person is not None and person.username != work.actor.name
    if person is None or not is_known or not (own or person.role == Role.STEWARD):
        raise Invalid({"username": "Write the username of a colleague of yours, or of a steward"})
    need = give(work, child, Why.ASSIGNED, reason, to=person)
    record(work, "child:assigned", f"child {child_number(child)}", need=need.id, to=person.username)


def _find_known(work: Work, number: str) -> int:
    see_all(work.session)  # it may be anybody's child
    try:
        _, report = read_number(number)
    except ValueError as error:
        raise NotFound(str(error)) from error
    is_it = (Membership.report_id == report) & may_be_found(work, Membership.child_id)
    child = work.session.scalar(select(Membership.child_id).where(is_it, stands(work, Membership)))
    if child is None:
        raise NotFound(NO_SUCH_CHILD)
    return child


def _ask_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say why you need to see this child"})
    if len(reason) > REASON_LENGTH:
        raise Invalid({"reason": f"The reason must be {REASON_LENGTH} characters or fewer"})
