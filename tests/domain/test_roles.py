"""The table of permissions, entered a second time; every verb and what each role gets of it."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import register
from register.access.policy import GUARDED, ROLES, Permission, Sight, is_allowed, sight_of
from register.errors import Forbidden
from register.terms import Role
from register.work import Actor, Work

CASES = {"child:read", "mismatch:read"}
SENDS = CASES | {"child:check", "report:receive", "mismatch:settle"}
WORKS = SENDS | {"child:break_glass", "place:reveal", "question:read", "question:answer"}
JUDGES = {"review:read", "link:decide"}
SEALS = {"seal:open", "seal:place"}
LEADS = WORKS | JUDGES | SEALS
LEADS |= {"child:assign", "figures:read", "privacy:review", "notice:read"}
INSPECTS = CASES | {"inspection:run", "figures:read", "sample:draw"}
INSPECTS |= {"question:ask", "question:read"}
HELD = {
    "authority_user": WORKS,
    "authority_manager": LEADS,
    "force_user": WORKS,
    "force_coordinator": LEADS,
    "inspector": INSPECTS,
    "police_inspector": INSPECTS,
    "department": {"figures:read"},
    "steward": CASES
    | JUDGES
    | {"child:check", "child:break_glass", "mismatch:settle", "place:compare", "crowd:read"},
    "data_protection_officer": {"audit:verify", "privacy:review", "figures:read", "showing:read"},
    "administrator": {"user:manage", "audit:verify"},
    "machine": SENDS | JUDGES,
    "operator": {each.value for each in Permission} - {"place:reveal", "notice:read"},
    "nobody": set(),
}
UNGUARDED = {
    # Before anybody is signed in, or of a session of one's own.
    "register.access.factors": {
        *("has_app", "held_by", "invitation", "prove", "question", "remove", "set_up"),
    },
    "register.access.key_first": {"ask_key", "asked_of_key", "know_by_key"},
    "register.access.service": {"change_own_password"},
    "register.access.sessions": {
        *("end_all", "end_own_session", "end_session", "find_session"),
        *("own_session", "own_sessions", "touch_session"),
    },
    "register.access.signing_in": {
        *("begin_try", "find_half", "finish_try", "finish_with_factor"),
        *("finish_with_new_factor", "may_set_up", "must_set_up"),
    },
    "register.access.stepping_up": {"fresh_sign_in", "require_confirmed"},
    # What was typed when the session had ended; what the register's own key seals.
    "register.reports.drafts": {"keep_unseen"},
    "register.secrecy.keys": {"key_of"},
    # Told of oneself.
    "register.access.notices": {"tell_exceeded"},
    "register.access.openings": {"set_limits"},
    "register.inspection.counts": {"standing_of"},
    "register.inspection.regrouping": {"numbers_of"},
    "register.intake": {"complete"},
    "register.audit.service": {"record"},
}
"""Verbs that pages call without a permission of their own; each calls guarded ones, or none."""


def load() -> None:
    for module in walk_packages(register.__path__, "register."):
        if module.name != "register.linkage.spark":
            import_module(module.name)


def test_the_table_is_as_declared() -> None:
    assert {role.value: {each.value for each in held} for role, held in ROLES.items()} == HELD


def test_an_administrator_and_the_department_see_no_case() -> None:
    for role in (Role.ADMINISTRATOR, Role.DEPARTMENT, Role.DATA_PROTECTION_OFFICER, Role.NOBODY):
        sight = sight_of(Actor("a", role, "E08000035"))
        assert sight == Sight(everything=False), role
        cases = {each for each in ROLES[role] if each.value.startswith(("child:", "mismatch:"))}
        assert not cases


def test_every_guarded_verb_refuses_every_role_that_lacks_its_permission(work: Work) -> None:
    load()
    verbs = {name: asked for name, asked in GUARDED.items() if name.startswith("register.")}
    assert len(verbs) > 40
    refused = 0
    for name, asked in verbs.items():
        module, _, verb = name.rpartition(".")
        guarded = getattr(import_module(module), verb)
        for role in Role:
            work.actor = Actor("somebody", role, "E08000035")
            if is_allowed(work.actor, asked):
                continue
            with pytest.raises(Forbidden):
                guarded(work)
            refused += 1
    assert refused > 250
    assert not work.notes.get("audit"), "nothing was begun"


def test_control_an_unguarded_verb_would_go_on(work: Work) -> None:
    load()
    work.actor = Actor("somebody", Role.NOBODY)
    name = next(iter(name for name in GUARDED if name.endswith("find_notices")))
    module, _, verb = name.rpartition(".")
    bare = inspect.unwrap(getattr(import_module(module), verb))
    assert bare(work) == []


def test_every_verb_that_a_page_calls_is_guarded_or_named_here() -> None:
    load()
    bare = set()
    for path in Path(register.__path__[0], "web").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            if not node.module.startswith("register.") or ".web" in node.module:
                continue
            module = import_module(node.module)
            for name in (each.name for each in node.names):
                verb = getattr(module, name, None)
                if inspect.isfunction(verb) and _takes_work(verb):
                    home = f"{verb.__module__}.{verb.__qualname__}"
                    if home not in GUARDED and name not in UNGUARDED.get(node.module, ()):
                        bare.add(home)
    assert not bare


def _takes_work(verb: object) -> bool:
    assert callable(verb)
    first = next(iter(inspect.signature(verb).parameters.values()), None)
    return first is not None and first.annotation is Work


@pytest.mark.parametrize("scope", sorted(SENDS | JUDGES | {"user:manage"}))
def test_a_system_has_the_permissions_of_its_scopes_and_no_others(scope: str) -> None:
    system = Actor("feed", Role.MACHINE, "E08000035", scopes=frozenset({scope}))
    held = {each.value for each in Permission if is_allowed(system, each)}
    assert held == {scope} & HELD["machine"]
