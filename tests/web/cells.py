"""Who gets what at every address: the declared table that the application is held against.

An address or a method that is not declared here fails the build (test_matrix.py). What each person
gets of an empty request follows from three declared things: the permission an address asks for,
which objects each person may open, and what whoever may is answered.
"""

from collections.abc import Mapping

from register.access.policy import ROLES
from tests.web.cells_of_desks import DESKS
from tests.web.cells_of_routes import CASES, OUT, Route
from tests.web.cells_of_ways_in import WAYS_IN
from tests.web.people import PEOPLE

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
EVERYBODY = frozenset(PEOPLE)

LEEDS = frozenset({"amina", "mel"})
MET = frozenset({"ben", "fay"})
CHILDREN: Mapping[str, frozenset[str]] = {
    "own": LEEDS | {"gus", "cora", "dan"},
    "elsewhere": MET | {"dan"},
    "shared": LEEDS | {"gus", "dan"},
    "closed": LEEDS | {"gus", "dan"},
    "absent": frozenset(),
}
"""Who may open a child's page: of one's own (and sampled by cora), of another authority, held
together by reports of two organisations, long back, and of nobody."""
OBJECTS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "child": CHILDREN,
    "mismatch": CHILDREN,
    "settlement": {"own": CHILDREN["own"], "absent": frozenset()},
    "review": {"own": LEEDS | {"gus", "dan"}, "absent": frozenset()},
    "act": {"own": LEEDS | {"gus", "dan"}, "absent": frozenset()},
    "case": {"own": LEEDS | {"gus"}, "absent": frozenset()},
    "search": {"absent": frozenset()},
    "inspection": {"own": frozenset({"cora"}), "absent": frozenset()},
    "notice": {"own": frozenset({"mel", "dot"}), "absent": frozenset()},
    "user": {"own": EVERYBODY, "absent": frozenset()},
    "rejects": {"absent": frozenset()},
    "report": {"own": LEEDS, "absent": frozenset()},
    "draft": {"own": frozenset({"amina"}), "absent": frozenset()},
    "return": {"absent": frozenset()},
    "question": {"own": LEEDS | {"cora"}, "absent": frozenset()},
    "sample": {"own": frozenset({"cora"}), "absent": frozenset()},
    "seal": {"own": frozenset({"mel"}), "absent": frozenset()},
    "list": {"own": EVERYBODY, "absent": frozenset()},
    "factor": {"absent": frozenset()},
    "file": {"own": EVERYBODY | {OUT}, "absent": frozenset()},
    "": {"": EVERYBODY | {OUT}},
}
"""Of each kind of object: its classes, and who may see one of each."""


ROUTES: Mapping[str, Route] = {**CASES, **DESKS, **WAYS_IN}


def expected(person: str, endpoint: str | None, method: str, of_class: str) -> int:
    """Give the status that is declared; `endpoint` is None where the address lacks the method."""
    if endpoint is None:
        return _unrouted(person, method)
    route = ROUTES[endpoint]
    if person == OUT and not route.public:
        return 302 if method in READS else 401
    if method == "OPTIONS":
        return 200
    asked = {each for each in (route.asks, route.also) if each is not None}
    if person != OUT and asked - ROLES[PEOPLE[person][0]]:
        return 403
    if not route.known and person not in OBJECTS[route.about][of_class]:
        return 404
    return route.others.get(f"{person} {of_class}", route.others.get(person, route.given))


def _unrouted(person: str, method: str) -> int:
    if person == OUT:
        return 302 if method in READS else 401
    return 405
