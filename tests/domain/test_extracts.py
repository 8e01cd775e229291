"""An extract makes silence mean something: what is gone from the next one is asked about."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, func, select

from register.mismatches.models import Mismatch
from register.reports.extracts import find_extracts
from register.reports.models import Extract, ReportVersion
from register.reports.schema import Reading
from register.work import begin_work
from tests.registers import AUTHORITY, FORCE, NOW, YEAR, say, send

LATER = NOW + timedelta(days=1)


def ada(reference: str = "R1", **said: str) -> Reading:
    return say(FORCE, reference, forename="Ada", surname="Byron", **said)


def rules(engine: Engine) -> list[str]:
    with begin_work(engine, writes=False) as work:
        return list(
            work.session.scalars(
                select(Mismatch.rule).where(Mismatch.known_to.is_(None)).order_by(Mismatch.rule)
            )
        )


def extracts(engine: Engine) -> int:
    with begin_work(engine, writes=False) as work:
        return work.session.scalars(select(func.count()).select_from(Extract)).one()


def test_an_extract_covers_whole_local_days_and_no_more_than_was_known(engine: Engine) -> None:
    send(
        engine,
        [ada()],
        days=(date(2026, 3, 29), date(2026, 4, 5)),
        now=datetime(2026, 5, 1, tzinfo=UTC),
    )
    send(
        engine,
        [ada()],
        days=(date(2026, 1, 1), date(2026, 6, 1)),
        now=datetime(2026, 5, 1, tzinfo=UTC),
    )
    with begin_work(engine, writes=False) as work:
        spring, whole = find_extracts(work, [FORCE])[FORCE]
    # Clocks go forward on 29 March: the day begins in GMT, the last one ends in summer time.
    assert spring.start == datetime(2026, 3, 29, tzinfo=UTC)
    assert spring.end == datetime(2026, 4, 5, 23, tzinfo=UTC)
    assert spring.covers(date(2026, 4, 5))
    assert not spring.covers(date(2026, 4, 6))
    received = datetime(2026, 5, 1, tzinfo=UTC)
    assert received <= whole.end < received + timedelta(seconds=1), "what follows is not known yet"


def test_a_feed_goes_on(engine: Engine) -> None:
    send(engine, [ada()], days=(date(2026, 1, 1), None))
    with begin_work(engine, writes=False) as work:
        (span,) = find_extracts(work, [FORCE])[FORCE]
    assert span.end.year == 9999
    assert span.covers(date(2030, 1, 1))
    assert not span.covers(date(2025, 12, 31))


def test_the_same_file_again_is_no_new_word(engine: Engine) -> None:
    send(engine, [ada()], days=YEAR)
    send(engine, [ada()], days=YEAR, now=LATER)
    assert extracts(engine) == 1
    send(engine, [ada()], days=(date(2026, 1, 1), None), now=LATER)
    assert extracts(engine) == 2, "the same file with other days says something else"


def test_what_is_gone_from_the_next_extract_is_asked_about_and_never_closed(engine: Engine) -> None:
    send(engine, [ada("R1", status="open"), ada("R2")], days=YEAR)
    assert "G5" not in rules(engine)
    send(engine, [ada("R2")], days=YEAR, now=LATER)
    assert rules(engine).count("G5") == 1
    with begin_work(engine, writes=False) as work:
        said = work.session.scalars(select(ReportVersion.open)).all()
    assert [each["content"]["status"] for each in said].count("open") == 1
    send(engine, [ada("R1", status="open"), ada("R2")], days=YEAR, name="third", fingerprint="3")
    assert "G5" not in rules(engine), "it is there again"


def test_control_without_an_extract_nothing_is_gone(engine: Engine) -> None:
    send(engine, [ada("R1"), ada("R2")])
    send(engine, [ada("R2")], now=LATER, fingerprint="2")
    assert "G5" not in rules(engine)


def test_an_extract_of_other_days_does_not_miss_it(engine: Engine) -> None:
    send(engine, [ada("R1"), ada("R2")], days=YEAR)
    elsewhere = (date(2026, 3, 5), date(2026, 3, 8))
    send(engine, [ada("R3", missing_at="2026-03-06")], days=elsewhere, now=LATER)
    assert "G5" not in rules(engine)


def test_what_was_withdrawn_may_go(engine: Engine) -> None:
    gone = ada("R1", status="withdrawn", updated_at="2026-03-05T10:00:00+00:00")
    send(engine, [ada("R1"), ada("R2")], days=YEAR)
    send(engine, [gone], now=LATER)
    send(engine, [ada("R2")], days=YEAR, now=LATER, fingerprint="2")
    assert "G5" not in rules(engine)


def test_a_word_of_the_authority_reaches_children_reported_from_elsewhere(engine: Engine) -> None:
    """The responsible authority's extract concerns a child whom only another area's force has."""
    far = say(
        "E23000014",
        "R1",
        status="open",
        forename="Ada",
        surname="Byron",
        care_status="looked_after",
        responsible_authority=AUTHORITY,
    )
    send(engine, [far])
    assert "A1" not in rules(engine), "silence is not absence"
    send(
        engine,
        [say(AUTHORITY, "L1", forename="Grace", surname="Hopper", date_of_birth="2010-01-01")],
        days=(date(2026, 1, 1), None),
    )
    assert "A1" in rules(engine)
