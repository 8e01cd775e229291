"""The table of permissions, entered a second time; every verb and what each role gets of it."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import register
from register.access.permissions_page import permissions_page
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
    "data_protection_officer": {"privacy:review", "figures:read", "showing:read"},
    "administrator": {"user:manage"},
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
        *("end_all", "end_own_session", "end_session", "find_session", "left_open"),
        *("own_session", "own_sessions", "touch_session"),
    },
    "register.access.signing_in": {
        *("begin_try", "find_half", "finish_try", "finish_with_factor"),
        *("finish_with_new_factor", "may_set_up", "must_set_up"),
    },
    "register.access.stepping_up": {"bear_proof", "fresh_sign_in", "require_confirmed"},
    # What was typed when the session had ended; what the register's own key seals.
    "register.reports.drafts": {"keep_unseen"},
    "register.secrecy.keys": {"key_of"},
    # Time is brought to now by whoever comes; nothing is told of it.
    "register.pipeline": {"take_turn"},
    # Of a report of one's own organisation, which it says itself or was asked before.
    "register.inspection.made_of": {"are_all_in_sight", "known_reports", "own_name"},
    "register.reports.protected": {"whole_of"},
    # Who a system is, before it is anybody, and what it was answered before.
    "register.clients.idempotency": {"keep", "keep_refused", "recall"},
    "register.clients.service": {"find_bearer", "find_client", "issue_token"},
    # Told of oneself.
    "register.access.notices": {"tell_exceeded"},
    "register.access.openings": {"set_limits"},
    "register.inspection.counts": {"standing_of"},
    "register.inspection.regrouping": {"numbers_of"},
    "register.inspection.searches": {"found_since"},
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


def test_a_permission_that_no_verb_asks_for_yet_is_told_as_such() -> None:
    assert permissions_page({}).count(": nothing yet\n") == len(Permission)
    load()
    assert "nothing yet" not in permissions_page(GUARDED)


def test_control_an_unguarded_verb_would_go_on(work: Work) -> None:
    load()
    work.actor = Actor("somebody", Role.NOBODY)
    name = next(iter(name for name in GUARDED if name.endswith("find_notices")))
    module, _, verb = name.rpartition(".")
    bare = inspect.unwrap(getattr(import_module(module), verb))
    assert bare(work) == []


def verbs_in(source: str) -> set[str]:
    """Give the verbs of the floors below that a page's source calls by name, or by their room's."""
    tree = ast.parse(source)
    named = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("register"):
            room = import_module(str(node.module))
            for each in node.names:
                named[each.asname or each.name] = getattr(room, each.name)
    by_room = [
        getattr(named[node.value.id], node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if inspect.ismodule(named.get(node.value.id))
    ]
    return {
        f"{verb.__module__}.{verb.__qualname__}"
        for verb in (*named.values(), *by_room)
        if inspect.isfunction(verb) and _takes_work(verb)
        if not verb.__module__.startswith(("register.web", "register.api"))
    }


def bare_in(source: str) -> set[str]:
    """Give those of them that ask for no permission, and are not named here."""
    named = {f"{module}.{verb}" for module, verbs in UNGUARDED.items() for verb in verbs}
    return verbs_in(source) - GUARDED.keys() - named


@pytest.mark.parametrize("surface", ["web", "api"])
def test_every_verb_that_a_page_calls_is_guarded_or_named_here(surface: str) -> None:
    load()
    pages = [path.read_text("utf-8") for path in Path(register.__path__[0], surface).glob("*.py")]
    assert len(set.union(*map(verbs_in, pages))) > 10
    assert set.union(*map(bare_in, pages)) == set()


def test_no_verb_is_named_unguarded_that_no_page_calls() -> None:
    load()
    pages = [path for each in ("web", "api") for path in Path(register.__path__[0], each).glob("*")]
    called = set.union(*(verbs_in(path.read_text("utf-8")) for path in pages if path.is_file()))
    named = {f"{module}.{verb}" for module, verbs in UNGUARDED.items() for verb in verbs}
    assert named - called == set()
    assert not named & GUARDED.keys()


@pytest.mark.parametrize(
    "source",
    [
        "from register.pipeline import follow\nfollow(work)",
        "from register.pipeline import follow as judge\njudge(work)",
        "from register import pipeline\npipeline.follow(work)",
        "from register.inspection import figures, made_of\nmade_of._digests(work)",
    ],
)
def test_control_a_verb_without_a_guard_is_found(source: str) -> None:
    load()
    assert bare_in(source)


def _takes_work(verb: object) -> bool:
    assert callable(verb)
    first = next(iter(inspect.signature(verb).parameters.values()), None)
    return first is not None and first.annotation is Work


@pytest.mark.parametrize("scope", sorted(SENDS | JUDGES | {"user:manage"}))
def test_a_system_has_the_permissions_of_its_scopes_and_no_others(scope: str) -> None:
    system = Actor("feed", Role.MACHINE, "E08000035", scopes=frozenset({scope}))
    held = {each.value for each in Permission if is_allowed(system, each)}
    assert held == {scope} & HELD["machine"]
