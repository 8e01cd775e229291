"""Random histories: all follows from the facts alone, and what was shown is shown again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from register.inspection import exports
from register.rebuilding import rebuild
from tests.acts import SHORTLY, exports_at
from tests.histories import STARTS, Author, drawn
from tests.registers import empty

KINDS = (
    *("send", "send", "send", "extract"),
    *("judge", "judge", "merge", "split", "undo"),
    *("answer", "answer", "undo answer", "pass", "adopt"),
)


@given(data=st.data())
@drawn(500)
def test_what_was_exported_at_any_time_is_given_again_byte_for_byte(
    engine: Engine, data: st.DataObject
) -> None:
    """What follows from the facts is found again by folding, too, after every history.

    It is asked again as at the time of each act, or as at the last instant before the next.
    """
    empty(engine)
    author = Author(data, engine, data.draw(st.sampled_from(STARTS)), KINDS)
    shown = []
    for _ in range(data.draw(st.integers(2, 9), label="acts")):
        if author.goes_on():
            shown.append(exports_at(engine, author.moments[-1]))
    assert rebuild(engine, keep=False) == ""
    for place, then in enumerate(shown):
        as_at = author.moments[place]
        following = author.told[place + 1 : place + 2]
        if following and data.draw(st.booleans(), label="until the next"):
            as_at = following[0].at - SHORTLY
        again = exports_at(engine, author.at + STARTS[1].resolution * 10**6, as_at)
        assert again == then, f"as at {as_at}, after {author.told[place]}"
