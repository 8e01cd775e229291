"""What an inspector is shown first: how well police and authorities agree, and what they owe.

Every figure is counted over what stands, now or as at an earlier time, and of the
goings missing that began in the period: valid time and known time are never mixed up.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from register.access.policy import Permission, needs
from register.audit.service import Entry, record_many
from register.inspection.feeds import Fault, faults_during
from register.inspection.figure import Figure, Line, Share, for_publication
from register.inspection.gone import Counted, count_goings
from register.inspection.measures import MEASURES
from register.inspection.mismatch_figures import mismatch_figures
from register.inspection.scope import Scope, is_exact
from register.mismatches.ruleset import ruleset
from register.underneath.roles import see_all
from register.work import Work

_AGREEMENT = ("agrees", "explained", "differs")
_INTERVIEWS = ("owed", "offered", "held", "held-late", "declined", "nothing-recorded")
_PRACTICE = ("missing", "away")


class About(StrEnum):
    """What figures are about, as an address says it."""

    GOINGS = "goings"
    MISMATCHES = "mismatches"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a scope, for one reader."""

    scope: Scope
    moment: datetime
    """The time as at which they hold."""
    figures: tuple[Figure, ...]
    faults: Sequence[Fault] | None
    """What was amiss with the feeds that are the reader's to look at; None: none are."""
    is_coarse: bool = False
    """Small numbers are left out, and the others rounded."""

    def get(self, key: str) -> Figure:
        """Give one figure."""
        return next(each for each in self.figures if each.key == key)


@needs(Permission.FIGURES_READ)
def read_figures(work: Work, scope: Scope, about: Collection[About] = tuple(About)) -> Figures:
    """Give the figures; who may see no case is told no small numbers, and of whole months only.

    Of days of one's choice even a number left out tells: of the day on which somebody went missing.
    """
    scope = scope_for(work, scope)
    faults = faults_during(work, scope)
    found = find_figures(work, scope, about)
    return tell_figures(work, Figures(scope, work.moment, found, faults))


def scope_for(work: Work, scope: Scope) -> Scope:
    """Give what is counted for who asks."""
    return scope if is_exact(work, scope) else scope.in_whole_months()


def find_figures(work: Work, scope: Scope, about: Collection[About]) -> tuple[Figure, ...]:
    """Find the figures, as they are before anything is left out."""
    see_all(work.session)  # figures are of everybody's children
    return tuple(figure for each in about for figure in _ABOUT[each](work, scope))


def tell_figures(work: Work, found: Figures) -> Figures:
    """Give what was found as it is shown to who asks, and note that it was."""
    record_many(work, [Entry("inspection:viewed", "figures", found.scope.told())])
    if is_exact(work, found.scope):
        return found
    return replace(found, figures=for_publication(found.figures), is_coarse=True)


def _of_goings(work: Work, scope: Scope) -> Iterable[Figure]:
    names = ("one-source", *_AGREEMENT, *_INTERVIEWS, *_PRACTICE)
    counted = count_goings(work, scope, names)
    whole = {name: sum(counts) for name, counts in counted.months.items()}
    yield _agreement(whole)
    yield _agreement_by_month(scope, counted.months)
    yield _interviews(whole)
    yield _practice(scope, counted.months)
    yield _repeats(counted)
    yield _children(scope, counted)


_ABOUT = {About.GOINGS: _of_goings, About.MISMATCHES: mismatch_figures}


def _agreement(counts: dict[str, int]) -> Figure:
    both = sum(counts[name] for name in _AGREEMENT)
    names = ("all", *_AGREEMENT, "one-source")
    return Figure(
        "agreement",
        "How far police and authorities agree",
        "Of the goings missing that both sources told of, or should have: those on which no "
        "mismatch of status, time or responsibility stands, and which neither side lacks. A going "
        "missing that only one source need tell of, or whose other source was not complete to that "
        "time, is counted apart: silence is not disagreement.",
        "Goings missing",
        ("Number",),
        tuple(Line(MEASURES[name].title, (counts[name],), name) for name in names),
        (
            Share("Agreement rate", counts["agrees"], both),
            Share("Agree, or the difference is explained", both - counts["differs"], both),
        ),
    )


def _agreement_by_month(scope: Scope, months: dict[str, list[int]]) -> Figure:
    return Figure(
        "agreement-by-month",
        "Agreement over time",
        "The same by the month in which the going missing began.",
        "Month",
        ("Agree", "Explained", "Differ"),
        _month_lines(scope, months, _AGREEMENT),
    )


def _interviews(counts: dict[str, int]) -> Figure:
    return Figure(
        "interviews",
        "Return interviews within 72 hours",
        "Statutory guidance of 2014: an independent interview within 72 hours of the return. "
        "Counted are goings missing whose 72 hours are over and of which it is known which "
        "authority owes the interview: the responsible one for a child looked after then, else the "
        "one where the child lives. Nothing is owed after away alone. A day without a time counts "
        "by its end for the return and by its beginning for the interview. An interview that "
        "covers several goings missing counts for the one that it is recorded with.",
        "Goings missing",
        ("Number",),
        tuple(Line(MEASURES[name].title, (counts[name],), name) for name in _INTERVIEWS),
        (
            Share("Offered in 72 hours", counts["offered"], counts["owed"]),
            Share("Held in 72 hours", counts["held"], counts["owed"]),
        ),
    )


def _practice(scope: Scope, months: dict[str, list[int]]) -> Figure:
    away = sum(months["away"])
    told = away + sum(months["missing"])
    return Figure(
        "practice",
        "Missing or away: the authority's practice",
        "Of the goings missing that an authority told of, those that it records as away only: "
        "whereabouts known. A share that falls to nothing, or jumps, is a change of practice and "
        "not of children.",
        "Month",
        ("Missing", "Away only"),
        _month_lines(scope, months, _PRACTICE),
        (Share("Recorded as away only", away, told),),
    )


def _repeats(counted: Counted) -> Figure:
    least = ruleset().thresholds.repeat_count
    often = {times: count for times, count in counted.times.items() if times >= least}
    children, repeated = sum(counted.times.values()), sum(often.values())
    times = sum(each * count for each, count in often.items())
    return Figure(
        "repeats",
        "Children who go missing repeatedly",
        f"Children of whom {least} or more goings missing began in the period, and how many those "
        "were.",
        "Children",
        ("Number",),
        (
            Line("Children who went missing", (children,), "all"),
            Line(f"Children who went missing {least} times or more", (repeated,), "repeat"),
            Line("Goings missing of those", (times,), "repeat"),
        ),
        (Share("Children who go missing repeatedly", repeated, children),),
    )


def _children(scope: Scope, counted: Counted) -> Figure:
    return Figure(
        "children-by-month",
        "Children missing each month, by source",
        "Different children of whom a going missing began in the month, and of how many police "
        "and authorities told.",
        "Month",
        ("Children", "According to police", "According to an authority"),
        tuple(
            Line(month_name(month.first), counted.children[place], f"all&month={place}")
            for place, month in enumerate(scope.months)
        ),
    )


def _month_lines(
    scope: Scope, months: dict[str, list[int]], names: tuple[str, ...]
) -> tuple[Line, ...]:
    return tuple(
        Line(month_name(month.first), tuple(months[name][place] for name in names))
        for place, month in enumerate(scope.months)
    )


def month_name(first: object) -> str:
    """Write a month."""
    return f"{first:%B %Y}"
