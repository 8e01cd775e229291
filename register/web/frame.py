"""What frames every page: who is signed in, where they may go, the banner."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from register.access.policy import SENDERS, Permission, is_allowed, require
from register.terms import label
from register.web.desk import parts, visitor
from register.web.words import organisation, sentence
from register.work import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation."""

    text: str
    endpoint: str
    permission: Permission
    for_senders: bool = False
    """Only for the people of a force or an authority."""


WAYS = (
    Way("Our desk", "first.page", Permission.REPORT_RECEIVE, for_senders=True),
    Way("To answer", "to_answer.everything", Permission.REPORT_RECEIVE, for_senders=True),
    Way("Missing now", "children.missing_now", Permission.CHILD_READ),
    Way("Mismatches", "mismatches.everything", Permission.MISMATCH_READ),
    Way("Figures", "inspecting.figures", Permission.FIGURES_READ),
    Way("Samples", "sampling.everything", Permission.SAMPLE_DRAW),
    Way("List 8", "lists.list_form", Permission.SAMPLE_DRAW),
    Way("Questions", "questions.everything", Permission.QUESTION_READ),
    Way("Reviews", "reviews.waiting", Permission.REVIEW_READ),
    Way("Our reports", "entering.own", Permission.REPORT_RECEIVE, for_senders=True),
    Way("Seals", "sealing.everything", Permission.SEAL_OPEN),
    Way("Notices", "places.notices", Permission.NOTICE_READ),
    Way("Showings", "places.showings", Permission.SHOWING_READ),
    Way("Upload reports", "submissions.form", Permission.REPORT_RECEIVE),
    Way("Quick check", "check.form", Permission.CHILD_CHECK),
    Way("Inspections", "inspections.everything", Permission.INSPECTION_RUN),
    Way("Privacy", "privacy.page", Permission.PRIVACY_REVIEW),
    Way("Users", "users.everybody", Permission.USER_MANAGE),
)


def first_way(actor: Actor) -> str:
    """Give the page on which somebody begins who sees no child; raise Forbidden where none is."""
    ways = [way.endpoint for way in WAYS if is_allowed(actor, way.permission)]
    if not ways:
        require(actor, Permission.CHILD_READ)
    return ways[0]


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
            "active": (request.blueprint or "-") == way.endpoint.split(".", maxsplit=1)[0],
        }
        for way in WAYS
        if is_allowed(who.actor, way.permission)
        and (not way.for_senders or who.actor.role in SENDERS)
    ]
    return {
        "banner": parts().settings.banner,
        "visitor": who,
        "visitor_place": place or sentence(label(who.actor.role)),
        "ways": ways,
    }
