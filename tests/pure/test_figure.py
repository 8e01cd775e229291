"""Small numbers, shares, columns and the draw of a sample."""

from datetime import timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from register.inspection.charts import HEIGHT, WIDTH, columns_of
from register.inspection.drawing import draw
from register.inspection.figure import (
    LEAST,
    Figure,
    Length,
    Line,
    Share,
    for_publication,
    rounded,
)

COUNTS = st.lists(st.integers(0, 60), min_size=2, max_size=6)


def figure(*counts: int, key: str = "agreement", wide: int = 1) -> Figure:
    rows = [counts[at : at + wide] for at in range(0, len(counts), wide)]
    lines = tuple(Line(f"line {n}", tuple(row), "differs") for n, row in enumerate(rows))
    whole = sum(counts)
    return Figure(
        key,
        "Title",
        "What it means.",
        "Line",
        ("Number",) * wide,
        lines,
        (Share("Share", counts[0], whole),),
        (Length("Half", timedelta(hours=whole), counts[0]),),
    )


@given(COUNTS)
def test_no_count_that_is_shown_is_small(counts: list[int]) -> None:
    (shown,) = for_publication([figure(*counts)])
    for line, count in zip(shown.lines, counts, strict=True):
        (told,) = line.counts
        assert (told is None) == (0 < count < LEAST)
        assert told is None or told == 0 or told >= LEAST
        assert not line.behind


@given(COUNTS, st.integers(0, 5))
def test_a_total_and_the_rest_do_not_tell_a_small_count(counts: list[int], place: int) -> None:
    """What is left of the total after all else that is shown fits several counts, not one."""
    hidden = place % len(counts)
    counts = [*counts[:hidden], 3, *counts[hidden + 1 :]]
    (shown,) = for_publication([figure(*counts, sum(counts))])
    total = shown.lines[-1].counts[0]
    if total is None:
        return
    others = [line.counts[0] for n, line in enumerate(shown.lines[:-1]) if n != hidden]
    fitting = set()
    for guess in range(1, LEAST):
        least = sum(max(LEAST, told - 2) if told else 0 if told == 0 else 1 for told in others)
        most = sum(told + 2 if told else 0 if told == 0 else LEAST - 1 for told in others)
        fits = least + guess <= total + 2 and most + guess >= max(LEAST, total - 2)
        fitting |= {guess} if fits else set()
    assert len(fitting) > 1


@given(st.integers(0, 500))
def test_one_child_more_changes_what_is_shown_seldom(count: int) -> None:
    told = rounded(count)
    assert told is None or abs(told - count) <= 2


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_share_of_few_or_of_all_but_few_is_not_shown(part: int, rest: int) -> None:
    shown = for_publication([figure(part, rest)])[0].shares[0]
    few = any(0 < each < LEAST for each in (part, rest, part + rest))
    assert (shown.part is None) == few
    if few:
        assert shown.percent is None
    elif part + rest:
        assert shown.percent is not None
        assert abs(shown.percent - 100 * part / (part + rest)) < 35


def test_a_length_of_few_is_not_shown_and_of_many_in_days() -> None:
    few, many = for_publication([figure(4, 90), figure(5, 90)])
    assert few.lengths[0].length is None
    assert many.lengths[0].length == timedelta(days=3)


def test_a_share_is_told_in_hundredths_halves_upwards() -> None:
    assert Share("", 1, 8).percent == 13
    assert Share("", 1, 200).percent == 1
    assert Share("", 0, 0).percent is None


@given(st.lists(st.integers(0, 40), min_size=3, max_size=36).map(lambda n: n[: len(n) // 3 * 3]))
def test_columns_lie_in_the_drawing_and_add_up(counts: list[int]) -> None:
    for key in ("agreement", "children-by-month"):
        drawn = columns_of(figure(*counts, key=key, wide=3))
        assert (drawn is None) == (not any(counts))
        for column in drawn.columns if drawn else ():
            for piece in column.pieces:
                assert piece.left >= 0
                assert piece.left + piece.width <= WIDTH + 0.2
                assert piece.top >= -0.2
                assert piece.top + piece.height <= HEIGHT + 0.2
                assert drawn
                assert abs(piece.height / HEIGHT - piece.count / drawn.most) < 0.01
        if drawn:
            assert sum(p.count for c in drawn.columns for p in c.pieces) == sum(counts)


@given(st.sets(st.text("ABC0123", min_size=3, max_size=8), min_size=1), st.integers(0, 9))
def test_a_draw_is_the_seeds_whatever_the_order(numbers: set[str], count: int) -> None:
    drawn = draw("seed", "repeat", sorted(numbers), count)
    assert drawn == draw("seed", "repeat", sorted(numbers, reverse=True), count)
    assert len(drawn) == min(count, len(numbers))
    assert set(drawn) <= numbers
    more = draw("seed", "repeat", [*numbers, "NEW"], count + 1)
    assert set(drawn) <= set(more), "one more child moves nobody else"


def test_a_draw_can_be_done_by_hand() -> None:
    numbers = ["C-000001-V", "C-000002-R", "C-000003-P"]
    lots = {number: sha256(f"abc:all:{number}".encode()).hexdigest() for number in numbers}
    assert draw("abc", "all", numbers, 2) == sorted(numbers, key=lots.__getitem__)[:2]
    assert draw("abd", "all", numbers, 3) != draw("abc", "all", numbers, 3), "control"
