"""Lists of what concerns one's own children: who is missing now, and what changed."""

from werkzeug.wrappers import Response

from register.access.policy import Permission
from register.api.blueprint import Answer, Blueprint, Operation
from register.api.desk import open_work
from register.api.list_schemas import MissingAnswer, NewsAnswer
from register.api.listing import listed, listing
from register.api.parameters import LIMIT, SINCE, read_cursor, read_limit, write_cursor
from register.api.replies import reply, respond
from register.api.told import told_missing, told_news
from register.inspection.lists import missing_behind
from register.inspection.news import news_behind

lists = Blueprint("lists", __name__, description="One's own children, and what changed of them.")
MISSING = {
    "missing": [
        {
            "child": "C-000001-V",
            "name": "Tariq Adeyemi-Test",
            "name_is_disputed": False,
            "age": "14",
            "risk": "high",
            "responsible": "E08000035",
            "police": [
                {
                    "organisation": "E23000010",
                    "since": "2026-03-02T22:40:00+00:00",
                    "until": None,
                    "is_open": True,
                    "is_missing": True,
                }
            ],
            "authority": [],
            "mismatches": [17],
        }
    ],
    "next": None,
}
NEWS = {
    "changes": [
        {
            "change": 1,
            "kind": "child",
            "child": "C-000001-V",
            "at": "2026-03-02T22:41:00+00:00",
            "gone": False,
            "mismatches": [{"number": 17, "what": "opened"}],
            "faults": [],
        },
        {
            "change": 2,
            "kind": "feed",
            "child": None,
            "at": "2026-03-03T00:41:00+00:00",
            "gone": False,
            "mismatches": [],
            "faults": [{"rule": "G1", "what": "opened"}],
        },
    ],
    "next": "Y2hhbmdlczoy",
    "more": False,
}


@lists.operation(
    "GET",
    "/missing",
    listing(Permission.CHILD_READ, Answer(MissingAnswer, MISSING)),
)
def missing() -> Response:
    """List who is missing now to either side, of one's own children."""
    return listed("missing", told_missing, missing_behind)


@lists.operation(
    "GET",
    "/changes",
    Operation(
        scope=Permission.CHILD_READ,
        answers={200: Answer(NewsAnswer, NEWS)},
        refusals=(422,),
        parameters=(SINCE, LIMIT),
    ),
)
def changes() -> Response:
    """List what changed about one's own children, and one's own feed, since a cursor, in order.

    None is left out. Of the feed a token with the scope report:receive is told. `next` is kept and
    sent as `since` the next time, however much later.
    """
    after, most = read_cursor("since", "changes"), read_limit()
    with open_work() as work:
        part = news_behind(work, after, most)
    told = [told_news(each) for each in part.news]
    following = write_cursor("changes", part.up_to)
    return respond(reply({"changes": told, "next": following, "more": part.more}))
