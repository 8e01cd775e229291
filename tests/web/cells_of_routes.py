"""What is declared of an address, and what is of those of children, mismatches and reviews."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from register.access.policy import Permission

OUT = ""
"""Nobody: not signed in."""


@dataclass(frozen=True)
class Route:
    """What is declared of one endpoint.

    `asks` is the permission, None for everybody signed in; `about` the kind of object; `given` the
    status of an empty request by whoever may; `known` says that whether the object is there is not
    looked at before that; `others` are statuses of people who are answered otherwise, or of a
    person with an object of one class.
    """

    asks: Permission | None
    about: str = ""
    given: int = 200
    known: bool = False
    public: bool = False
    others: Mapping[str, int] = field(default_factory=dict)
    also: Permission | None = None
    """A second permission that is asked for beside the first."""
    ends: bool = False
    """Whether it ends something that the other cells need: tried last."""


P = Permission
CASES: Mapping[str, Route] = {
    "children.missing_now": Route(P.CHILD_READ),
    "children.child": Route(P.CHILD_READ, "child"),
    "children.find": Route(None, given=302),
    "check.form": Route(P.CHILD_CHECK),
    "check.look": Route(P.CHILD_CHECK, given=422),
    "check.again": Route(P.CHILD_CHECK, "search"),
    "check.forget": Route(P.CHILD_CHECK, "search"),
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
    "mismatches.answer": Route(
        P.MISMATCH_READ, "mismatch", 422, others={"cora": 403, "gus own": 403}
    ),
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
}
