"""One of many numbers, asked for in one parameter, the same on both databases."""

from typing import Any

import pytest
from sqlalchemy import ColumnElement, delete, event, literal, or_, select, text, update
from sqlalchemy.orm import aliased

from register.linkage.models import BlockingKey
from register.rows import among, among_found, is_found
from register.work import Work

GREATEST = 2**63 - 1


@pytest.fixture
def keys(work: Work) -> list[int]:
    """Store keys of every size."""
    keys = [-GREATEST - 1, -7, 0, 7, 2**53 + 1, GREATEST]
    work.session.add_all(BlockingKey(key=key, subject_id=1) for key in keys)
    work.session.flush()
    return keys


def found(work: Work, numbers: list[int]) -> list[int]:
    query = select(BlockingKey.key).where(among(BlockingKey.key, numbers))
    return list(work.session.scalars(query.order_by(BlockingKey.key)))


def test_what_is_asked_for_is_found_to_the_last_bit(work: Work, keys: list[int]) -> None:
    assert found(work, keys) == keys
    assert found(work, [2**53, 2**53 + 2, GREATEST - 1, 8]) == []
    assert found(work, [7, 7, -7]) == [-7, 7]


def test_none_of_nothing(work: Work, keys: list[int]) -> None:
    assert keys
    assert found(work, []) == []


def test_however_many(work: Work, keys: list[int]) -> None:
    assert found(work, list(range(100_000))) == [key for key in keys if 0 <= key < 100_000]


def test_also_to_change_and_to_delete(work: Work, keys: list[int]) -> None:
    work.session.execute(
        update(BlockingKey).where(among(BlockingKey.key, [7, -7])).values(subject_id=2)
    )
    work.session.execute(delete(BlockingKey).where(~among(BlockingKey.key, [7])))
    assert work.session.scalars(select(BlockingKey.subject_id)).all() == [2]
    assert found(work, keys) == [7]


def test_what_is_found_later_is_found_when_it_is_asked(work: Work, keys: list[int]) -> None:
    known: list[int] = []
    those = select(BlockingKey.key).where(is_found(BlockingKey.key, lambda: known))
    others = select(BlockingKey.key).where(~is_found(BlockingKey.key, lambda: known))
    assert work.session.scalars(those).all() == []
    assert sorted(work.session.scalars(others)) == keys
    known += [7, -7, GREATEST, 8]
    assert sorted(work.session.scalars(those)) == [-7, 7, GREATEST]
    assert sorted(work.session.scalars(others)) == sorted({*keys} - {*known})


def test_however_many_are_found_the_others_are_told_apart(work: Work, keys: list[int]) -> None:
    many = [number for number in range(-50_000, 50_000) if number not in keys]
    others = select(BlockingKey.key).where(~is_found(BlockingKey.key, lambda: many))
    assert sorted(work.session.scalars(others)) == keys


def test_of_those_that_a_question_finds(work: Work, keys: list[int]) -> None:
    other = aliased(BlockingKey)
    small = select(other.key).where(other.key.between(-7, 7))
    those = select(BlockingKey.key).where(among_found(BlockingKey.key, small))
    others = select(BlockingKey.key).where(~among_found(BlockingKey.key, small))
    assert sorted(work.session.scalars(those)) == [-7, 0, 7]
    assert sorted(work.session.scalars(others)) == sorted({*keys} - {-7, 0, 7})
    none = small.where(other.key == 1)
    assert work.session.scalars(those.where(among_found(BlockingKey.key, none))).all() == []


def plan(work: Work, condition: ColumnElement[bool]) -> str:
    """Tell how the database would find keys, where it may use an index at all."""
    connection = work.session.connection()
    lite = connection.dialect.name == "sqlite"
    if not lite:
        connection.execute(text("SET LOCAL enable_seqscan = off"))

    def explained(_c: Any, _cursor: Any, statement: str, said: Any, *_: Any) -> tuple[str, Any]:  # noqa: ANN401  # the event's own
        return f"EXPLAIN {'QUERY PLAN' if lite else ''} {statement}", said

    event.listen(connection, "before_cursor_execute", explained, retval=True)
    return str(connection.execute(select(BlockingKey.key).where(condition)).all())


def uses_an_index(told: str) -> bool:
    return "Index Cond" in told or ("SEARCH" in told and "SCAN blocking_key" not in told)


@pytest.mark.parametrize("doubled", [False, True])
def test_an_index_finds_them(work: Work, keys: list[int], *, doubled: bool) -> None:
    condition = among(BlockingKey.key, keys)
    if doubled:
        condition = or_(condition, among(BlockingKey.subject_id, keys))
    assert uses_an_index(plan(work, condition))


def test_an_index_finds_those_that_a_question_finds(work: Work, keys: list[int]) -> None:
    assert keys
    other = aliased(BlockingKey)
    told = plan(work, among_found(BlockingKey.key, select(other.key).where(other.key > 0)))
    assert uses_an_index(told)
    assert "ANY (" in told or "LIST SUBQUERY" in told


def test_control_a_condition_that_no_index_knows_is_seen(work: Work) -> None:
    assert not uses_an_index(plan(work, (BlockingKey.key + literal(0)).in_([1, 2])))
