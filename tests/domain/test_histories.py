"""Random histories: all follows from the facts alone, and what was shown is shown again."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from register.rebuilding import rebuild
from tests.acts import SHORTLY, exports_at
from tests.histories import STARTS, STEPS, Author, drawn
from tests.registers import empty

KINDS = (
    *("send", "send", "send", "extract"),
    *("judge", "judge", "merge", "split", "undo"),
    *("answer", "answer", "undo answer", "pass", "adopt"),
    *("seal", "unseal"),
)


@given(data=st.data())
@drawn(300)
def test_what_was_exported_at_any_time_is_given_again_byte_for_byte(
    engine: Engine, data: st.DataObject
) -> None:
    """What follows from the facts is found again by folding, too, after every history.

    It is asked again as at the time of each act, or as at the last instant before the next.
    """
    empty(engine)
    author = Author(data, engine, data.draw(st.sampled_from(STARTS)), KINDS)
    count = data.draw(st.integers(2, 9), label="acts")
    shown = [exports_at(engine, author.moments[-1]) for _ in range(count) if author.goes_on()]
    assert rebuild(engine, keep=False) == ""
    for place, then in enumerate(shown):
        as_at = author.moments[place]
        following = author.told[place + 1 : place + 2]
        until_the_next = data.draw(st.booleans(), label="until the next")
        if following and until_the_next:
            as_at = following[0].at - SHORTLY
        again = exports_at(engine, author.at + STEPS[-1], as_at)
        assert again == then, f"as at {as_at}, after {author.told[place]}"
