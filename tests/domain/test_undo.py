"""What was said and taken back is as if it had never been said, whatever came between."""

from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.acts import Act, Answered, AnswerUndone, Impossible, Judged, Passed, Teller, Undone
from tests.histories import STARTS, Author, drawn
from tests.registers import empty
from tests.standing import seen_by_judges, standing_rows

KINDS = (
    *("send", "send", "send", "extract", "judge", "merge", "split", "undo"),
    *("answer", "undo answer", "pass", "adopt"),
)


def retell(engine: Engine, acts: list[Act]) -> None:
    """Tell acts to an empty register; of judgements the same words on the same pairs.

    Where one of them could not have been without another, the history is left out.
    """
    empty(engine)
    teller = Teller(engine)
    try:
        for act in acts:
            teller.tell(act)
    except Impossible:
        assume(condition=False)


@given(data=st.data())
@drawn(200)
def test_undo_is_identity(engine: Engine, data: st.DataObject) -> None:
    """A judgement or an answer, and its withdrawal, anywhere in a history, against it alone.

    The history is told with both, as people could act on what they then saw, and what was not
    refused is told again without them. That is the right way round: without a word there is
    less to contradict, so nothing is refused then. Later judgements are told by their pairs,
    since a split says more of a child that was joined. An answer to what disagreed by that word
    alone could not have been given without it: such a history is left out. So is one in which the
    word changed what a later judge was shown: whether something is new is told from what they saw.

    When a mismatch was told to its owner, and its number, stay history: one that ended by the
    word and came again has its time from then.
    """
    empty(engine)
    author = Author(data, engine, data.draw(st.sampled_from(STARTS)), KINDS)
    for _ in range(data.draw(st.integers(1, 3), label="before")):
        author.goes_on()
    author.kinds = ("merge", "split", "judge", "answer")
    done = author.goes_on()
    assume(done and isinstance(done.what, Judged | Answered))
    assert done
    author.kinds = KINDS
    author.apart.add(done.key)
    for _ in range(data.draw(st.integers(0, 4), label="between")):
        author.goes_on()
    taken_back = (Undone if isinstance(done.what, Judged) else AnswerUndone)(done.key)
    undone = author.happens(taken_back)
    assume(undone)
    assert undone
    for _ in range(data.draw(st.integers(0, 2), label="after")):
        author.goes_on()
    author.happens(Passed())  # what time alone brings is brought up to one moment in both
    found, saw = standing_rows(engine), seen_by_judges(engine)
    retell(engine, [act for act in author.told if act.key not in {done.key, undone.key}])
    see = seen_by_judges(engine)
    assume(all(saw[word] == see[word] for word in saw.keys() & see.keys()))
    for table, rows in standing_rows(engine).items():
        assert found[table] == rows, table
