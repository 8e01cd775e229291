"""What frames every page: who is signed in, where they may go, the banner."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from register.access.policy import Permission, is_allowed
from register.terms import label
from register.web.desk import parts, visitor
from register.web.words import organisation, sentence


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation."""

    text: str
    endpoint: str
    permission: Permission


WAYS = (
    Way("Missing now", "children.missing_now", Permission.CHILD_READ),
    Way("Mismatches", "mismatches.everything", Permission.MISMATCH_READ),
    Way("Figures", "inspecting.figures", Permission.FIGURES_READ),
    Way("Samples", "sampling.everything", Permission.SAMPLE_DRAW),
    Way("List 8", "lists.list_form", Permission.SAMPLE_DRAW),
    Way("Questions", "questions.everything", Permission.QUESTION_READ),
    Way("Reviews", "reviews.waiting", Permission.REVIEW_READ),
    Way("Upload reports", "submissions.form", Permission.REPORT_RECEIVE),
    Way("Users", "users.everybody", Permission.USER_MANAGE),
)


def furnish(app: Flask) -> None:
    """Give every template what its frame needs."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    who = visitor()
    place = organisation(who.actor.organisation) if who.actor.organisation else ""
    ways = [
        {
            "text": way.text,
            "href": url_for(way.endpoint),
            "current": request.endpoint == way.endpoint,
            "active": (request.blueprint or "-") == way.endpoint.split(".")[0],
        }
        for way in WAYS
        if is_allowed(who.actor, way.permission)
    ]
    return {
        "banner": parts().settings.banner,
        "visitor": who,
        "visitor_place": place or sentence(label(who.actor.role)),
        "ways": ways,
    }
