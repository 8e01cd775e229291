"""Moments read many at once are the moments that are read one by one."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from register.reports.times import NEVER, read_moments
from register.reports.values import Moment, moment, read_moment
from register.terms import LONDON

TEXTS = st.one_of(
    st.dates().map(str),
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat(timespec="minutes")),
    st.datetimes(timezones=st.just(LONDON)).map(lambda at: at.isoformat(timespec="seconds")),
    st.from_regex(r"\A20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2})?\Z"),
    st.text(max_size=30),
)


def one_by_one(text: str) -> Moment | None:
    """Read one moment as the field's parser does."""
    try:
        return read_moment(moment(text.strip())) if text.strip() else None
    except ValueError:
        return None


@given(st.lists(TEXTS.filter(lambda text: text.isascii() or text.isprintable()), max_size=8))
@example(["2026-03-29", "2026-03-29T00:30+00:00", "2026-10-25T00:30+01:00", "2024-02-29"])
@example(["2026-02-29", "1899-12-31", "2101-01-01", "2026-00-10", "2026-01-01T24:00+00:00"])
def test_the_same_moments(texts: list[str]) -> None:
    texts = [text for text in texts if not any("\ud800" <= letter <= "\udfff" for letter in text)]
    for column in (
        pa.chunked_array([texts], pa.string()),
        pa.chunked_array([texts], pa.string()).dictionary_encode(),
    ):
        found = read_moments(column)
        for row, text in enumerate(texts):
            told = one_by_one(text)
            if told is None:
                assert found.earliest[row] == NEVER, text
                continue
            assert found.earliest[row] == int(told.earliest.timestamp()), text
            assert found.latest[row] == int(told.latest.timestamp()), text
            assert bool(found.day_only[row]) is told.day_only, text
            assert (told.day - datetime(1970, 1, 1, tzinfo=UTC).date()).days == found.day[row], text


@pytest.mark.parametrize("count", [0, 1])
def test_no_rows_and_one(count: int) -> None:
    column = pa.chunked_array([["2026-03-02"] * count], pa.string())
    assert len(read_moments(column).earliest) == count
