"""What frames every page: who is signed in, where they may go, the banner."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from register.access.policy import INSPECTS, SENDERS, Permission, is_allowed, require
from register.terms import label
from register.web.desk import parts, visitor
from register.web.words import organisation, sentence
from register.work import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """One page to go to: its name, whose it is, and under which heading."""

    text: str
    endpoint: str
    permission: Permission
    group: str
    for_senders: bool = False
    """Only for the people of a force or an authority."""


CHILDREN, REPORTS, OVERSIGHT, PROTECTION = "Children", "Reports", "Oversight", "Protection"
WAYS = (
    Way("Our desk", "first.page", Permission.REPORT_RECEIVE, CHILDREN, for_senders=True),
    Way("To answer", "to_answer.everything", Permission.REPORT_RECEIVE, CHILDREN, for_senders=True),
    Way("Our reports", "entering.own", Permission.REPORT_RECEIVE, REPORTS, for_senders=True),
    Way("Quick check", "check.form", Permission.CHILD_CHECK, CHILDREN),
    Way("Missing now", "children.missing_now", Permission.CHILD_READ, CHILDREN),
    Way("Mismatches", "mismatches.everything", Permission.MISMATCH_READ, CHILDREN),
    Way("Reviews", "reviews.waiting", Permission.REVIEW_READ, CHILDREN),
    Way("Samples", "sampling.everything", Permission.SAMPLE_DRAW, OVERSIGHT),
    Way("Figures", "inspecting.figures", Permission.FIGURES_READ, OVERSIGHT),
    Way("Questions", "questions.everything", Permission.QUESTION_READ, OVERSIGHT),
    Way("Inspections", "inspections.everything", Permission.INSPECTION_RUN, OVERSIGHT),
    Way("List 8", "lists.list_form", Permission.SAMPLE_DRAW, OVERSIGHT),
    Way("Upload reports", "submissions.form", Permission.REPORT_RECEIVE, REPORTS),
    Way("Seals", "sealing.everything", Permission.SEAL_OPEN, PROTECTION),
    Way("Places shown", "places.notices", Permission.NOTICE_READ, PROTECTION),
    Way("Places shown", "places.showings", Permission.SHOWING_READ, PROTECTION),
    Way("Privacy", "privacy.page", Permission.PRIVACY_REVIEW, PROTECTION),
    Way("Users", "users.everybody", Permission.USER_MANAGE, OVERSIGHT),
)
"""All ways, what is used most each day first."""
MOST = 6
"""So many fit into one line: where there are more, the last is the page of all the others."""


def ways_of(actor: Actor) -> list[Way]:
    """Give the pages that somebody may go to."""
    return [
        way
        for way in WAYS
        if is_allowed(actor, way.permission) and (not way.for_senders or actor.role in SENDERS)
    ]


def split(ways: list[Way]) -> tuple[list[Way], list[Way]]:
    """Give the pages that the navigation names, and those that the page of the others does."""
    return (ways, []) if len(ways) <= MOST else (ways[: MOST - 1], ways[MOST - 1 :])


def first_way(actor: Actor) -> str:
    """Give the page on which somebody begins who sees no child; raise Forbidden where none is."""
    ways = ways_of(actor)
    if not ways:
        require(actor, Permission.CHILD_READ)
    return ways[0].endpoint


def furnish(app: Flask) -> None:
    """Give every template what its frame needs."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    who = visitor()
    place = organisation(who.actor.organisation) if who.actor.organisation else ""
    named, others = split(ways_of(who.actor))
    ways = [_entry(way.text, way.endpoint, is_here=_is_here(way)) for way in named]
    if others:
        ways.append(_entry("More", "more.page", is_here=any(map(_is_here, others))))
    return {
        "banner": parts().settings.banner,
        "inspects": INSPECTS,
        "visitor": who,
        "visitor_place": place or sentence(label(who.actor.role)),
        "ways": ways,
    }


def _entry(text: str, endpoint: str, *, is_here: bool) -> dict[str, object]:
    is_it = request.endpoint == endpoint
    return {"text": text, "href": url_for(endpoint), "current": is_it, "active": is_here}


def _is_here(way: Way) -> bool:
    return (request.blueprint or "-") == way.endpoint.split(".", maxsplit=1)[0]
