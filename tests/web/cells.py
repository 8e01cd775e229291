"""Who gets what at every address: the declared table that the application is held against.

An address or a method that is not declared here fails the build (test_matrix.py). What each person
gets of an empty request follows from three declared things: the permission an address asks for,
which objects each person may open, and what whoever may is answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from register.access.policy import ROLES, Permission
from tests.web.people import PEOPLE

OUT = ""
"""Nobody: not signed in."""
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
    "inspection": {"own": frozenset({"cora"}), "absent": frozenset()},
    "notice": {"own": frozenset({"mel", "dot"}), "absent": frozenset()},
    "user": {"own": EVERYBODY, "absent": frozenset()},
    "rejects": {"absent": frozenset()},
    "file": {"own": EVERYBODY | {OUT}, "absent": frozenset()},
    "": {"": EVERYBODY | {OUT}},
}
"""Of each kind of object: its classes, and who may see one of each."""


@dataclass(frozen=True)
class Route:
    """What is declared of one endpoint.

    `asks` is the permission, None for everybody signed in; `about` the kind of object; `given` the
    status of an empty request by whoever may; `known` says that whether the object is there is not
    looked at before that; `others` are statuses of people who are answered otherwise.
    """

    asks: Permission | None
    about: str = ""
    given: int = 200
    known: bool = False
    public: bool = False
    others: Mapping[str, int] = field(default_factory=dict)
    ends: bool = False
    """Whether it ends something that the other cells need: tried last."""


P = Permission
_ASIDE = dict.fromkeys(MET - LEEDS, 403)
ROUTES: Mapping[str, Route] = {
    "children.missing_now": Route(None, others={"eve": 302, "dot": 302, "kim": 403}),
    "children.child": Route(P.CHILD_READ, "child"),
    "children.find": Route(None, given=302),
    "check.form": Route(P.CHILD_CHECK),
    "check.look": Route(P.CHILD_CHECK, given=422),
    "check.glass_form": Route(P.CHILD_BREAK_GLASS, "child", known=True),
    "check.glass": Route(P.CHILD_BREAK_GLASS, "child", 422, known=True),
    "check.assign_form": Route(P.CHILD_ASSIGN, "child", known=True),
    "check.give": Route(P.CHILD_ASSIGN, "child", 422),
    "judging.join_form": Route(P.LINK_DECIDE, "child"),
    "judging.join": Route(P.LINK_DECIDE, "child", 404),
    "judging.part_form": Route(P.LINK_DECIDE, "child"),
    "judging.part": Route(P.LINK_DECIDE, "child", 422),
    "judging.take_back_form": Route(P.LINK_DECIDE, "act"),
    "judging.take_back": Route(P.LINK_DECIDE, "act", 422),
    "mismatches.everything": Route(P.MISMATCH_READ),
    "mismatches.one": Route(P.MISMATCH_READ, "mismatch"),
    "mismatches.answer": Route(P.MISMATCH_READ, "mismatch", 422, others={"cora": 403}),
    "mismatches.take_back_form": Route(P.MISMATCH_READ, "settlement"),
    "mismatches.take_back": Route(
        P.MISMATCH_READ, "settlement", 422, others={"cora": 403, "gus": 403}
    ),
    "reviews.waiting": Route(P.REVIEW_READ),
    "reviews.one": Route(P.REVIEW_READ, "review"),
    "reviews.judge": Route(P.REVIEW_READ, "review", 422),
    "reviews.model": Route(P.REVIEW_READ),
    "reviews.crowded": Route(P.CROWD_READ),
    "inspections.everything": Route(P.INSPECTION_RUN),
    "inspections.begin": Route(P.INSPECTION_RUN, given=422),
    "inspections.one": Route(P.INSPECTION_RUN, "inspection"),
    "inspections.choose": Route(P.INSPECTION_RUN, "inspection", 422),
    "inspections.close": Route(P.INSPECTION_RUN, "inspection", 302, ends=True),
    "privacy.page": Route(P.PRIVACY_REVIEW),
    "privacy.seen": Route(P.PRIVACY_REVIEW, "notice", 302),
    "submissions.form": Route(P.REPORT_RECEIVE),
    "submissions.receive": Route(P.REPORT_RECEIVE, given=422),
    "submissions.rejects": Route(P.REPORT_RECEIVE, "rejects"),
    "users.everybody": Route(P.USER_MANAGE),
    "users.end_sessions": Route(P.USER_MANAGE, "user", 302, ends=True),
    "sign_in.form": Route(None, given=302, public=True, others={OUT: 200}),
    "sign_in.begin": Route(None, given=401, public=True, others={OUT: 401}, ends=True),
    "sign_in.end": Route(None, given=302, ends=True),
    "static": Route(None, "file", public=True),
}


def expected(person: str, endpoint: str | None, method: str, of_class: str) -> int:
    """Give the status that is declared; `endpoint` is None where the address lacks the method."""
    if endpoint is None:
        return _unrouted(person, method)
    route = ROUTES[endpoint]
    if person == OUT and not route.public:
        return 302 if method in READS else 401
    if method == "OPTIONS":
        return 200
    if person != OUT and route.asks is not None and route.asks not in ROLES[PEOPLE[person][0]]:
        return 403
    if not route.known and person not in OBJECTS[route.about][of_class]:
        return 404
    return route.others.get(person, route.given)


def _unrouted(person: str, method: str) -> int:
    if person == OUT:
        return 302 if method in READS else 401
    return 405
