"""Who may do what, and whose rows each person sees: one table, asked before every verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar

from register.errors import Forbidden
from register.terms import Role, Sector
from register.work import Actor, Work

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What a verb may ask for, as `noun:verb`."""

    CHILD_CHECK = "child:check"
    CHILD_READ = "child:read"
    CHILD_BREAK_GLASS = "child:break_glass"
    CHILD_ASSIGN = "child:assign"
    MISMATCH_READ = "mismatch:read"
    FIGURES_READ = "figures:read"
    SAMPLE_DRAW = "sample:draw"
    QUESTION_ASK = "question:ask"
    QUESTION_READ = "question:read"
    QUESTION_ANSWER = "question:answer"
    REVIEW_READ = "review:read"
    MISMATCH_SETTLE = "mismatch:settle"
    LINK_DECIDE = "link:decide"
    PLACE_COMPARE = "place:compare"
    CROWD_READ = "crowd:read"
    REPORT_RECEIVE = "report:receive"
    INSPECTION_RUN = "inspection:run"
    PRIVACY_REVIEW = "privacy:review"
    REGISTER_EXPORT = "register:export"
    REGISTER_REBUILD = "register:rebuild"
    MODEL_TRY = "model:try"
    MODEL_ENACT = "model:enact"
    SEAL_OPEN = "seal:open"
    SEAL_PLACE = "seal:place"
    USER_MANAGE = "user:manage"
    PLACE_REVEAL = "place:reveal"
    NOTICE_READ = "notice:read"
    SHOWING_READ = "showing:read"
    KEYS_ROTATE = "keys:rotate"


MEANINGS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.CHILD_CHECK: "ask whether a child is known and missing, and whom to call",
        Permission.CHILD_READ: "see the children, and their missing episodes, within one's sight",
        Permission.CHILD_BREAK_GLASS: "see a child outside one's work for an hour, with a reason",
        Permission.CHILD_ASSIGN: "give a child within one's sight to a person to work on",
        Permission.MISMATCH_READ: "see the mismatches of those children",
        Permission.FIGURES_READ: "see figures of every force and authority",
        Permission.SAMPLE_DRAW: "draw samples of children, compare lists, make evidence packs",
        Permission.QUESTION_ASK: "ask a force or an authority a question on a clock",
        Permission.QUESTION_READ: "see the questions asked by one's own side, or put to it",
        Permission.QUESTION_ANSWER: "reply to questions put to one's own organisation",
        Permission.REVIEW_READ: "see the proposed links that a person must judge",
        Permission.MISMATCH_SETTLE: "answer a mismatch that concerns one's own organisation",
        Permission.LINK_DECIDE: "judge that two reports are, or are not, about one child",
        Permission.REPORT_RECEIVE: "send reports of one's own organisation",
        Permission.PLACE_COMPARE: "be told whether two places are the same, never which",
        Permission.CROWD_READ: "see what too many children share to be compared by it",
        Permission.INSPECTION_RUN: "open an inspection, and choose the children it looks at",
        Permission.PRIVACY_REVIEW: "see who looked at children, and what does not explain it",
        Permission.REGISTER_EXPORT: "write out what the register holds",
        Permission.REGISTER_REBUILD: "fold everything that follows from the reports again",
        Permission.MODEL_TRY: "see which children another model of linking would change",
        Permission.MODEL_ENACT: "put a model of linking into force",
        Permission.SEAL_OPEN: "see sealed children, where one's own organisation may open the seal",
        Permission.SEAL_PLACE: "seal a child within one's sight, and review and lift such a seal",
        Permission.USER_MANAGE: "make users, and end their sessions",
        Permission.PLACE_REVEAL: "be shown a protected value, one at a time, with a reason",
        Permission.NOTICE_READ: "be told of each showing of what one's own organisation sent",
        Permission.SHOWING_READ: "look into who was shown a protected value, and why",
        Permission.KEYS_ROTATE: "wrap the keys of protected values anew",
    }
)

_CASES = frozenset({Permission.CHILD_READ, Permission.MISMATCH_READ})
_SEALS = frozenset({Permission.SEAL_OPEN, Permission.SEAL_PLACE})
_SENDS = _CASES | {
    Permission.CHILD_CHECK,
    Permission.REPORT_RECEIVE,
    Permission.MISMATCH_SETTLE,
}
_WORKS = _SENDS | {
    Permission.CHILD_BREAK_GLASS,
    Permission.PLACE_REVEAL,
    Permission.QUESTION_READ,
    Permission.QUESTION_ANSWER,
}
_JUDGES = frozenset({Permission.REVIEW_READ, Permission.LINK_DECIDE})
_LEADS = (
    _WORKS
    | _SEALS
    | _JUDGES
    | {
        Permission.CHILD_ASSIGN,
        Permission.FIGURES_READ,
        Permission.PRIVACY_REVIEW,
        Permission.NOTICE_READ,
    }
)
_INSPECTS = _CASES | {
    Permission.INSPECTION_RUN,
    Permission.FIGURES_READ,
    Permission.SAMPLE_DRAW,
    Permission.QUESTION_ASK,
    Permission.QUESTION_READ,
}

ROLES: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.AUTHORITY_USER: _WORKS,
        Role.AUTHORITY_MANAGER: _LEADS,
        Role.FORCE_USER: _WORKS,
        Role.FORCE_COORDINATOR: _LEADS,
        Role.INSPECTOR: _INSPECTS,
        Role.POLICE_INSPECTOR: _INSPECTS,
        Role.DEPARTMENT: frozenset({Permission.FIGURES_READ}),
        Role.STEWARD: _CASES
        | _JUDGES
        | {
            Permission.CHILD_CHECK,
            Permission.CHILD_BREAK_GLASS,
            Permission.MISMATCH_SETTLE,
            Permission.PLACE_COMPARE,
            Permission.CROWD_READ,
        },
        Role.DATA_PROTECTION_OFFICER: frozenset(
            {
                Permission.PRIVACY_REVIEW,
                Permission.FIGURES_READ,
                Permission.SHOWING_READ,
            }
        ),
        Role.ADMINISTRATOR: frozenset({Permission.USER_MANAGE}),
        Role.MACHINE: _SENDS | _JUDGES,
        Role.OPERATOR: frozenset(Permission) - {Permission.PLACE_REVEAL, Permission.NOTICE_READ},
        Role.NOBODY: frozenset(),
    }
)

PEOPLE = tuple(role for role in Role if role not in {Role.OPERATOR, Role.NOBODY, Role.MACHINE})
"""Roles that a person may be given; the others are the command line's and the sign-in page's."""
SENDERS = tuple(role for role in PEOPLE if Permission.REPORT_RECEIVE in ROLES[role])
"""Roles of the people of one force or authority."""
SEES_ALL = frozenset({Role.STEWARD, Role.OPERATOR})
"""Roles that see who every child is; of a whole page see `SEES_WHOLE`."""
SEES_WHOLE = frozenset({Role.OPERATOR})
"""Roles to whom every child's whole page is open, without a need."""
INSPECTS: Mapping[Role, Sector] = MappingProxyType(
    {Role.INSPECTOR: Sector.AUTHORITY, Role.POLICE_INSPECTOR: Sector.POLICE}
)
"""Roles whose sight is that of their inspections, and the side that each inspects."""

GUARDED: dict[str, Permission] = {}
"""Every guarded verb, as `module.name`, and what it asks for; filled as the modules load."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Which children an actor sees on lists: all, an organisation's, or those of inspections.

    `organisation` and `inspector` are blank, and `everything` false, for somebody who sees none.
    """

    everything: bool
    organisation: str = ""
    inspector: str = ""

    def covers(self, organisations: frozenset[str]) -> bool:
        """Tell whether a child that these organisations reach lies within this sight."""
        within = bool(self.organisation) and self.organisation in organisations
        return self.everything or within


def is_allowed(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor's role holds the permission; a system's scopes narrow it further."""
    within = actor.scopes is None or permission.value in actor.scopes
    return within and permission in ROLES[actor.role]


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
    """Give whose children the actor sees on lists: their own organisation's, all, or none."""
    if not is_allowed(actor, Permission.CHILD_READ):
        return Sight(everything=False)
    if actor.role in SEES_ALL:
        return Sight(everything=True)
    if actor.role in INSPECTS:
        return Sight(everything=False, inspector=actor.name)
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
    whoever runs or inspects the register reads no place at all, whatever organisation they bear.
    """
    is_own = bool(reporter) and actor.organisation == reporter
    return is_own and Permission.REPORT_RECEIVE in ROLES[actor.role]
