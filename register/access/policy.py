"""Who may do what, and whose rows each person sees: one table, asked before every verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar

from register.errors import Forbidden
from register.terms import Role
from register.work import Actor, Work

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What a verb may ask for, as `noun:verb`."""

    CHILD_READ = "child:read"
    MISMATCH_READ = "mismatch:read"
    REVIEW_READ = "review:read"
    MISMATCH_SETTLE = "mismatch:settle"
    LINK_DECIDE = "link:decide"
    REPORT_RECEIVE = "report:receive"
    REGISTER_EXPORT = "register:export"
    REGISTER_REBUILD = "register:rebuild"
    MODEL_TRY = "model:try"
    MODEL_ENACT = "model:enact"
    AUDIT_VERIFY = "audit:verify"
    USER_MANAGE = "user:manage"
    PLACE_REVEAL = "place:reveal"
    NOTICE_READ = "notice:read"
    SHOWING_READ = "showing:read"
    KEYS_ROTATE = "keys:rotate"


MEANINGS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.CHILD_READ: "see the children, and their missing episodes, within one's sight",
        Permission.MISMATCH_READ: "see the mismatches of those children",
        Permission.REVIEW_READ: "see the proposed links that a person must judge",
        Permission.MISMATCH_SETTLE: "answer a mismatch that concerns one's own organisation",
        Permission.LINK_DECIDE: "judge that two reports are, or are not, about one child",
        Permission.REPORT_RECEIVE: "send reports of one's own organisation",
        Permission.REGISTER_EXPORT: "write out what the register holds",
        Permission.REGISTER_REBUILD: "fold everything that follows from the reports again",
        Permission.MODEL_TRY: "see which children another model of linking would change",
        Permission.MODEL_ENACT: "put a model of linking into force",
        Permission.AUDIT_VERIFY: "prove the log whole",
        Permission.USER_MANAGE: "make users, and end their sessions",
        Permission.PLACE_REVEAL: "be shown a protected value, one at a time, with a reason",
        Permission.NOTICE_READ: "be told of each showing of what one's own organisation sent",
        Permission.SHOWING_READ: "look into who was shown a protected value, and why",
        Permission.KEYS_ROTATE: "wrap the keys of protected values anew",
    }
)

_CASES = frozenset({Permission.CHILD_READ, Permission.MISMATCH_READ})
_SENDS = _CASES | {Permission.REPORT_RECEIVE, Permission.MISMATCH_SETTLE}
_WORKS = _SENDS | {Permission.PLACE_REVEAL}
_LEADS = _WORKS | {Permission.NOTICE_READ}

ROLES: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.AUTHORITY_USER: _WORKS,
        Role.AUTHORITY_MANAGER: _LEADS,
        Role.FORCE_USER: _WORKS,
        Role.FORCE_COORDINATOR: _LEADS,
        Role.INSPECTOR: _CASES,
        Role.POLICE_INSPECTOR: _CASES,
        Role.DEPARTMENT: frozenset(),
        Role.STEWARD: _CASES
        | {Permission.REVIEW_READ, Permission.LINK_DECIDE, Permission.MISMATCH_SETTLE},
        Role.DATA_PROTECTION_OFFICER: frozenset({Permission.AUDIT_VERIFY, Permission.SHOWING_READ}),
        Role.ADMINISTRATOR: frozenset({Permission.USER_MANAGE, Permission.AUDIT_VERIFY}),
        Role.MACHINE: _SENDS,
        Role.OPERATOR: frozenset(Permission) - {Permission.PLACE_REVEAL, Permission.NOTICE_READ},
        Role.NOBODY: frozenset(),
    }
)

PEOPLE = tuple(role for role in Role if role not in {Role.OPERATOR, Role.NOBODY, Role.MACHINE})
"""Roles that a person may be given; the others are the command line's and the sign-in page's."""
SENDERS = tuple(role for role in PEOPLE if Permission.REPORT_RECEIVE in ROLES[role])
"""Roles of the people of one force or authority."""
SEES_ALL = frozenset({Role.INSPECTOR, Role.POLICE_INSPECTOR, Role.STEWARD, Role.OPERATOR})
"""Roles whose sight is not limited to one organisation's children."""

GUARDED: dict[str, Permission] = {}
"""Every guarded verb, as `module.name`, and what it asks for; filled as the modules load."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose children an actor sees: all, or those within reach of one organisation.

    `organisation` is blank, and `everything` false, for somebody who sees none.
    """

    everything: bool
    organisation: str = ""

    def covers(self, organisations: frozenset[str]) -> bool:
        """Tell whether a child that these organisations reach lies within this sight."""
        within = bool(self.organisation) and self.organisation in organisations
        return self.everything or within


def is_allowed(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor's role holds the permission."""
    return permission in ROLES[actor.role]


def require(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden unless the actor's role holds the permission."""
    if not is_allowed(actor, permission):
        raise Forbidden(
            f"Your role does not allow you to {MEANINGS[permission]}. "
            "Ask your organisation's administrator if your work needs it."
        )


def needs(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Work, P], R]]:
    """Guard a verb, whose first parameter is the work, by a permission of the work's actor."""

    def guard(verb: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Work, P], R]:
        GUARDED[f"{verb.__module__}.{verb.__qualname__}"] = permission

        @wraps(verb)
        def guarded(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
            require(work.actor, permission)
            return verb(work, *args, **kwargs)

        return guarded

    return guard


def sight_of(actor: Actor) -> Sight:
    """Give whose children the actor sees: their own organisation's, all, or none."""
    if not is_allowed(actor, Permission.CHILD_READ):
        return Sight(everything=False)
    if actor.role in SEES_ALL:
        return Sight(everything=True)
    return Sight(everything=False, organisation=actor.organisation)


def may_send_for(actor: Actor, organisation: str) -> bool:
    """Tell whether the actor may send reports in this organisation's name."""
    if actor.role is Role.OPERATOR:
        return True
    own = is_allowed(actor, Permission.REPORT_RECEIVE) and bool(actor.organisation)
    return own and actor.organisation == organisation


def may_read_protected(actor: Actor, reporter: str) -> bool:
    """Tell whether the actor may read a place, or another protected value, that `reporter` sent.

    Any place may be the refuge (domain 7.1, 14): each organisation reads what it sent itself, and
    whoever runs the register, who belongs to none, reads no place at all.
    """
    return bool(reporter) and actor.organisation == reporter
