"""Linking after each arrival comes to what linking everything at once would."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from register.audit.models import AuditEvent
from register.linkage import service as linkage
from register.linkage.model import model_in_force
from register.linkage.models import Membership, Review
from register.linkage.service import relink
from register.rebuilding import rebuild
from register.reports.schema import Reading
from register.work import begin_work
from tests.registers import (
    AUTHORITY,
    DRAWN,
    FORCE,
    HOST,
    NOW,
    OTHER_FORCE,
    asked,
    empty,
    judge,
    say,
    send,
    state_of,
    together,
)
from tests.subjects import ANYONE, CHILD, FAR, HOME, NASTY, RARE, TWIN

LATER, LAST = ({"updated_at": f"2026-03-0{day}T10:00:00+00:00"} for day in (5, 6))
WITHDRAWN = {**LATER, "status": "withdrawn"}
AT_HOME = {**RARE, "home_postcode": HOME}
BARNABY = {**AT_HOME, "forename": "Barnaby"}


@st.composite
def nasty(draw: st.DrawFn) -> Reading:
    """Draw a version of one of a few reports of one family, hotel or street."""
    said = {name: value for name, value in draw(NASTY).items() if value}
    if not {"forename", "surname", "nhs_number", "child_reference"} & set(said):
        said["surname"] = "Khan"
    day = draw(st.integers(1, 4))
    return say(
        draw(ANYONE),
        draw(st.sampled_from(("R1", "R2"))),
        updated_at=f"2026-03-0{day}T10:00:00+00:00",
        missing_at=f"2026-02-1{day}",
        **said,
    )


@pytest.mark.parametrize(("crowd", "shared"), [(60, 20), (3, 1)])
@given(data=st.data(), sent=st.lists(nasty(), min_size=3, max_size=14))
@DRAWN
def test_each_arrival_comes_to_what_everything_at_once_would(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    crowd: int,
    shared: int,
    data: st.DataObject,
    sent: list[Reading],
) -> None:
    """Numbers follow arrival, so that another order is also another numbering."""
    model = replace(model_in_force(), crowd=crowd, shared=shared)
    monkeypatch.setattr(linkage, "model_for", lambda _work: model)
    empty(engine)
    send(engine, sent)
    wanted = state_of(engine)
    empty(engine)
    for reading in data.draw(st.permutations(sent)):
        send(engine, [reading])
    found = state_of(engine)
    assert (found.groups, found.reviews) == (wanted.groups, wanted.reviews)
    assert rebuild(engine, keep=False) == ""


def test_a_rival_that_arrives_later_takes_a_near_link_back(engine: Engine) -> None:
    near = {**CHILD, "forename": "Jaydne", "home_postcode": HOME}
    send(engine, [say(FORCE, "P1", **near), say(AUTHORITY, "L1", **CHILD, home_postcode=HOME)])
    assert (together(engine), asked(engine)) == ({"L1+P1"}, [])
    rival = {**near, "forename": "Kaydne"}
    send(engine, [say(AUTHORITY, "L2", **rival)])
    assert together(engine) == {"L1", "L2", "P1"}
    assert {"L1?P1", "L2?P1"} <= set(asked(engine))
    send(engine, [say(AUTHORITY, "L2", **rival, **WITHDRAWN)])
    assert (together(engine), asked(engine)) == ({"L1+P1", "L2"}, [])


def test_a_twin_who_arrives_later_is_no_reason_to_doubt_the_same_name(engine: Engine) -> None:
    pair = [say(FORCE, "P1", **CHILD, home_postcode=HOME)]
    pair += [say(AUTHORITY, "L1", **CHILD, home_postcode=HOME)]
    send(engine, pair)
    send(engine, [say(AUTHORITY, "L2", **TWIN, home_postcode=HOME)])
    assert together(engine) == {"L1+P1", "L2"}
    send(engine, [say(FORCE, "P2", **TWIN, home_postcode=HOME)])
    assert (together(engine), asked(engine)) == ({"L1+P1", "L2+P2"}, [])


def test_a_correction_moves_a_report_between_own_ids(engine: Engine) -> None:
    first = [say(FORCE, name, **AT_HOME, child_reference="1") for name in ("P1", "P2")]
    second = [say(FORCE, name, **BARNABY, child_reference="2") for name in ("P3", "P4")]
    send(engine, [*first, *second, say(AUTHORITY, "L1", **BARNABY)])
    assert together(engine) == {"P1+P2", "L1+P3+P4"}
    send(engine, [say(FORCE, "P2", **BARNABY, child_reference="2", **LATER)])
    assert together(engine) == {"P1", "L1+P2+P3+P4"}
    send(engine, [say(FORCE, "P2", **AT_HOME, child_reference="1", **LAST)])
    assert together(engine) == {"P1+P2", "L1+P3+P4"}


def test_a_subject_outlives_its_first_report(engine: Engine) -> None:
    """Its number is its first report's; when that one leaves, the others are still one child."""
    send(engine, [say(FORCE, name, **AT_HOME, child_reference="1") for name in ("P1", "P2", "P3")])
    send(engine, [say(FORCE, "P1", **BARNABY, child_reference="2", **LATER)])
    assert together(engine) == {"P1", "P2+P3"}


def test_reports_that_say_the_same_are_one_childs_until_one_is_corrected(engine: Engine) -> None:
    send(engine, [say(FORCE, name, **AT_HOME) for name in ("P1", "P2", "P3")])
    assert together(engine) == {"P1+P2+P3"}
    send(engine, [say(FORCE, "P2", **BARNABY, **LATER)])
    assert together(engine) == {"P1+P3", "P2"}
    send(engine, [say(FORCE, "P2", **AT_HOME, **LAST)])
    assert together(engine) == {"P1+P2+P3"}


def test_a_withdrawn_report_says_nothing_and_joins_nobody(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **AT_HOME), say(AUTHORITY, "L1", **AT_HOME)])
    assert together(engine) == {"L1+P1"}
    send(engine, [say(FORCE, "P1", **AT_HOME, **WITHDRAWN)])
    assert (together(engine), asked(engine)) == ({"L1", "P1"}, [])
    send(engine, [say(FORCE, "P1", **AT_HOME, **LAST)])
    assert together(engine) == {"L1+P1"}


def test_a_withdrawn_report_stays_under_its_own_id(engine: Engine) -> None:
    send(engine, [say(FORCE, name, **AT_HOME, child_reference="1") for name in ("P1", "P2")])
    send(engine, [say(FORCE, "P1", **BARNABY, child_reference="1", **WITHDRAWN)])
    send(engine, [say(AUTHORITY, "L1", **AT_HOME), say(HOST, "H1", **BARNABY)])
    assert together(engine) == {"L1+P1+P2", "H1"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (AT_HOME, {**AT_HOME, "sex": "female"}),
        (AT_HOME, {**AT_HOME, "home_postcode": FAR}),
        (AT_HOME, {**AT_HOME, "date_of_birth": ""}),
        (AT_HOME, BARNABY),
        ({**AT_HOME, "known_as": ["Barnaby"]}, AT_HOME),
        ({**AT_HOME, "missing_at": "2026-02-01"}, {**AT_HOME, "missing_at": "2026-02-20"}),
    ],
)
def test_what_a_report_no_longer_says_no_longer_counts(
    engine: Engine, before: dict[str, Any], after: dict[str, Any]
) -> None:
    others = [
        say(AUTHORITY, "L1", **AT_HOME, missing_at="2026-02-01"),
        say(AUTHORITY, "L2", **BARNABY, missing_at="2026-02-01"),
        say(OTHER_FORCE, "Q1", **RARE, nhs_number="9434765919"),
    ]
    send(engine, [*others, say(FORCE, "P1", **before)])
    send(engine, [say(FORCE, "P1", **after, **LATER)])
    corrected = together(engine), asked(engine)
    empty(engine)
    send(engine, [say(FORCE, "P1", **after, **LATER), *others])
    assert (together(engine), asked(engine)) == corrected


def test_nothing_new_changes_nothing(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **AT_HOME), say(AUTHORITY, "L1", **AT_HOME)])
    send(engine, [say(AUTHORITY, "L2", **BARNABY)])
    with begin_work(engine) as work:
        again = relink(work, [1, 2, 3])
    assert (again.moved, again.keys_changed) == (0, 0)
    assert (again.reviews_opened, again.reviews_closed, again.gone) == (0, 0, set())


def test_what_stood_is_kept_with_its_times_and_a_joining_is_logged(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **AT_HOME)])
    send(engine, [say(AUTHORITY, "L1", **AT_HOME)])
    send(engine, [say(AUTHORITY, "L1", **BARNABY, **LATER)])
    with begin_work(engine, writes=False) as work:
        rows = work.session.execute(
            select(Membership.report_id, Membership.child_id, Membership.known_to.is_(None))
            .order_by(Membership.id)
        ).all()  # fmt: skip
        kinds = work.session.scalars(select(AuditEvent.kind)).all()
    assert [tuple(row) for row in rows] == [(1, 1, True), (2, 1, False), (2, 2, True)]
    assert kinds.count("child:combined") == 1


def test_a_review_bears_its_reasons_and_the_model_that_judged(engine: Engine) -> None:
    send(engine, [say(FORCE, "P1", **AT_HOME), say(AUTHORITY, "L1", **BARNABY)])
    with begin_work(engine, writes=False) as work:
        (review,) = work.session.scalars(select(Review)).all()
        assert (review.report_a, review.report_b) == (1, 2)
        assert review.reasons[0].endswith("perhaps twins.")
        assert (review.model, review.rule) == (model_in_force().version, "twins")
        assert 0 <= review.probability <= 1


def test_a_review_goes_on_waiting_when_a_report_of_it_is_another_child_s_now(
    engine: Engine,
) -> None:
    send(engine, [say(OTHER_FORCE, "Q1", surname="Quiller", missing_at="2026-01-01")])
    send(engine, [say(FORCE, "P1", **AT_HOME), say(AUTHORITY, "L1", **BARNABY)])
    (before,) = reviews(engine)
    assert before[1:3] == (2, 3)
    judge(engine, "Q1", "P1", "same", now=NOW + timedelta(hours=1))
    assert reviews(engine) == [(before[0], 1, 3, before[3])], "the same question, since as long"
    judge(engine, "Q1", "P1", "withdrawn", now=NOW + timedelta(hours=2))
    assert reviews(engine) == [before]


def reviews(engine: Engine) -> list[tuple[int, int, int, datetime]]:
    """Give the reviews that wait, of which children, and since when."""
    with begin_work(engine, writes=False) as work:
        rows = work.session.scalars(select(Review).where(Review.known_to.is_(None)))
        return [(each.id, each.child_a, each.child_b, each.known_from) for each in rows]
